// The claims found: rows are asked for as they are seen, searched by words and filtered by what stands in them.

const ROW = 98; // pixels that a row is high
const PAGE = 60; // rows asked for at a time
const TALLEST = 8e6; // pixels; browsers draw nothing beyond some thirty million
const NEAR = 120; // milliseconds between arrow keys that are taken as one choice

function claimList(desk) {
  const { info, prefix } = desk;
  const query = { words: "", statuses: [], sort: "logged" };
  let total = info.claims, version = 0, pages = new Map(), at = -1, anchor = -1;
  const chosen = new Set();

  const search = element("input", { type: "search", id: `${prefix}-search`, placeholder: "Words, people, topics, “phrases”", autocomplete: "off", class: "fd-search" });
  const chips = element("div", { class: "fd-chips", role: "group", "aria-label": "Filter by status" });
  const note = element("p", { class: "fd-soft fd-note", role: "status" });
  const list = element("ul", { class: "fd-list", role: "listbox", tabindex: 0, "aria-label": "Claims", "aria-multiselectable": "true" });
  const view = element("div", { class: "fd-view" }, list);
  const many = element("div", { class: "fd-many-box" });
  const log = button(`Log a ${info.noun}`, () => desk.openLog(), { class: "fd-button fd-wide-button" });

  const filter = filters(desk, (given) => { Object.assign(query, given); ask(); });
  const top = element("div", { class: "fd-find" },
    element("label", { for: `${prefix}-search`, class: "fd-sr" }, "Search claims"), search,
    info.reads_only || info.part ? null : log, chips, filter.box, note);
  const box = element("section", { class: "fd-left", "aria-label": "Claims" }, top, view, many);

  const scale = () => (total * ROW > TALLEST ? (total * ROW - view.clientHeight) / (TALLEST - view.clientHeight) : 1);
  const row = (n) => pages.get(Math.floor(n / PAGE))?.[n % PAGE];

  function fillChips() {
    chips.replaceChildren(...info.statuses.map((status, n) => [status, n]).filter(([, n]) => info.counts[n]).map(([status, n]) => {
      const press = element("button", { type: "button", class: "fd-chip-button", "aria-pressed": String(query.statuses.includes(n)), onclick: () => toggle(n) },
        ...chip(status).childNodes, " ", element("b", {}, info.counts[n].toLocaleString("en-GB")));
      return press;
    }));
  }
  function toggle(n, only = false) {
    const on = query.statuses.includes(n);
    query.statuses = only ? [n] : on ? query.statuses.filter((one) => one !== n) : [...query.statuses, n];
    fillChips();
    ask();
  }

  // Asks anew for what is searched; `where` is a claim to scroll to.
  async function ask(where = "") {
    const mine = ++version;
    const answer = await desk.ask("rows", { query, start: 0, most: PAGE, at: where || desk.selected() });
    if (mine !== version) return;
    total = answer.total;
    pages = new Map([[0, answer.rows]]);
    at = answer.index ?? -1;
    list.style.height = `${Math.min(total * ROW, TALLEST)}px`;
    const some = query.words || query.statuses.length || filter.active();
    note.textContent = total ? (some ? `${total.toLocaleString("en-GB")} of ${counted(answer.of, info.noun, info.nouns)}` : "")
      : some ? `No ${info.noun} has ${query.words ? "these words" : "all of this"}.` : `${info.none}.`;
    if (where) reveal(); else if (some) view.scrollTop = 0;
    draw();
  }
  const page = async (n) => {
    const mine = version;
    pages.set(n, []);
    const answer = await desk.ask("rows", { query, start: n * PAGE, most: PAGE });
    if (mine !== version) return;
    pages.set(n, answer.rows);
    draw();
  };

  function draw() {
    const top = view.scrollTop, down = top * scale(), off = top - down;
    const first = Math.max(0, Math.floor(down / ROW) - 4);
    const last = Math.min(total, Math.ceil((down + view.clientHeight) / ROW) + 4);
    for (let n = Math.floor(first / PAGE); n * PAGE < last; n++) if (!pages.has(n)) page(n);
    list.replaceChildren(...Array.from({ length: Math.max(0, last - first) }, (_, n) => option(first + n, off)));
    if (at >= first && at < last) list.setAttribute("aria-activedescendant", `${prefix}-o${at}`);
    else list.removeAttribute("aria-activedescendant");
  }
  function option(n, off) {
    const one = row(n), shown = one?.id === desk.selected();
    const item = element("li", { role: "option", id: `${prefix}-o${n}`, "data-n": n, "aria-setsize": total, "aria-posinset": n + 1, "aria-selected": String(shown || chosen.has(one?.id)), class: chosen.has(one?.id) && chosen.size > 1 ? "fd-chosen" : "" });
    item.style.transform = `translateY(${n * ROW + off}px)`;
    if (!one) { item.append(element("p", { class: "fd-soft" }, "…")); return item; }
    const status = info.statuses[one.status];
    item.append(words(one.claim, "div", "fd-row-words"),
      element("div", { class: "fd-row-about" }, status ? chip(status) : null,
        element("span", { class: "fd-soft" }, between([words(one.who), one.made && shortDay(one.made, one.precision)]))),
      thinBand(one.band, info.statuses));
    return item;
  }
  function reveal() {
    if (at < 0) return;
    const y = (at * ROW) / scale();
    if (y < view.scrollTop) view.scrollTop = y;
    else if (y + ROW > view.scrollTop + view.clientHeight) view.scrollTop = y + ROW - view.clientHeight;
  }

  const choose = later((n) => { const one = row(n); if (one) desk.choose(one.id); }, 1);
  const soon = later((n) => { const one = row(n); if (one) desk.choose(one.id, true); }, NEAR);
  function go(n, wait = soon, keep = false) {
    at = Math.max(0, Math.min(total - 1, n));
    if (!keep) { chosen.clear(); anchor = at; }
    reveal();
    draw();
    showMany();
    wait(at);
  }
  function showMany() {
    many.replaceChildren(...(chosen.size > 1 && !desk.readsOnly() ? [desk.manyForm([...chosen], () => { chosen.clear(); showMany(); draw(); })] : []));
  }
  list.addEventListener("click", (event) => {
    const item = event.target.closest("li");
    if (!item) return;
    const n = Number(item.dataset.n);
    if (event.ctrlKey || event.metaKey || event.shiftKey) {
      if (!chosen.size && row(at)) chosen.add(row(at).id);
      const [low, high] = event.shiftKey ? [Math.min(anchor, n), Math.max(anchor, n)] : [n, n];
      for (let k = Math.max(0, low); k <= high; k++) {
        const id = row(k)?.id;
        if (id) event.shiftKey || !chosen.has(id) ? chosen.add(id) : chosen.delete(id);
      }
      showMany();
      draw();
      return;
    }
    go(n, choose);
  });
  list.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter") return desk.tab("main");
    const screen = Math.max(1, Math.floor(view.clientHeight / ROW));
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: total - 1, PageDown: at + screen, PageUp: at - screen }[event.key];
    if (to === undefined || !total) return;
    event.preventDefault();
    if (event.shiftKey) {
      for (const n of [at, to]) if (row(n)) chosen.add(row(n).id);
      return go(to, () => {}, true);
    }
    go(to);
  });
  const typed = later(() => { query.words = search.value; ask(); }, 120);
  search.addEventListener("input", () => typed());
  search.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") { event.preventDefault(); list.focus(); if (at < 0) go(0); }
  });
  let frame;
  view.addEventListener("scroll", () => { cancelAnimationFrame(frame); frame = requestAnimationFrame(draw); });
  const watch = new ResizeObserver(draw);
  watch.observe(view);
  desk.onEnd(() => watch.disconnect());
  fillChips();
  return {
    box, search, list,
    renew: (where) => { fillChips(); filter.offer(); return ask(where); },
    mark: () => { const found = [...pages].flatMap(([p, rows]) => rows.map((one, n) => [one.id, p * PAGE + n])).find(([id]) => id === desk.selected()); if (found) [, at] = found; draw(); },
    next: (step) => { list.focus(); go(at + step); },
    only: (given) => { if ("status" in given) toggle(given.status, true); else filter.set(given); },
  };
}

// What else claims are filtered by, and how they are put in order.
function filters(desk, put) {
  const { prefix } = desk;
  const field = (name, label, given) => {
    const id = `${prefix}-${name}`;
    return element("div", { class: "fd-field" }, element("label", { for: id }, label), element(given.tag ?? "input", { id, name, ...given, tag: null, autocomplete: "off" }, given.kids ?? []));
  };
  const check = (name, label) => element("label", { class: "fd-check" }, element("input", { type: "checkbox", name }), label);
  const sorts = [["logged", "as logged"], ["newest", "newest first"], ["changed", "last changed first"], ["status", "by status"], ["claimant", "by claimant"]];
  const box = element("details", { class: "fd-more fd-filters" }, element("summary", {}, "Filter and sort"),
    element("div", { class: "fd-fields" },
      field("claimant", "By claimant", { list: `${prefix}-claimants` }), field("topic", "By topic", { list: `${prefix}-topics` }),
      field("since", "Made from", { placeholder: "YYYY-MM-DD" }), field("until", "Made up to", { placeholder: "YYYY-MM-DD" }),
      field("sort", "Order", { tag: "select", kids: sorts.map(([value, label]) => element("option", { value }, label)) })),
    check("bare", "no evidence"), check("due", "due"), check("fresh", "changed since yesterday"),
    button("Clear", () => { for (const one of inputs()) one.type === "checkbox" ? (one.checked = false) : one.tagName === "SELECT" ? (one.value = "logged") : (one.value = ""); send(); }, { class: "fd-link" }));
  const inputs = () => [...box.querySelectorAll("input, select")];
  const value = (one) => (one.type === "checkbox" ? one.checked : one.value);
  const send = () => put(Object.fromEntries(inputs().map((one) => [one.name, value(one)])));
  box.addEventListener("input", later(send, 150));
  const lists = element("div", { hidden: true });
  box.append(lists);
  const offer = () => lists.replaceChildren(...Object.entries(desk.info.offers).map(([name, some]) => element("datalist", { id: `${prefix}-${name}` }, some.map((one) => element("option", { value: one })))));
  offer();
  return {
    box, offer,
    active: () => inputs().some((one) => one.name !== "sort" && value(one)),
    set: (given) => { box.open = true; for (const one of inputs()) if (one.name in given) one.value = given[one.name]; send(); },
  };
}
