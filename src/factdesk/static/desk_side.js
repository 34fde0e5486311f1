// Beside the claim: an article, all claims through time, what a check found, and what was withdrawn.

function sideView(desk) {
  const { info } = desk;
  const chart = element("div", { class: "fd-chart" }), findings = element("div"), withdrawn = element("div");
  desk.reader = articleReader(desk);
  const box = element("section", { class: "fd-side", "aria-label": "Article, and all claims", tabindex: 0 }, info.reads_only && !info.part ? null : desk.reader.box, info.part ? [] : [element("h3", { class: "fd-h" }, "Status over time"),
    element("p", { class: "fd-soft" }, "Press a colour to list its claims; drag over days to list those made then."), chart, findings, withdrawn]);
  let seen = false, waits = null;
  const draw = () => { chart.replaceChildren(overTime(info.over_time, info.statuses, (given) => desk.list.only(given))); };
  // Drawn when in view, and never before an answer that somebody waits for.
  const watch = new IntersectionObserver(([entry]) => { seen = entry.isIntersecting; if (seen && waits) { waits(); waits = null; } });
  watch.observe(chart);
  desk.onEnd(() => watch.disconnect());

  function showFindings(found, total) {
    const item = (one) => {
      const text = element("span", {}, element("b", {}, one.severity), " ", words(one.message), " ", element("span", { class: "fd-soft" }, words(one.advice)));
      return element("li", {}, one.claim_id ? element("button", { type: "button", class: "fd-finding", onclick: () => desk.choose(one.claim_id) }, text) : text);
    };
    findings.replaceChildren(...(total ? [element("details", { class: "fd-more" }, element("summary", {}, counted(total, "finding", "findings")), element("ul", { class: "fd-findings" }, found.map(item)))] : []));
  }
  function showWithdrawn() {
    const rows = info.withdrawn;
    const back = (one) => desk.why(`Why is it reinstated?`, (why) => desk.write({ form: "reinstate", given: { table: one.table, row: one.row_id, why } }));
    withdrawn.replaceChildren(...(rows.length ? [element("details", { class: "fd-more" }, element("summary", {}, `Withdrawn: ${rows.length}`),
      element("ul", { class: "fd-findings" }, rows.map((one) => element("li", {}, words(`${one.table}: ${one.row_id}`), " ", element("span", { class: "fd-soft" }, words(`${one.why} (${one.changed_by})`)), " ", desk.readsOnly() ? null : button("Reinstate", () => back(one), { class: "fd-link" })))))] : []));
  }
  return {
    box, showFindings,
    renew() { showWithdrawn(); if (seen) draw(); else waits = draw; },
    openFindings() { const all = findings.querySelector("details"); if (all) { all.open = true; all.scrollIntoView({ block: "nearest" }); all.querySelector("summary").focus(); } },
  };
}
