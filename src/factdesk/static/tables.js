// Tables of a page: sorted by the column whose head is pressed, and searched where they are long.
(() => {
  const LONG = 12; // rows from which a search is worth its room
  const IN_GROUPS = /^-?\d{1,3}(,\d{3})+(\.\d+)?$/;
  const WITH_COMMA = /^-?[\d.]*\d,\d+$/;
  const bare = (words) => words.replace(/[\s\u00a0\u202f]/g, "").replace(/%$/, "").replace(/^\u2212/, "-");
  const spoken = new Intl.NumberFormat(document.documentElement.lang || "en").formatToParts(1.5);
  const writesComma = spoken.some(({ type, value }) => type === "decimal" && value === ",");
  // A comma parts decimals where some cell of the column can be read no other way; where each could be read
  // both ways ("1,250"), as the page's language does.
  const decimalComma = (cells) => {
    const withComma = cells.filter((words) => words.includes(","));
    if (!withComma.length || !withComma.every((words) => WITH_COMMA.test(words) || IN_GROUPS.test(words))) return false;
    const groups = withComma.every((words) => IN_GROUPS.test(words));
    return groups ? writesComma && withComma.every((words) => WITH_COMMA.test(words)) : withComma.every((words) => WITH_COMMA.test(words));
  };
  const number = (words, hasComma) => {
    const plain = hasComma ? words.replace(/\./g, "").replace(",", ".") : words.replace(/,/g, "");
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
    const cells = [...body.rows].map((row) => row.cells[at]?.textContent.trim() ?? "");
    const hasComma = decimalComma(cells.map(bare));
    const rows = [...body.rows].map((row, n) => ({ row, words: cells[n], number: number(bare(cells[n]), hasComma) }));
    body.append(...rows.sort(compare(way)).map(({ row }) => row));
  };

  const search = (table, frame) => {
    const label = document.createElement("label");
    label.className = "search";
    const field = document.createElement("input");
    field.type = "search";
    const counted = document.createElement("span");
    counted.setAttribute("role", "status");
    label.append("Search this table ", field, " ", counted);
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
      counted.textContent = wanted.length ? `${shown} of ${rows.length} rows` : "";
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
