() => {
    const channels = (said) => said.match(/[\d.]+/g).map(Number);
    const luminance = (of) => {
        const [red, green, blue] = of.map((n) => (n / 255 <= 0.04045 ? n / 255 / 12.92 : ((n / 255 + 0.055) / 1.055) ** 2.4));
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const found = [];
    for (const svg of document.querySelectorAll(".canvas svg")) {
        const bars = [...svg.querySelectorAll(".mark-rect path")];
        for (const text of svg.querySelectorAll("text")) {
            if (!text.textContent.trim()) continue;
            const box = text.getBoundingClientRect();
            const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
            const below = bars.find((bar) => {
                const on = new DOMPoint(x, y).matrixTransform(bar.getScreenCTM().inverse());
                return bar.isPointInFill(on);
            });
            const ground = below ? getComputedStyle(below).fill : getComputedStyle(document.body).backgroundColor;
            const [pale, deep] = [getComputedStyle(text).fill, ground].map((said) => luminance(channels(said))).sort((a, b) => b - a);
            found.push([text.textContent, Boolean(below), (pale + 0.05) / (deep + 0.05)]);
        }
    }
    return found;
}
