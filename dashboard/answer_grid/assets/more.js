// An answer that is longer than its room: it fades out where it goes on, and More gives it all the room it needs.

import { button } from "./dom.js";

const SLACK = 12; // pixels that are not worth a button

export class More {
  constructor(column) {
    this.column = column;
    this.button = button("More", () => this.toggle(), { "aria-expanded": "false" });
    this.button.hidden = true;
    this.sizes = new ResizeObserver(() => requestAnimationFrame(() => this.look())); // it changes sizes itself
    for (const part of [column.answer, column.closed, column.tail, column.rawText, column.difference]) {
      this.sizes.observe(part);
    }
    column.answer.addEventListener("scroll", () => this.fade(), { passive: true });
  }

  get whole() {
    return this.button.getAttribute("aria-expanded") === "true";
  }

  look() {
    const { answer } = this.column;
    this.button.hidden = !this.whole && answer.scrollHeight - answer.clientHeight < SLACK;
    this.fade();
  }

  // At its end nothing goes on.
  fade() {
    const { answer, body } = this.column;
    const left = answer.scrollHeight - answer.clientHeight - answer.scrollTop;
    body.toggleAttribute("data-goes-on", left > SLACK);
  }

  toggle() {
    const on = !this.whole;
    this.button.setAttribute("aria-expanded", String(on));
    this.button.textContent = on ? "Less" : "More";
    this.column.element.classList.toggle("whole", on);
    if (!on) this.column.element.scrollIntoView({ block: "nearest" });
    this.look();
  }
}
