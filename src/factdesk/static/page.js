// The page's own script: unpack the chart library, draw each chart, show what a mark says. It loads nothing.
(async () => {
  const unpack = async (what) => {
    const packed = atob(document.querySelector(`script[data-holds="${what}"]`).textContent);
    const bytes = Uint8Array.from(packed, (character) => character.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
  };

  const tip = document.createElement("div");
  tip.className = "tip";
  tip.hidden = true;
  document.body.append(tip);

  // Text only: Vega's own tooltip makes pictures and markup of some values.
  const showTip = (handler, event, item, value) => {
    tip.hidden = value === undefined || value === null || value === "";
    if (tip.hidden) return;
    const words = (x) => (x === null ? "" : typeof x === "object" ? JSON.stringify(x) : String(x));
    tip.replaceChildren();
    if (typeof value === "object" && !Array.isArray(value)) {
      for (const [name, said] of Object.entries(value)) {
        const key = document.createElement("span");
        key.className = "key";
        key.textContent = name;
        const cell = document.createElement("span");
        cell.textContent = words(said);
        tip.append(key, cell);
      }
    } else {
      const whole = document.createElement("span");
      whole.className = "whole";
      whole.textContent = words(value);
      tip.append(whole);
    }
    const { width, height } = tip.getBoundingClientRect();
    const right = event.clientX + 14 + width < innerWidth ? event.clientX + 14 : event.clientX - 14 - width;
    const below = event.clientY + 14 + height < innerHeight ? event.clientY + 14 : event.clientY - 14 - height;
    tip.style.left = `${Math.max(4, right)}px`;
    tip.style.top = `${Math.max(4, below)}px`;
  };
  addEventListener("scroll", () => (tip.hidden = true), { passive: true });
  addEventListener("keydown", (event) => event.key === "Escape" && (tip.hidden = true));

  const loader = (refused) => {
    const refuse = async (address) => {
      refused.push(address);
      throw new Error("this page loads nothing");
    };
    return {
      load: refuse,
      http: refuse,
      file: refuse,
      sanitize: async (address, options) => {
        const href = String(address);
        if (options?.context === "href" && /^https?:\/\//i.test(href)) {
          return { href, target: "_blank", rel: "noopener noreferrer" };
        }
        if (options?.context !== "href" && /^data:image\//i.test(href)) return { href };
        return refuse(href);
      },
    };
  };

  // The width that panels beside one another take in all, and the same specification with them narrower.
  const panels = (spec) => {
    if (spec.hconcat) return spec.hconcat.reduce((sum, part) => sum + panels(part), 0);
    if (spec.vconcat) return Math.max(...spec.vconcat.map(panels));
    if (spec.layer) return spec.width ?? Math.max(0, ...spec.layer.map(panels));
    return typeof spec.width === "number" ? spec.width : 0;
  };
  const narrower = (spec, share) => {
    const parts = (list) => list?.map((part) => narrower(part, share));
    const made = { ...spec };
    if (typeof spec.width === "number") made.width = Math.floor(spec.width * share);
    for (const kind of ["hconcat", "vconcat", "layer"]) if (spec[kind]) made[kind] = parts(spec[kind]);
    return made;
  };

  const LEAST = 150; // Pixels of panels below which a chart keeps its width and scrolls.
  const LEGIBLE = 9; // Pixels to which the smallest words of a chart may be scaled down.

  // A chart that has placed its words itself is scaled to its room, as long as these can be read.
  const scaleDown = (svg) => {
    const words = [...svg.querySelectorAll("text")].filter((text) => text.textContent.trim());
    const smallest = Math.min(...words.map((text) => parseFloat(getComputedStyle(text).fontSize)));
    const share = Math.min(1, LEGIBLE / smallest);
    const width = Number(svg.getAttribute("width"));
    if (width && share > 0) svg.style.setProperty("--least", `${Math.ceil(width * share)}px`);
  };

  // What goes on beside the screen is said to do so; once it is turned, it need not be.
  const tellIfWide = (plot) => {
    const told = document.createElement("p");
    told.className = "note sideways";
    told.setAttribute("aria-hidden", "true"); // the chart says in words what it shows
    told.textContent = matchMedia("(pointer: coarse)").matches
      ? "Turn the phone or scroll the chart sideways: it goes on at the right."
      : "Scroll the chart sideways: it goes on at the right.";
    plot.before(told);
    const see = () => {
      const isWide = plot.scrollWidth > plot.clientWidth + 1;
      told.hidden = !isWide;
      if (isWide) plot.tabIndex = 0;
      else plot.removeAttribute("tabindex");
    };
    new ResizeObserver(see).observe(plot);
    see();
  };

  // A line at the day that a reader chose in the explorer, over charts along whose width time runs.
  let chosen = null;
  const lines = [];
  const drawLine = ({ view, line, scale }) => {
    const [first, last] = [scale.domain()[0], scale.domain().at(-1)].map(Number);
    line.setAttribute("visibility", chosen !== null && first <= chosen && chosen <= last ? "visible" : "hidden");
    const x = scale(Math.min(Math.max(chosen, first), last));
    for (const [end, place] of Object.entries({ x1: x, x2: x, y1: 0, y2: view.height() })) line.setAttribute(end, place);
  };
  document.addEventListener("factdesk:day", ({ detail }) => {
    chosen = detail;
    lines.forEach(drawLine);
  });
  const follow = (view, svg) => {
    let scale;
    try {
      scale = view.scale("x");
    } catch {
      return; // it has no such axis
    }
    if (!["utc", "time"].includes(scale?.type)) return;
    const line = document.createElementNS(svg.namespaceURI, "line");
    line.setAttribute("class", "chosen");
    // Beside the drawing, whose own elements the library counts and clears.
    line.setAttribute("transform", svg.querySelector("g").getAttribute("transform") ?? "");
    svg.append(line);
    lines.push({ view, line, scale });
    drawLine(lines.at(-1));
  };

  const draw = async (plot, spec, kind) => {
    const refused = [];
    const figure = plot.closest("figure");
    const canvas = document.createElement("div");
    canvas.className = "canvas";
    plot.append(canvas);
    const embed = (drawn) =>
      vegaEmbed(canvas, drawn, {
        mode: kind,
        ast: true,
        renderer: "svg",
        actions: false,
        defaultStyle: false,
        tooltip: showTip,
        loader: loader(refused),
        logLevel: 0,
        config: look(canvas.clientWidth),
        bind: figure.querySelector(".inputs"),
      });
    let result = await embed(spec);
    const room = canvas.clientWidth;
    const taken = canvas.querySelector("svg").getBoundingClientRect().width;
    const wide = panels(spec);
    const left = room - (taken - wide);
    // A chart that has placed its words itself would come apart.
    const isFixed = spec.autosize === "none" || spec.autosize?.type === "none";
    if (!isFixed && taken > room && left >= LEAST && left < wide) {
      result.finalize();
      canvas.replaceChildren();
      figure.querySelector(".inputs").replaceChildren();
      result = await embed(narrower(spec, left / wide));
    }
    if (refused.length) throw new Error("its data or pictures lie outside the page, which loads nothing");
    canvas.querySelector("svg").setAttribute("aria-hidden", "true");
    for (const name of ["role", "aria-roledescription", "aria-label"]) canvas.removeAttribute(name);
    plot.querySelector(":scope > img")?.remove();
    follow(result.view, canvas.querySelector("svg"));
    if (isFixed) scaleDown(canvas.querySelector("svg"));
    tellIfWide(plot);
    // In print a chart goes onto one page as long as its words stay legible.
    plot.classList.toggle("tall", canvas.clientHeight > 1700);
    // Such a one takes a sheet to itself, and what leads to it may stand on the one before.
    plot.classList.toggle("high", canvas.clientHeight > 1000);
  };

  // The rest of a chart's table, once somebody opens it.
  const grow = (figure, rows) => {
    const details = figure.querySelector("details.data");
    details?.addEventListener(
      "toggle",
      () => {
        const made = rows.map((cells) => {
          const row = document.createElement("tr");
          row.append(
            ...cells.map((words) => {
              const cell = document.createElement("td");
              cell.textContent = words;
              return cell;
            }),
          );
          return row;
        });
        details.querySelector("tbody").append(...made);
        const note = details.querySelector("[data-at-last]");
        if (note) note.textContent = note.dataset.atLast;
      },
      { once: true },
    );
  };

  // For charts that say nothing of their own look.
  const look = (room) => {
    const [ink, soft, line] = ["ink", "soft", "line"].map((name) => `var(--${name})`);
    const words = { labelColor: ink, titleColor: ink };
    return {
      background: null,
      font: "system-ui, 'DejaVu Sans', sans-serif",
      view: { stroke: line },
      title: { color: ink, subtitleColor: soft, anchor: "start" },
      axis: { ...words, labelOverlap: true, gridColor: line, domainColor: soft, tickColor: soft, labelFontSize: 12, titleFontSize: 12 },
      legend: { ...words, labelFontSize: 12, titleFontSize: 12, ...(room < 480 && { orient: "bottom", columns: 3 }) },
      header: words,
      text: { color: ink },
      rule: { color: ink },
    };
  };

  const fail = (plot, reason) => {
    plot.querySelector(".canvas")?.remove();
    plot.dataset.failed = "";
    const said = document.createElement("p");
    said.className = "note";
    said.textContent = `This chart could not be drawn: ${reason}`;
    plot.closest("figure").append(said);
  };

  const plots = [...document.querySelectorAll(".plot[data-chart]")];
  try {
    const [code, packed] = await Promise.all([unpack("library"), unpack("charts")]);
    const script = document.createElement("script");
    script.textContent = code; // its hash stands in the page's policy
    document.head.append(script);
    const charts = JSON.parse(packed);
    for (const plot of plots) {
      const { spec, kind, rows } = charts[Number(plot.dataset.chart)];
      grow(plot.closest("figure"), rows);
      try {
        await draw(plot, spec, kind);
      } catch (error) {
        fail(plot, error.message);
      }
      // What is drawn is shown before the next is.
      await new Promise((done) => setTimeout(done));
    }
  } catch (error) {
    plots.forEach((plot) => fail(plot, "this browser can't unpack the chart library"));
  }
  document.documentElement.dataset.drawn = plots.filter((plot) => !("failed" in plot.dataset)).length;
})();
