// The table of a grid of answers: where its cells are, what they show, and which answers are to settle.

const fill = (text, values) => Object.entries(values).reduce((all, [name, value]) => all.replace(`[${name}]`, value), text ?? "");
const MOST_LISTED = 50;

export class Board {
  // `Sheet` is the class of sheet.js. `onSettle` is called with the keys that somebody decided.
  constructor(table, Sheet) {
    const bar = document.getElementById("sheet-bar");
    this.table = table;
    this.words = bar.dataset;
    this.state = document.getElementById("sheet-state");
    this.problems = document.getElementById("sheet-problems");
    this.items = JSON.parse(document.getElementById("sheet-items").textContent);
    this.rows = [...table.tBodies[0].rows];
    this.students = this.rows.map((row) => row.dataset.student);
    this.cells = this.rows.map((row) => [...row.cells].slice(1, -1));
    this.rowOf = new Map(this.students.map((student, y) => [student, y]));
    this.columnOf = new Map(this.items.map((item, x) => [item.number, x]));
    this.edited = null; // the cell with the field
    this.drawn = []; // called after each drawing
    this.onSettle = () => {};
    this.onGo = () => {};
    for (const [y, cells] of this.cells.entries()) for (const [x, cell] of cells.entries()) { cell.dataset.x = x; cell.dataset.y = y; }
    this.sheet = new Sheet({
      students: this.students,
      items: this.items,
      cells: this.cells.flatMap((cells, y) => cells.map((cell, x) => [this.students[y], this.items[x].number, cell.textContent, cell.dataset.version])).filter((one) => one[3]),
    });
  }

  // ---- Places

  keyAt(x, y) { return `${this.students[y]}|${this.items[x].number}`; }
  at(x, y) { return this.cells[y]?.[x]; }
  placeOf(cell) { return [Number(cell.dataset.x), Number(cell.dataset.y)]; }
  keyOf(cell) { return this.keyAt(...this.placeOf(cell)); }
  textOf(cell) { return this.sheet.text(this.keyOf(cell)); }
  cellOf(key) {
    const at = key.lastIndexOf("|");
    return this.cells[this.rowOf.get(key.slice(0, at))]?.[this.columnOf.get(Number(key.slice(at + 1)))];
  }
  nameOf(y) { return this.rows[y].cells[0].textContent.trim(); }
  placeWords(x, y) { return this.fill("place", { student: this.nameOf(y), item: this.items[x].number }); }
  fill(name, values) { return fill(this.words[name], values); }

  // ---- Drawing

  show(keys) {
    const changed = new Set();
    for (const key of keys) {
      const cell = this.cellOf(key);
      if (!cell) continue;
      const { text, problem, theirs } = this.sheet.cell(key);
      if (this.edited !== cell) cell.textContent = text;
      const isWrong = Boolean(problem || theirs);
      cell.classList.toggle("wrong", isWrong);
      cell.classList.toggle("absent", text === "x");
      if (isWrong) cell.setAttribute("aria-invalid", "true"); else cell.removeAttribute("aria-invalid");
      changed.add(this.placeOf(cell)[1]);
    }
    for (const y of changed) {
      const total = this.sheet.total(this.students[y]);
      this.rows[y].cells[this.rows[y].cells.length - 1].textContent = total === null ? "" : total.toLocaleString(document.documentElement.lang);
    }
    const { whole, partly } = this.sheet.entered();
    document.getElementById("grid-title").textContent = this.fill(partly ? "partly" : "entered", { entered: whole, all: this.students.length, partly });
    document.getElementById("sheet-undo").disabled = !this.sheet.done.length;
    document.getElementById("sheet-redo").disabled = !this.sheet.undone.length;
    this.listProblems();
    for (const draw of this.drawn) draw();
  }

  listProblems() {
    const wrong = this.sheet.wrong();
    this.problems.hidden = !wrong.length;
    this.problems.replaceChildren(...wrong.slice(0, MOST_LISTED).map((key) => this.problemLine(key)));
  }

  problemLine(key) {
    const line = document.getElementById("sheet-problem").content.firstElementChild.cloneNode(true);
    const { text, problem, theirs } = this.sheet.cell(key);
    const [x, y] = this.placeOf(this.cellOf(key));
    const { nothing, somebody } = this.words;
    const both = { student: this.nameOf(y), item: this.items[x].number, mine: text || nothing, theirs: theirs?.text || nothing, by: theirs?.by || somebody, at: theirs?.at };
    const go = line.querySelector("[data-go]");
    go.textContent = theirs ? this.fill("both", both) : problem;
    go.addEventListener("click", () => this.onGo(this.cellOf(key)));
    line.querySelector("[data-both]").hidden = !theirs;
    for (const [name, mine] of [["mine", true], ["theirs", false]]) {
      line.querySelector(`[data-${name}]`).addEventListener("click", () => { this.sheet.settle(key, mine); this.onSettle(key); });
    }
    return line;
  }

  say(text, { isBad = false } = {}) {
    if (this.state.textContent !== text) this.state.textContent = text;
    this.state.toggleAttribute("data-bad", isBad);
  }

  // What was sent is stored, except the answers that were refused or that somebody else changed.
  saySaved(time) {
    const many = this.sheet.wrong().length;
    if (many) this.say(this.fill(many === 1 ? "unsavedOne" : "unsaved", { many, time }), { isBad: true });
    else this.say(this.fill("saved", { time }));
  }
}
