// The desk's own keys, and the notebook's, which none of them reaches.

const KEYS = [["Ctrl+Enter", "save the form"], ["n", "next claim"], ["p", "previous claim"], ["/", "search"], ["l", "log a claim"], ["a", "attach a source"], ["s", "set a status"], ["?", "show these keys"]];
const PART_KEYS = { claims: "np/?", claim: "as?", reader: "l?" };
const keysOf = (part) => KEYS.filter(([key]) => !part || key.length > 1 || PART_KEYS[part].includes(key));

// JupyterLab hears every key, and `d d` on a focused button deletes the cell. Its own way out is an attribute on the
// element with the focus. Saving the notebook goes on working, also from fields that keep their keys to themselves: the
// notebook learns of it beside the desk.
function keepKeys(event) {
  const desk = event.target?.closest?.(".fd-desk");
  if (!desk) return;
  event.target.setAttribute("data-lm-suppress-shortcuts", "true");
  const { key, code, keyCode, ctrlKey, metaKey, shiftKey, altKey } = event;
  if (key?.toLowerCase() !== "s" || !(ctrlKey || metaKey) || shiftKey || altKey) return;
  event.preventDefault();
  const pressed = { key, code, keyCode, ctrlKey, metaKey, bubbles: true, cancelable: true };
  desk.parentElement.dispatchEvent(new KeyboardEvent("keydown", pressed));
}

function keepKeysOnce() {
  // It stays for as long as the page does: the desk stands there still when its kernel is gone.
  if (globalThis.factdeskKeepsKeys) return;
  globalThis.factdeskKeepsKeys = true;
  window.addEventListener("keydown", keepKeys, true);
}

function ownKeys(desk, root) {
  root.addEventListener("focusin", (event) => event.target.setAttribute("data-lm-suppress-shortcuts", "true"));
  root.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const form = event.target.closest("form");
      if (form) form.requestSubmit();
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input:not([type=checkbox], [type=range]), select, textarea")) {
      if (event.key === "Escape") desk.list.list.focus();
      return;
    }
    const act = keysOf(desk.info.part).some(([key]) => key === event.key) && {
      n: () => desk.list.next(1), p: () => desk.list.next(-1), "/": () => { desk.tab("left"); desk.list.search.focus(); }, l: () => desk.openLog(true),
      a: () => { desk.tab("main"); desk.claim.attach(); }, s: () => { desk.tab("main"); desk.claim.status(); }, "?": () => desk.help(),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
