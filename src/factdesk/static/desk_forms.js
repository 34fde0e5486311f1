// Forms said by the columns of the tables: what is typed is kept until it is saved, and an error stands beside its field.

const DOUBLE_CLICK = 800; // milliseconds in which a second press, with nothing typed since, is the other half of one

let fields = 0;

function control(desk, field, id) {
  const given = { id, name: field.name, title: field.about, "aria-required": field.needed ? "true" : null, "aria-describedby": `${id}-e` };
  if (field.kind === "choice") {
    return element("select", given, field.choices.map(([value, label]) => element("option", { value }, label)));
  }
  if (field.kind === "file") return element("input", { ...given, type: "file" });
  const open = { ...given, placeholder: field.hint, dir: "auto", autocomplete: "off", spellcheck: field.kind === "text" ? "true" : "false" };
  if (field.kind === "text") return element("textarea", { ...open, rows: 2 });
  const input = element("input", { ...open, type: "text" });
  if (field.list) input.setAttribute("list", `${desk.prefix}-${field.list}`);
  if (field.kind === "source") offerSources(desk, input, `${id}-s`);
  return input;
}

// A known source is found by its publisher's name, its title or its address.
function offerSources(desk, input, id) {
  const list = element("datalist", { id });
  input.setAttribute("list", id);
  const ask = later(async () => {
    const { sources } = await desk.ask("sources", { words: /^https?:/i.test(input.value) ? "" : input.value });
    list.replaceChildren(...sources.map((value) => element("option", { value })));
  }, 150);
  input.addEventListener("focus", () => ask(), { once: true });
  input.addEventListener("input", () => ask());
  input.offered = list;
}

function makeForm(desk, { spec, name, send, hides = false, keeps = [], extra = null }) {
  const parts = new Map();
  const notice = element("p", { class: "fd-notice", role: "alert" });
  const press = element("button", { type: "submit", class: "fd-button fd-primary" }, spec.button);
  let busy = false, savedAt = 0;

  const made = (field) => {
    const id = `${desk.prefix}-f${++fields}`;
    const input = control(desk, field, id);
    const error = element("p", { class: "fd-error", id: `${id}-e` });
    const label = element("label", { for: id, class: hides ? "fd-sr" : field.needed ? "fd-needed" : "" }, field.label);
    parts.set(field.name, { input, error, field, start: field.value ?? "" });
    if (field.kind !== "file") input.value = field.value ?? "";
    return element("div", { class: `fd-field fd-of-${field.name} fd-is-${field.kind}` }, label, input, input.offered, error);
  };
  const shown = element("div", { class: "fd-fields" }, spec.fields.map(made));
  const folded = spec.more?.length
    ? element("details", { class: "fd-more" }, element("summary", {}, spec.folded ?? "More"), element("div", { class: "fd-fields" }, spec.more.map(made)))
    : null;
  const form = element("form", { class: "fd-form", "aria-label": spec.title, novalidate: true }, shown);
  if (hides) shown.append(press);
  form.append(...[folded, extra, hides ? null : element("div", { class: "fd-foot" }, press, ...(spec.buttons ?? [])), notice].filter(Boolean));

  const values = () => {
    const typed = {};
    for (const [key, { input, field }] of parts) if (field.kind !== "file") typed[key] = input.value;
    return typed;
  };
  const changed = () => Object.fromEntries([...parts].filter(([, one]) => one.field.kind !== "file" && one.input.value !== one.start).map(([key, one]) => [key, one.input.value]));
  const keep = () => desk.keep(name, changed());
  const quiet = () => {
    notice.replaceChildren();
    for (const { input, error } of parts.values()) {
      error.replaceChildren();
      input.removeAttribute("aria-invalid");
    }
  };
  const say = (refused) => {
    const one = parts.get(refused.field);
    if (!one) return notice.replaceChildren(refused.message);
    one.error.replaceChildren(refused.message);
    one.error.setAttribute("role", "alert");
    if (refused.offer) {
      const take = () => { one.input.value = refused.offer; keep(); quiet(); one.input.focus(); };
      one.error.append(" ", button(`Use ${refused.offer}`, take, { class: "fd-link" }));
    }
    one.input.setAttribute("aria-invalid", "true");
    if (folded?.contains(one.input)) folded.open = true;
    notice.replaceChildren("Nothing was saved; see above.");
    one.input.focus();
  };
  const submit = async () => {
    if (busy) return;
    const typed = values();
    const file = parts.get("file")?.input.files[0];
    if (!Object.keys(changed()).length && !file && Date.now() - savedAt < DOUBLE_CLICK) return;
    busy = true;
    press.disabled = true;
    press.textContent = "Saving…";
    quiet();
    try {
      const buffers = file ? [new DataView(await file.arrayBuffer())] : [];
      const answer = await send(typed, { name: file?.name ?? "", buffers });
      savedAt = Date.now();
      // What was typed since the press stays; what was saved goes, but for what a series keeps.
      for (const [key, one] of parts) {
        if (one.field.kind === "file") one.input.value = "";
        else if (one.input.value === typed[key] && !keeps.includes(key)) one.input.value = one.start;
      }
      keep();
      if (!Object.keys(changed()).length) spec.done?.();
      desk.saved(answer);
    } catch (refused) {
      say(refused.message ? refused : { message: String(refused) });
    } finally {
      busy = false;
      press.disabled = false;
      press.textContent = spec.button;
    }
  };
  form.addEventListener("submit", (event) => { event.preventDefault(); submit(); });
  form.addEventListener("input", keep);
  const draft = desk.drafts[name];
  const fill = (typed) => {
    for (const [key, value] of Object.entries(typed)) {
      const one = parts.get(key);
      if (!one || one.field.kind === "file" || typeof value !== "string") continue;
      one.input.value = value;
      if (folded?.contains(one.input) && value && value !== one.start) folded.open = true;
    }
  };
  if (draft) {
    fill(draft);
    const away = button("Throw it away", () => { for (const one of parts.values()) one.input.value = one.start; keep(); quiet(); }, { class: "fd-link" });
    notice.replaceChildren(element("span", { class: "fd-soft" }, "What you typed before is here again. "), away);
  }
  return { form, say, fill: (typed) => { fill(typed); keep(); }, values, submit, parts, focus: () => parts.values().next().value?.input.focus() };
}
