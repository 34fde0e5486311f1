// Which claims are looked at, and the table of them: no more rows than are asked for, so that many cost no more.
const LISTED = 60; // rows at first
const NAMES = 300; // names to choose from; whoever has fewer claims is found by searching

function tableOf(root, { data, moments, format, state, changed, moved }) {
  const { claims, statuses, claimants, topics } = data;
  const language = format.language;

  // ---- what to look for ----

  const find = add(root, "div", "fx-find");
  find.setAttribute("role", "search");
  const field = (words, name) => {
    const label = add(find, "label");
    add(label, "span", "", words);
    return add(label, name);
  };
  const search = field("Search", "input");
  search.type = "search";
  const choice = (words, names, placesOf) => {
    const counts = new Map();
    for (let claim = 0; claim < moments.size; claim++) {
      if (moments.gone[claim] !== moments.NEVER) continue;
      for (const place of placesOf(claim)) counts.set(place, (counts.get(place) ?? 0) + 1);
    }
    if (counts.size < 2) return null;
    const select = field(words, "select");
    add(select, "option", "", "all").value = "";
    const common = [...counts].sort((a, b) => b[1] - a[1]).slice(0, NAMES);
    common.sort((a, b) => names[a[0]].localeCompare(names[b[0]], language, { numeric: true }));
    for (const [place, count] of common) add(select, "option", "", `${names[place]} (${format.number(count)})`).value = place;
    return select;
  };
  const claimant = choice("Claimant", claimants, (claim) => [claims.claimant[claim]]);
  const topic = choice("Topic", topics, (claim) => claims.topics[claim]);

  const card = add(root, "article", "fx-card");
  card.hidden = true;

  // ---- the table ----

  const heading = add(root, "h3", "fx-all", "All claims");
  heading.id = "fx-all";
  const table = add(add(root, "div", "fx-frame"), "table");
  table.setAttribute("aria-labelledby", heading.id);
  const head = add(add(table, "thead"), "tr");
  const heads = Object.entries({ status: "Status", claim: "Claim", claimant: "Claimant", made: "Made on" }).map(([name, words]) => {
    const cell = add(head, "th");
    cell.scope = "col";
    const button = add(cell, "button", "", words);
    button.type = "button";
    button.addEventListener("click", () => {
      state.isDown = state.sort === name && !state.isDown;
      state.sort = name;
      choose();
    });
    return { cell, name };
  });
  const body = add(table, "tbody");
  const none = add(root, "p", "fd-soft");
  const more = add(root, "button", "fx-more");
  more.type = "button";
  more.addEventListener("click", () => {
    state.listed += 2 * LISTED;
    moved();
  });

  // ---- which claims, in which order ----

  let chosen = []; // places of the claims that the fields leave, in the order of the table
  let haystack = null;
  const wordsOf = (claim) => {
    const about = claims.topics[claim].map((one) => topics[one]).join(";");
    const all = [claims.id[claim], claims.claim[claim], claimants[claims.claimant[claim]], claims.quote[claim], about, claims.note[claim]];
    return all.join("\n").toLowerCase();
  };
  const ranked = (words) => {
    const { compare } = new Intl.Collator(language, { numeric: true });
    const rank = new Int32Array(words.length);
    [...words.keys()].sort((a, b) => compare(words[a], words[b])).forEach((place, index) => (rank[place] = index));
    return rank;
  };
  const ranks = {};
  const rankBy = {
    claim: () => ranked(claims.claim),
    claimant: () => {
      const rank = ranked(claimants);
      return claims.claimant.map((place) => rank[place]);
    },
    made: () => claims.first.map((day, claim) => (claims.made[claim] ? day : moments.NEVER)),
  };

  const choose = () => {
    const words = search.value.normalize("NFC").toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length) haystack ??= claims.id.map((_, claim) => wordsOf(claim));
    const who = claimant?.value ? Number(claimant.value) : null;
    const what = topic?.value ? Number(topic.value) : null;
    moments.lookAt(
      (claim) =>
        (who === null || claims.claimant[claim] === who) &&
        (what === null || claims.topics[claim].includes(what)) &&
        words.every((word) => haystack[claim].includes(word)),
    );
    chosen = [];
    for (let claim = 0; claim < moments.size; claim++) if (moments.isIn[claim]) chosen.push(claim);
    const rank = rankBy[state.sort] && (ranks[state.sort] ??= rankBy[state.sort]());
    if (rank) chosen.sort((a, b) => rank[a] - rank[b] || a - b);
    if (rank && state.isDown) chosen.reverse();
    for (const { cell, name } of heads) {
      if (name === state.sort) cell.setAttribute("aria-sort", state.isDown ? "descending" : "ascending");
      else cell.removeAttribute("aria-sort");
    }
    state.listed = LISTED;
    changed();
  };
  for (const one of [search, claimant, topic]) one?.addEventListener("input", choose);

  const listed = () => {
    const found = [];
    const take = (wanted) => {
      for (let index = 0; index < chosen.length && found.length < state.listed; index++) {
        const code = moments.code[chosen[index]];
        if (wanted === null ? code >= 0 : code === wanted) found.push(chosen[index]);
      }
    };
    const kinds = [...statuses.keys()];
    if (state.status !== null) take(state.status);
    else if (state.sort !== "status") take(null);
    else (state.isDown ? kinds.reverse() : kinds).forEach(take);
    return found;
  };

  // Rows are made once and filled again: a move touches only the cells that say something else.
  const rows = [];
  const made = () => {
    const row = add(body, "tr");
    const mark = chip(add(row, "td"), { sign: "", label: "" }, 0);
    const link = addText(add(row, "td"), "a", "", "");
    return { row, sign: mark.firstChild, word: mark.lastChild, link, who: addText(row, "td", "", ""), day: add(row, "td", "fx-when"), claim: -1, code: -1, address: "" };
  };
  const show = (total) => {
    const found = listed();
    const moment = format.fragment(null).slice(1);
    found.forEach((claim, index) => {
      const row = (rows[index] ??= made());
      if (row.claim !== claim) {
        row.claim = claim;
        put(row.who, claimants[claims.claimant[claim]]);
        put(row.day, format.made(claim));
      }
      put(row.link, moments.words(claim, state.known ?? moments.NOW));
      const code = moments.code[claim];
      if (row.code !== code) {
        row.code = code;
        row.sign.className = `fd-sign fx-s${code}`;
        put(row.sign, statuses[code].sign);
        put(row.word, statuses[code].label);
      }
      const address = `#claim-${encodeURIComponent(claims.id[claim])}${moment && `&${moment}`}`;
      if (row.address !== address) row.link.setAttribute("href", (row.address = address));
      row.row.hidden = false;
    });
    for (let index = found.length; index < rows.length; index++) rows[index].row.hidden = true;
    const all = state.status === null ? total : moments.counts[state.status];
    more.hidden = found.length >= all;
    put(more, `Show more (${format.number(found.length)} of ${format.number(all)} are shown)`);
    const why =
      state.known === null || moments.learnt <= state.known
        ? "No claim has a status on this day."
        : `Nothing was written down by that day; the first row is of ${format.day(moments.learnt)}.`;
    put(none, all ? "" : chosen.length && state.status === null ? why : "No claim fits.");
  };
  const linkOf = (claim) => rows.find((row) => row.claim === claim && !row.row.hidden)?.link;
  return { card, choose, show, linkOf, search };
}
