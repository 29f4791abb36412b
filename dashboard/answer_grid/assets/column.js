// One column: a column's head, its answer as it grows, its figures, and what to do when it failed.

import { button, iconButton, make, pressed, redraw, seconds } from "./dom.js";
import { earlierTurns } from "./earlier.js";
import { ColumnMarks } from "./marks.js";
import { More } from "./more.js";
import { Pictures } from "./pictures.js";

const RAW_PAUSE_MS = 300;
const CONTINUE_MS = 3000;
const AT_END = 32; // pixels

export class Column {
  constructor(grid, index, title) {
    Object.assign(this, { grid, index, head: null, raw: false, comparison: {}, matches: null, attempts: 0 });
    this.filled = Promise.resolve();
    this.build(index, title);
    this.clear();
  }

  build(index, title) {
    const { grid } = this;
    this.title = make("h3", "title", title, { title });
    this.subtitle = make("p", "subtitle");
    this.mark = make("span", "mark");
    this.isBase = make("span", "mark base", "base", { title: "The other answers are shown as differences from this one" });
    this.count = make("span", "count");
    this.marks = new ColumnMarks(grid, index);
    this.badge = make("span", "badge", "Waiting", { "data-tone": "quiet" });
    this.clock = make("span", "clock", "", { "aria-hidden": "true" });
    this.stop = this.once("Stop", () => grid.ask("stop", index), { class: "stop" });
    this.before = iconButton("left", "Previous answer (←)", () => grid.layout.step(-1));
    this.after = iconButton("right", "Next answer (→)", () => grid.layout.step(1));
    this.expand = iconButton("expand", "Show alone", () => (this.alone ? grid.layout.back() : grid.layout.focus(index)));
    this.retry = this.once("Retry", () => grid.ask("retry", index));
    this.goOn = button("Continue all from this", () => this.continueAll(), {
      title: "The next question goes to every model, each with this answer as its history",
    });
    this.copy = button("Copy", () => this.copyText());
    this.rawButton = button("Raw", () => this.showRaw(!this.raw), { "aria-pressed": "false" });
    this.note = make("p", "note");
    this.why = make("p", "note");
    this.earlier = make("details", "earlier");
    this.thinking = make("details", "thinking");
    this.thinkingText = make("div", "thoughts", "", { tabindex: "0" });
    this.thinking.append(make("summary", "", "Thinking"), this.thinkingText);
    this.pictures = new Pictures(grid, index);
    this.closed = make("div", "closed");
    this.tail = make("div", "tail");
    this.rawText = make("pre", "plain raw");
    this.difference = make("div", "difference");
    this.answer = make("div", "answer", "", { role: "log", "aria-live": "off", tabindex: "0" });
    this.answer.addEventListener("scroll", () => this.scrolled(), { passive: true });
    this.answer.append(this.note, this.why, this.earlier, this.thinking, this.pictures.element, this.closed, this.tail, this.rawText, this.difference);
    this.problem = make("div", "problem");
    this.figures = make("dl", "figures");
    const state = make("div", "state");
    state.append(this.clock, this.badge, this.stop, this.before, this.after, this.expand);
    const under = make("div", "under");
    under.append(this.subtitle, this.mark, this.isBase, this.marks.chips, this.count);
    const top = make("header");
    top.append(this.title, state, under);
    const tools = make("div", "tools");
    this.more = new More(this);
    tools.append(this.more.button, this.copy, this.rawButton, this.retry, this.goOn);
    const foot = make("footer");
    foot.append(this.figures, tools, this.marks.element);
    this.element = make("section", "column", "", { "data-column": index, id: `column-${index}` });
    this.body = make("div", "body");
    this.body.append(this.answer, this.problem); // below, so that no text moves when it comes
    this.element.append(top, this.body, foot);
    this.compare({});
    this.countMatches(null);
  }

  // A button that must not be pressed twice before the page has heard of it.
  once(label, press, attributes) {
    return button(label, (self) => ((self.disabled = true), press()), attributes);
  }

  // If all goes well another run takes this place; if not, the page says why, and the button comes back.
  continueAll() {
    this.goOn.disabled = true;
    setTimeout(() => (this.goOn.disabled = false), CONTINUE_MS);
    this.grid.ask("continue", this.index);
  }

  clear() {
    this.closed.replaceChildren();
    this.tail.replaceChildren();
    this.thinkingText.replaceChildren(document.createTextNode(""));
    this.rawText.replaceChildren(document.createTextNode(""));
    this.earlier.replaceChildren();
    this.tailHtml = "";
    this.rawLength = 0;
    this.attempts += 1;
    this.followed = false;
    this.thinking.hidden = this.earlier.hidden = true;
    this.arrange();
  }

  apply(change) {
    if (this.grid.live) this.scrolled(); // before the text grows, for the event comes after it; asking costs a layout
    const follow = this.follows;
    if (change.reset) this.clear();
    if (change.earlier) this.tellEarlier(change.earlier);
    if (change.blocks) this.closed.insertAdjacentHTML("beforeend", change.blocks.join(""));
    if (change.tail) {
      this.tailHtml = this.tailHtml.slice(0, change.tail[0]) + change.tail[1];
      this.tail.innerHTML = this.tailHtml;
    }
    if (change.thinking) {
      this.thinking.hidden = false;
      this.thinkingText.firstChild.appendData(change.thinking);
    }
    if (change.elapsed !== undefined) this.since = performance.now() - 1000 * change.elapsed;
    if (change.head) this.tell(change.head);
    if (this.raw) this.fillSoon();
    this.grown(follow);
  }

  // One reads from the beginning, so the text is followed only once its reader has gone to its end.
  scrolled() {
    const { answer } = this;
    if (this.element.hidden || answer.scrollTop === this.placedAt) return;
    this.placedAt = answer.scrollTop;
    this.followed = answer.scrollTop > 0 && answer.scrollHeight - answer.scrollTop - answer.clientHeight < AT_END;
    this.grid.scrolling.scrolled(this);
  }

  get follows() {
    return this.followed && this.head?.live && this.grid.live;
  }

  grown(follow) {
    if (follow) this.toEnd();
    this.grid.changed(this);
  }

  toEnd() {
    this.followed = true;
    this.answer.scrollTop = this.answer.scrollHeight;
    this.placedAt = this.answer.scrollTop;
  }

  tell(head) {
    const before = this.head;
    const said = `Answer of ${head.title}: ${head.label}`; // also of one that was faster than the page
    if (before?.live && !head.live) this.grid.settled(said);
    else if (before === null && !head.live && this.grid.live) this.grid.say(said);
    if (before?.live !== head.live) this.stop.disabled = this.retry.disabled = false;
    this.head = head;
    if (!head.live) this.since = undefined;
    this.element.dataset.status = head.label.toLowerCase();
    this.element.setAttribute("aria-busy", head.live);
    this.title.textContent = this.title.title = head.title;
    this.subtitle.textContent = this.subtitle.title = head.subtitle;
    this.mark.textContent = this.mark.title = head.mark ?? "";
    this.answer.setAttribute("aria-label", `Answer of ${head.title}`);
    this.badge.textContent = head.label;
    this.badge.title = head.help;
    this.badge.dataset.tone = head.tone;
    this.note.textContent = head.note ?? "";
    this.pictures.show(head.pictures, head.title);
    this.thinking.firstChild.textContent = head.label === "Thinking" ? "Thinking…" : "Thinking";
    this.figures.replaceChildren(
      ...head.figures.map(([label, value, help]) => {
        const figure = make("div", "", "", { title: help });
        figure.append(make("dt", "", label), make("dd", "", value));
        return figure;
      }),
    );
    this.offer();
    this.tick();
    this.grid.headed(this);
  }

  tellEarlier(turns) {
    this.earlier.replaceChildren(...earlierTurns(turns));
    this.earlier.hidden = false;
  }

  // It has ended, with text.
  get comparable() {
    return this.head !== null && !this.head.live && this.closed.childElementCount > 0;
  }

  // Something to read beside the answer itself.
  get hasMore() {
    return this.pictures.any || this.note.textContent !== "" || !this.earlier.hidden || !this.thinking.hidden;
  }

  // Which buttons there are depends on the column's state and on what the page offers.
  offer() {
    const { head } = this;
    const offers = this.grid.offers ?? {};
    const over = head !== null && !head.live;
    const again = offers.retry && over && head.askable;
    this.stop.hidden = !(offers.stop && head?.live);
    this.retry.hidden = !(again && !head.problem);
    this.goOn.hidden = !(offers.continue && this.comparable);
    this.copy.hidden = (over && !this.comparable) || this.grid.draws;
    this.arrange();
    this.marks.offer(this.grid.marked, over, this.comparable || this.pictures.any || !head?.problem);
    this.problem.replaceChildren();
    this.problem.hidden = !head?.problem;
    this.answer.hidden = Boolean(head?.problem) && !this.comparable && !this.hasMore;
    if (!head?.problem) return;
    const [message, nextStep, setting] = head.problem;
    this.problem.append(make("p", "message", message), make("p", "", nextStep));
    const ways = make("div", "tools");
    if (again) ways.append(this.once("Retry", () => this.grid.ask("retry", this.index)));
    if (offers.without && over && setting) {
      const wish = { column: this.index, setting };
      ways.append(this.once(`Run without ${setting}`, () => this.grid.ask("without", wish)));
    }
    this.problem.append(ways);
  }

  tick() {
    const text = this.since === undefined ? "" : seconds((performance.now() - this.since) / 1000);
    if (this.clock.textContent !== text) this.clock.textContent = text;
  }

  // On screen or not; `tab` is the id of the tab that leads here.
  show(on, tab) {
    const appears = on && this.element.hidden;
    this.element.hidden = !on;
    for (const [name, value] of [["role", "tabpanel"], ["aria-labelledby", tab]]) {
      tab ? this.element.setAttribute(name, value) : this.element.removeAttribute(name);
    }
    if (appears && this.head?.live && this.followed) this.grown(true);
  }

  focused(alone, columns) {
    this.alone = alone;
    this.expand.hidden = columns === 1;
    this.before.hidden = this.after.hidden = !alone;
    redraw(this.expand, alone ? "shrink" : "expand", alone ? "Back to all (Escape)" : "Show alone");
  }

  countMatches(count) {
    this.matches = count;
    this.count.textContent = count === null ? "" : `${count} found`;
  }

  // As a difference from the base (`html`), not as one and `why`, as the base itself, or as it is.
  compare(comparison) {
    this.comparison = comparison;
    this.isBase.hidden = !comparison.base;
    this.why.textContent = comparison.why ?? "";
    this.difference.innerHTML = comparison.html ?? "";
    this.arrange();
    this.grid.changed(this);
  }

  arrange() {
    const compared = this.comparison.html !== undefined;
    this.difference.hidden = !compared;
    this.rawText.hidden = compared || !this.raw;
    this.closed.hidden = this.tail.hidden = compared || this.raw;
    this.rawButton.hidden = compared || this.grid.draws || (this.head !== null && !this.head.live && !this.comparable);
    pressed(this.rawButton, this.raw);
  }

  async showRaw(on) {
    this.raw = on;
    if (on) await this.fill();
    this.arrange();
    this.grid.toolbar.refresh();
    this.grid.changed(this);
  }

  // Append what of the raw text is not here yet; one question at a time.
  fill() {
    return (this.filled = this.filled.then(async () => {
      const { attempts } = this;
      const text = await this.grid.get(`text/${this.index}`, { after: this.rawLength });
      if (!text || attempts !== this.attempts) return;
      const follow = this.follows;
      this.rawText.firstChild.appendData(text);
      this.rawLength += Array.from(text).length;
      this.grown(follow);
    }));
  }

  fillSoon() {
    this.due ??= setTimeout(() => ((this.due = undefined), this.fill()), RAW_PAUSE_MS);
  }

  async copyText() {
    const text = await this.grid.get(`text/${this.index}`);
    try {
      await navigator.clipboard.writeText(text);
      this.copy.textContent = "Copied";
      setTimeout(() => (this.copy.textContent = "Copy"), 1500);
      this.grid.say(`Answer of ${this.title.textContent} copied`);
    } catch {
      // No clipboard without https: select the raw text instead, for the keyboard to copy.
      await this.showRaw(true);
      getSelection().selectAllChildren(this.rawText);
    }
  }
}
