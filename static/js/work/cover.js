// Draw rectangles over names with the pointer or the keyboard. The form's number fields hold them, so the page works
// without this script; a rectangle is a button, which arrow keys move and, with Shift, resize.

const LEAST = 1.5; // percent of the page
const STEP = 1;
const FIRST = { x: 5, y: 3, width: 40, height: 6 };

const between = (value, low, high) => Math.min(Math.max(value, low), high);
const rounded = (value) => String(Math.round(value * 100) / 100);

class Rectangle {
  constructor(page, row) {
    this.page = page;
    this.inputs = Object.fromEntries(
      [...row.querySelectorAll("[data-part]")].map((input) => [input.dataset.part, input]),
    );
    this.box = document.createElement("button");
    this.box.type = "button";
    this.box.className = "cover-box";
    this.box.setAttribute("aria-label", row.dataset.label);
    this.box.addEventListener("keydown", (event) => this.key(event));
    this.box.addEventListener("pointerdown", (event) => this.grab(event));
    for (const input of Object.values(this.inputs)) input.addEventListener("input", () => this.draw());
    page.frame.append(this.box);
    this.draw();
  }

  get isEmpty() {
    return Object.values(this.inputs).some((input) => input.value === "");
  }

  get place() {
    return Object.fromEntries(Object.entries(this.inputs).map(([part, input]) => [part, Number(input.value)]));
  }

  set(place) {
    const width = between(place.width, LEAST, 100);
    const height = between(place.height, LEAST, 100);
    const kept = { width, height, x: between(place.x, 0, 100 - width), y: between(place.y, 0, 100 - height) };
    for (const [part, input] of Object.entries(this.inputs)) input.value = rounded(kept[part]);
    this.draw();
  }

  clear() {
    for (const input of Object.values(this.inputs)) input.value = "";
    this.draw();
  }

  draw() {
    this.box.hidden = this.isEmpty;
    if (this.isEmpty) return;
    const { x, y, width, height } = this.place;
    Object.assign(this.box.style, { left: `${x}%`, top: `${y}%`, width: `${width}%`, height: `${height}%` });
  }

  key(event) {
    const way = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] }[event.key];
    if (way) {
      const place = this.place;
      const [across, down] = event.shiftKey ? ["width", "height"] : ["x", "y"];
      this.set({ ...place, [across]: place[across] + way[0], [down]: place[down] + way[1] });
    } else if (event.key === "Delete" || event.key === "Backspace") {
      this.clear();
      this.page.add.focus();
    } else return;
    event.preventDefault();
  }

  grab(event) {
    event.stopPropagation();
    this.box.focus();
    const from = this.page.point(event);
    const start = this.place;
    this.page.follow(event, (to) => this.set({ ...start, x: start.x + to.x - from.x, y: start.y + to.y - from.y }));
  }
}

class Page {
  constructor(root) {
    this.frame = root.querySelector("[data-cover-frame]");
    this.add = root.querySelector("[data-cover-add]");
    this.rectangles = [...root.querySelectorAll("[data-cover-row]")].map((row) => new Rectangle(this, row));
    root.querySelector("[data-cover-tools]").hidden = false;
    this.frame.dataset.ready = "";
    this.add.addEventListener("click", () => {
      const free = this.free();
      if (!free) return;
      const place = this.rectangles.indexOf(free);
      free.set({ ...FIRST, y: FIRST.y + place * (FIRST.height + 2) });
      free.box.focus();
    });
    this.frame.addEventListener("pointerdown", (event) => this.begin(event));
  }

  free() {
    return this.rectangles.find((one) => one.isEmpty);
  }

  point(event) {
    const { left, top, width, height } = this.frame.getBoundingClientRect();
    return { x: ((event.clientX - left) / width) * 100, y: ((event.clientY - top) / height) * 100 };
  }

  begin(event) {
    const free = this.free();
    if (!free || event.button !== 0) return;
    const from = this.point(event);
    this.follow(event, (to) =>
      free.set({
        x: Math.min(from.x, to.x),
        y: Math.min(from.y, to.y),
        width: Math.abs(to.x - from.x),
        height: Math.abs(to.y - from.y),
      }),
    );
  }

  follow(event, move) {
    event.preventDefault();
    const moved = (next) => move(this.point(next));
    const stop = () => {
      window.removeEventListener("pointermove", moved);
      window.removeEventListener("pointerup", stop);
      window.removeEventListener("pointercancel", stop);
    };
    window.addEventListener("pointermove", moved);
    window.addEventListener("pointerup", stop);
    window.addEventListener("pointercancel", stop);
  }
}

for (const root of document.querySelectorAll("[data-cover-page]")) new Page(root);
