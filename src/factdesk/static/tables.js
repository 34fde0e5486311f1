// Tables of a page: sorted by the column whose head is pressed, and searched where they are long.
(() => {
  const LONG = 12; // rows from which a search is worth its room
  const number = (words) => {
    const plain = words.replace(/[\s,\u00a0\u202f]/g, "").replace(/%$/, "").replace(/^\u2212/, "-");
    return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : NaN;
  };
  const order = new Intl.Collator(document.documentElement.lang || "en", { numeric: true }).compare;
  // What is not known stands last either way.
  const compare = (way) => (one, other) => {
    if (!one.words || !other.words) return Number(!one.words) - Number(!other.words);
    const both = one.number - other.number;
    return way * (Number.isNaN(both) ? order(one.words, other.words) : both);
  };

  const sort = (table, head, at) => {
    const way = head.ariaSort === "ascending" ? -1 : 1;
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    head.ariaSort = way > 0 ? "ascending" : "descending";
    const body = table.tBodies[0];
    const rows = [...body.rows].map((row) => {
      const words = row.cells[at]?.textContent.trim() ?? "";
      return { row, words, number: number(words) };
    });
    body.append(...rows.sort(compare(way)).map(({ row }) => row));
  };

  const search = (table, frame) => {
    const label = document.createElement("label");
    label.className = "search";
    const field = document.createElement("input");
    field.type = "search";
    const told = document.createElement("span");
    told.setAttribute("role", "status");
    label.append("Search this table ", field, " ", told);
    frame.before(label);
    field.addEventListener("input", () => {
      const rows = table.tBodies[0].rows;
      const wanted = field.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const row of rows) {
        const words = row.textContent.toLowerCase();
        row.hidden = !wanted.every((word) => words.includes(word));
        shown += !row.hidden;
      }
      told.textContent = wanted.length ? `${shown} of ${rows.length} rows` : "";
    });
  };

  for (const frame of document.querySelectorAll("main .scroll")) {
    const table = frame.querySelector(":scope > table");
    const heads = table?.tHead?.rows;
    const body = table?.tBodies[0];
    // Cells that span several rows or columns would be torn from what they belong to.
    if (frame.closest(".explorer") || heads?.length !== 1 || !(body?.rows.length > 2) || table.querySelector("[rowspan],[colspan]")) continue;
    [...heads[0].cells].forEach((head, at) => {
      if (!head.textContent.trim() || head.querySelector("button,a")) return;
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => sort(table, head, at));
    });
    if (body.rows.length >= LONG) search(table, frame);
  }
})();
