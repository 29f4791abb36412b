// Linked scrolling: the answer under the reader's hand leads, the others go as far in proportion.

import { button, pressed } from "./dom.js";

const HANDS = ["wheel", "touchstart", "pointerdown", "keydown"];

export class Scrolling {
  constructor(grid) {
    this.grid = grid;
    this.on = false;
    this.leader = null;
    this.button = button("Link scrolling", () => pressed(this.button, (this.on = !this.on)), {
      "aria-pressed": "false",
      title: "All answers scroll together, each by the same part of its length",
    });
    for (const column of grid.columns) {
      const options = { passive: true, capture: true };
      for (const hand of HANDS) column.answer.addEventListener(hand, () => (this.leader = column), options);
    }
  }

  // Only a hand leads: an answer that follows its own end, or is led itself, moves nobody.
  scrolled(column) {
    const { answer } = column;
    if (!this.on || column !== this.leader) return;
    const part = answer.scrollTop / Math.max(1, answer.scrollHeight - answer.clientHeight);
    for (const other of this.grid.columns) {
      if (other === column) continue;
      if (column.follows) other.toEnd();
      else other.answer.scrollTop = part * (other.answer.scrollHeight - other.answer.clientHeight);
    }
  }
}
