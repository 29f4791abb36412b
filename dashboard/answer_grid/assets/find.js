// Find in answers: matches are painted over the text by the browser; the text itself is not touched.

import { iconButton, make } from "./dom.js";

const PAUSE_MS = 200;
const APART = "details, .note, .unseen, [hidden]";

// One for the page, because a browser knows highlights by name; missing in older browsers.
const paint = globalThis.Highlight && CSS.highlights ? { all: new Highlight(), at: new Highlight() } : null;
if (paint) {
  paint.at.priority = 1;
  CSS.highlights.set("collate-found", paint.all);
  CSS.highlights.set("collate-at", paint.at);
}

// Lower case of the same length, so that places in one are places in the other.
function fold(text) {
  const lower = text.toLowerCase();
  if (lower.length === text.length) return lower;
  return Array.from(text, (c) => (c.toLowerCase().length === c.length ? c.toLowerCase() : c)).join("");
}

function* textNodes(element) {
  const accept = (node) => (node.nodeType !== 3 && node.matches(APART) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT, accept);
  while (walker.nextNode()) if (walker.currentNode.nodeType === 3) yield walker.currentNode;
}

function matches(element, wanted) {
  const nodes = [...textNodes(element)];
  const text = fold(nodes.map((node) => node.data).join(""));
  const found = [];
  let node = 0;
  let before = 0; // characters before `node`
  const place = (at, last) => {
    while (node < nodes.length - 1 && at - before >= nodes[node].length + last) before += nodes[node++].length;
    return [nodes[node], at - before];
  };
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
    const [startContainer, startOffset] = place(at, 0);
    const [endContainer, endOffset] = place(at + wanted.length, 1);
    found.push(new StaticRange({ startContainer, startOffset, endContainer, endOffset }));
  }
  return found;
}

export class Find {
  constructor(grid) {
    this.grid = grid;
    this.found = grid.columns.map(() => []);
    this.stale = new Set();
    this.at = null; // [column, number] of the match that was stepped to
    this.input = make("input", "", "", { type: "search", placeholder: "Find in answers", "aria-label": "Find in answers" });
    this.input.oninput = () => this.search();
    this.input.onkeydown = (event) => this.key(event);
    this.count = make("output", "count", "", { "aria-live": "off" });
    const previous = iconButton("up", "Previous match (Shift+Enter)", () => this.step(-1));
    const next = iconButton("down", "Next match (Enter)", () => this.step(1));
    this.element = make("div", "find", "", { role: "search" });
    this.element.append(this.input, previous, next, this.count);
    this.steps = [previous, next];
    this.tell();
  }

  // The text of a column is not what it was. A pause, so that a stream costs a few looks a second.
  changed(column) {
    if (!this.input.value) return;
    this.stale.add(column);
    this.timer ??= setTimeout(() => this.look(), PAUSE_MS);
  }

  search() {
    this.at = null;
    this.grid.columns.forEach((column) => this.stale.add(column));
    this.look();
    clearTimeout(this.saying);
    if (this.input.value) this.saying = setTimeout(() => this.grid.say(this.count.textContent), 800);
  }

  look() {
    clearTimeout(this.timer);
    this.timer = undefined;
    const wanted = fold(this.input.value);
    for (const column of this.stale) {
      const old = this.found[column.index];
      const found = (this.found[column.index] = wanted ? matches(column.answer, wanted) : []);
      old.forEach((range) => paint?.all.delete(range));
      found.forEach((range) => paint?.all.add(range));
      column.countMatches(wanted ? found.length : null);
      this.grid.layout.label(column);
    }
    this.stale.clear();
    this.tell();
  }

  tell() {
    const counts = this.found.map((found) => found.length);
    const total = counts.reduce((sum, count) => sum + count, 0);
    const answers = counts.filter(Boolean).length;
    if (this.at && this.at[1] >= counts[this.at[0]]) this.at = null;
    const place = this.at && counts.slice(0, this.at[0]).reduce((sum, count) => sum + count, 0) + this.at[1] + 1;
    const where = `${total} in ${answers} ${answers === 1 ? "answer" : "answers"}`;
    this.count.textContent = !this.input.value ? "" : !total ? "No matches" : place ? `${place} of ${where}` : where;
    this.steps.forEach((button) => (button.disabled = !total));
    paint?.at.clear();
    if (this.at) paint?.at.add(this.found[this.at[0]][this.at[1]]);
  }

  key(event) {
    if (event.key === "Enter") {
      event.preventDefault();
      this.step(event.shiftKey ? -1 : 1);
    } else if (event.key === "Escape" && this.input.value) {
      event.preventDefault();
      this.input.value = "";
      this.search();
    }
  }

  step(by) {
    if (this.stale.size) this.look();
    const places = this.found.flatMap((found, column) => found.map((_, number) => [column, number]));
    if (!places.length) return;
    const now = this.at ? places.findIndex(([column, number]) => column === this.at[0] && number === this.at[1]) : by > 0 ? -1 : 0;
    this.at = places[(now + by + places.length) % places.length];
    this.grid.layout.reveal(this.at[0]);
    this.tell();
    this.show(this.grid.columns[this.at[0]].answer, this.found[this.at[0]][this.at[1]]);
    this.grid.say(this.count.textContent);
  }

  // Bring a match into view: within its answer, within a wide table or block of code, then on the page.
  show(answer, { startContainer, startOffset, endContainer, endOffset }) {
    const range = document.createRange();
    range.setStart(startContainer, startOffset);
    range.setEnd(endContainer, endOffset);
    const box = answer.getBoundingClientRect();
    const place = range.getBoundingClientRect();
    if (place.top < box.top || place.bottom > box.bottom) answer.scrollTop += place.top - box.top - box.height / 3;
    const wide = startContainer.parentElement.closest("pre, .table, .math");
    const edges = wide?.getBoundingClientRect();
    if (wide && (place.left < edges.left || place.right > edges.right)) {
      wide.scrollLeft += place.left - edges.left - edges.width / 3;
    }
    const { top, bottom } = range.getBoundingClientRect();
    if (top < 80 || bottom > innerHeight - 40) answer.scrollIntoView({ block: "center" });
  }

  close() {
    clearTimeout(this.timer);
    clearTimeout(this.saying);
    this.found.flat().forEach((range) => paint?.all.delete(range));
    paint?.at.clear();
  }
}
