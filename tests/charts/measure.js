() => [...document.querySelectorAll("figure")].map((figure) => {
  const svg = figure.querySelector(".plot svg");
  const name = figure.querySelector(".title")?.textContent ?? "";
  if (!svg) return { name, fault: figure.querySelector(".plot")?.textContent ?? "no drawing" };
  const frame = svg.getBoundingClientRect(), plot = figure.querySelector(".plot").getBoundingClientRect();
  const left = Math.max(frame.left, plot.left, 0), right = Math.min(frame.right, plot.right, innerWidth);
  const isSeen = (node) => {
    for (let at = node; at !== svg; at = at.parentNode)
      if (at.getAttribute("opacity") === "0" || at.getAttribute("visibility") === "hidden"
        || at.getAttribute("fill-opacity") === "0" || at.style.display === "none") return false;
    return true;
  };
  // A line of words as a quadrangle on the screen: it may be slanted. A touch of its box is no overlap.
  const quad = (node, dx, dy) => {
    const matrix = node.getScreenCTM(), box = node.getBBox();
    const [x, X, y, Y] = [box.x + dx, box.x + box.width - dx, box.y + dy, box.y + box.height - dy];
    return [[x, y], [X, y], [X, Y], [x, Y]].map(([x, y]) => new DOMPoint(x, y).matrixTransform(matrix));
  };
  const isApart = (one, other) => [one, other].some((of) => [0, 1].some((at) => {
    const [nx, ny] = [of[at + 1].y - of[at].y, of[at].x - of[at + 1].x];
    const [a, b] = [one, other].map((points) => points.map((p) => p.x * nx + p.y * ny));
    return Math.max(...a) <= Math.min(...b) || Math.max(...b) <= Math.min(...a);
  }));
  const lines = [...svg.querySelectorAll("text")].filter(isSeen)
    .flatMap((text) => (text.querySelector("tspan") ? [...text.querySelectorAll("tspan")] : [text]))
    .filter((line) => line.textContent.trim());
  const words = lines.map((line) => ({ text: line.textContent.slice(0, 40), inner: quad(line, 0.75, 2), outer: quad(line, 0, 2),
    size: parseFloat(getComputedStyle(line).fontSize) * Math.hypot(line.getScreenCTM().a, line.getScreenCTM().b) }));
  const overlaps = words.flatMap((one, n) => words.slice(n + 1).filter((other) => !isApart(one.inner, other.inner))
    .map((other) => `${one.text} # ${other.text}`));
  const isCut = (points) => points.some((p) => p.x < left - 1 || p.x > right + 1 || p.y < frame.top - 1 || p.y > frame.bottom + 1);
  const keys = [...svg.querySelectorAll(".role-legend")].map((key) => key.getBoundingClientRect());
  return {
    name, words: words.length, width: Math.round(frame.width), height: Math.round(frame.height), overlaps,
    cut: words.filter((one) => isCut(one.outer)).map((one) => one.text),
    small: words.filter((one) => one.size < 10.95).map((one) => `${one.text} (${one.size.toFixed(1)} px)`),
    offScreen: keys.filter((key) => key.left < left - 1 || key.right > right + 1).length,
  };
})
