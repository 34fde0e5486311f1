// The head: title, counts, the day looked at, who writes and where it is saved.

function headView(desk) {
  const { info, prefix } = desk;
  const bar = element("div", { class: "fd-bar", "aria-hidden": "true" });
  const title = element("div", { class: "fd-name" }, words(info.title, "h2", "fd-title"), bar);
  const spoken = element("output", { class: "fd-when", for: `${prefix}-day` });
  const slider = element("input", { type: "range", id: `${prefix}-day`, min: 0, "aria-label": "Day looked at", class: "fd-slider" });
  const ticks = element("div", { class: "fd-ticks", "aria-hidden": "true" });
  const held = element("button", { type: "button", "aria-pressed": "true", onclick: () => move(slider.value, false) }, "as it held");
  const knew = element("button", { type: "button", "aria-pressed": "false", onclick: () => move(slider.value, true) }, "as we knew it");
  const time = element("div", { class: "fd-time" }, spoken, element("div", { class: "fd-track" }, ticks, slider), element("div", { class: "fd-modes", role: "group", "aria-label": "How to look at a day" }, held, knew));
  const about = element("p", { class: "fd-soft fd-meta" });
  const scratch = info.is_scratch ? element("p", { class: "fd-scratch" }, "Scratch copy: nothing is kept") : null;
  const box = element("div", { class: "fd-head" }, title, time, element("div", { class: "fd-about" }, scratch, about));
  let findings = null;

  const isNow = () => Number(slider.value) >= info.days.length - 1;
  const day = () => (isNow() ? "" : info.days[Number(slider.value)]);
  const say = () => {
    const shown = info.days.length ? spokenDay(isNow() ? info.latest || info.days.at(-1) : day()) : "";
    spoken.textContent = isNow() ? `Now · ${shown}` : shown;
    slider.setAttribute("aria-valuetext", spoken.textContent);
  };
  const put = later((at, asKnown) => desk.when(at, asKnown), 40);
  function move(at, asKnown) {
    slider.value = at;
    say();
    put(day(), asKnown && !isNow());
  }
  slider.addEventListener("input", () => move(slider.value, info.as_known));

  function renew() {
    const parts = info.statuses.map((status, n) => [status, info.counts[n]]).filter(([status, n]) => n && status.light);
    bar.replaceChildren(...parts.map(([status, n]) => { const part = coloured(element("span"), status); part.style.flex = String(n); return part; }));
    slider.max = Math.max(0, info.days.length - 1);
    const at = info.day ? info.days.findLastIndex((one) => one <= info.day) : info.days.length - 1;
    if (document.activeElement !== slider) slider.value = Math.max(0, at);
    time.hidden = info.days.length < 2;
    ticks.replaceChildren(...(info.days.length < 120 ? info.days.map((_, n) => { const tick = element("i"); tick.style.left = `${(100 * n) / Math.max(1, info.days.length - 1)}%`; return tick; }) : []));
    held.setAttribute("aria-pressed", String(!info.as_known));
    knew.setAttribute("aria-pressed", String(info.as_known));
    say();
    const who = info.by && button(info.by, () => desk.who(), { class: "fd-link", title: "Who writes: press to change it" });
    const saved = info.is_scratch ? "" : info.reads_only ? "read only" : `saved to ${info.place}`;
    const found = findings && button(counted(findings, "finding", "findings"), () => desk.side.openFindings(), { class: "fd-link" });
    about.replaceChildren(...between([info.claims ? counted(info.claims, info.noun, info.nouns) : info.none, found, saved, who]));
    if (info.unread) about.append(" · ", info.unread);
  }
  return { box, renew, findings: (n) => { findings = n; renew(); } };
}
