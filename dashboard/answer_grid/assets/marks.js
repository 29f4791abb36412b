// What people say of the answers: thumbs, the best of the run, and the way to stars, notes and tags.
// A click shows at once; it counts when the page has answered it, and turns back if the page refused.

import { button, iconButton, make, pressed } from "./dom.js";

const REMIND_MS = 2500;
const REMINDERS = 4;

export class Marks {
  constructor(grid, data) {
    Object.assign(this, { grid, data: undefined, pending: [], number: 0, told: data?.notice?.number, reminders: 0 });
    this.text = make("p");
    this.failure = make("div", "failure");
    const words = make("div", "words");
    words.append(this.text, button("Close", () => (this.failure.hidden = true)));
    this.failure.append(words);
    this.failure.hidden = true;
  }

  wish(column, what, value) {
    this.number = Math.max(this.number + 1, Date.now());
    this.pending.push({ number: this.number, column, what, value });
    this.failure.hidden = true;
    this.draw();
    // All that has not been answered: of two triggers in a row, the page may hear only the later.
    this.grid.trigger("mark", this.pending);
    this.reminders = REMINDERS;
    this.remind();
  }

  // A page that is busy may drop a click that it has begun to follow: it is told again, once no dialog is open.
  remind() {
    clearTimeout(this.reminder);
    this.reminder = setTimeout(() => {
      if (!this.pending.length || !this.reminders || !this.grid.frame.isConnected) return;
      if (!this.grid.dialog) {
        this.reminders -= 1;
        this.grid.trigger("mark", this.pending);
      }
      this.remind();
    }, REMIND_MS);
  }

  update(data) {
    this.data = data;
    this.pending = this.pending.filter((wish) => wish.number > (data?.heard ?? 0));
    this.draw();
    if (data?.notice && data.notice.number !== this.told) this.tell(data.notice);
  }

  draw() {
    const columns = this.data?.columns.map((column) => ({ ...column }));
    for (const { column, what, value } of columns ? this.pending : []) {
      if (what === "best" && value) columns.forEach((each) => (each.best = false));
      if (what === "thumb" || what === "best") columns[column][what] = value;
    }
    const { notice } = this.data ?? {};
    this.grid.columns.forEach((column, index) => {
      const undo = notice?.undo && notice.column === index && !this.pending.length ? notice.text : null;
      column.marks.draw(columns?.[index], undo);
      column.pictures.describe(columns?.[index]?.described ?? {});
    });
  }

  // What went well is seen where it was clicked; what did not lies over the answers, and moves nothing.
  tell({ number, text, failed }) {
    this.told = number;
    this.text.textContent = text;
    this.failure.hidden = !failed;
    this.grid.say(text);
  }
}

export class ColumnMarks {
  constructor(grid, index) {
    const toggle = (what, element, value) =>
      grid.marks.wish(index, what, element.getAttribute("aria-pressed") === "true" ? 0 : value);
    this.chips = make("span", "said");
    this.up = iconButton("thumb-up", "Good answer", () => toggle("thumb", this.up, 1));
    this.down = iconButton("thumb-down", "Poor answer", () => toggle("thumb", this.down, -1));
    this.best = button("Best answer", () => toggle("best", this.best, 1), {
      title: "The best answer of this run, in your opinion. There is only one; a second click removes it.",
    });
    this.more = button("Rate and note", () => grid.marks.wish(index, "more", 0), {
      title: "Stars, a note and tags for this answer",
      "aria-haspopup": "dialog",
    });
    this.undo = button("Undo", () => (this.best.focus({ preventScroll: true }), grid.marks.wish(index, "undo", 0)));
    this.element = make("div", "ratings", "", { role: "group", "aria-label": "What you say of this answer" });
    this.element.append(this.up, this.down, this.best, this.more, this.undo);
  }

  // The room is there from the start; what is in it, once there is an answer to speak of.
  // Of what failed without a word there is no good or bad, only a note.
  offer(offered, over, given) {
    this.element.hidden = !offered;
    this.element.dataset.over = over;
    this.up.hidden = this.down.hidden = this.best.hidden = !given;
  }

  draw(said, undo) {
    pressed(this.up, said?.thumb === 1);
    pressed(this.down, said?.thumb === -1);
    pressed(this.best, Boolean(said?.best));
    this.more.classList.toggle("some", Boolean(said?.more));
    this.undo.hidden = !undo;
    this.undo.title = undo ? `Undo: ${undo}` : "";
    this.chips.replaceChildren(
      ...(said?.chips ?? []).map(([text, help, kind]) => make("span", "say", text, { title: help, "data-kind": kind })),
    );
  }
}
