// What a grid of answers contains, what is still to be sent, and what can be undone. No DOM, no network, no clock.
//
// A cell is named "student|number". It has the text that is shown, and the text and version that the server had last. A
// cell is sent with the version that was seen, so that the server can tell when somebody else was faster. Whatever is on
// its way may be sent again: the server does nothing twice.

const ABSENT = "x";
const ABSENCES = ["x", "abs", "abs.", "absent", "aus", "aus.", "ausente"];
const BLANKS = ["-", "–", "—", "−"];
const isAbsence = (text) => ABSENCES.includes(text.trim().toLowerCase());
const MOST_UNDONE = 500;
const FEWEST_ALONG = 3; // letters; two may be one that was hit twice

export class Sheet {
  // items: {number, kind, key, points, letters, dropped}; cells: [student, number, text, version] of those that are not empty.
  constructor({ students, items, cells }) {
    this.students = students;
    this.items = items;
    this.cells = new Map();
    for (const student of students) {
      for (const item of items) this.cells.set(`${student}|${item.number}`, { text: "", saved: "", version: "", problem: "", theirs: null });
    }
    this.pending = new Set();
    this.flying = new Map();
    this.undone = [];
    this.done = [];
    this.turn = 0; // grows with each answer to what was sent
    this.merge(cells, 0);
  }

  text(key) { return this.cells.get(key)?.text ?? ""; }
  cell(key) { return this.cells.get(key) ?? null; }
  isAbsent(student) { return this.text(`${student}|${this.items[0]?.number}`) === ABSENT; }

  // ---- Typing

  // Change cells: [key, text]. Absence is the whole row's, also over the empty cells that a pasted row has after its "x".
  // Returns the keys of the cells that changed.
  put(changes, { remember = true } = {}) {
    const steps = new Map();
    const absent = new Set();
    const set = (key, text) => {
      const cell = this.cells.get(key);
      if (!cell) return;
      const before = steps.get(key)?.[0] ?? cell.text;
      steps.set(key, [before, text]);
      cell.text = text;
    };
    for (const [key, typed] of changes) {
      if (!this.cells.has(key)) continue;
      const student = key.slice(0, key.lastIndexOf("|"));
      const row = this.items.map((item) => `${student}|${item.number}`);
      const text = this.tidy(key, typed);
      if (text === ABSENT) {
        absent.add(student);
        for (const one of row) set(one, ABSENT);
      } else if (text || !absent.has(student)) {
        if (this.isAbsent(student) && remember) for (const one of row) set(one, "");
        set(key, text);
      }
    }
    const real = [...steps].filter(([, [before, after]]) => before !== after);
    for (const [key] of real) this.touch(key);
    if (remember && real.length) {
      this.done.push(real.map(([key, [before, after]]) => [key, before, after]));
      if (this.done.length > MOST_UNDONE) this.done.shift();
      this.undone = [];
    }
    return real.map(([key]) => key);
  }

  tidy(key, typed) {
    const text = typed.trim();
    if (isAbsence(text)) return ABSENT;
    if (BLANKS.includes(text)) return "-";
    const item = this.items.find((one) => one.number === Number(key.slice(key.lastIndexOf("|") + 1)));
    if (item?.kind !== "choice") return text;
    return text === "0" && !/\d/.test(item.key) ? "-" : text.toUpperCase();
  }

  // Letters of several items that were typed into one cell ("CABD", "CAB 2 D"), as changes from that cell on. "." skips
  // an item. Null if the text is one answer, or does not fit the items.
  along(key, typed) {
    const at = key.lastIndexOf("|");
    const items = this.items.slice(this.items.findIndex((one) => one.number === Number(key.slice(at + 1))));
    const isSingle = (item) => item.kind === "choice" && item.key.length < 2;
    if (!isSingle(items[0]) || isAbsence(typed)) return null;
    const texts = [];
    for (const word of typed.trim().split(/[\s,;]+/)) {
      if (items[texts.length] && !isSingle(items[texts.length])) texts.push(word);
      else texts.push(...word);
    }
    if (texts.length < FEWEST_ALONG || texts.length > items.length) return null;
    const fits = (text, item) => text === "." || BLANKS.includes(text)
      || (item.kind === "choice" ? item.letters.includes(text.toUpperCase()) && isSingle(item) : /^\d+([.,]\d+)?$/.test(text));
    if (!texts.every((text, x) => fits(text, items[x]))) return null;
    const changes = texts.map((text, x) => [`${key.slice(0, at)}|${items[x].number}`, text]);
    return changes.filter(([, text]) => text !== ".");
  }

  touch(key) {
    const cell = this.cells.get(key);
    cell.problem = "";
    if (cell.theirs) { cell.version = cell.theirs.version; cell.saved = cell.theirs.text; cell.theirs = null; } // has read it
    if (cell.text === cell.saved && !this.flying.has(key)) this.pending.delete(key);
    else this.pending.add(key);
  }

  undo() { return this.step(this.done, this.undone, 1); }
  redo() { return this.step(this.undone, this.done, 2); }
  step(from, to, side) {
    const last = from.pop();
    if (!last) return [];
    to.push(last);
    return this.put(last.map((one) => [one[0], one[side]]), { remember: false });
  }

  // ---- Sending

  // What to send now, [student, number, text, seen]: whole rows, and nothing while something is on its way.
  batch(most = 600) {
    if (this.flying.size) return [];
    const rows = new Map();
    for (const key of this.pending) {
      const student = key.slice(0, key.lastIndexOf("|"));
      rows.set(student, [...(rows.get(student) ?? []), key]);
    }
    const out = [];
    for (const [student, keys] of rows) {
      if (out.length && out.length + keys.length > most) break;
      for (const key of keys) {
        const { text, version } = this.cells.get(key);
        this.flying.set(key, text);
        this.pending.delete(key);
        out.push([student, Number(key.slice(key.lastIndexOf("|") + 1)), text, version]);
      }
    }
    return out;
  }

  // The server's answer: {student, number, text, version, by, at, problem, conflict} of each cell sent.
  answered(results) {
    this.turn += 1;
    const changed = [];
    for (const one of results) {
      const key = `${one.student}|${one.number}`;
      const cell = this.cells.get(key);
      const sent = this.flying.get(key);
      if (!cell || sent === undefined) continue;
      this.flying.delete(key);
      const isLast = cell.text === sent;
      changed.push(key);
      if (one.conflict) {
        if (cell.text === one.text) { cell.saved = one.text; cell.version = one.version; continue; }
        cell.theirs = { text: one.text, version: one.version, by: one.by, at: one.at };
        cell.problem = isLast ? one.problem : "";
        this.pending.delete(key); // until somebody has read theirs
      } else {
        cell.saved = one.text;
        cell.version = one.version;
        cell.problem = isLast ? one.problem : "";
        if (isLast && !one.problem) { cell.text = one.text; this.pending.delete(key); }
        else if (isLast) this.pending.delete(key);
        else this.pending.add(key);
      }
    }
    this.lost(); // what the answer does not name
    return changed;
  }

  // No answer came: all that was on its way is sent again.
  lost() {
    for (const key of this.flying.keys()) this.pending.add(key);
    this.flying.clear();
  }

  // Of two texts of a cell, mine or theirs.
  settle(key, mine) {
    const cell = this.cells.get(key);
    if (!cell?.theirs) return;
    cell.saved = cell.theirs.text;
    cell.version = cell.theirs.version;
    if (!mine) cell.text = cell.theirs.text;
    this.touch(key);
  }

  // ---- What others did

  // The server's cells, as asked for at a turn. A cell that is being edited, or is still to be sent, stays as it is.
  merge(cells, turn, editing = "") {
    if (turn !== this.turn || this.flying.size) return [];
    const now = new Map(cells.map(([student, number, text, version]) => [`${student}|${number}`, [text, version]]));
    const changed = [];
    for (const [key, cell] of this.cells) {
      const [text, version] = now.get(key) ?? ["", ""];
      if (version === cell.version || key === editing || this.pending.has(key) || cell.theirs) continue;
      cell.version = version;
      cell.saved = text;
      if (cell.problem) continue;
      cell.text = text;
      changed.push(key);
    }
    return changed;
  }

  // ---- Across pages

  // What only this browser knows: {key: [text, seen]}.
  kept() {
    const out = {};
    for (const [key, cell] of this.cells) {
      if (this.pending.has(key) || this.flying.has(key) || cell.problem || cell.theirs) out[key] = [cell.text, cell.version];
    }
    return out;
  }
  restore(kept) {
    const changed = [];
    for (const [key, [text, seen]] of Object.entries(kept)) {
      const cell = this.cells.get(key);
      if (!cell || cell.text === text) continue;
      cell.text = text;
      cell.version = seen;
      this.pending.add(key);
      changed.push(key);
    }
    return changed;
  }

  // ---- Counts

  waiting() { return this.pending.size + this.flying.size; }
  wrong() { return [...this.cells].filter(([, cell]) => cell.problem || cell.theirs).map(([key]) => key); }

  // How many students are entered, "whole" (or absent) and "partly".
  entered() {
    const states = this.students.map((student) => this.stateOf(student));
    return { whole: states.filter((one) => one === "whole").length, partly: states.filter((one) => one === "partly").length };
  }
  // "none", "partly" or "whole". What was refused, or is to be settled, is not entered; dropped items are not missed.
  stateOf(student) {
    const good = this.items.filter((item) => {
      const { text, problem, theirs } = this.cells.get(`${student}|${item.number}`);
      return text !== "" && !problem && !theirs;
    });
    const wanted = this.items.filter((item) => !item.dropped);
    if (!good.length) return "none";
    return wanted.every((item) => good.includes(item)) ? "whole" : "partly";
  }

  // A student's points, or null without answers.
  total(student) {
    let sum = 0;
    let many = 0;
    for (const item of this.items) {
      const { text, problem } = this.cells.get(`${student}|${item.number}`);
      if (!text || text === ABSENT || problem || item.dropped) continue;
      many += 1;
      if (item.kind === "choice") sum += text === item.key ? item.points : 0;
      else sum += Number(text.replace(",", ".")) || 0;
    }
    return many ? Math.round(sum * 100) / 100 : null;
  }
}
