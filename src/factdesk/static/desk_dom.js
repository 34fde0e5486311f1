// Elements, days in words and the sign of a status: what every part of the desk is made of. Text never becomes markup.

const SVG = "http://www.w3.org/2000/svg";

function element(tag, given = {}, ...kids) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "class") made.className = value;
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...kids.flat().filter((kid) => kid !== null && kid !== undefined && kid !== ""));
  return made;
}

function drawn(tag, given = {}, ...kids) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(given)) made.setAttribute(name, value);
  made.append(...kids);
  return made;
}

// Words from a ledger: in their own direction, so that they turn nothing around them.
const words = (text, tag = "bdi", name = "") => element(tag, { dir: "auto", class: name }, text);

const quoted = (text) => (/^["“„«‘']/.test(text) ? text : `“${text}”`);

const between = (parts) => parts.filter(Boolean).flatMap((part, n) => (n ? [" · ", part] : [part]));

const LENGTHS = { 4: { year: "numeric" }, 7: { year: "numeric", month: "long" }, 10: { year: "numeric", month: "long", day: "numeric" } };

function spokenDay(day, precision = "") {
  const known = { month: day.slice(0, 7), year: day.slice(0, 4) }[precision] ?? day;
  const date = new Date(`${`${known}-01-01`.slice(0, 10)}T00:00:00Z`);
  if (Number.isNaN(date.getTime()) || !LENGTHS[known.length]) return known;
  return new Intl.DateTimeFormat("en-GB", { ...LENGTHS[known.length], timeZone: "UTC" }).format(date);
}

const shortDay = (day, precision) => spokenDay(day, precision).replace(/([A-Z][a-z]{2})[a-z]* /, "$1 ");

const capital = (word) => word.charAt(0).toUpperCase() + word.slice(1);

const counted = (n, one, many) => `${n.toLocaleString("en-GB")} ${n === 1 ? one : many}`;

function coloured(node, status) {
  if (!status?.light) return node;
  node.style.setProperty("--light", status.light);
  node.style.setProperty("--dark", status.dark);
  return node;
}

function chip(status, ...more) {
  const sign = coloured(element("span", { class: "fd-sign", "aria-hidden": "true" }, status.sign), status);
  return element("span", { class: "fd-chip" }, status.sign ? sign : null, status.sign ? " " : "", words(status.label), ...more);
}

// Only web addresses are followed, and nobody is told from where.
function link(address, text) {
  if (!/^https?:\/\//i.test(address)) return null;
  return element("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, `${text} ↗`);
}

function button(text, press, given = {}) {
  return element("button", { type: "button", class: "fd-button", onclick: press, ...given }, text);
}

function later(act, wait) {
  let timer;
  const put = (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => act(...given), wait);
  };
  put.off = () => clearTimeout(timer);
  return put;
}
