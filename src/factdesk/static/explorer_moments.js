// What was held of each claim on a day, as is known now or as was known by the end of another day.
// Of a claim on a day: the place of the row that says its status, FIRST where none was given yet, or NONE.
const FIRST = -1;
const NONE = -2;

function momentsOf(data) {
  const { claims, given, earlier, now: NOW } = data;
  const NEVER = NOW + 1;
  const size = claims.id.length;
  const kinds = data.statuses.length;
  const days = (list, ends = {}) => {
    const made = Int32Array.from(list, (day) => day ?? NEVER);
    for (const [place, day] of Object.entries(ends)) made[place] = day;
    return made;
  };
  const base = (place) => (first[place] === NEVER ? 0 : first[place]);

  const first = days(claims.first);
  const known = Int32Array.from(claims.known, (gap, place) => gap + base(place));
  const gone = days(Array(size).fill(null), claims.gone);
  const before = new Map();
  for (const [claim, day, from, to, words] of earlier) {
    if (!before.has(claim)) before.set(claim, []);
    before.get(claim).push({ day: day ?? NEVER, from, to, words });
  }

  // The rows of claim c are start[c] to start[c + 1]; a later one outranks those before it.
  const start = new Int32Array(size + 1);
  given.of.forEach((count, place) => (start[place + 1] = start[place] + count));
  const of = new Int32Array(start[size]);
  for (let claim = 0; claim < size; claim++) of.fill(claim, start[claim], start[claim + 1]);
  const day = Int32Array.from(given.day, (gap, row) => gap + base(of[row]));
  const seen = Int32Array.from(given.known, (gap, row) => gap + day[row]);
  const until = days(Array(of.length).fill(null), given.gone);

  const isLast = (claim, by) => known[claim] <= by && by < gone[claim];
  const earlierOf = (claim, by) => before.get(claim)?.find(({ from, to }) => from <= by && by < to);
  // From which day a claim counts, as was known; null where it was not there. And in which words it stood.
  const begins = (claim, by) => (isLast(claim, by) ? first[claim] : (earlierOf(claim, by)?.day ?? null));
  const words = (claim, by) => (isLast(claim, by) ? claims.claim[claim] : (earlierOf(claim, by)?.words ?? claims.claim[claim]));
  const held = (claim, on, by) => {
    const from = begins(claim, by);
    if (from === null) return NONE;
    for (let row = start[claim + 1] - 1; row >= start[claim]; row--) {
      if (day[row] <= on && seen[row] <= by && by < until[row]) return row;
    }
    return from <= on ? FIRST : NONE;
  };
  const codeOf = (row) => (row === NONE ? -1 : row === FIRST ? 0 : given.status[row]);

  // What can change when the day passes one, and when what was known by then does: days and claims, in order.
  const inOrder = (pairs) => {
    const sorted = Float64Array.from(pairs).sort();
    return { day: Int32Array.from(sorted, (key) => Math.floor(key / size)), claim: Int32Array.from(sorted, (key) => key - Math.floor(key / size) * size) };
  };
  const pair = (at, claim) => at * size + claim;
  const happens = [];
  const learned = [];
  for (let claim = 0; claim < size; claim++) {
    if (first[claim] !== NEVER) happens.push(pair(first[claim], claim));
    learned.push(pair(known[claim], claim));
    if (gone[claim] !== NEVER) learned.push(pair(gone[claim], claim));
  }
  for (const [claim, versions] of before) {
    for (const { day: at, from, to } of versions) {
      if (at !== NEVER) happens.push(pair(at, claim));
      learned.push(pair(from, claim), pair(to, claim));
    }
  }
  for (let row = 0; row < of.length; row++) {
    happens.push(pair(day[row], of[row]));
    learned.push(pair(seen[row], of[row]));
    if (until[row] !== NEVER) learned.push(pair(until[row], of[row]));
  }
  const passed = [inOrder(happens), inOrder(learned)];
  const distinct = (list) => [...new Set(list)].filter((at) => at < NOW).sort((a, b) => a - b);
  const turns = distinct([...passed[0].day, ...passed[1].day]);
  const turnsHeld = distinct(passed[0].day);

  // The claims that are looked at, what each holds at the moment, and how many hold what.
  const isIn = new Uint8Array(size).fill(1);
  const now = new Int32Array(size).fill(NONE);
  const code = new Int8Array(size).fill(-1);
  const counts = new Int32Array(kinds);
  const at = [0, 0];
  const stamp = new Int32Array(size);
  let moves = 0;

  // Go to another moment: only the claims to which something happened in between are looked at.
  const move = (on, by) => {
    moves++;
    [on, by].forEach((target, which) => {
      const { day: when, claim } = passed[which];
      let place = at[which];
      const touch = (claim) => {
        if (stamp[claim] === moves) return;
        stamp[claim] = moves;
        const row = held(claim, on, by);
        now[claim] = row;
        const made = codeOf(row);
        if (made === code[claim]) return;
        if (isIn[claim] && code[claim] >= 0) counts[code[claim]]--;
        if (isIn[claim] && made >= 0) counts[made]++;
        code[claim] = made;
      };
      while (place < when.length && when[place] <= target) touch(claim[place++]);
      while (place > 0 && when[place - 1] > target) touch(claim[--place]);
      at[which] = place;
    });
  };
  const lookAt = (chosen) => {
    counts.fill(0);
    for (let claim = 0; claim < size; claim++) {
      isIn[claim] = chosen(claim) ? 1 : 0;
      if (isIn[claim] && code[claim] >= 0) counts[code[claim]]++;
    }
  };

  // How many claims held what from each turn on: as is known by a day, or each day as was known on it.
  const history = (by) => {
    const sums = new Int32Array(turns.length * kinds);
    const place = new Map(turns.map((turn, index) => [turn, index]));
    const change = (turn, from, to) => {
      if (from === to) return to;
      const row = place.get(turn) * kinds;
      if (from >= 0) sums[row + from]--;
      if (to >= 0) sums[row + to]++;
      return to;
    };
    for (let claim = 0; claim < size; claim++) {
      if (!isIn[claim]) continue;
      let last = -1;
      if (by === null) {
        for (const turn of turnsOf(claim)) last = change(turn, last, codeOf(held(claim, turn, turn)));
        continue;
      }
      const from = begins(claim, by);
      if (from === null) continue;
      let isFirst = from !== NEVER;
      for (let row = start[claim]; row < start[claim + 1]; row++) {
        if (!(seen[row] <= by && by < until[row])) continue;
        if (isFirst && day[row] > from) last = change(from, last, 0);
        isFirst = false;
        last = change(day[row], last, given.status[row]);
      }
      if (isFirst) change(from, last, 0);
    }
    for (let index = kinds; index < sums.length; index++) sums[index] += sums[index - kinds];
    return sums;
  };
  const turnsOf = (claim) => {
    const list = [first[claim], known[claim], gone[claim]];
    for (const { day: from, from: known, to } of before.get(claim) ?? []) list.push(from, known, to);
    for (let row = start[claim]; row < start[claim + 1]; row++) list.push(day[row], seen[row], until[row]);
    return distinct(list);
  };

  const rowsOf = (claim) => Array.from({ length: start[claim + 1] - start[claim] }, (_, index) => start[claim] + index);
  const isKnown = (row, by) => seen[row] <= by && by < until[row];
  return { size, kinds, NOW, NEVER, turns, turnsHeld, learnt: passed[1].day[0] ?? NEVER, now, code, counts, isIn, day, seen, gone, begins, words, held, codeOf, isKnown, rowsOf, move, lookAt, history };
}
