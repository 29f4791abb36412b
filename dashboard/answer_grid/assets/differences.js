// Differences: each finished answer as what it deletes from and inserts into one of them, the base.

import { make } from "./dom.js";

export class Differences {
  constructor(grid) {
    this.grid = grid;
    this.base = null;
    this.select = make("select", "", "", { "aria-label": "Differences from" });
    this.none = make("option", "", "", { value: "" });
    this.select.append(this.none, ...grid.lanes.map((_, index) => make("option", "", "", { value: index })));
    this.select.onchange = () => this.choose(this.select.value);
    this.element = make("label", "from", "Differences from ");
    this.element.append(this.select);
    this.offer();
  }

  // Only a finished answer can be the base.
  offer() {
    const { lanes } = this.grid;
    const ready = lanes.filter((lane) => lane.comparable);
    this.none.textContent = ready.length ? "None" : "None finished yet";
    this.select.disabled = !ready.length && this.base === null;
    this.element.title = ready.length
      ? "Shows every other answer as what it deletes from this one and inserts into it"
      : "No answer has finished with text yet, so there is nothing to compare";
    lanes.forEach((lane, index) => {
      const option = this.select.options[index + 1];
      const why = lane.head?.live ? " (still answering)" : " (no answer)";
      option.textContent = lane.title.textContent + (lane.comparable ? "" : why);
      option.disabled = !lane.comparable && this.base !== lane;
    });
  }

  choose(value) {
    this.base = value === "" ? null : this.grid.lanes[value];
    this.grid.lanes.forEach((lane) => this.draw(lane));
    this.offer();
  }

  // A lane began, ended or was asked again.
  changed(lane) {
    this.offer();
    if (this.base === lane) this.grid.lanes.forEach((each) => this.draw(each));
    else if (this.base) this.draw(lane);
  }

  async draw(lane) {
    const { base } = this;
    const asked = (lane.asked = {}); // a later question overtakes this one
    if (!base || lane === base) return lane.compare(base ? { base: true } : {});
    const name = base.title.textContent;
    if (base.head?.live) return lane.compare({ why: `${name}, the base, is still answering.` });
    if (lane.head?.live) return lane.compare({ why: `Still answering; what differs from ${name} is marked when it ends.` });
    if (!base.comparable) return lane.compare({ why: `${name}, the base, has no answer.` });
    if (!lane.comparable) return lane.compare({ why: `No answer to compare with ${name}.` });
    const html = await this.grid.get(`difference/${base.index}/${lane.index}`);
    if (lane.asked === asked) lane.compare(html !== null ? { html } : { why: "The difference could not be fetched." });
  }
}
