// Entering answers on a phone: one student at a time, with large keys.

const MOST_KEYS = 5; // points up to which each half has a key

export class Keypad {
  constructor(board, put) {
    Object.assign(this, { board, put, x: 0, y: 0 });
    this.root = document.getElementById("keypad");
    this.keys = document.getElementById("keypad-keys");
    this.student = this.studentChoice(document.getElementById("keypad-student"));
    this.student.replaceChildren(...board.students.map((_, y) => new Option(board.nameOf(y), y)));
    this.student.addEventListener("change", () => this.go(0, Number(this.student.value)));
    this.root.addEventListener("click", (event) => {
      const pressed = event.target.closest("[data-type], [data-step]");
      if (pressed?.dataset.step) this.step(Number(pressed.dataset.step));
      else if (pressed) this.type(pressed.dataset.type);
    });
    matchMedia("(max-width: 820px)").addEventListener("change", () => this.draw());
    this.root.hidden = false;
    document.body.classList.add("has-keypad");
  }

  studentChoice(place) {
    const choice = document.createElement("select");
    choice.autocomplete = "off";
    choice.setAttribute("aria-label", place.dataset.label);
    place.append(choice);
    return choice;
  }

  go(x, y) {
    Object.assign(this, { x, y });
    this.draw();
  }

  draw() {
    if (!this.root.offsetParent) return;
    const { board, x, y } = this;
    for (const [at, option] of [...this.student.options].entries()) {
      const mark = { whole: " ✓", partly: " …", none: "" }[board.sheet.stateOf(board.students[at])];
      option.textContent = board.nameOf(at) + mark;
    }
    this.student.value = y;
    document.getElementById("keypad-place").textContent = board.fill("person", { place: y + 1, all: board.students.length });
    document.getElementById("keypad-items").replaceChildren(...board.items.map((_, at) => this.itemButton(at)));
    document.getElementById("keypad-now").textContent = board.placeWords(x, y);
    this.drawKeys(board.items[x]);
  }

  itemButton(at) {
    const { board } = this;
    const key = board.keyAt(at, this.y);
    const { text, problem, theirs } = board.sheet.cell(key);
    const one = document.createElement("button");
    const small = document.createElement("small");
    one.type = "button";
    small.textContent = board.items[at].number;
    one.append(small, text || "·");
    one.classList.toggle("wrong", Boolean(problem || theirs));
    if (at === this.x) one.setAttribute("aria-current", "true");
    one.addEventListener("click", () => this.go(at, this.y));
    return one;
  }

  drawKeys(item) {
    if (this.keys.dataset.item === String(item.number)) return;
    this.keys.dataset.item = item.number;
    const key = (label, typed) => {
      const one = document.createElement("button");
      one.type = "button";
      one.className = "button button-line key";
      one.textContent = label;
      one.dataset.type = typed;
      return one;
    };
    if (item.kind === "choice") { this.keys.replaceChildren(...[...item.letters].map((letter) => key(letter, letter))); return; }
    const { lang } = document.documentElement;
    const halves = item.points <= MOST_KEYS ? Array.from({ length: Math.floor(2 * item.points) + 1 }, (_, n) => key((n / 2).toLocaleString(lang), String(n / 2))) : [];
    this.keys.replaceChildren(...halves, this.ownPoints(item));
  }

  ownPoints(item) {
    const own = document.createElement("input");
    own.inputMode = "decimal";
    own.setAttribute("aria-label", this.board.fill("place", { student: "", item: item.number }).replace(/^, /, ""));
    own.addEventListener("change", () => { if (own.value) this.type(own.value); own.value = ""; });
    return own;
  }

  type(text) {
    this.put([[this.board.keyAt(this.x, this.y), text]]);
    if (text === "x") this.step(1);
    else if (text && this.x < this.board.items.length - 1) this.x += 1;
    else if (text) this.step(1);
    this.draw();
  }

  step(by) {
    if (this.board.students[this.y + by]) this.go(0, this.y + by);
    else this.draw();
  }
}
