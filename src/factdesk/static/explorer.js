// The explorer: counts, a chart, a table and a card that follow the day; and the day in the address.
const SETTLED = 300; // milliseconds without a move after which the address says the day

const unpacked = async (what) => {
  const packed = atob(document.querySelector(`script[data-holds="${what}"]`).textContent);
  const bytes = Uint8Array.from(packed, (character) => character.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).json();
};

const explore = async () => {
  const section = document.querySelector(".explorer");
  const data = await unpacked("explorer");
  const { statuses, claims, latest } = data;
  if (latest === null || !data.axis.length) return 0; // without days there is nothing to choose; the page says so
  const moments = momentsOf(data);
  const axis = axisOf(data.axis);
  const earliest = axis.panels[0][0];
  const within = (day) => Math.min(Math.max(day, earliest), latest);
  const state = { on: latest, known: null, isTogether: true, claim: null, status: null, sort: "", isDown: false, listed: LISTED };
  const format = formatsOf(data, moments, state);

  // ---- what is on the page ----

  const root = document.createElement("div");
  root.className = "fx-live";
  section.querySelector(".fx-static").before(root);
  const summary = add(root, "p", "fx-summary");
  const live = add(root, "p", "fx-hidden");
  live.setAttribute("role", "status");
  const counts = add(root, "div", "fx-counts");
  counts.setAttribute("role", "group");
  counts.setAttribute("aria-label", "Only claims of one status");
  const numbers = statuses.map((status, code) => {
    const button = chip(counts, status, code, "button");
    button.type = "button";
    button.addEventListener("click", () => {
      state.status = state.status === code ? null : code;
      state.listed = LISTED;
      show();
      settle();
    });
    return { button, cell: add(button, "b") };
  });
  const figure = add(root, "figure", "fx-figure");
  const caption = add(figure, "figcaption", "fx-title");
  const plot = draw(figure, "svg", { class: "fx-plot", role: "img" });
  const bar = barOf(section.closest("main") ?? root, { axis, earliest, latest, moments, format, state, goTo: (to) => goTo(to) });
  // In the bar, which is seen wherever a reader is.
  const remark = add(bar.element, "p", "fx-remark");
  const table = tableOf(root, { data, moments, format, state, changed: () => (outline(), show(), settle()), moved: () => show() });

  // ---- drawing ----

  const by = () => state.known ?? moments.NOW;
  // What the chart shows: the days as known now, as known on one day, or each as known on itself (null).
  const knowledge = () => (state.known === null ? moments.NOW : state.isTogether ? null : state.known);
  let outlined;
  let width = 0;
  let cursor = null;
  const outline = () => {
    if (!width) return;
    outlined = knowledge();
    plot.replaceChildren();
    plot.setAttribute("viewBox", `0 0 ${width} ${PLOT + 34}`);
    const most = drawCounts(plot, moments, moments.history(outlined), axis, width, format.language);
    draw(plot, "text", { x: 2, y: -4, class: "fx-label" }).textContent = format.number(most);
    cursor = draw(plot, "line", { y1: -2, y2: PLOT + 3, class: "fx-cursor" });
    put(
      caption,
      outlined === null
        ? "Claims in each status, each day as we knew it then"
        : `Claims in each status, by day${axis.panels.length > 1 ? ", idle spans drawn narrow" : ""}${state.known === null ? "" : `, as known on ${format.day(state.known)}`}`,
    );
  };

  const show = () => {
    moments.move(state.on, by());
    if (outlined !== knowledge()) outline();
    const total = moments.counts.reduce((sum, count) => sum + count, 0);
    const shares = statuses.map(({ label }, code) => moments.counts[code] && `${format.number(moments.counts[code])} ${label}`).filter(Boolean).join(", ");
    const words = `${format.moment()}: ${format.number(total)} ${total === 1 ? "claim" : "claims"}`;
    put(summary, words);
    bar.show(shares || "no claims");
    numbers.forEach(({ button, cell }, code) => {
      put(cell, format.number(moments.counts[code]));
      button.setAttribute("aria-pressed", String(state.status === code));
      button.classList.toggle("fx-zero", !moments.counts[code]);
    });
    plot.setAttribute("aria-label", `${caption.textContent}. ${words}${shares && `; ${shares}`}.`);
    for (const end of ["x1", "x2"]) cursor?.setAttribute(end, axis.place(state.on) * width);
    table.show(total);
    if (state.claim !== null) openCard();
    document.dispatchEvent(new CustomEvent("factdesk:day", { detail: state.on + 0.5 }));
  };

  let title = null;
  const openCard = () => {
    table.card.hidden = false;
    const drawn = cardOf(table.card, data, moments, state.claim, axis, { on: state.on, by: by() }, format);
    title = drawn.title;
    drawn.close.addEventListener("click", () => {
      const back = table.linkOf(state.claim) ?? table.search;
      closeCard();
      settle();
      back.focus();
    });
  };
  const closeCard = () => {
    state.claim = null;
    table.card.hidden = true;
    table.card.replaceChildren();
  };

  // ---- moving ----

  const announce = () => {
    const one = state.status === null ? "" : `, of them ${format.number(moments.counts[state.status])} ${statuses[state.status].label}`;
    live.textContent = [remark.textContent, summary.textContent + one].filter(Boolean).join(" ");
  };
  const address = () => {
    const fragment = format.fragment();
    return fragment === "#" ? location.pathname + location.search : fragment;
  };
  let settling = 0;
  const settle = () => {
    clearTimeout(settling);
    settling = setTimeout(() => {
      // Browsers stop a page that writes its address sixty times a second.
      if ((location.hash || "#") !== format.fragment()) history.pushState(null, "", address());
      announce();
    }, SETTLED);
  };
  let isAsked = false;
  const goTo = (to) => {
    Object.assign(state, to);
    put(remark, "");
    state.on = within(state.on);
    if (state.known !== null) state.known = within(state.known);
    settle();
    if (isAsked) return;
    isAsked = true;
    requestAnimationFrame(() => {
      isAsked = false;
      show();
    });
  };
  plot.addEventListener("click", (event) => {
    const { left } = plot.getBoundingClientRect();
    const on = axis.dayAt((event.clientX - left) / width);
    goTo({ on, known: state.known !== null && state.isTogether ? on : state.known });
  });

  // ---- the address ----

  const placeOf = new Map(claims.id.map((id, place) => [id, place]).reverse());
  const cut = (text) => (text.length > 60 ? `${text.slice(0, 60)}…` : text);
  const follow = () => {
    const asked = readAddress(location.hash);
    if (!asked.isOurs && location.hash.length > 1) return;
    clearTimeout(settling);
    // What the address asks for and the page hasn't is named in words; the latest day stands for it.
    const wrong = asked.broken.map((text) => `“${cut(text)}” is no day (2025-03-15 is one).`);
    const dayHere = (day) => {
      if (day === null || day === within(day)) return day;
      wrong.push(`This page tells of ${format.day(earliest)} to ${format.day(latest)}, not of ${format.day(day)}.`);
      return null;
    };
    const [on, known] = [dayHere(asked.on), dayHere(asked.known)];
    state.on = on ?? (wrong.length ? null : known) ?? latest;
    state.known = known;
    if (wrong.length) wrong.push(`This is ${format.day(state.on)}.`);
    state.isTogether = state.known === null || state.known === state.on;
    const claim = placeOf.get(asked.claim) ?? null;
    const isNew = claim !== null && claim !== state.claim;
    if (claim === null) closeCard();
    if (asked.claim !== null && claim === null) wrong.unshift(`There is no claim “${cut(asked.claim)}” in this page.`);
    state.claim = claim;
    put(remark, wrong.join(" "));
    if (wrong.length) history.replaceState(null, "", address());
    show();
    announce();
    if (!isNew) return;
    table.card.scrollIntoView({ block: "start" });
    title.focus({ preventScroll: true });
  };
  // Also on going back: no two entries of ours that follow one another have the same fragment.
  addEventListener("hashchange", follow);

  section.classList.add("fx-alive");
  document.documentElement.classList.add("fx-follows");
  new ResizeObserver(() => {
    const available = Math.round(figure.clientWidth);
    if (!available || available === width) return;
    width = available;
    outline();
    show();
  }).observe(figure);
  width = Math.round(figure.clientWidth);
  moments.move(state.on, by());
  table.choose();
  follow();

  // For whoever wants to ask from the console.
  globalThis.factdesk = {
    statusOn: (day, known = null) => {
      const until = known === null ? moments.NOW : dayOf(known);
      moments.move(dayOf(day), until);
      const held = claims.id.flatMap((id, claim) => {
        const row = moments.now[claim];
        if (row === NONE) return [];
        const since = row === FIRST ? moments.begins(claim, until) : moments.day[row];
        const [why, gaps] = [data.given.why, data.given.gaps].map((column) => (row === FIRST ? "" : column[row]));
        const status = statuses[moments.code[claim]].name;
        return [[id, { claim: moments.words(claim, until), status, holds_from: status && iso(since), rationale: why, gaps }]];
      });
      show();
      return Object.fromEntries(held);
    },
    // From each day on which something changed: of the claims looked at, how many have each status.
    counts: (known = null, eachDayAsKnownThen = false) => {
      const sums = moments.history(eachDayAsKnownThen ? null : known === null ? moments.NOW : dayOf(known));
      const of = (row) => statuses.map(({ name }, code) => [name, sums[row * moments.kinds + code]]);
      return moments.turns.map((turn, row) => [iso(turn), Object.fromEntries(of(row))]);
    },
  };
  return moments.size;
};

explore().then(
  (size) => (document.documentElement.dataset.explored = size),
  (error) => {
    // What stands there without a script goes on standing there.
    const section = document.querySelector(".explorer");
    section.classList.remove("fx-alive");
    for (const half of [document.querySelector(".fx-time"), section.querySelector(".fx-live")]) half?.remove();
    document.documentElement.dataset.explored = "";
    console.error(error);
  },
);
