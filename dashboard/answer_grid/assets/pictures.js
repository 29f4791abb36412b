// The pictures of a column: the newest preview until the picture itself is there, all at the same zoom and place,
// and one of them alone over the whole screen.

import { button, iconButton, make, save } from "./dom.js";

const ZOOMS = [1, 1.5, 2, 3, 4, 6];

export class Pictures {
  constructor(grid, index) {
    Object.assign(this, { grid, index, shown: [], contents: new Map() });
    this.element = make("div", "pictures");
    this.element.hidden = true;
  }

  get any() {
    return this.shown.length > 0;
  }

  show(pictures, title) {
    this.title = title;
    this.element.hidden = pictures.length === 0;
    if (JSON.stringify(pictures) === JSON.stringify(this.shown)) return;
    this.shown = pictures;
    this.forget(pictures);
    const before = [...this.element.querySelectorAll("img")];
    this.element.replaceChildren(...pictures.map((picture, n) => this.figure(picture, before[n])));
    this.grid.zoom.refresh();
  }

  figure(picture, before) {
    const figure = make("figure");
    figure.dataset.partial = picture.partial;
    const frame = make("div", "frame", "", { tabindex: "0", role: "group", "aria-label": "Picture" });
    frame.style.aspectRatio = `${picture.width} / ${picture.height}`; // at every zoom: what is below stays where it is
    const open = button("", () => this.grid.alone.open(this.index), { class: "open", title: "Show over the whole screen" });
    open.append(this.image(picture, before));
    frame.append(open);
    frame.addEventListener("scroll", () => this.grid.zoom.follow(frame), { passive: true });
    figure.append(frame, this.caption(picture));
    return figure;
  }

  // In the element that showed the one before, if there was one: that stays visible until this one is decoded.
  image(picture, image = make("img")) {
    const { name, width, height } = picture;
    const told = { width, height, alt: this.alt(picture), decoding: "async", draggable: "false", "data-name": name };
    for (const [key, value] of Object.entries(told)) image.setAttribute(key, value);
    this.content(picture).then((address) => address && image.dataset.name === name && (image.src = address));
    return image;
  }

  // Fetched once: the address alone opens nothing, so no image can load it by itself.
  content({ name }) {
    if (!this.contents.has(name)) {
      const got = this.grid.get(`picture/${this.index}/${name}`, {}, "blob");
      this.contents.set(name, got.then((blob) => blob && URL.createObjectURL(blob)));
    }
    return this.contents.get(name);
  }

  // All but those that are shown.
  forget(shown = []) {
    const names = new Set(shown.map(({ name }) => name));
    for (const [name, address] of this.contents) {
      if (names.has(name)) continue;
      this.contents.delete(name);
      address.then((found) => found && URL.revokeObjectURL(found));
    }
  }

  // Of one that moves also the `whole`, in the format in which it came.
  async save({ name }, whole) {
    const blob = await this.grid.get(`picture/${this.index}/${name}`, whole ? { whole: "1" } : { save: "1" }, "blob");
    if (blob) save(blob, `collate-${this.index + 1}-${name.slice(0, 8)}.${blob.type.split("/")[1]}`);
  }

  // What somebody wrote since the picture came counts before what was told with it.
  alt({ name, alt, described }) {
    return (this.described?.[name] ?? described) || alt;
  }

  describe(described) {
    this.described = described;
    for (const picture of this.shown) {
      for (const image of this.element.querySelectorAll(`img[data-name="${picture.name}"]`)) image.alt = this.alt(picture);
    }
  }

  toDescribe() {
    return button("Describe", () => this.grid.marks.wish(this.index, "more", 0), {
      title: "Write what the picture shows, for people who cannot see it",
      "aria-haspopup": "dialog",
    });
  }

  caption(picture) {
    const caption = make("figcaption");
    const facts = [`${picture.width} × ${picture.height}`, picture.frame].filter(Boolean).join(" · ");
    caption.append(make("span", "", picture.partial ? `Preview · ${facts}` : facts));
    for (const [what, said] of picture.told) caption.append(make("span", "", `${what}: ${said}`));
    if (!picture.partial) {
      caption.append(
        ...(this.grid.marks.data ? [this.toDescribe()] : []),
        button("Download", () => this.save(picture), {
          title: "As PNG, with prompt, model, settings and seed written beside the picture",
        }),
        ...(picture.moving ? [button("Download all frames", () => this.save(picture, true), { title: "The animated picture, as a file" })] : []),
      );
    }
    return caption;
  }
}

// By the share of the picture's width and height.
const middleOf = (frame) => [
  (frame.scrollLeft + frame.clientWidth / 2) / frame.scrollWidth,
  (frame.scrollTop + frame.clientHeight / 2) / frame.scrollHeight,
];

// One zoom for all columns, and one place in all pictures.
export class Zoom {
  constructor(grid) {
    this.grid = grid;
    this.step = 0;
    this.element = make("div", "zoom", "", { role: "group", "aria-label": "Zoom of all pictures" });
    this.less = button("−", () => this.to(this.step - 1), { "aria-label": "Smaller" });
    this.more = button("+", () => this.to(this.step + 1), { "aria-label": "Larger" });
    this.value = make("span", "", "", { "aria-live": "polite" });
    this.element.append(this.less, this.value, this.more);
  }

  refresh() {
    const drawn = this.grid.columns.some((column) => column.pictures.any);
    this.element.hidden = !drawn;
    this.grid.frame?.classList.toggle("drawn", drawn);
    this.grid.pair.refresh();
    this.value.textContent = `${ZOOMS[this.step] * 100} %`;
    this.less.disabled = this.step === 0;
    this.more.disabled = this.step === ZOOMS.length - 1;
  }

  // What is in the middle stays there.
  to(step) {
    const frame = this.grid.root.querySelector(".frame");
    const middle = frame && middleOf(frame);
    this.step = Math.max(0, Math.min(ZOOMS.length - 1, step));
    this.grid.root.style.setProperty("--zoom", ZOOMS[this.step]);
    this.refresh();
    if (middle) this.move(middle);
  }

  // Where one picture is moved to, the others follow, by the share of their size.
  follow(moved) {
    if (!this.moving) this.move(middleOf(moved), moved);
  }

  move([x, y], moved) {
    this.moving = true;
    for (const frame of this.grid.root.querySelectorAll(".frame")) {
      if (frame === moved) continue;
      const left = x * frame.scrollWidth - frame.clientWidth / 2;
      frame.scrollTo({ left, top: y * frame.scrollHeight - frame.clientHeight / 2, behavior: "instant" });
    }
    requestAnimationFrame(() => (this.moving = false));
  }
}

// One picture over the whole screen; the arrow keys go on to those of the other columns.
export class Alone {
  constructor(grid) {
    this.grid = grid;
    this.element = make("dialog", "alone", "", { "aria-label": "Picture over the whole screen" });
    this.place = make("div", "place");
    this.name = make("p");
    const bar = make("div", "bar");
    bar.append(
      iconButton("left", "Previous picture (←)", () => this.go(-1)),
      this.name,
      iconButton("right", "Next picture (→)", () => this.go(1)),
      button("Close", () => this.element.close()),
    );
    this.element.append(bar, this.place);
    this.element.addEventListener("keydown", (event) => this.key(event));
  }

  get all() {
    return this.grid.columns.flatMap(({ pictures, index }) => pictures.shown.map((picture) => ({ pictures, picture, index })));
  }

  open(column) {
    this.at = Math.max(0, this.all.findIndex(({ index }) => index === column));
    this.draw();
    this.element.showModal();
  }

  key(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    event.stopPropagation(); // the grid behind it has keys of its own
    if (step) this.go(step);
  }

  go(step) {
    const count = this.all.length;
    this.at = (this.at + step + count) % count;
    this.draw();
  }

  draw() {
    const { pictures, picture } = this.all[this.at];
    const said = [`${this.at + 1} of ${this.all.length}`, pictures.title, picture.frame];
    this.name.textContent = said.filter(Boolean).join(" · ");
    this.place.replaceChildren(pictures.image(picture));
  }
}
