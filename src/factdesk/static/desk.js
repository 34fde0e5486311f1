// The desk as a whole: what Python is asked, what is shown, what is typed, and what is said at the foot.

const LOOKS = 5000; // milliseconds between looks at what others wrote
const SLOW = 4000; // milliseconds after which a kernel that does not answer is named
const SLOWLY = ["candidates", "findings", "read"]; // what takes its time, beside all else
const WRITER = "factdesk-writer";
const PARTS = { claims: ["left"], claim: ["main"], reader: ["side", "main"] }; // what stands in each that stands alone
const GONE = "The kernel is gone, so nothing can be saved here. What you typed is kept: run the cell again.";

function questions(model, view) {
  const waiting = new Map();
  let number = 0, lost = false;
  const heard = (message) => {
    const one = waiting.get(message.to);
    if (!one) return;
    waiting.delete(message.to);
    if (message.refused) one.reject(message.refused);
    else one.resolve(message);
  };
  model.on("msg:custom", heard);
  return {
    ask: (what, given = {}, buffers = []) => new Promise((resolve, reject) => {
      const ask = `${view}-${++number}`;
      waiting.set(ask, { resolve, reject, since: SLOWLY.includes(what) ? Infinity : Date.now() });
      try {
        model.send({ ask, do: what, ...given }, undefined, buffers);
      } catch {
        lost = true;
        waiting.delete(ask);
        reject({ message: GONE, isGone: true });
      }
    }),
    lost: () => lost,
    waits: () => Math.max(0, ...[...waiting.values()].map((one) => Date.now() - one.since)),
    off: () => model.off("msg:custom", heard),
  };
}

// What is typed is kept by Python; for as long as that has not answered, in this tab. Of a desk that is served to
// several people each one's browser keeps it.
function draftsOf(desk, ask) {
  const place = (name) => `factdesk:${desk.info.is_scratch ? desk.info.title : desk.info.key}:${name}`;
  const store = (act) => { try { return act(desk.info.keeps ? sessionStorage : localStorage); } catch { return null; } };
  const sends = new Map();
  desk.drafts = { ...desk.info.drafts };
  store((tab) => {
    for (const key of Object.keys(tab)) {
      if (!key.startsWith(place(""))) continue;
      const name = key.slice(place("").length), typed = JSON.parse(tab.getItem(key));
      keep(name, typed);
    }
  });
  function keep(name, typed) {
    if (Object.keys(typed).length) desk.drafts[name] = typed;
    else delete desk.drafts[name];
    store((tab) => tab.setItem(place(name), JSON.stringify(typed)));
    if (!desk.info.keeps) return;
    if (!sends.has(name)) sends.set(name, later(async (now) => {
      try {
        await ask("draft", { name, typed: now });
        store((tab) => tab.getItem(place(name)) === JSON.stringify(now) && tab.removeItem(place(name)));
      } catch (refused) { if (!refused.isGone) desk.say(refused.message ?? String(refused), "bad"); }
    }, 400));
    sends.get(name)(typed);
  }
  return keep;
}

async function start({ model, el, ends }) {
  const prefix = `fd-${crypto.getRandomValues(new Uint32Array(1))[0]}`;
  const { ask, waits, lost, off } = questions(model, prefix);
  ends.push(off);
  const root = element("section", { class: "fd-desk fd-live", "aria-label": "Desk" });
  el.append(root);
  root.append(element("p", { class: "fd-soft fd-opening" }, "Opening the desk…"));
  const desk = { ask, prefix, drafts: {}, info: await ask("open"), onEnd: (act) => ends.push(act) };
  const { info } = desk;
  desk.keep = info.key ? draftsOf(desk, ask) : () => {};
  root.setAttribute("aria-label", `${capital(info.part || "desk")}: ${info.title}`);

  // --- what is said

  const said = element("p", { class: "fd-said", role: "status" }), call = element("p", { class: "fd-call fd-soft" });
  const undo = button("undo", () => desk.undo(), { class: "fd-link", hidden: true });
  const foot = element("div", { class: "fd-foot-line" }, element("div", { class: "fd-said-box" }, said, undo), call);
  desk.say = (text, kind = "") => { said.className = `fd-said ${kind && `fd-${kind}`}`; said.replaceChildren(...[text].flat()); };
  const showUndo = () => { undo.hidden = !info.undo || desk.readsOnly(); undo.title = info.undo ? `Undo: ${info.undo}` : ""; undo.setAttribute("aria-label", info.undo ? `Undo: ${info.undo}` : "Undo"); };
  desk.readsOnly = () => Boolean(info.reads_only || info.day);
  desk.selected = () => model.get("selected");

  const gone = element("p", { class: "fd-gone", role: "alert", hidden: true });
  const only = element("div", { class: "fd-only", hidden: true });
  const logBox = element("div", { class: "fd-log", hidden: true });
  const editBox = element("div", { class: "fd-edit" });
  const answer = element("div", { class: "fd-keys" });
  desk.claim = claimView(desk);
  desk.side = sideView(desk);
  desk.list = claimList(desk);
  desk.head = headView(desk);
  const main = element("section", { class: "fd-main", "aria-label": info.part === "reader" ? "What is logged" : "The claim in view", tabindex: 0 }, logBox, editBox, desk.claim.body);
  const parts = { left: desk.list.box, main, side: desk.side.box };
  const body = element("div", { class: "fd-body" }, (PARTS[info.part] ?? Object.keys(parts)).map((name) => parts[name]));
  // Where there is no room for all of them, one at a time.
  const tabs = [["left", capital(info.nouns)], ["main", capital(info.noun)], ["side", "Article"]].map(([name, label]) =>
    element("button", { type: "button", class: `fd-tab fd-tab-${name}`, onclick: () => desk.tab(name) }, label));
  desk.tab = (name) => {
    body.dataset.tab = name;
    for (const one of tabs) one.setAttribute("aria-current", String(one.classList.contains(`fd-tab-${name}`)));
  };
  desk.tab("main");
  root.classList.toggle("fd-part", Boolean(info.part));
  root.replaceChildren(...[gone, !info.part && desk.head.box, only, answer, !info.part && element("nav", { class: "fd-tabs", "aria-label": "Parts of the desk" }, tabs), body, foot].filter(Boolean));
  ownKeys(desk, root);

  // --- what is shown

  let asked = 0;
  function show(found) {
    if (!("claim" in found)) return;
    desk.claim.show(info.part === "reader" ? null : found.claim);
    editBox.replaceChildren();
    desk.list.mark();
  }
  desk.choose = async (id, stays = false) => {
    const mine = ++asked;
    const found = await ask("claim", { claim_id: id }).catch((refused) => desk.say(refused.message, "bad"));
    if (!found || mine !== asked) return;
    closeLog();
    if (!stays) desk.tab("main");
    main.scrollTop = 0;
    show(found);
  };
  const takeIn = (found) => { for (const name of Object.keys(found)) if (name !== "claim" && name !== "to") info[name] = found[name]; };
  function renew(where = "") {
    desk.head.renew();
    desk.side.renew();
    only.hidden = !info.day && !info.reads_only;
    only.replaceChildren(...(info.day
      ? [element("b", {}, "Read only. "), `This is ${spokenDay(info.day)}, ${info.as_known ? "as we knew it on that day" : "as it held, by what we know now"}. `, button("Back to now", () => desk.when("", false), { class: "fd-link" })]
      : [info.reads_only]));
    showUndo();
    return desk.list.renew(where);
  }
  desk.when = async (day, asKnown) => {
    const found = await ask("when", { day, as_known: asKnown });
    takeIn(found);
    show(found);
    await renew();
  };
  desk.again = async (where) => { takeIn(await ask("list")); await renew(where); };

  // --- what is written

  desk.write = async (given, buffers) => {
    if (info.asks_who && !info.named) {
      desk.who();
      throw { message: "Say first who is writing.", field: "", offer: "" };
    }
    return ask("write", given, buffers);
  };
  desk.saved = (found) => {
    const { sentence, call: code, notes, is_new, at, offers } = found.saved;
    const where = info.is_scratch ? "in the scratch copy, which is not kept" : `to ${info.place}`;
    desk.say([element("b", {}, `${is_new ? "✓ " : ""}${sentence}`), is_new ? ` · saved ${where}, ${at}` : ` · nothing was written`, ...notes.map((one) => element("span", { class: "fd-warning" }, words(one))), ...offers.flatMap((one) => [" ", button(one.words, () => desk.put(one.given), { class: "fd-link" })])], is_new ? "good" : "");
    call.replaceChildren(...(code ? ["the same call: ", element("code", {}, code)] : []));
    info.undo = found.undo;
    show(found);
    closeLog();
    // A form that went took the focus with it, and the notebook would hear the next key.
    if (document.activeElement === document.body) main.focus({ preventScroll: true });
    showUndo();
    desk.again(desk.selected()).then(() => { desk.reader.again(); checked(); });
  };
  const tried = async (act) => { try { desk.saved(await act()); } catch (refused) { desk.say(refused.message ?? String(refused), "bad"); } };
  desk.undo = () => tried(() => ask("undo"));
  desk.put = (given) => tried(() => desk.write({ form: "edit", given }));

  let log = null;
  function closeLog() { logBox.hidden = true; logBox.replaceChildren(); desk.claim.body.hidden = !desk.claim.claim(); }
  desk.openLog = (only = false) => {
    if (desk.readsOnly()) return;
    if (!logBox.hidden && !only) return closeLog();
    if (!log) {
      const close = button("Close the form", closeLog), near = element("div", { class: "fd-near", role: "status" });
      log = makeForm(desk, { extra: near, spec: { ...info.forms.log, buttons: [close] }, name: "log", keeps: info.forms.log.keeps, send: (given) => desk.write({ form: "log", given }) });
      const seek = later(async () => showNear(near, log, await ask("near", { words: log.values().claim, claimant: log.values().claimant })), 300);
      log.form.addEventListener("input", (log.seek = () => seek()));
    }
    logBox.replaceChildren(element("h3", { class: "fd-h" }, info.forms.log.title), log.form);
    logBox.hidden = false;
    desk.tab("main");
    desk.claim.body.hidden = true;
    editBox.replaceChildren();
    main.scrollTop = 0;
    log.focus();
  };

  desk.logWith = (typed) => {
    desk.openLog(true);
    log.fill(Object.fromEntries(Object.entries(typed).filter(([, value]) => value)));
    log.seek();
  };
  // Claims in like words that are logged already, and what differs all the same.
  function showNear(box, form, found) {
    const row = (one) => element("li", {}, element("button", { type: "button", class: "fd-finding", onclick: () => desk.choose(one.id) }, words(one.claim), " ", info.statuses[one.status] ? chip(info.statuses[one.status]) : null),
      one.differs.length ? element("b", { class: "fd-differs" }, ` ${one.differs.join("; ")}`) : null);
    const take = () => { form.fill({ claimant: found.meant }); box.querySelector(".fd-meant")?.remove(); };
    box.replaceChildren(...[found.meant && element("p", { class: "fd-meant fd-soft" }, "Did you mean ", words(found.meant), "? ", button(`Use ${found.meant}`, take, { class: "fd-link" })),
      found.near.length && element("p", { class: "fd-soft" }, "Near, and logged already:"), found.near.length && element("ul", { class: "fd-findings" }, found.near.map(row))].filter(Boolean));
  }

  desk.edit = async (table, row, what) => {
    const { fields } = await ask("cells", { table, row });
    const withWhy = [...fields, { name: "why", label: "Why", kind: "line", hint: "The reason; it is kept with what stood there", about: "the reason", needed: true, choices: [], value: "" }];
    const start = Object.fromEntries(fields.map((one) => [one.name, one.value]));
    const close = button("Cancel", () => { desk.keep(`edit:${table}:${row}`, {}); editBox.replaceChildren(); });
    const away = button("Withdraw it", async () => {
      try { desk.saved(await desk.write({ form: "withdraw", given: { table, row, why: made.values().why } })); } catch (refused) { made.say(refused); }
    }, { title: "It stays in its file and is hidden; it can be reinstated" });
    const made = makeForm(desk, {
      spec: { title: `Correct ${what}`, button: "Save the correction", fields: withWhy, buttons: [away, close] }, name: `edit:${table}:${row}`,
      send: (typed) => {
        const { why, ...all } = typed;
        const cells = Object.fromEntries(Object.entries(all).filter(([name, value]) => value !== start[name]));
        return desk.write({ form: "edit", given: { table, row, cells, why } });
      },
    });
    editBox.replaceChildren(element("h4", { class: "fd-h" }, `Correct ${what}`), made.form);
    main.scrollTop = 0;
    made.focus();
  };

  desk.why = (question, act) => {
    const made = makeForm(desk, { spec: { title: question, button: "Save", fields: [{ name: "why", label: question, kind: "line", hint: "", about: "the reason", needed: true, choices: [] }], buttons: [button("Cancel", () => editBox.replaceChildren())] }, name: "why", send: ({ why }) => act(why) });
    editBox.replaceChildren(made.form);
    made.focus();
  };

  desk.manyForm = (ids, done) => {
    const [status] = info.forms.status.fields;
    const line = (name, label, hint, list) => ({ name, label, kind: "line", hint, about: label, needed: false, choices: [], list });
    const many = counted(ids.length, info.noun, info.nouns);
    return makeForm(desk, { spec: { title: `For ${many}`, button: `Save for ${many}`, fields: [{ ...status, needed: false }, line("topic", "or one more topic", "", "topics"), line("why", "Why", "Why? One or two sentences")], buttons: [button("Choose one again", done)] }, name: "many",
      send: (given) => desk.write({ form: "many", given: { ...given, ids } }).then((found) => { done(); return found; }) }).form;
  };

  // --- who writes

  desk.who = (given = "") => {
    const put = async (name) => { Object.assign(info, await ask("by", { name }), { named: true }); try { localStorage.setItem(WRITER, info.by); } catch { /* a private window */ } answer.replaceChildren(); desk.head.renew(); };
    if (given) return put(given);
    const input = element("input", { type: "text", id: `${prefix}-who`, autocomplete: "name", value: info.named || !info.asks_who ? info.by : "" });
    const form = element("form", { class: "fd-form fd-who" }, element("label", { for: `${prefix}-who` }, "Who is writing?"), input, element("button", { type: "submit", class: "fd-button fd-primary" }, "That is me"), element("p", { class: "fd-soft" }, "Your name stands in each row that you write."));
    form.addEventListener("submit", (event) => { event.preventDefault(); if (input.value.trim()) put(input.value.trim()); });
    answer.replaceChildren(form);
    input.focus();
  };
  if (info.asks_who) {
    let known = null;
    try { known = localStorage.getItem(WRITER); } catch { /* a private window */ }
    if (known) desk.who(known); else desk.who();
    document.title = info.title;
  }

  desk.help = () => answer.replaceChildren(...(answer.hasChildNodes() ? [] : [element("dl", {}, keysOf(info.part).flatMap(([key, what]) => [element("dt", {}, element("kbd", {}, key)), element("dd", {}, what)])), button("Close", () => answer.replaceChildren(), { class: "fd-link" })]));

  // --- whether Python answers

  const box = el.closest(".jupyter-widgets") ?? el;
  let isGone = false;
  const dead = () => lost() || box.classList.contains("jupyter-widgets-disconnected") || ["dead", "terminating"].includes(model.widget_manager?.kernel?.status) || model.widget_manager?.kernel?.isDisposed;
  function watchKernel() {
    const was = isGone;
    isGone = Boolean(dead());
    const slow = !isGone && waits() > SLOW;
    gone.hidden = !isGone && !slow;
    gone.textContent = isGone ? GONE : slow ? "The kernel has not answered yet: it is busy, or gone. What you typed is kept." : "";
    root.classList.toggle("fd-is-gone", isGone);
    if (was !== isGone) for (const one of root.querySelectorAll("button")) one.disabled = isGone;
  }
  const observe = new MutationObserver(watchKernel);
  const watch = setInterval(watchKernel, 1000);
  observe.observe(box, { attributes: true, attributeFilter: ["class"] });
  const look = setInterval(async () => {
    if (document.hidden || isGone || waits() > 0) return;
    const found = await ask("look").catch((refused) => (refused.isGone ? {} : { bad: refused.message }));
    if (found.bad) return desk.say(found.bad, "bad");
    if (!found.news) return;
    desk.say(found.news.length ? `${found.news.join("; ")}.` : "The ledger was changed.");
    show(found);
    desk.again();
  }, LOOKS);
  ends.push(() => observe.disconnect(), () => clearInterval(watch), () => clearInterval(look));

  // What is set in Python is shown here.
  const chosen = async () => { if (model.get("selected") !== desk.claim.claim()?.id) { const mine = ++asked; const found = await ask("claim"); if (mine === asked) { closeLog(); show(found); } } };
  const dayed = async () => { if (model.get("day") === info.day && model.get("as_known") === info.as_known) return; const found = await ask("list"); takeIn(found); show(await ask("claim")); await renew(); };
  model.on("change:selected", chosen);
  model.on("change:day", dayed);
  model.on("change:as_known", dayed);
  ends.push(() => { model.off("change:selected", chosen); model.off("change:day", dayed); model.off("change:as_known", dayed); });

  const checked = info.part ? () => {} : later(async () => { const { findings, found } = await ask("findings"); desk.side.showFindings(findings, found); desk.head.findings(found); }, 600);
  ends.push(() => checked.off?.());
  show(info);
  await renew(desk.selected());
  checked();
  const begun = desk.drafts.log ?? {};
  if (begun.claim || begun.quote || (!info.claims && !desk.readsOnly() && !info.part)) desk.openLog(true);
  if (info.article) desk.reader.present(info.article);
}

function render({ model, el }) {
  const ends = [];
  start({ model, el, ends }).catch((refused) => el.replaceChildren(element("p", { role: "alert" }, refused.message ?? String(refused))));
  return () => { for (const end of ends) end(); };
}

export default { initialize: keepKeysOnce, render };
