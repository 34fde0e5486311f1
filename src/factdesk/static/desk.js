// The list of claims, and two services for the whole desk: keys stay in it, and Python learns how wide it is.

const NEAR = 120; // milliseconds between arrow keys that are taken as one choice
const STEP = 20; // pixels in which charts follow the desk's width

// JupyterLab hears every key, and `d d` on a focused button deletes the cell. Its own way out is an attribute on
// the element with the focus. Saving the notebook goes on working, also from fields that keep their keys to
// themselves: the notebook learns of it beside the desk.
function keepKeys(event) {
  const desk = event.target?.closest?.(".fd-desk");
  if (!desk) return;
  event.target.setAttribute("data-lm-suppress-shortcuts", "true");
  const { key, code, keyCode, ctrlKey, metaKey, shiftKey, altKey } = event;
  if (key.toLowerCase() !== "s" || !(ctrlKey || metaKey) || shiftKey || altKey) return;
  event.preventDefault();
  const pressed = { key, code, keyCode, ctrlKey, metaKey, bubbles: true, cancelable: true };
  desk.parentElement.dispatchEvent(new KeyboardEvent("keydown", pressed));
}

function initialize() {
  // It stays for as long as the page does: the desk stands there still when its kernel is gone.
  if (globalThis.factdeskKeepsKeys) return;
  globalThis.factdeskKeepsKeys = true;
  window.addEventListener("keydown", keepKeys, true);
}

function add(parent, name, className, text = "") {
  const made = parent.appendChild(document.createElement(name));
  made.className = className;
  made.textContent = text;
  return made;
}

function option(row, id) {
  const item = document.createElement("li");
  item.id = id;
  item.setAttribute("role", "option");
  add(item, "div", "fd-row-words", row.claim);
  const about = add(item, "div", "fd-row-about");
  if (row.word) {
    const chip = add(about, "span", "fd-chip");
    const sign = add(chip, "span", "fd-sign", row.sign);
    sign.style.setProperty("--light", row.light);
    sign.style.setProperty("--dark", row.dark);
    sign.setAttribute("aria-hidden", "true");
    chip.append(" ", row.word);
  }
  add(about, "span", "fd-soft", [row.who, row.day].filter(Boolean).join(" · "));
  return item;
}

function roomIn(box) {
  if (!box) return 0;
  const { paddingLeft, paddingRight } = getComputedStyle(box);
  return STEP * Math.floor((box.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight)) / STEP);
}

function render({ model, el }) {
  const prefix = `fd-${crypto.getRandomValues(new Uint32Array(1))[0]}`;
  const list = add(el, "ul", "fd-list");
  list.tabIndex = 0;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Claims");
  const note = add(el, "p", "fd-soft fd-note");
  note.setAttribute("role", "status");
  let at = -1;
  let later;

  const items = () => [...list.children];
  const mark = () => {
    items().forEach((item, n) => item.setAttribute("aria-selected", String(n === at)));
    const item = list.children[at];
    if (!item) return list.removeAttribute("aria-activedescendant");
    list.setAttribute("aria-activedescendant", item.id);
    // Only the list scrolls: scrollIntoView would move the notebook too.
    const top = item.offsetTop - list.offsetTop;
    if (top < list.scrollTop) list.scrollTop = top;
    const below = top + item.offsetHeight - list.clientHeight;
    if (below > list.scrollTop) list.scrollTop = below;
  };
  const follow = () => {
    at = model.get("rows").findIndex((row) => row.id === model.get("chosen"));
    mark();
  };
  const fill = () => {
    list.replaceChildren(...model.get("rows").map((row, n) => option(row, `${prefix}-${n}`)));
    list.hidden = !list.children.length;
    note.textContent = model.get("note");
    follow();
  };
  const choose = (n, wait) => {
    const row = model.get("rows")[n];
    if (!row) return;
    at = n;
    mark();
    clearTimeout(later);
    later = setTimeout(() => {
      model.set("chosen", row.id);
      model.save_changes();
    }, wait);
  };

  list.addEventListener("click", (event) => {
    const item = event.target.closest("li");
    if (item) choose(items().indexOf(item), 0);
  });
  list.addEventListener("keydown", (event) => {
    const last = list.children.length - 1;
    const page = Math.max(1, Math.floor(list.clientHeight / (list.children[0]?.offsetHeight || 60)));
    const steps = {
      ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: last, PageDown: at + page, PageUp: at - page,
    };
    if (!(event.key in steps) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    choose(Math.min(last, Math.max(0, steps[event.key])), NEAR);
  });

  // As wide as the desk and its column of the claim are, so that charts are drawn to fit.
  let waits;
  const measure = () => {
    const desk = el.closest(".fd-desk");
    const widths = [desk, desk?.querySelector(".fd-main")].map(roomIn);
    if (!widths[0] || String(widths) === String(model.get("widths"))) return;
    model.set("widths", widths);
    model.save_changes();
  };
  const watch = new ResizeObserver(() => {
    clearTimeout(waits);
    waits = setTimeout(measure, 150);
  });
  const begin = requestAnimationFrame(() => {
    const desk = el.closest(".fd-desk");
    if (desk) watch.observe(desk);
  });

  const focus = (message) => message.do === "focus" && list.focus();
  model.on("change:rows", fill);
  model.on("change:note", fill);
  model.on("change:chosen", follow);
  model.on("msg:custom", focus);
  fill();
  return () => {
    cancelAnimationFrame(begin);
    watch.disconnect();
    model.off("change:rows", fill);
    model.off("change:note", fill);
    model.off("change:chosen", follow);
    model.off("msg:custom", focus);
  };
}

export default { initialize, render };
