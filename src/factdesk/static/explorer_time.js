// Days, the axis on which they lie, what an address says of them, and counts drawn through time.
const DAY = 86_400_000;
const iso = (day) => new Date(day * DAY).toISOString().slice(0, 10);
const dayOf = (text) => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text ?? "")) return null;
  const moment = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(moment) || iso(moment / DAY) !== text ? null : moment / DAY;
};

// A claim, a day, and by which day it was known; what was said of a day that is none; and whether it is ours at all.
const readAddress = (fragment) => {
  const said = { claim: null, on: null, known: null, broken: [], isOurs: false };
  for (const part of fragment.replace(/^#/, "").split("&")) {
    let text = part;
    try {
      text = decodeURIComponent(part);
    } catch {
      // it is no address that anybody wrote as one
    }
    const [, name, value] = /^(claim-|on=|known=)([^]*)$/.exec(text) ?? [];
    if (!name) continue;
    said.isOurs = true;
    if (name === "claim-") said.claim = value;
    else if ((said[name.slice(0, -1)] = dayOf(value)) === null) said.broken.push(value);
  }
  return said;
};

// Busy spans have panels of their own: a day lies somewhere between 0 and 1.
function axisOf({ panels, ticks }) {
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
  return { panels, ticks, place, dayAt };
}

const draw = (parent, name, attributes) => {
  const made = parent.appendChild(document.createElementNS("http://www.w3.org/2000/svg", name));
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
};

const PLOT = 210; // pixels that the counts are high

// Draw how many claims held what: an outline for each status and panel, no finer than the pixels; give the most.
function drawCounts(svg, { turns, kinds }, sums, axis, width) {
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
  for (const [at, middle, text, row, isMarked] of axis.ticks) {
    if (row === 0 && isMarked) draw(svg, "line", { x1: at * width, x2: at * width, y1: PLOT, y2: PLOT + 4, class: "fx-tick" });
    const half = text.length * 3; // about as wide as it is drawn: words at an end stay within the drawing
    const x = Math.min(Math.max(middle * width, half), width - half);
    draw(svg, "text", { x, y: PLOT + 15 + 13 * row, class: "fx-label", "text-anchor": "middle" }).textContent = text;
  }
  return most;
}
