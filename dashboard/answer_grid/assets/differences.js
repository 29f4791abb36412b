// Differences: each finished answer as what it deletes from and inserts into one of them, the base.

import { make } from "./dom.js";

export class Differences {
  constructor(grid) {
    this.grid = grid;
    this.base = null;
    this.select = make("select", "", "", { "aria-label": "Differences from" });
    this.none = make("option", "", "", { value: "" });
    this.select.append(this.none, ...grid.columns.map((_, index) => make("option", "", "", { value: index })));
    this.select.onchange = () => this.choose(this.select.value);
    this.element = make("label", "from", "Differences from ");
    this.element.append(this.select);
    this.offer();
  }

  // Only a finished answer can be the base.
  offer() {
    const { columns } = this.grid;
    const ready = columns.filter((column) => column.comparable);
    const waiting = columns.some((column) => column.head === null || column.head.live);
    this.none.textContent = ready.length ? "None" : waiting ? "None finished yet" : "No answer";
    this.select.disabled = !ready.length && this.base === null;
    this.element.title = ready.length
      ? "Shows every other answer as what it deletes from this one and inserts into it"
      : waiting
        ? "No answer has finished with text yet, so there is nothing to compare"
        : "No answer has any text, so there is nothing to compare";
    columns.forEach((column, index) => {
      const option = this.select.options[index + 1];
      const why = column.head?.live ? " (still answering)" : " (no answer)";
      option.textContent = column.title.textContent + (column.comparable ? "" : why);
      option.disabled = !column.comparable && this.base !== column;
    });
  }

  choose(value) {
    this.base = value === "" ? null : this.grid.columns[value];
    this.grid.columns.forEach((column) => this.draw(column));
    this.offer();
  }

  // A column began, ended or was asked again.
  changed(column) {
    this.offer();
    if (this.base === column) this.grid.columns.forEach((each) => this.draw(each));
    else if (this.base) this.draw(column);
  }

  async draw(column) {
    const { base } = this;
    const asked = (column.asked = {}); // a later question overtakes this one
    if (!base || column === base) return column.compare(base ? { base: true } : {});
    const name = base.title.textContent;
    if (base.head?.live) return column.compare({ why: `${name}, the base, is still answering.` });
    if (column.head?.live) return column.compare({ why: `Still answering; what differs from ${name} is marked when it ends.` });
    if (!base.comparable) return column.compare({ why: `${name}, the base, has no answer.` });
    if (!column.comparable) return column.compare({ why: `No answer to compare with ${name}.` });
    const html = await this.grid.get(`difference/${base.index}/${column.index}`);
    if (column.asked === asked) column.compare(html !== null ? { html } : { why: "The difference could not be fetched." });
  }
}
