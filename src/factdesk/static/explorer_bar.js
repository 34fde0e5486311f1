// The bar in which a reader chooses the day, and by which day it was known: mouse, touch and keys alike.
const FINE = 10_000; // steps of a slider, which are not days: busy spans are given room

function barOf(parent, { axis, earliest, latest, moments, format, state, goTo }) {
  const bar = document.createElement("div");
  bar.className = "fx-time";
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", "The day that is shown");
  parent.prepend(bar);

  const button = (line, sign, name) => {
    const made = add(line, "button", "fx-step", sign);
    made.type = "button";
    made.setAttribute("aria-label", name);
    return made;
  };
  const slider = (name, className) => {
    const line = add(bar, "div", `fx-line ${className}`);
    const shown = add(line, "span", "fx-shown");
    const earlier = button(line, "‹", `${name}: earlier change`);
    const track = add(line, "span", "fx-slide");
    const ticks = draw(track, "svg", { class: "fx-ticks", "aria-hidden": "true", preserveAspectRatio: "none", viewBox: `0 0 ${FINE} 20` });
    const input = add(track, "input");
    Object.assign(input, { type: "range", min: 0, max: FINE, step: 1 });
    input.setAttribute("aria-label", name);
    return { line, shown, input, ticks, earlier, later: button(line, "›", `${name}: later change`) };
  };
  const days = { on: slider("Day", "fx-on") };
  const modes = add(bar, "div", "fx-modes");
  modes.setAttribute("role", "radiogroup");
  modes.setAttribute("aria-label", "What is told of that day");
  const [asHeld, asKnown] = ["as it held", "as we knew it"].map((words) => {
    const label = add(modes, "label");
    const input = add(label, "input");
    Object.assign(input, { type: "radio", name: "fx-mode" });
    add(label, "span", "", words);
    return input;
  });
  days.known = slider("Known on", "fx-known");
  const label = add(days.known.line, "label", "fx-together");
  const together = add(label, "input");
  together.type = "checkbox";
  label.append(" the same day");

  const turnsOf = (which) => (which === "on" && state.known === null ? moments.turnsHeld : moments.turns);
  const moveTo = (which, day) => {
    if (which === "on") goTo({ on: day, known: state.known !== null && state.isTogether ? day : state.known });
    else goTo({ known: day, isTogether: day === state.on });
  };
  for (const which of ["on", "known"]) {
    const { input, earlier, later } = days[which];
    const turned = (way) => {
      const turns = turnsOf(which);
      const past = (turn) => (turn - state[which]) * way > 0;
      return (way < 0 ? turns.findLast(past) : turns.find(past)) ?? (way < 0 ? earliest : latest);
    };
    input.addEventListener("input", () => {
      const step = input.value - Math.round(axis.place(state[which]) * FINE);
      // A screen reader's gesture moves by one step, too small to reach another day: it means one day.
      moveTo(which, Math.abs(step) === 1 ? state[which] + step : axis.dayAt(input.value / FINE));
    });
    input.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      const way = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
      const turn = { PageDown: -1, PageUp: 1 }[event.key];
      const day = way ? state[which] + way : turn ? turned(turn) : { Home: earliest, End: latest }[event.key];
      if (day === undefined) return;
      event.preventDefault();
      moveTo(which, day);
    });
    earlier.addEventListener("click", () => moveTo(which, turned(-1)));
    later.addEventListener("click", () => moveTo(which, turned(1)));
  }
  asHeld.addEventListener("change", () => goTo({ known: null }));
  asKnown.addEventListener("change", () => goTo({ known: state.on, isTogether: true }));
  together.addEventListener("change", () => goTo({ isTogether: together.checked, known: together.checked ? state.on : state.known }));

  for (const [{ ticks }, turns] of [[days.on, moments.turnsHeld], [days.known, moments.turns]]) {
    let last = -FINE;
    const marks = [];
    for (const day of turns) {
      const at = Math.round(axis.place(day) * FINE);
      if (day < earliest || day > latest || at - last < 60) continue;
      marks.push(`M${at},3V17`);
      last = at;
    }
    for (const [, , left, right] of axis.panels) draw(ticks, "line", { x1: left * FINE, x2: right * FINE, y1: 10, y2: 10, class: "fx-rail" });
    // Where something changes on nearly every day, a mark for each says no more than a line.
    if (marks.length < 100) draw(ticks, "path", { d: marks.join(""), class: "fx-change" });
  }

  const show = (tells) => {
    const shown = { on: state.on, known: state.known ?? state.on };
    for (const which of ["on", "known"]) {
      const { input, shown: words } = days[which];
      if (axis.dayAt(input.value / FINE) !== shown[which]) input.value = Math.round(axis.place(shown[which]) * FINE);
      put(words, format.day(shown[which]));
      input.setAttribute("aria-valuetext", which === "on" ? `${format.day(state.on)}: ${tells}` : format.day(shown.known));
    }
    asHeld.checked = state.known === null;
    asKnown.checked = state.known !== null;
    together.checked = state.isTogether;
    bar.classList.toggle("fx-knows", state.known !== null);
    bar.classList.toggle("fx-one-day", state.isTogether);
  };
  return { show, element: bar };
}
