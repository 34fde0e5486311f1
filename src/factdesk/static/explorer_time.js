// Days, the axis on which they lie, what an address says of them, and counts drawn through time.
const DAY = 86_400_000;
const iso = (day) => new Date(day * DAY).toISOString().slice(0, 10);
const dayOf = (text) => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text ?? "")) return null;
  const moment = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(moment) || iso(moment / DAY) !== text ? null : moment / DAY;
};

// A claim, a day, and by which day it was known; what stood there for a day that is none; and whether it is ours at all.
const readAddress = (fragment) => {
  const found = { claim: null, on: null, known: null, broken: [], isOurs: false };
  for (const part of fragment.replace(/^#/, "").split("&")) {
    let text = part;
    try {
      text = decodeURIComponent(part);
    } catch {
      // it is no address that anybody wrote as one
    }
    const [, name, value] = /^(claim-|on=|known=)([^]*)$/.exec(text) ?? [];
    if (!name) continue;
    found.isOurs = true;
    if (name === "claim-") found.claim = value;
    else if ((found[name.slice(0, -1)] = dayOf(value)) === null) found.broken.push(value);
  }
  return found;
};

// Between two knots, days with their shares of the width, days are spread evenly; idle spans may be drawn narrow.
function axisOf(knots) {
  const panels = knots.slice(1).map(([stop, right], n) => [knots[n][0], stop, knots[n][1], right]);
  const panelOf = (isIn) => panels.find(isIn) ?? panels.at(-1);
  const place = (day) => {
    const [start, stop, left, right] = panelOf((panel) => day < panel[1]);
    const within = Math.min(Math.max(day, start), stop - 1) + 0.5 - start;
    return left + (within / (stop - start)) * (right - left);
  };
  const dayAt = (share) => {
    const [start, stop, left, right] = panelOf((panel) => share <= panel[3]);
    const day = Math.floor(start + ((share - left) / (right - left)) * (stop - start));
    return Math.min(Math.max(day, start), stop - 1);
  };
  return { panels, place, dayAt };
}

const ROOM = 54; // pixels at least from one label to the next
const STEPS = [["day", 1, 1], ["day", 5, 5], ["day", 10, 10], ["month", 1, 30], ["month", 3, 91], ["month", 6, 182], ["year", 1, 365], ["year", 2, 730], ["year", 5, 1826], ["year", 10, 3652], ["year", 100, 36525]];

// The labels under an axis, as many as have room: days, months or years, and each year where it begins.
function labelsOf({ panels }, width, language) {
  const written = (options) => new Intl.DateTimeFormat(language, { ...options, timeZone: "UTC" });
  const [ofDay, ofMonth] = [written({ day: "numeric", month: "short" }), written({ month: "short" })];
  const found = [];
  let year = null;
  const label = (x, day, unit) => {
    const date = new Date(day * DAY);
    const its = String(date.getUTCFullYear());
    found.push({ x, words: unit === "year" ? its : (unit === "month" ? ofMonth : ofDay).format(date), year: unit !== "year" && its !== year ? its : "" });
    year = its;
  };
  for (const [start, stop, left, right] of panels) {
    const pixels = ((right - left) * width) / (stop - start);
    const [unit, step] = STEPS.find(([, , days]) => days * pixels >= ROOM) ?? STEPS.at(-1);
    const isTick = (date) => {
      if (unit === "day") return (date.getUTCDate() - 1) % step === 0 && date.getUTCDate() + step <= 32;
      if (date.getUTCDate() > 1 || (unit === "year" && date.getUTCMonth())) return false;
      return (unit === "month" ? date.getUTCMonth() : date.getUTCFullYear()) % step === 0;
    };
    for (let day = start; day < stop; day++) {
      const x = left * width + (day - start + 0.5) * pixels;
      if (isTick(new Date(day * DAY)) && x - (found.at(-1)?.x ?? -ROOM) >= ROOM - 6) label(x, day, unit);
    }
  }
  if (!found.length) label(0, panels[0][0], "day");
  return found;
}

const draw = (parent, name, attributes) => {
  const made = parent.appendChild(document.createElementNS("http://www.w3.org/2000/svg", name));
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
};

const PLOT = 210; // pixels that the counts are high

// Draw how many claims held what: an outline for each status and panel, no finer than the pixels; give the most.
function drawCounts(svg, { turns, kinds }, sums, axis, width, language) {
  const begun = (day) => {
    let [low, high] = [0, turns.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (turns[middle] <= day) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  };
  const total = (row) => sums.subarray(row * kinds, (row + 1) * kinds).reduce((sum, count) => sum + count, 0);
  const stop = axis.panels.at(-1)[1];
  let most = 1;
  for (let row = Math.max(0, begun(axis.panels[0][0])); row < turns.length && turns[row] < stop; row++) most = Math.max(most, total(row));

  const y = (count) => (PLOT - (count / most) * PLOT).toFixed(2);
  const outlines = Array(kinds).fill("");
  for (const [start, stop, left, right] of axis.panels) {
    const x = (day) => (left + ((day - start) / (stop - start)) * (right - left)) * width;
    const steps = [{ from: x(start), row: begun(start) }];
    for (let row = begun(start) + 1; row < turns.length && turns[row] < stop; row++) {
      const from = x(turns[row]);
      if (from - steps.at(-1).from < 0.4) steps.at(-1).row = row;
      else steps.push({ from, row });
    }
    steps.forEach((step, index) => {
      step.ends = [step.from.toFixed(2), (steps[index + 1]?.from ?? right * width).toFixed(2)];
      step.level = 0;
    });
    for (let kind = 0; kind < kinds; kind++) {
      let isThere = false;
      const back = [];
      const over = steps.map((step) => {
        const [from, to] = step.ends;
        const count = step.row < 0 ? 0 : sums[step.row * kinds + kind];
        isThere ||= count > 0;
        back.push(`${to},${y(step.level)}L${from},${y(step.level)}`);
        step.level += count;
        return `${from},${y(step.level)}L${to},${y(step.level)}`;
      });
      if (isThere) outlines[kind] += `M${over.join("L")}L${back.reverse().join("L")}Z`;
    }
  }
  outlines.forEach((outline, kind) => outline && draw(svg, "path", { d: outline, class: `fx-f${kind}` }));
  for (const { x, words, year } of labelsOf(axis, width, language)) {
    draw(svg, "line", { x1: x, x2: x, y1: PLOT, y2: PLOT + 4, class: "fx-tick" });
    for (const [row, text] of [words, year].entries()) {
      const half = text.length * 3.5; // about as wide as it is drawn: words at an end stay within the drawing
      const at = Math.min(Math.max(x, half), width - half);
      if (text) draw(svg, "text", { x: at, y: PLOT + 16 + 14 * row, class: "fx-label", "text-anchor": "middle" }).textContent = text;
    }
  }
  return most;
}
