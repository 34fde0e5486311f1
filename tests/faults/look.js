() => {
  const found = [];
  const [tags, attributes] = FORMULAS.map((names) => new Set(names));
  // A formula between dollars, and nothing in it that is none.
  const isFormula = (one) => one.closest(".math, .output, p") && [one, ...one.querySelectorAll("*")].every(
    (part) => tags.has(part.localName) && [...part.attributes].every(({ name }) => attributes.has(name)));
  let scripts = 0;
  const runs = new Set("script iframe frame object embed base form link applet portal dialog isindex bgsound layer keygen \
    marquee video audio source template foreignobject animate set use image math frameset plaintext xmp".split(/\s+/));
  const walk = (node) => {
    for (const one of node.querySelectorAll("*")) {
      const name = one.localName.toLowerCase();
      if (name === "script" && one.type === "application/json" && one.matches("body > *")) continue; // data: no browser runs it
      if (name === "script" && !one.src && one.matches("head > *, body > *")) scripts += 1;
      // Where a folder's feed lies: nothing is loaded by it.
      else if (one.matches('head > link[rel="alternate"][type="application/atom+xml"]')) continue;
      else if (name === "link" && one.namespaceURI === "http://www.w3.org/2005/Atom") ;
      else if (name === "math" && isFormula(one)) continue;
      else if (name === "form" && one.matches(".fd-live form.fd-form") && !one.hasAttribute("action")) continue; // the desk's own: it leads nowhere
      else if (runs.has(name)) found.push("<" + name + ">");
      if (name === "meta" && /refresh/i.test(one.httpEquiv || "")) found.push("<meta refresh>");
      for (const { name: attribute, value } of one.attributes) {
        if (/^on/i.test(attribute)) found.push(name + " " + attribute);
        if (["href", "xlink:href", "action", "formaction", "src", "srcset", "data", "ping", "poster", "background", "srcdoc"].includes(attribute)
            && !/^(https?:\/\/|data:image\/(png|svg\+xml);base64,|#)/i.test(value)
            && !(/^$|^[^:\/\\][^:]*([?#\/].*)?$/.test(value) && attribute === "href"))
          found.push(name + " " + attribute + "=" + value.slice(0, 80));
        if (attribute === "style" && /url\(|expression|@import|behavior/i.test(value)) found.push(name + " style=" + value);
      }
    }
  };
  walk(document);
  return { found, scripts, pwned: window.pwned, tried: window.__tried, title: document.title, at: location.href };
}
