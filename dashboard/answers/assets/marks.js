// What people say of the answers: thumbs, the best of the run, and the way to stars, notes and tags.
// A click shows at once; it counts when the page has answered it, and turns back if the page refused.

import { button, iconButton, make, pressed } from "./dom.js";

const NOTICE_MS = 12000;

export class Marks {
  constructor(grid, data) {
    Object.assign(this, { grid, data: undefined, pending: [], number: Date.now(), noticed: data?.notice?.number });
    this.text = make("p");
    this.undo = button("Undo", () => this.wish(0, "undo", 0));
    this.notice = make("div", "notice");
    const words = make("div", "words");
    words.append(this.text, this.undo);
    this.notice.append(words);
    this.notice.hidden = true;
  }

  wish(lane, what, value) {
    this.number = Math.max(this.number + 1, Date.now());
    this.pending.push({ number: this.number, lane, what, value });
    this.notice.hidden = true;
    this.draw();
    // All that has not been answered: of two triggers in a row, the page may hear only the later.
    this.grid.trigger("mark", this.pending);
  }

  update(data) {
    this.data = data;
    this.pending = this.pending.filter((wish) => wish.number > (data?.heard ?? 0));
    this.draw();
    if (data?.notice && data.notice.number !== this.noticed) this.tell(data.notice);
  }

  draw() {
    const lanes = this.data?.lanes.map((lane) => ({ ...lane }));
    for (const { lane, what, value } of lanes ? this.pending : []) {
      if (what === "best" && value) lanes.forEach((each) => (each.best = false));
      if (what === "thumb" || what === "best") lanes[lane][what] = value;
    }
    this.grid.lanes.forEach((lane, index) => lane.marks.draw(lanes?.[index]));
  }

  // In a place that moves nothing, for as long as it may be wanted.
  tell({ number, text, undo, failed }) {
    this.noticed = number;
    this.text.textContent = text;
    this.undo.hidden = !undo;
    this.notice.dataset.tone = failed ? "bad" : "good";
    this.notice.hidden = false;
    this.grid.say(text);
    clearTimeout(this.ending);
    if (!failed) this.ending = setTimeout(() => this.end(), NOTICE_MS);
  }

  end() {
    if (this.notice.matches(":hover, :focus-within")) this.ending = setTimeout(() => this.end(), NOTICE_MS);
    else this.notice.hidden = true;
  }

  close() {
    clearTimeout(this.ending);
  }
}

export class LaneMarks {
  constructor(grid, index) {
    this.chips = make("span", "said");
    this.up = iconButton("up-thumb", "Good answer", () => this.toggle("thumb", this.up, 1));
    this.down = iconButton("down-thumb", "Poor answer", () => this.toggle("thumb", this.down, -1));
    this.best = button("Best answer", () => this.toggle("best", this.best, 1), {
      title: "The best answer of this comparison, in your eyes. There is one; a second click takes it back.",
    });
    this.more = button("Rate and note", () => grid.marks.wish(index, "more", 0), {
      title: "Stars, a note and tags for this answer",
      "aria-haspopup": "dialog",
    });
    this.element = make("div", "marks", "", { role: "group", "aria-label": "What you say of this answer" });
    this.element.append(this.up, this.down, this.best, this.more);
    this.toggle = (what, element, value) =>
      grid.marks.wish(index, what, element.getAttribute("aria-pressed") === "true" ? 0 : value);
  }

  // The room is there from the start; what is in it, once there is an answer to speak of.
  offer(offered, over) {
    this.element.hidden = !offered;
    this.element.dataset.over = over;
    for (const each of this.element.children) each.disabled = !over;
  }

  draw(said) {
    pressed(this.up, said?.thumb === 1);
    pressed(this.down, said?.thumb === -1);
    pressed(this.best, Boolean(said?.best));
    this.more.classList.toggle("some", Boolean(said?.more));
    this.chips.replaceChildren(...(said?.chips ?? []).map(([text, help, kind]) => make("span", `chip ${kind}`, text, { title: help })));
  }
}
