// The explorer: a day slider, counts, a chart, a table and claim cards that follow it, and the day in the address.
const LISTED = 60; // rows of the table at first, and how many more come when asked for
const SETTLED = 300; // milliseconds without a move after which the address says the day
const FINE = 10_000; // steps of the slider, which has no days of its own: busy spans are given room

const unpacked = async (what) => {
  const packed = atob(document.querySelector(`script[data-holds="${what}"]`).textContent);
  const bytes = Uint8Array.from(packed, (character) => character.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).json();
};

const DAY = 86_400_000;
const iso = (day) => new Date(day * DAY).toISOString().slice(0, 10);
const dayOf = (text) => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text ?? "")) return null;
  const moment = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(moment) || iso(moment / DAY) !== text ? null : moment / DAY;
};

// What an address says: a claim, a day, and by which day it was known; what is broken says nothing.
const readAddress = (fragment) => {
  const said = { claim: null, on: null, known: null, isOurs: false };
  for (const part of fragment.replace(/^#/, "").split("&")) {
    let text = part;
    try {
      text = decodeURIComponent(part);
    } catch {}
    const [, name, value] = /^(claim-|on=|known=)([^]*)$/.exec(text) ?? [];
    if (!name) continue;
    said.isOurs = true;
    if (name === "claim-") said.claim = value;
    else said[name.slice(0, -1)] = dayOf(value);
  }
  return said;
};

function axisOf({ panels, ticks, width }) {
  const place = (day, within = 0.5) => {
    const [start, stop, left, right] = panels.find((panel) => day < panel[1]) ?? panels.at(-1);
    const share = (Math.min(Math.max(day, start), stop - 1) + within - start) / (stop - start);
    return left + share * (right - left);
  };
  const dayAt = (share) => {
    const [start, stop, left, right] = panels.find((panel) => share <= panel[3]) ?? panels.at(-1);
    const day = Math.floor(start + ((share - left) / (right - left)) * (stop - start));
    return Math.min(Math.max(day, start), stop - 1);
  };
  return { panels, ticks, width, place, dayAt };
}

// Counts through time, stacked: an outline for each status and panel, as fine as the pixels.
function stackOf(svg, moments, sums, axis, width, height) {
  const { turns, kinds } = moments;
  const rowAt = (day) => {
    let low = 0;
    let high = turns.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (turns[middle] <= day) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  };
  let most = 1;
  const first = axis.panels[0][0];
  for (let row = Math.max(0, rowAt(first)); row < turns.length && turns[row] < axis.panels.at(-1)[1]; row++) {
    let sum = 0;
    for (let kind = 0; kind < kinds; kind++) sum += sums[row * kinds + kind];
    most = Math.max(most, sum);
  }
  const outlines = Array(kinds).fill("");
  const y = (count) => (height - (count / most) * height).toFixed(2);
  for (const [start, stop, left, right] of axis.panels) {
    const x = (day) => (left + ((day - start) / (stop - start)) * (right - left)) * width;
    const steps = [[x(start), rowAt(start)]];
    for (let row = rowAt(start) + 1; row < turns.length && turns[row] < stop; row++) {
      const at = x(turns[row]);
      if (at - steps.at(-1)[0] < 0.4) steps.at(-1)[1] = row;
      else steps.push([at, row]);
    }
    const levels = steps.map(() => 0);
    for (let kind = 0; kind < kinds; kind++) {
      const under = levels.slice();
      steps.forEach(([, row], index) => (levels[index] += row < 0 ? 0 : sums[row * kinds + kind]));
      if (levels.every((level, index) => level === under[index])) continue;
      const ends = steps.map(([at], index) => [at.toFixed(2), (steps[index + 1]?.[0] ?? right * width).toFixed(2)]);
      const over = ends.map(([from, to], index) => `${from},${y(levels[index])}L${to},${y(levels[index])}`);
      const back = ends.map(([from, to], index) => `${to},${y(under[index])}L${from},${y(under[index])}`).reverse();
      outlines[kind] += `M${over.join("L")}L${back.join("L")}Z`;
    }
  }
  outlines.forEach((outline, kind) => outline && draw(svg, "path", { d: outline, class: `fx-f${kind}` }));
  return most;
}

(async () => {
  const root = document.querySelector(".explorer");
  const data = await unpacked("explorer");
  const moments = momentsOf(data);
  const { statuses, claims } = data;
  const latest = data.latest;
  if (latest === null || !data.axes.length) {
    document.documentElement.dataset.explored = 0; // an empty ledger has no days: what stands there says so
    return;
  }
  const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang || "en-GB";
  const spoken = (() => {
    const options = { dateStyle: "long", timeZone: "UTC" };
    try {
      return new Intl.DateTimeFormat(language, options);
    } catch {
      return new Intl.DateTimeFormat("en-GB", options);
    }
  })();
  const told = {
    day: (day) => spoken.format(day * DAY),
    moment: () => told.day(state.on) + (state.known === null ? "" : `, as known on ${told.day(state.known)}`),
    fragment: (claim = state.claim, { on, known } = state) =>
      `#${[
        claim !== null && `claim-${encodeURIComponent(claims.id[claim])}`,
        (on !== latest || known !== null) && `on=${iso(on)}`,
        known !== null && `known=${iso(known)}`,
      ]
        .filter(Boolean)
        .join("&")}`,
    citation: (claim, code) => {
      const status = code < 0 ? "no status" : statuses[code].label;
      const page = /^https?:$/.test(location.protocol) ? location.href.replace(/#.*$/, "") : location.pathname.split("/").at(-1);
      const parts = [on => `“${claims.claim[claim]}” (${data.claimants[claims.claimant[claim]]}): ${status}, as of ${told.moment()}`];
      return `${parts[0]()}. Ledger “${data.title}”, digest ${data.digest}. ${page}${told.fragment(claim, { on: state.on, known: state.known, always: true })}`;
    },
  };

  const evidenceStart = [0];
  data.evidence.of.forEach((count) => evidenceStart.push(evidenceStart.at(-1) + count));
  data.evidenceOf = (claim) => Array.from({ length: data.evidence.of[claim] }, (_, index) => evidenceStart[claim] + index);
  data.isAttached = (piece, by) => (data.evidence.known[piece] ?? moments.NOW) <= by;
  data.source = (place) =>
    place < 0 ? null : { url: data.sources.url[place], title: data.sources.title[place], publisher: data.sources.publisher[place], day: data.sources.day[place] };
  const placeOf = new Map(claims.id.map((id, place) => [id, place]).reverse());

  const axes = data.axes.map(axisOf);
  const earliest = axes[0].panels[0][0];
  const within = (day) => Math.min(Math.max(day, earliest), latest);
  const state = { on: latest, known: null, isTogether: true, claim: null, status: null, sort: "", isDown: false, listed: LISTED };
  const by = () => state.known ?? moments.NOW;
  let chosen = null; // places of the claims that the filters leave, in the order of the table

  // ---- what is on the page ----

  const bar = add(root, "div", "fx-time");
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", "The day that is shown");
  const slider = (name, className) => {
    const line = add(bar, "div", `fx-line ${className}`);
    const shown = add(line, "span", "fx-shown");
    const [earlier, , later] = [
      ["‹", "Earlier change"],
      null,
      ["›", "Later change"],
    ].map((one) => {
      if (!one) {
        const track = add(line, "span", "fx-slide");
        draw(track, "svg", { class: "fx-ticks", "aria-hidden": "true", preserveAspectRatio: "none", viewBox: `0 0 ${FINE} 20` });
        const input = add(track, "input");
        Object.assign(input, { type: "range", min: 0, max: FINE, step: 1 });
        input.setAttribute("aria-label", name);
        return track;
      }
      const button = add(line, "button", "fx-step", one[0]);
      button.type = "button";
      button.setAttribute("aria-label", one[1]);
      return button;
    });
    return { line, shown, earlier, later, input: line.querySelector("input"), ticks: line.querySelector("svg") };
  };
  const onDay = slider("Day", "fx-on");
  const modes = add(bar, "div", "fx-modes");
  modes.setAttribute("role", "radiogroup");
  modes.setAttribute("aria-label", "What is told of that day");
  const [asHeld, asKnown] = ["as it held", "as we knew it"].map((words, index) => {
    const label = add(modes, "label");
    const input = add(label, "input");
    Object.assign(input, { type: "radio", name: "fx-mode", value: index, checked: !index });
    add(label, "span", "", words);
    return input;
  });
  const knownDay = slider("Known on", "fx-known");
  const together = add(knownDay.line, "label", "fx-together");
  const isTogether = add(together, "input");
  isTogether.type = "checkbox";
  together.append(" the same day");

  const said = add(root, "p", "fx-said");
  const live = add(root, "p", "fx-hidden");
  live.setAttribute("role", "status");
  const buttons = add(root, "div", "fx-counts");
  buttons.setAttribute("role", "group");
  buttons.setAttribute("aria-label", "Only claims of one status");
  const numbers = statuses.map((status, code) => {
    const button = chip(buttons, status, code, "button");
    button.type = "button";
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", () => {
      state.status = state.status === code ? null : code;
      state.listed = LISTED;
      show();
    });
    return { button, number: add(button, "b") };
  });

  const figure = add(root, "figure", "fx-figure");
  const caption = add(figure, "figcaption", "fx-title");
  const plot = draw(figure, "svg", { class: "fx-plot", role: "img" });

  const find = add(root, "div", "fx-find");
  find.setAttribute("role", "search");
  const field = (words, name) => {
    const label = add(find, "label");
    add(label, "span", "", words);
    return add(label, name);
  };
  const search = field("Search", "input");
  search.type = "search";
  const choice = (words, names, placesOf) => {
    const counts = new Map();
    claims.id.forEach((_, claim) => placesOf(claim).forEach((place) => counts.set(place, (counts.get(place) ?? 0) + 1)));
    if (counts.size < 2) return null;
    const select = field(words, "select");
    add(select, "option", "", "all").value = "";
    const common = [...counts].sort((a, b) => b[1] - a[1]).slice(0, 300);
    common.sort((a, b) => names[a[0]].localeCompare(names[b[0]], language));
    for (const [place, count] of common) add(select, "option", "", `${names[place]} (${count.toLocaleString(language)})`).value = place;
    return select;
  };
  const claimant = choice("Claimant", data.claimants, (claim) => [claims.claimant[claim]]);
  const topic = choice("Topic", data.topics, (claim) => claims.topics[claim]);

  const card = add(root, "article", "fx-card");
  card.hidden = true;
  const heading = add(root, "h3", "fx-all", "All claims");
  heading.id = "fx-all";
  const frame = add(root, "div", "fx-frame");
  const table = add(frame, "table");
  table.setAttribute("aria-labelledby", heading.id);
  const headRow = add(add(table, "thead"), "tr");
  const heads = ["status", "claim", "claimant", "made"].map((name, index) => {
    const head = add(headRow, "th");
    head.scope = "col";
    const button = add(head, "button", "", ["Status", "Claim", "Claimant", "Made on"][index]);
    button.type = "button";
    button.addEventListener("click", () => {
      state.isDown = state.sort === name && !state.isDown;
      state.sort = name;
      choose();
    });
    return { head, name };
  });
  const body = add(table, "tbody");
  const rows = [];
  const none = add(root, "p", "fx-soft");
  const more = add(root, "button", "fx-more");
  more.type = "button";
  more.addEventListener("click", () => {
    state.listed += LISTED * 2;
    show();
  });

  // ---- which claims, in which order ----

  let haystack = null;
  const wordsOf = (claim) =>
    [claims.id[claim], claims.claim[claim], data.claimants[claims.claimant[claim]], claims.quote[claim], claims.topics[claim].map((one) => data.topics[one]).join(";"), claims.note[claim]]
      .join("\n")
      .toLowerCase();
  const orders = {
    "": () => null,
    status: () => null,
    claim: () => ranked(claims.claim),
    claimant: () => ranked(data.claimants, claims.claimant),
    made: () => claims.first.map((day, claim) => (claims.made[claim] ? day : moments.NEVER)),
  };
  const ranks = {};
  const ranked = (words, of) => {
    const { compare } = new Intl.Collator(language);
    const rank = new Int32Array(words.length);
    [...words.keys()].sort((a, b) => compare(words[a], words[b])).forEach((place, index) => (rank[place] = index));
    return of ? of.map((place) => rank[place]) : rank;
  };

  const choose = () => {
    const words = search.value.normalize("NFC").toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length) haystack ??= claims.id.map((_, claim) => wordsOf(claim));
    const who = claimant?.value ? Number(claimant.value) : null;
    const what = topic?.value ? Number(topic.value) : null;
    moments.lookAt(
      (claim) =>
        (who === null || claims.claimant[claim] === who) &&
        (what === null || claims.topics[claim].includes(what)) &&
        words.every((word) => haystack[claim].includes(word)),
    );
    chosen = [...moments.isIn.keys()].filter((claim) => moments.isIn[claim]);
    const rank = (ranks[state.sort] ??= orders[state.sort]());
    if (rank) chosen.sort((a, b) => rank[a] - rank[b] || a - b);
    if (state.isDown && state.sort !== "status") chosen.reverse();
    for (const { head, name } of heads) {
      if (name === state.sort) head.setAttribute("aria-sort", state.isDown ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    }
    state.listed = LISTED;
    outline();
    show();
  };

  // The claims that the table lists: no more than are shown, so that it costs no more.
  const listed = () => {
    const found = [];
    const { code } = moments;
    const take = (wanted) => {
      for (let index = 0; index < chosen.length && found.length < state.listed; index++) {
        const claim = chosen[index];
        if (wanted === null ? code[claim] >= 0 : code[claim] === wanted) found.push(claim);
      }
    };
    if (state.status !== null) take(state.status);
    else if (state.sort !== "status") take(null);
    else for (let index = 0; index < moments.kinds; index++) take(state.isDown ? moments.kinds - 1 - index : index);
    return found;
  };

  // ---- drawing ----

  const HIGH = 210;
  let size = 0;
  let axis = axes[0];
  let cursor = null;
  let history = null; // the state of knowledge that the chart shows

  const outline = () => {
    if (!size) return;
    axis = axes[size < 520 ? 1 : 0];
    plot.replaceChildren();
    plot.setAttribute("viewBox", `0 0 ${size} ${HIGH + 34}`);
    history = state.known === null ? moments.NOW : state.isTogether ? null : state.known;
    const most = stackOf(plot, moments, moments.history(history), axis, size, HIGH);
    const label = draw(plot, "text", { x: 2, y: -4, class: "fx-label" });
    label.textContent = most.toLocaleString(language);
    for (const [at, middle, text, row, isMarked] of axis.ticks) {
      if (row === 0 && isMarked) draw(plot, "line", { x1: at * size, x2: at * size, y1: HIGH, y2: HIGH + 4, class: "fx-tick" });
      draw(plot, "text", { x: middle * size, y: HIGH + 15 + 13 * row, class: "fx-label", "text-anchor": "middle" }).textContent = text;
    }
    cursor = draw(plot, "line", { y1: -2, y2: HIGH + 3, class: "fx-cursor" });
    caption.textContent =
      history === null ? "Claims in each status, each day as we knew it on that day" : `Claims in each status, by day${state.known === null ? "" : `, as known on ${told.day(state.known)}`}`;
  };

  const marks = ({ ticks }, days) => {
    let last = -1;
    let path = "";
    for (const day of days) {
      if (day < earliest || day > latest) continue;
      const at = Math.round(axes[0].place(day) * FINE);
      if (at - last < 15) continue;
      path += `M${at},3V17`;
      last = at;
    }
    ticks.replaceChildren();
    for (const [, , left, right] of axes[0].panels) draw(ticks, "line", { x1: left * FINE, x2: right * FINE, y1: 10, y2: 10, class: "fx-rail" });
    draw(ticks, "path", { d: path, class: "fx-change" });
  };

  const put = (cell, text) => cell.textContent !== text && (cell.textContent = text);
  const rowFor = (index) => {
    if (rows[index]) return rows[index];
    const row = add(body, "tr");
    const status = add(row, "td");
    const made = chip(status, { sign: "", label: "" }, 0);
    const words = add(row, "td");
    const link = say(words, "a", "", "");
    const who = say(row, "td", "", "");
    const day = add(row, "td", "fx-when");
    return (rows[index] = { row, sign: made.firstChild, word: made.lastChild, link, who, day, claim: -1, code: -2 });
  };
  const list = () => {
    const found = listed();
    found.forEach((claim, index) => {
      const row = rowFor(index);
      if (row.claim !== claim) {
        row.claim = claim;
        put(row.link, claims.claim[claim]);
        put(row.who, data.claimants[claims.claimant[claim]]);
        put(row.day, claims.made[claim] ? iso(claims.first[claim]) : "");
      }
      const code = moments.code[claim];
      if (row.code !== code) {
        row.code = code;
        row.sign.className = `fx-sign fx-s${code}`;
        put(row.sign, statuses[code].sign);
        put(row.word, statuses[code].label);
      }
      row.link.setAttribute("href", told.fragment(claim));
      row.row.hidden = false;
    });
    for (let index = found.length; index < rows.length; index++) rows[index].row.hidden = true;
    return found.length;
  };

  const number = (count) => count.toLocaleString(language);
  const show = () => {
    moments.move(state.on, by());
    const wanted = state.known === null ? moments.NOW : state.isTogether ? null : state.known;
    if (history !== wanted) outline();
    for (const [{ input, shown }, day] of [[onDay, state.on], [knownDay, state.known ?? state.on]]) {
      const at = String(Math.round(axes[0].place(day) * FINE));
      if (axes[0].dayAt(input.value / FINE) !== day) input.value = at;
      put(shown, told.day(day));
    }
    const total = moments.counts.reduce((sum, count) => sum + count, 0);
    const shares = statuses.map((status, code) => moments.counts[code] && `${number(moments.counts[code])} ${status.label}`).filter(Boolean);
    const words = `${told.moment()}: ${number(total)} ${total === 1 ? "claim" : "claims"}`;
    put(said, words);
    onDay.input.setAttribute("aria-valuetext", `${told.day(state.on)}: ${shares.join(", ") || "no claims"}`);
    knownDay.input.setAttribute("aria-valuetext", told.day(state.known ?? state.on));
    numbers.forEach(({ button, number: cell }, code) => {
      put(cell, number(moments.counts[code]));
      button.setAttribute("aria-pressed", String(state.status === code));
      button.classList.toggle("fx-zero", !moments.counts[code]);
    });
    plot.setAttribute("aria-label", `${caption.textContent}. ${words}; ${shares.join(", ")}.`);
    if (cursor) {
      const x = axis.place(state.on) * size;
      cursor.setAttribute("x1", x);
      cursor.setAttribute("x2", x);
    }
    const count = list();
    const all = state.status === null ? total : moments.counts[state.status];
    more.hidden = count >= all;
    put(more, `Show more: ${number(count)} of ${number(all)}`);
    const empty = state.known === null ? "No claim has a status on this day." : "Nothing of this was written down by that day.";
    put(none, all ? "" : chosen.length && state.status === null ? empty : "No claim fits.");
    if (state.claim !== null) openCard();
    return `${words}; ${shares.join(", ")}`;
  };

  let opened = null;
  const openCard = () => {
    card.hidden = false;
    opened = cardOf(card, data, moments, state.claim, axis, { on: state.on, by: by() }, told);
    opened.close.addEventListener("click", () => {
      const claim = state.claim;
      leave();
      const link = rows.find((row) => row.claim === claim && !row.row.hidden)?.link;
      (link ?? search).focus();
    });
  };
  const leave = () => {
    state.claim = null;
    card.hidden = true;
    card.replaceChildren();
    settle();
  };

  // ---- moving ----

  let later = 0;
  let isAsked = false;
  const settle = () => {
    clearTimeout(later);
    later = setTimeout(() => {
      later = 0;
      const fragment = told.fragment();
      if (location.hash !== fragment && !(fragment === "#" && !location.hash)) history_.pushState(null, "", fragment === "#" ? location.pathname + location.search : fragment);
      live.textContent = said.textContent + "; " + statuses.map((status, code) => moments.counts[code] && `${number(moments.counts[code])} ${status.label}`).filter(Boolean).join(", ");
    }, SETTLED);
  };
  const history_ = window.history;
  const soon = () => {
    if (isAsked) return;
    isAsked = true;
    requestAnimationFrame(() => {
      isAsked = false;
      show();
    });
  };
  const goTo = (on, known) => {
    state.on = within(on);
    state.known = known === null ? null : within(known);
    if (state.known !== null && state.isTogether) state.known = state.on;
    soon();
    settle();
  };
  const moveBy = (which, day) => {
    if (which === "on") return goTo(day, state.known);
    if (day !== state.on) state.isTogether = isTogether.checked = false;
    return goTo(state.on, day);
  };
  const drive = ({ input, earlier, later: next }, which) => {
    const at = () => (which === "on" ? state.on : state.known);
    const turned = (way) => {
      const turns = which === "on" && state.known === null ? moments.turnsHeld : moments.turns;
      const found = way < 0 ? turns.findLast((turn) => turn < at()) : turns.find((turn) => turn > at());
      return found === undefined ? (way < 0 ? earliest : latest) : found;
    };
    input.addEventListener("input", () => {
      const day = axes[0].dayAt(input.value / FINE);
      // A screen reader's gesture moves by a step too small to reach another day: it means one day.
      const way = Math.sign(input.value - axes[0].place(at()) * FINE);
      moveBy(which, day === at() && Math.abs(input.value - axes[0].place(at()) * FINE) <= 1.5 ? at() + way : day);
    });
    input.addEventListener("keydown", (event) => {
      const way = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -1, PageUp: 1 }[event.key];
      const end = { Home: earliest, End: latest }[event.key];
      if ((way === undefined && end === undefined) || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      moveBy(which, end ?? (event.key.startsWith("Page") ? turned(way) : at() + way));
    });
    earlier.addEventListener("click", () => moveBy(which, turned(-1)));
    next.addEventListener("click", () => moveBy(which, turned(1)));
  };
  drive(onDay, "on");
  drive(knownDay, "known");

  const setMode = (known) => {
    asHeld.checked = known === null;
    asKnown.checked = known !== null;
    isTogether.checked = state.isTogether;
    root.classList.toggle("fx-knows", known !== null);
  };
  asHeld.addEventListener("change", () => {
    setMode(null);
    goTo(state.on, null);
  });
  asKnown.addEventListener("change", () => {
    state.isTogether = true;
    setMode(state.on);
    goTo(state.on, state.on);
  });
  isTogether.addEventListener("change", () => {
    state.isTogether = isTogether.checked;
    goTo(state.on, state.isTogether ? state.on : state.known);
  });
  for (const one of [search, claimant, topic]) one?.addEventListener("input", choose);
  plot.addEventListener("click", (event) => {
    const { left, width } = plot.getBoundingClientRect();
    moveBy("on", axis.dayAt((event.clientX - left) / width));
  });

  // ---- the address ----

  const follow = () => {
    const asked = readAddress(location.hash);
    if (!asked.isOurs && location.hash.length > 1) return;
    clearTimeout(later);
    state.on = within(asked.on ?? asked.known ?? latest);
    state.known = asked.known === null ? null : within(asked.known);
    state.isTogether = state.known === null || state.known === state.on;
    setMode(state.known);
    const claim = asked.claim === null ? null : (placeOf.get(asked.claim) ?? null);
    const isNew = claim !== null && claim !== state.claim;
    state.claim = claim;
    if (claim === null) card.hidden = true;
    show();
    none.hidden = false;
    if (asked.claim !== null && claim === null) live.textContent = `There is no claim “${asked.claim}” in this page.`;
    if (!isNew) return;
    card.scrollIntoView({ block: "start" });
    opened.title.focus({ preventScroll: true });
  };
  addEventListener("hashchange", follow);
  addEventListener("popstate", follow);

  root.classList.add("fx-alive");
  marks(onDay, moments.turnsHeld);
  marks(knownDay, moments.turns);
  new ResizeObserver(() => {
    const width = Math.round(figure.clientWidth);
    if (!width || width === size) return;
    size = width;
    outline();
    show();
  }).observe(figure);
  size = Math.round(figure.clientWidth);
  moments.move(state.on, by());
  choose();
  follow();
  globalThis.factdesk = {
    statusOn: (on, known = null) => {
      moments.move(dayOf(on), known === null ? moments.NOW : dayOf(known));
      const held = {};
      claims.id.forEach((id, claim) => {
        const row = moments.now[claim];
        if (row === NONE) return;
        const since = row === FIRST ? moments.begins(claim, known === null ? moments.NOW : dayOf(known)) : moments.day[row];
        held[id] = { status: statuses[moments.code[claim]].name, holds_from: iso(since), rationale: row === FIRST ? "" : data.given.why[row] };
      });
      show();
      return held;
    },
  };
  document.documentElement.dataset.explored = moments.size;
})().catch((error) => (document.documentElement.dataset.explorerFailed = error.message));
