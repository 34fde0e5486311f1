// One claim on a day: what was held of it and why, the words that bear on it, and how to cite it.
// The elements that everything here is made of stand first.
const add = (parent, name, className = "", text = "") => {
  const made = parent.appendChild(document.createElement(name));
  if (className) made.className = className;
  if (text !== "") made.textContent = text;
  return made;
};
const put = (element, text) => {
  if (element.textContent !== text) element.textContent = text;
};
// Text of a ledger runs in its own direction, and turns nothing around it.
const addText = (parent, name, className, text) => {
  const made = add(parent, name, className, text);
  made.dir = "auto";
  return made;
};
const chip = (parent, status, code, name = "span") => {
  const made = add(parent, name, "fd-chip");
  add(made, "span", `fd-sign fx-s${code}`, status.sign).setAttribute("aria-hidden", "true");
  add(made, "span", "fx-word", status.label);
  return made;
};

// The address of words in a document: browsers scroll to them and mark them (the WICG's text fragments).
const wordsAt = (address, quote) => {
  if (!/^https?:\/\//i.test(address)) return "";
  const words = quote.split(/\[?(?:…|\.{3})\]?/u)[0].split(/\s+/u).filter(Boolean);
  if (!words.length) return address;
  const coded = (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`;
  const part = (some) => encodeURIComponent(some.join(" ")).replace(/[-!'()*]/g, coded);
  const directive = words.length > 12 ? [words.slice(0, 5), words.slice(-5)].map(part).join(",") : part(words);
  return `${address}${address.includes("#") ? "" : "#"}:~:text=${directive}`;
};
const linkTo = (parent, address, words) => {
  const link = add(parent, "a", "", words);
  link.href = address;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  return link;
};

// Days, numbers and addresses in words, as the page's language has them.
function formatsOf(data, moments, state) {
  const given = document.documentElement.lang;
  let language = !given || given === "en" ? "en-GB" : given;
  try {
    Intl.getCanonicalLocales(language);
  } catch {
    language = "en-GB";
  }
  const written = [{ dateStyle: "long" }, { month: "long", year: "numeric" }, { year: "numeric" }];
  const formats = written.map((one) => new Intl.DateTimeFormat(language, { ...one, timeZone: "UTC" }));
  const day = (number, precision = 1) => formats[precision - 1].format(number * DAY);
  const made = (claim) => (data.claims.made[claim] ? day(data.claims.first[claim], data.claims.made[claim]) : "");
  const moment = () =>
    day(state.on) + (state.known === null ? "" : state.known === state.on ? ", as known that day" : `, as known on ${day(state.known)}`);
  const address = (claim, parts) => {
    const named = claim === null ? "" : `claim-${encodeURIComponent(data.claims.id[claim])}`;
    return `#${[named, ...parts].filter(Boolean).join("&")}`;
  };
  const known = () => state.known !== null && `known=${iso(state.known)}`;
  return {
    language,
    day,
    made,
    // From which day a claim counts: that on which it was made, or was logged.
    begun: (claim, number) => (number === data.claims.first[claim] && made(claim)) || day(number),
    moment,
    number: (count) => count.toLocaleString(language),
    // The latest day is what a page shows by itself: it needs no saying.
    fragment: (claim = state.claim) => address(claim, [(state.on !== data.latest || state.known !== null) && `on=${iso(state.on)}`, known()]),
    citation: (claim, status) => {
      // Of a page that was opened as a file, the folder is nobody's business.
      const page = /^https?:$/.test(location.protocol) ? location.href.replace(/#[^]*$/, "") : decodeURIComponent(location.pathname.split("/").at(-1));
      // Every other part is the ledger's own, in whatever direction it runs.
      return [
        "“", moments.words(claim, state.known ?? moments.NOW), "” (", data.claimants[data.claims.claimant[claim]],
        `): ${status}, as of ${moment()}. Ledger “`, data.title, `”, digest ${data.digest}. `,
        `${page}${address(claim, [`on=${iso(state.on)}`, known()])}`,
      ];
    },
  };
}

const sourceOf = ({ sources: { url, title, publisher, day } }, place) =>
  place < 0 ? null : { url: url[place], title: title[place], publisher: publisher[place], day: day[place] };

// The places of the evidence that was attached to a claim by a day.
const attachedTo = (data, moments, claim, by) => {
  const { of, known } = data.evidence;
  data.evidence.start ??= of.reduce((starts, count) => (starts.push(starts.at(-1) + count), starts), [0]);
  const pieces = Array.from({ length: of[claim] }, (_, index) => data.evidence.start[claim] + index);
  return pieces.filter((piece) => (known[piece] ?? moments.NOW) <= by);
};

// A claim's band: a stretch for each status, marks for the evidence, a line at the day.
function bandOf(parent, data, moments, claim, axis, { on, by }) {
  const svg = draw(parent, "svg", { class: "fx-band", "aria-hidden": "true" });
  const width = svg.getBoundingClientRect().width || 700;
  const spans = [];
  const from = moments.begins(claim, by);
  for (const row of moments.rowsOf(claim)) {
    if (!moments.isKnown(row, by)) continue;
    if (!spans.length && from !== moments.NEVER && from < moments.day[row]) spans.push([from, 0]);
    if (spans.length && spans.at(-1)[0] === moments.day[row]) spans.pop();
    spans.push([moments.day[row], data.given.status[row]]);
  }
  if (!spans.length && from !== null && from !== moments.NEVER) spans.push([from, 0]);
  const last = axis.panels.at(-1)[1];
  for (const [begin, end, left, right] of axis.panels) {
    draw(svg, "rect", { x: left * width, y: 4, width: (right - left) * width, height: 18, class: "fx-track" });
    const place = (day) => left + ((Math.min(Math.max(day, begin), end) - begin) / (end - begin)) * (right - left);
    spans.forEach(([day, code], index) => {
      const x = place(day) * width;
      const wide = place(spans[index + 1]?.[0] ?? last) * width - x;
      if (wide > 0) draw(svg, "rect", { x, y: 4, width: wide, height: 18, class: `fx-f${code}` });
    });
  }
  const lanes = [[]]; // what is published on one day stands beneath one another
  for (const piece of attachedTo(data, moments, claim, by)) {
    const day = data.sources.day[data.evidence.source[piece]] ?? null;
    if (day === null) continue;
    const x = axis.place(day) * width;
    let lane = lanes.findIndex((taken) => taken.every((other) => Math.abs(other - x) > 11));
    if (lane < 0) lane = lanes.push([]) - 1;
    lanes[lane].push(x);
    const mark = draw(svg, "text", { x, y: 37 + 12 * lane, class: "fx-mark", "text-anchor": "middle" });
    mark.textContent = data.stances[data.evidence.stance[piece]].sign;
  }
  svg.setAttribute("viewBox", `0 0 ${width} ${30 + 12 * lanes.length}`);
  const x = axis.place(on) * width;
  draw(svg, "line", { x1: x, x2: x, y1: 0, y2: 26, class: "fx-cursor" });
}

function cardOf(box, data, moments, claim, axis, moment, format) {
  const { claims, given, evidence, sources, statuses } = data;
  const { on, by } = moment;
  const row = moments.held(claim, on, by);
  const code = moments.codeOf(row);
  box.replaceChildren();

  const head = add(box, "p", "fd-soft");
  const who = [data.claimants[claims.claimant[claim]], data.roles[claims.role[claim]]].filter(Boolean).join(", ");
  addText(head, "span", "", who);
  if (claims.made[claim]) head.append(` · ${format.made(claim)}`);
  head.append(" · ");
  const own = add(head, "a", "", `#claim-${claims.id[claim]}`);
  own.href = format.fragment(claim);
  const made = sourceOf(data, claims.source[claim]);
  const where = made && wordsAt(made.url, claims.quote[claim]);
  if (where) {
    head.append(" · ");
    linkTo(head, where, "where it was made ↗");
  }
  const close = add(box, "button", "fx-close", "Close");
  close.type = "button";
  close.setAttribute("aria-label", "Close this claim");

  const title = addText(box, "h3", "fd-words", moments.words(claim, by));
  title.tabIndex = -1;
  const held = add(box, "p", "fd-now");
  if (code >= 0) {
    chip(held, statuses[code], code);
    const since = row >= 0 ? format.day(moments.day[row]) : format.begun(claim, moments.begins(claim, by));
    // What can't be read has no name, and is so since no day.
    add(held, "span", "fd-soft", `${statuses[code].name && `since ${since}, `}as of ${format.moment()}`);
  } else {
    const why = moments.begins(claim, by) === null ? "It was not in the ledger" : "It had no status yet";
    add(held, "span", "fd-soft", `${why}, as of ${format.moment()}.`);
  }
  if (moments.gone[claim] !== moments.NEVER) {
    add(box, "p", "fd-soft", `This claim was withdrawn on ${format.day(moments.gone[claim])}.`);
  }
  if (claims.quote[claim]) addText(box, "blockquote", "fd-quote", `“${claims.quote[claim]}”`);
  if (axis) bandOf(box, data, moments, claim, axis, moment);
  if (claims.note[claim]) addText(box, "p", "fd-soft", claims.note[claim]);
  if (claims.due[claim]) addText(box, "p", "fd-soft", claims.due[claim]);

  const pieces = attachedTo(data, moments, claim, by);
  if (pieces.length) add(box, "h4", "fd-h", "Evidence");
  const list = pieces.length ? add(box, "ul", "fd-evidence") : null;
  for (const piece of pieces) {
    const item = add(list, "li");
    const source = sourceOf(data, evidence.source[piece]);
    const words = evidence.quote[piece];
    if (words) addText(item, "p", "fd-q", `“${words}”`);
    else addText(item, "p", "", source?.title || evidence.note[piece] || "No words were noted.");
    if (evidence.translation[piece]) addText(item, "p", "fd-q fd-soft", `“${evidence.translation[piece]}”`);
    const about = add(item, "p", "fd-soft");
    const stance = data.stances[evidence.stance[piece]];
    add(about, "span", "", stance.sign).setAttribute("aria-hidden", "true");
    about.append(` ${stance.name}`);
    for (const part of [source?.publisher, source?.day != null && format.day(source.day), evidence.place[piece]]) {
      if (!part) continue;
      about.append(" · ");
      addText(about, "span", "", part);
    }
    const address = source && wordsAt(source.url, words);
    if (!address) continue;
    about.append(" · ");
    linkTo(about, address, words ? "read the words ↗" : "read it ↗");
  }

  const rows = moments.rowsOf(claim).filter((one) => moments.isKnown(one, by));
  add(box, "h4", "fd-h", "What we held");
  const changes = add(box, "ol", "fd-held");
  const step = (day, kind, why, gaps, words = format.day(day)) => {
    const item = add(changes, "li", day > on ? "fx-later" : "");
    add(item, "span", "fd-day", words + (day > on ? " (later)" : ""));
    chip(item, statuses[kind], kind);
    const reason = add(item, "span", "fd-why");
    addText(reason, "span", "", why);
    if (gaps) addText(reason, "span", "fd-gaps fd-soft", `Not found, or would change it: ${gaps}`);
  };
  const from = moments.begins(claim, by);
  if (from !== null && from !== moments.NEVER && !(rows.length && moments.day[rows[0]] <= from)) {
    step(from, 0, "No status was given yet.", "", format.begun(claim, from));
  }
  for (const one of rows) step(moments.day[one], given.status[one], given.why[one], given.gaps[one]);
  if (!changes.children.length) changes.replaceWith(add(box, "p", "fd-soft", "Nothing was written down yet."));

  const cite = add(box, "p", "fx-cite");
  add(cite, "b", "", "Cite this ");
  const line = add(cite, "span");
  format.citation(claim, code < 0 ? "no status" : statuses[code].label).forEach((part, index) => add(line, index % 2 ? "bdi" : "span", "", part));
  const copy = add(cite, "button", "", "Copy");
  copy.type = "button";
  copy.addEventListener("click", async () => {
    copy.textContent = (await copied(line)) ? "Copied" : "Select and copy it by hand";
  });
  return { title, close };
}

// A page that was opened as a file may not be let at the clipboard in one way or the other.
async function copied(element) {
  try {
    await navigator.clipboard.writeText(element.textContent);
    return true;
  } catch {
    getSelection().selectAllChildren(element);
    return document.execCommand("copy");
  }
}
