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
      for (const [name, content] of Object.entries(value)) {
        const key = document.createElement("span");
        key.className = "key";
        key.textContent = name;
        const cell = document.createElement("span");
        cell.textContent = words(content);
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

  const NARROW = 500; // Pixels of a page below which words stand above their rows.
  const LINE = 16; // Pixels of a line of words in the rows of a chart of ours.
  const LEAST = 40; // Pixels of a panel below which a chart keeps its width and scrolls.

  // A chart of ours is laid out for the width there is before it is drawn.
  const laidOut = (spec, { heights, params }, wide) => {
    if (!heights) return spec;
    const height = heights[Number(wide < NARROW)];
    const values = { [params?.narrow]: wide < NARROW, [params?.lines]: height / LINE };
    const set = (param) => (param.name in values ? { ...param, value: values[param.name] } : param);
    return { ...spec, height, ...(spec.params && { params: spec.params.map(set) }) };
  };

  // Draw for another width: words are set anew by the library, and nothing is scaled.
  const refit = async (view, svg, { heights, params }, isOurs, wide) => {
    if (isOurs) {
      if (heights) {
        const height = heights[Number(wide < NARROW)];
        view.signal("height", height);
        if (params?.narrow) view.signal(params.narrow, wide < NARROW).signal(params.lines, height / LINE);
      }
      await view.signal("width", wide).resize().runAsync();
      return;
    }
    // Panels beside or beneath one another: what they take is a fixed part and one that grows with their widths.
    const signals = view.getState({ data: () => false, signals: (name) => /width$/i.test(name) }).signals;
    view.ownWidths ??= Object.entries(signals).filter(([, width]) => width > 0);
    const at = async (share) => {
      for (const [name, width] of view.ownWidths) view.signal(name, Math.round(width * share));
      for (let turn = 0; turn < 2; turn++) await view.resize().runAsync();
      return svg.getBoundingClientRect().width;
    };
    const [whole, half] = [await at(1), await at(0.5)];
    const share = Math.min(1, 1 - (whole - wide) / (2 * (whole - half) || 1));
    const isFitting = whole <= wide || Math.min(...view.ownWidths.map(([, width]) => width * share)) < LEAST;
    await at(isFitting ? 1 : share);
  };

  // A line of words says where a chart goes on beside the screen; once that is turned, it need not.
  const tellIfWide = (plot) => {
    const hint = document.createElement("p");
    hint.className = "note sideways";
    hint.setAttribute("aria-hidden", "true"); // the chart says in words what it shows
    hint.textContent = matchMedia("(pointer: coarse)").matches
      ? "Turn the phone or scroll the chart sideways: it goes on at the right."
      : "Scroll the chart sideways: it goes on at the right.";
    plot.before(hint);
    const see = () => {
      const isWide = plot.scrollWidth > plot.clientWidth + 1;
      hint.hidden = !isWide;
      if (isWide) plot.tabIndex = 0;
      else plot.removeAttribute("tabindex");
    };
    new ResizeObserver(see).observe(plot);
    see();
  };

  // A line at the day that a reader chose in the explorer, over charts along whose width time runs.
  const DAY = 86_400_000;
  let chosen = null;
  const lines = [];
  const placeOf = (day, scale, days) => {
    if (scale.type === "utc") return scale(day * DAY);
    if (scale.type === "time") return scale(new Date(1970, 0, 1 + day).getTime() + (day % 1) * DAY);
    const after = Math.max(1, days.findIndex(([other]) => other >= day));
    const [[from, low], [to, high]] = [days[after - 1], days[after]];
    return scale(low + ((day - from) / (to - from)) * (high - low));
  };
  const drawLine = ({ view, svg, line, days }) => {
    const scale = view.scale("x");
    const x = chosen === null ? NaN : placeOf(chosen, scale, days);
    const ends = scale.range();
    line.setAttribute("visibility", Math.min(...ends) <= x && x <= Math.max(...ends) ? "visible" : "hidden");
    // Beside the drawing, whose own elements the library counts and clears.
    line.setAttribute("transform", svg().querySelector("g").getAttribute("transform") ?? "");
    for (const [end, place] of Object.entries({ x1: x || 0, x2: x || 0, y1: 0, y2: view.height() })) line.setAttribute(end, place);
    if (line.parentNode !== svg()) svg().append(line);
  };
  document.addEventListener("factdesk:day", ({ detail }) => {
    chosen = detail;
    lines.forEach(drawLine);
  });
  const follow = (view, svg, days) => {
    try {
      if (!["utc", "time", days && "linear"].includes(view.scale("x").type)) return;
    } catch {
      return; // it has no such axis
    }
    const line = document.createElementNS("http://www.w3.org/2000/svg", "line");
    line.setAttribute("class", "chosen");
    lines.push({ view, svg, line, days });
    drawLine(lines.at(-1));
  };

  const draw = async (plot, spec, kind, fit) => {
    const refused = [];
    const figure = plot.closest("figure");
    const canvas = document.createElement("div");
    canvas.className = "canvas";
    plot.append(canvas);
    let wide = canvas.clientWidth;
    const { view } = await vegaEmbed(canvas, laidOut(spec, fit, wide), {
      mode: kind,
      ast: true,
      renderer: "svg",
      actions: false,
      defaultStyle: false,
      tooltip: showTip,
      loader: loader(refused),
      logLevel: 0,
      config: configFor(wide),
      bind: figure.querySelector(".inputs"),
    });
    if (refused.length) throw new Error("its data or pictures lie outside the page, which loads nothing");
    for (const name of ["role", "aria-roledescription", "aria-label"]) canvas.removeAttribute(name);
    plot.querySelector(":scope > img")?.remove();
    const svg = () => canvas.querySelector("svg");
    const isOurs = spec.width === "container";
    const settle = async () => {
      await refit(view, svg(), fit, isOurs, wide);
      svg().setAttribute("aria-hidden", "true");
      lines.filter((line) => line.view === view).forEach(drawLine);
      // In print a chart goes onto one page as long as its words stay legible.
      plot.classList.toggle("tall", canvas.clientHeight > 1700);
      // Such a one takes a sheet to itself, and what leads to it may stand on the one before.
      plot.classList.toggle("high", canvas.clientHeight > 1000);
    };
    await settle();
    follow(view, svg, fit.days);
    tellIfWide(plot);
    new ResizeObserver(() => {
      if (!canvas.clientWidth || Math.abs(canvas.clientWidth - wide) < 1) return;
      wide = canvas.clientWidth;
      settle();
    }).observe(plot);
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

  // For charts that say nothing of how they are drawn.
  const configFor = (wide) => {
    const [ink, soft, line] = ["ink", "soft", "line"].map((name) => `var(--${name})`);
    const words = { labelColor: ink, titleColor: ink };
    return {
      background: null,
      font: "system-ui, 'DejaVu Sans', sans-serif",
      view: { stroke: line },
      title: { color: ink, subtitleColor: soft, anchor: "start" },
      axis: { ...words, labelOverlap: true, gridColor: line, domainColor: soft, tickColor: soft, labelFontSize: 12, titleFontSize: 12 },
      legend: { ...words, labelFontSize: 12, titleFontSize: 12, ...(wide < 480 && { orient: "bottom", columns: 3 }) },
      header: words,
      text: { color: ink },
      rule: { color: ink },
    };
  };

  const fail = (plot, reason) => {
    plot.querySelector(".canvas")?.remove();
    plot.dataset.failed = "";
    const failure = document.createElement("p");
    failure.className = "note";
    failure.textContent = `This chart could not be drawn: ${reason}`;
    plot.closest("figure").append(failure);
  };

  const plots = [...document.querySelectorAll(".plot[data-chart]")];
  try {
    const [code, packed] = await Promise.all([unpack("library"), unpack("charts")]);
    const script = document.createElement("script");
    script.textContent = code; // its hash stands in the page's policy
    document.head.append(script);
    const charts = JSON.parse(packed);
    for (const plot of plots) {
      const { spec, kind, rows, fit } = charts[Number(plot.dataset.chart)];
      grow(plot.closest("figure"), rows);
      try {
        await draw(plot, spec, kind, fit);
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
