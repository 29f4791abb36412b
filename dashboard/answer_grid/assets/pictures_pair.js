// Two pictures in one place: a slider that lays one over the other, or one after the other at the press of a key.

import { button, make, pressed } from "./dom.js";

const BLINK_MS = 1000; // slow enough for everybody: nothing flashes more than three times a second

export class Pair {
  constructor(grid) {
    this.grid = grid;
    this.element = make("dialog", "pair", "", { "aria-label": "Two pictures in the same place" });
    this.choices = [0, 1].map((side) => this.choice(side));
    this.slide = button("Slider", () => this.turn(false));
    this.blink = button("Blink", () => this.turn(true));
    const manners = make("div", "choices", "", { role: "group", "aria-label": "How they are compared" });
    manners.append(this.slide, this.blink);
    const close = button("Close", () => this.element.close());
    const bar = make("div", "bar");
    bar.append(this.choices[0], this.choices[1], manners, close);
    this.under = make("div", "layer");
    this.over = make("div", "layer over");
    this.place = make("div", "place");
    this.place.append(this.under, this.over);
    this.place.addEventListener("pointerdown", (event) => this.touch(event));
    this.place.addEventListener("pointermove", (event) => event.buttons && this.slideTo(event));
    this.range = make("input", "", "", { type: "range", min: "0", max: "100", step: "1", "aria-label": "How much of the left picture is shown" });
    this.range.oninput = () => this.cut();
    this.other = button("Show the other (Space)", () => this.swap());
    this.auto = button("By itself", () => this.run(!this.timer), { "aria-pressed": "false", title: "One after the other, a second each" });
    this.said = make("p", "", "", { "aria-live": "polite" });
    this.controls = make("div", "bar");
    this.controls.append(this.range, this.other, this.auto, this.said);
    this.element.append(bar, this.place, this.controls);
    this.element.addEventListener("keydown", (event) => this.key(event));
    this.element.addEventListener("close", () => this.run(false));
    this.button = button("Compare two", () => this.open(), { class: "compare-two", title: "Two pictures in the same place, with a slider or in turn" });
  }

  choice(side) {
    const select = make("select", "", "", { "aria-label": side ? "Right picture" : "Left picture" });
    select.onchange = () => this.draw();
    return select;
  }

  // Offered where there are two to compare.
  refresh() {
    this.button.hidden = this.grid.alone.all.length < 2;
  }

  open() {
    this.all = this.grid.alone.all;
    this.choices.forEach((select, side) => {
      select.replaceChildren(...this.all.map(({ pictures }, n) => make("option", "", `${n + 1} · ${pictures.title}`, { value: n })));
      select.value = side;
    });
    this.range.value = 50;
    this.turn(false);
    this.draw();
    this.element.showModal();
    this.range.focus();
  }

  draw() {
    [this.over, this.under].forEach((layer, side) => {
      const { pictures, picture } = this.all[this.choices[side].value];
      layer.replaceChildren(pictures.image(picture));
    });
    this.second = false;
    this.cut();
  }

  turn(blinks) {
    this.blinks = blinks;
    pressed(this.slide, !blinks);
    pressed(this.blink, blinks);
    this.range.hidden = blinks;
    this.other.hidden = this.auto.hidden = !blinks;
    this.second = false;
    this.run(false);
    this.cut();
    if (blinks) this.other.focus();
  }

  // The picture itself is as good as the controls below it.
  touch(event) {
    if (this.blinks) return this.swap();
    this.place.setPointerCapture(event.pointerId);
    this.slideTo(event);
  }

  slideTo({ clientX }) {
    if (this.blinks) return;
    const { left, width } = this.under.getBoundingClientRect();
    this.range.value = (100 * (clientX - left)) / width;
    this.cut();
  }

  swap() {
    this.second = !this.second;
    this.cut();
  }

  run(on) {
    clearInterval(this.timer);
    this.timer = on ? setInterval(() => this.swap(), BLINK_MS) : undefined;
    pressed(this.auto, on);
  }

  cut() {
    const shown = this.blinks ? (this.second ? 0 : 100) : Number(this.range.value);
    this.over.style.clipPath = `inset(0 ${100 - shown}% 0 0)`;
    this.place.dataset.shown = shown;
    this.place.style.setProperty("--shown", shown / 100);
    this.place.classList.toggle("slides", !this.blinks);
    // Read out where somebody turns it; a change a second would be noise.
    this.said.textContent = this.blinks && !this.timer ? `Shown: ${this.choices[this.second ? 1 : 0].selectedOptions[0]?.textContent ?? ""}` : "";
  }

  key(event) {
    event.stopPropagation(); // the grid behind it has keys of its own
    if (event.key !== " " || !this.blinks || event.target.matches("select, button")) return;
    event.preventDefault();
    this.swap();
  }
}
