// An article beside the claims: select any words to log them, or to use them as a quote; what is logged is marked.

// Python counts code points, the page UTF-16 units; where no character takes two units both are the same.
function unitsOf(text) {
  if (!/[\ud800-\udbff][\udc00-\udfff]/.test(text)) return (point) => point;
  const units = [];
  for (let unit = 0; unit < text.length; unit += text.codePointAt(unit) > 0xffff ? 2 : 1) units.push(unit);
  units.push(text.length);
  return (point) => units[Math.max(0, Math.min(point, units.length - 1))];
}

function articleReader(desk) {
  const { info, prefix } = desk;
  const input = element("textarea", { id: `${prefix}-article`, rows: 2, placeholder: "https://… or paste its text", dir: "auto" });
  const file = element("input", { type: "file", id: `${prefix}-article-file`, accept: ".html,.htm,.xhtml,.pdf,.txt,.md" });
  const press = element("button", { type: "submit", class: "fd-button" }, "Read it");
  const notice = element("p", { class: "fd-notice", role: "alert" });
  const form = element("form", { class: "fd-form", "aria-label": "Read an article" }, element("label", { for: `${prefix}-article` }, "Address, or the text"), input,
    element("label", { for: `${prefix}-article-file`, class: "fd-sr" }, "Or a file"), file, element("div", { class: "fd-foot" }, press), notice);
  const about = element("p", { class: "fd-soft" });
  const text = element("div", { class: "fd-reader", role: "textbox", "aria-multiline": "true", "aria-readonly": "true", "aria-label": "Article", contenteditable: "true", tabindex: 0, spellcheck: "false", translate: "no", dir: "auto", hidden: true });
  const picked = element("div", { class: "fd-picked", hidden: true });
  const opener = element("details", { class: "fd-more", open: true }, element("summary", {}, "Read an article"), form);
  const box = element("div", { class: "fd-article" }, element("h3", { class: "fd-h" }, "Article"), about, text, picked, opener);
  let article = null, spans = [];

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    press.disabled = true;
    press.textContent = "Reading…";
    notice.replaceChildren();
    try {
      const given = file.files[0];
      const buffers = given ? [new DataView(await given.arrayBuffer())] : [];
      const { article: found } = await desk.ask("read", { words: given ? "" : input.value, name: given?.name ?? "" }, buffers);
      input.value = file.value = "";
      present(found);
    } catch (refused) {
      notice.replaceChildren(refused.message ?? String(refused));
      if (refused.offer) notice.append(" ", button(`Use ${refused.offer}`, () => { input.value = refused.offer; form.requestSubmit(); }, { class: "fd-link" }));
    } finally {
      press.disabled = false;
      press.textContent = "Read it";
    }
  });
  function present(found) {
    article = found;
    opener.open = false;
    show(found.logged, []);
    marks();
  }
  const named = () => [article.title && words(article.title), article.publisher && words(article.publisher), article.published_on && spokenDay(article.published_on)];
  async function marks() {
    about.replaceChildren(...between([...named(), "looking for statements…"]));
    const { candidates, logged, why } = await desk.ask("candidates");
    const found = candidates.length ? `${counted(candidates.length, "statement", "statements")} found, ${logged.length} logged` : why;
    about.replaceChildren(...between([...named(), found]));
    show(logged, candidates);
  }

  // Overlapping spans are cut at every boundary; labels live in attributes, as any visible text would shift what is selected.
  function show(logged, candidates) {
    const unit = unitsOf(article.text);
    spans = [...candidates.map((one) => ({ ...one, kind: "candidate" })), ...logged.map((one) => ({ ...one, kind: "logged" }))]
      .map((one) => ({ ...one, a: unit(one.start), b: unit(one.end) })).filter((one) => one.a < one.b);
    const cuts = [...new Set([0, article.text.length, ...spans.flatMap((one) => [one.a, one.b])])].sort((x, y) => x - y);
    text.replaceChildren(...cuts.slice(0, -1).map((a, n) => {
      const piece = document.createTextNode(article.text.slice(a, cuts[n + 1]));
      const on = spans.filter((one) => one.a <= a && cuts[n + 1] <= one.b);
      if (!on.length) return piece;
      const first = on.find((one) => one.kind === "logged") ?? on[0];
      const label = first.kind === "logged" ? `logged: ${first.claim} (${info.statuses[first.status]?.label ?? "no status"})` : `${first.claimant || "the article"}: ${first.claim}`;
      const mark = element("mark", { class: `fd-mark-${first.kind}`, title: label, "data-n": spans.indexOf(first) }, piece);
      return first.kind === "logged" ? coloured(mark, info.statuses[first.status]) : mark;
    }), element("br"));
    text.hidden = false;
  }

  const units = (node, off) => { const range = document.createRange(); range.setStart(text, 0); range.setEnd(node, off); return range.toString().length; };
  function selected() {
    const selection = document.getSelection();
    if (!article || !selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    if (!range.intersectsNode(text)) return null;
    const a = text.contains(range.startContainer) ? units(range.startContainer, range.startOffset) : 0;
    const b = text.contains(range.endContainer) ? units(range.endContainer, range.endOffset) : article.text.length;
    const said = article.text.slice(a, b).trim();
    return said ? { a, b, said } : null;
  }
  const pick = ({ a, b, said, one }) => {
    const of = one ?? spans.filter((span) => span.kind === "candidate" && span.a < b && a < span.b).sort((x, y) => Math.abs(x.a - a) - Math.abs(y.a - a))[0];
    const from = { quote: said, made_on: article.published_on, appearance: article.url };
    const log = () => (picked.hidden = true) && desk.logWith({ claim: of?.claim || said, claimant: of?.claimant ?? "", claimant_role: of?.claimant_role ?? "", ...from });
    const quote = () => (picked.hidden = true) && desk.claim.attachWith({ url: article.url, quote: said, published_on: article.published_on, publisher: article.publisher, title: article.title });
    picked.replaceChildren(element("p", { class: "fd-soft" }, of?.claimant ? [words(of.claimant), ": "] : "", words(`“${said.length > 160 ? `${said.slice(0, 160)}…` : said}”`)),
      element("div", { class: "fd-foot" }, button("Log as claim", log, { class: "fd-button fd-primary" }), desk.claim.claim() && button("Use as quote", quote)));
    picked.hidden = desk.readsOnly();
  };
  const changed = later(() => { const found = selected(); if (found) pick(found); }, 150);
  const heard = () => { if (document.activeElement === text || selected()) changed(); };
  document.addEventListener("selectionchange", heard);
  desk.onEnd(() => document.removeEventListener("selectionchange", heard));
  const hit = (mark) => {
    const one = mark && spans[Number(mark.dataset.n)];
    if (!one) return;
    if (one.kind === "logged") desk.choose(one.id); else pick({ a: one.a, b: one.b, said: one.quote || article.text.slice(one.a, one.b), one });
  };
  // For reading only, but with a caret: keys select, and the notebook's commands stay off.
  for (const name of ["beforeinput", "paste", "cut", "drop", "dragstart"]) text.addEventListener(name, (event) => event.preventDefault());
  text.addEventListener("click", (event) => { if (document.getSelection().isCollapsed) hit(event.target.closest("mark")); });
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    const node = document.getSelection().anchorNode;
    hit((node?.nodeType === 3 ? node.parentElement : node)?.closest?.("mark"));
  });
  return { box, present, again: () => article && marks() };
}
