// One claim whole: its words first, its band, the status form, the evidence by stance, what was held, and when it was made again.

const STANCES = { supports: "Supports", refutes: "Refutes", mixed: "Mixed", context: "Context" };

function claimView(desk) {
  const { info } = desk;
  const head = element("div"), band = element("div"), evidence = element("div"), held = element("div"), again = element("div");
  const statusBox = element("div", { class: "fd-status" }), attachBox = element("div"), againBox = element("div");
  const openAttach = button("Attach a source", () => attach(), { "aria-expanded": "false" });
  const openAgain = button("Log that it was made again", () => repeat(), { class: "fd-link", "aria-expanded": "false" });
  const body = element("div", { class: "fd-claim", hidden: true }, head, band, statusBox,
    element("div", { class: "fd-row" }, element("h4", { class: "fd-h" }, "Evidence"), openAttach), attachBox, evidence, held, again, againBox);
  const ticked = new Set();
  let claim = null, forms = {};

  const pencil = (table, row, what) => desk.readsOnly() ? null : button("✎", () => desk.edit(table, row, what), { class: "fd-pencil", title: `Correct ${what}, or withdraw it`, "aria-label": `Correct ${what}` });

  function fillHead() {
    const { cells } = claim, status = info.statuses[claim.status];
    const soft = (...kids) => element("p", { class: "fd-soft" }, ...kids);
    const who = [cells.claimant, cells.claimant_role].filter(Boolean).join(", ");
    const since = claim.since ? element("span", { class: "fd-soft" }, `since ${spokenDay(claim.since, claim.given ? "" : cells.made_on_precision)}`) : null;
    const due = [cells.due_on && `Due ${spokenDay(cells.due_on)}`, cells.would_settle && `Would settle it: ${cells.would_settle}`].filter(Boolean).join(" · ");
    const about = [cells.kind, cells.topics.split(";").filter(Boolean).join(", "), `logged ${claim.logged} by ${cells.logged_by || "somebody"}`];
    head.replaceChildren(...[
      soft(...between([words(who), cells.made_on ? spokenDay(cells.made_on) : "no day", link(claim.at, "where it was made") ?? (claim.place && words(claim.place))])),
      element("div", { class: "fd-title-row" }, words(cells.claim, "h3", "fd-words"), pencil("claims", claim.id, "the claim")),
      cells.quote && words(quoted(cells.quote), "p", "fd-quote"),
      status && element("p", { class: "fd-now" }, chip(status), " ", since),
      due && words(due, "p", "fd-soft"), cells.note && words(cells.note, "p", "fd-soft"),
      soft(...between(about.map((one) => one && words(one)))),
    ].filter(Boolean));
    head.querySelector(".fd-words").tabIndex = -1;
  }

  function fillBand() {
    const shown = claimBand(claim.band, info.statuses, (id) => body.querySelector(`[data-id="${CSS.escape(id)}"]`)?.scrollIntoView({ block: "nearest" }));
    shown.setAttribute("role", "group");
    shown.setAttribute("aria-label", spokenBand(claim, info.statuses));
    band.replaceChildren(shown);
  }

  function piece(one) {
    const grade = `${one.reliability}${one.credibility}`;
    const about = between([
      words(one.publisher), one.published_on ? spokenDay(one.published_on) : "no date", one.type,
      grade && element("abbr", { title: `Admiralty grade: source ${one.reliability || "not graded"}, information ${one.credibility || "not graded"}` }, grade),
      one.place && words(one.place), one.kept && `kept ${spokenDay(one.kept)}`, link(one.at, one.quote ? "the words" : "read it"),
    ]);
    const said = one.quote ? quoted(one.quote) : one.title || one.note || "No words were noted.";
    const tick = desk.readsOnly() ? null : element("input", { type: "checkbox", class: "fd-tick", checked: ticked.has(one.evidence_id), "aria-label": `The new status rests on: ${said.slice(0, 80)}`, title: "The new status rests on this",
      onchange: (event) => { event.target.checked ? ticked.add(one.evidence_id) : ticked.delete(one.evidence_id); keepTicks(); } });
    const texts = element("div", {}, words(said, "p", "fd-q"), one.translation && words(quoted(one.translation), "p", "fd-q fd-soft"),
      one.quote && one.note && words(one.note, "p", "fd-soft"), element("p", { class: "fd-soft" }, ...about, " ", pencil("evidence", one.evidence_id, "this evidence")));
    return element("li", { "data-id": one.evidence_id }, tick, texts);
  }
  function fillEvidence() {
    const groups = Object.entries(STANCES).map(([stance, label]) => [label, claim.evidence.filter((one) => one.stance === stance)]).filter(([, some]) => some.length);
    evidence.replaceChildren(...(groups.length
      ? groups.map(([label, some]) => element("div", {}, element("h5", { class: "fd-h fd-stance" }, label, " ", element("span", { class: "fd-soft" }, String(some.length))), element("ul", { class: "fd-evidence" }, some.map(piece))))
      : [element("p", { class: "fd-soft" }, "No source is attached yet.")]));
  }

  function fillHeld() {
    const about = (one) => between([one.recorded_by && words(one.recorded_by), one.recorded_at, one.reviewed_by && words(`reviewed by ${one.reviewed_by}`), one.evidence.length && `rests on ${counted(one.evidence.length, "piece", "pieces")} of evidence`]);
    const item = (day, status, why, more) => element("li", {}, element("span", { class: "fd-day" }, day), chip(status), element("div", { class: "fd-why" }, why, ...more));
    const rows = claim.held.map((one) => item(spokenDay(one.holds_from), info.statuses[one.status], words(one.rationale, "p"), [
      one.gaps && words(`Not found, or would change it: ${one.gaps}`, "p", "fd-soft"),
      element("p", { class: "fd-soft" }, ...about(one), " ", pencil("statuses", one.status_id, "this status")),
    ]));
    const first = claim.cells.made_on || claim.logged.slice(0, 10);
    if (claim.status === info.statuses.length - 1) rows.unshift(element("li", {}, element("div", { class: "fd-why" }, `A status of this claim ${info.statuses[claim.status].label}: what was held of it is not known.`)));
    else if (!claim.held.length || first < claim.held[0].holds_from) rows.unshift(item(spokenDay(first), info.statuses[0], element("span", { class: "fd-soft" }, "No status given yet."), []));
    held.replaceChildren(element("h4", { class: "fd-h" }, "What we held"), element("ul", { class: "fd-held" }, rows));
  }

  function fillAgain() {
    const rows = claim.again.map((one) => element("li", { class: "fd-soft" }, ...between([one.made_on ? spokenDay(one.made_on) : "no day", words(one.claimant), one.quote && words(quoted(one.quote)), link(one.at, "where it was made")]), " ", pencil("appearances", one.appearance_id, "this appearance")));
    again.replaceChildren(...[element("h4", { class: "fd-h" }, "Made again"), rows.length ? element("ul", { class: "fd-again" }, rows) : null, desk.readsOnly() ? null : openAgain].filter(Boolean));
    again.hidden = !rows.length && desk.readsOnly();
  }

  const send = (form) => (typed, file) => desk.write({ form, given: form === "status" ? { ...typed, evidence: [...ticked] } : typed, claim_id: claim.id, name: file.name }, file.buffers)
    .then((answer) => { if (form === "status") { ticked.clear(); keepTicks(); } return answer; });
  const keepTicks = () => desk.keep(`ticks:${claim.id}`, ticked.size ? { evidence: [...ticked] } : {});

  function fillForms() {
    ticked.clear();
    for (const id of desk.drafts[`ticks:${claim.id}`]?.evidence ?? []) ticked.add(id);
    forms = {};
    attachBox.replaceChildren();
    againBox.replaceChildren();
    openAttach.setAttribute("aria-expanded", "false");
    if (desk.readsOnly()) return statusBox.replaceChildren();
    forms.status = makeForm(desk, { spec: { ...info.forms.status, folded: "Gaps, reviewer" }, name: `status:${claim.id}`, send: send("status"), hides: true });
    statusBox.replaceChildren(forms.status.form);
    if (desk.drafts[`attach:${claim.id}`]) attach(false);
  }
  function attach(focus = true) {
    if (desk.readsOnly() || !claim) return;
    if (forms.attach && focus) { forms.attach = null; attachBox.replaceChildren(); openAttach.setAttribute("aria-expanded", "false"); openAttach.textContent = "Attach a source"; return; }
    forms.attach = makeForm(desk, { spec: { ...info.forms.attach, done: () => attach() }, name: `attach:${claim.id}`, send: send("attach") });
    attachBox.replaceChildren(forms.attach.form);
    openAttach.setAttribute("aria-expanded", "true");
    openAttach.textContent = "Close the form";
    if (focus) forms.attach.focus();
  }
  function repeat() {
    if (againBox.hasChildNodes()) return againBox.replaceChildren();
    const form = makeForm(desk, { spec: info.forms.repeat, name: `repeat:${claim.id}`, send: send("repeat") });
    againBox.replaceChildren(form.form);
    form.focus();
  }

  return {
    body,
    show(found) {
      const isNew = found?.id !== claim?.id;
      claim = found;
      body.hidden = !claim;
      if (!claim) return;
      openAttach.hidden = desk.readsOnly();
      if (isNew || !forms.status !== desk.readsOnly()) { openAttach.textContent = "Attach a source"; fillForms(); }
      fillHead();
      fillBand();
      fillEvidence();
      fillHeld();
      fillAgain();
    },
    renewForms: () => { if (claim) fillForms(); },
    claim: () => claim,
    attachWith: (typed) => { if (!claim || desk.readsOnly()) return; desk.tab("main"); if (!forms.attach) attach(); forms.attach.fill(Object.fromEntries(Object.entries(typed).filter(([, value]) => value))); },
    attach: () => { if (!forms.attach) attach(); else forms.attach.focus(); },
    status: () => forms.status?.focus(),
  };
}
