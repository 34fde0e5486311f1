// Statuses through time, as plain shapes from intervals: the thin band of a row, the band of a claim, and all claims.

const MARKS = {
  supports: "M0,-4.6L4.6,0L0,4.6L-4.6,0Z",
  refutes: "M-3.8,-2.4L-2.4,-3.8L0,-1.4L2.4,-3.8L3.8,-2.4L1.4,0L3.8,2.4L2.4,3.8L0,1.4L-2.4,3.8L-3.8,2.4L-1.4,0Z",
  mixed: "M0,-4.6L4.6,0L0,4.6Z",
  context: "M0,-3.4A3.4,3.4 0 1,1 -.01,-3.4Z",
};

function thinBand(spells, statuses) {
  const band = element("div", { class: "fd-thin", "aria-hidden": "true" });
  for (const [from, to, status] of spells) {
    const part = coloured(element("span"), statuses[status]);
    part.style.left = `${100 * from}%`;
    part.style.width = `${100 * Math.max(to - from, 0.004)}%`;
    band.append(part);
  }
  return band;
}

// Labels for which there is no room at the width it has are left out.
function axis(labels) {
  const line = element("div", { class: "fd-axis", "aria-hidden": "true" });
  for (const [at, text] of [...labels].sort(([a], [b]) => a - b)) {
    const label = element("span", {}, text);
    if (at > 0.88) label.style.right = "0";
    else label.style.left = `${100 * at}%`;
    line.append(label);
  }
  new ResizeObserver(() => {
    let end = -Infinity;
    for (const label of line.children) {
      const { offsetLeft: left, offsetWidth: width } = label;
      label.style.visibility = left < end + 6 || left + width > line.clientWidth ? "hidden" : "";
      if (!label.style.visibility) end = left + width;
    }
  }).observe(line);
  return line;
}

function gaps(box, found) {
  for (const [from, to] of found ?? []) {
    const gap = element("i", { class: "fd-gap" });
    gap.style.left = `${100 * (from + to) / 2}%`;
    box.append(gap);
  }
}

// The band of a claim, with a mark beneath it on the day on which each piece of evidence was published.
function claimBand(band, statuses, pick) {
  const bar = thinBand(band.spells, statuses);
  bar.className = "fd-band";
  gaps(bar, band.gaps);
  const marks = element("div", { class: "fd-marks" });
  const taken = [];
  for (const mark of band.marks) {
    const lane = Math.min(taken.filter((at) => Math.abs(at - mark.at) < 0.014).length, 3);
    taken.push(mark.at);
    const shape = drawn("svg", { viewBox: "-6 -6 12 12", width: 12, height: 12, "aria-hidden": "true", class: `fd-mark fd-${mark.stance}` });
    shape.append(drawn("path", { d: MARKS[mark.stance] ?? MARKS.context }));
    if (mark.stance === "mixed") shape.append(drawn("path", { d: MARKS.supports, class: "fd-outline" }));
    const press = element("button", { type: "button", class: "fd-mark-at", title: `${mark.stance}: ${mark.words}`, "aria-label": `${mark.stance}: ${mark.words}`, tabindex: -1, onclick: () => pick(mark.id) }, shape);
    press.style.left = `${100 * mark.at}%`;
    press.style.top = `${9 * lane}px`;
    marks.append(press);
    marks.style.setProperty("--lanes", Math.max(lane + 1, Number(marks.style.getPropertyValue("--lanes")) || 1));
  }
  return element("div", { class: "fd-banded" }, bar, marks, axis(band.labels));
}

function spokenBand(claim, statuses) {
  const parts = claim.held.map((one) => `${statuses[one.status].label} from ${spokenDay(one.holds_from)}`);
  return parts.length ? `Held: ${parts.join(", ")}.` : "No status was given yet.";
}

// How many claims had each status, as steps; a press on a colour asks for its claims, a drag for those made on its days.
function overTime(found, statuses, pick) {
  const { at, days, counts } = found;
  if (!at.length) return element("p", { class: "fd-soft" }, "No claim has a status yet.");
  const most = Math.max(1, ...counts.map((row) => row.reduce((a, b) => a + b, 0)));
  const picture = drawn("svg", { viewBox: "0 0 1000 400", preserveAspectRatio: "none", class: "fd-areas", role: "img" });
  const last = counts[counts.length - 1];
  const spoken = statuses.slice(0, last.length).map((one, n) => [one.label, last[n]]).filter(([, n]) => n);
  picture.setAttribute("aria-label", `Claims by status, from ${spokenDay(days[0])}; now ${spoken.map(([label, n]) => `${n} ${label}`).join(", ")}.`);
  const base = counts.map(() => 0);
  statuses.slice(0, last.length).forEach((status, n) => {
    if (!counts.some((row) => row[n])) return;
    const up = [], down = [];
    counts.forEach((row, step) => {
      const right = step + 1 < at.length ? at[step + 1] : 1;
      const [low, high] = [base[step], base[step] + row[n]].map((count) => 400 - (400 * count) / most);
      up.push(`${1000 * at[step]},${high}`, `${1000 * right},${high}`);
      down.unshift(`${1000 * right},${low}`, `${1000 * at[step]},${low}`);
      base[step] += row[n];
    });
    const area = coloured(drawn("polygon", { points: [...up, ...down].join(" "), class: "fd-area" }), status);
    area.append(drawn("title", {}, `${status.label}: ${last[n]}`));
    area.addEventListener("click", () => pick({ status: n }));
    picture.append(area);
  });
  const box = element("div", { class: "fd-over" }, picture);
  gaps(box, found.gaps);
  const dayAt = (x) => days[Math.max(0, at.findLastIndex((one) => one <= x))];
  let from = null;
  const share = (event) => {
    const { left, width } = picture.getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - left) / width));
  };
  const brush = element("span", { class: "fd-brush", hidden: true });
  box.append(brush);
  box.addEventListener("pointerdown", (event) => { from = share(event); });
  box.addEventListener("pointermove", (event) => {
    if (from === null || !(event.buttons & 1)) return;
    const to = share(event);
    brush.hidden = Math.abs(to - from) < 0.02;
    brush.style.left = `${100 * Math.min(from, to)}%`;
    brush.style.width = `${100 * Math.abs(to - from)}%`;
  });
  box.addEventListener("pointerup", (event) => {
    const to = share(event);
    if (from !== null && Math.abs(to - from) >= 0.02) pick({ since: dayAt(Math.min(from, to)), until: dayAt(Math.max(from, to)) });
    from = null;
    brush.hidden = true;
  });
  return element("div", {}, box, axis(found.labels));
}
