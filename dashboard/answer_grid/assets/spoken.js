// What a screen reader is told while answers come: that they were asked for, each that is there, and that all are.

import { make } from "./dom.js";

const REMEMBERED = 3;

export class Spoken {
  constructor() {
    this.element = make("div", "unseen", "", { role: "status", "aria-live": "polite" });
  }

  say(text) {
    this.element.replaceChildren(...[...this.element.children].slice(-REMEMBERED), make("p", "", text));
  }

  // A moment later: what stands in such an element when it appears is not read out.
  begun(models) {
    setTimeout(() => this.say(models === 1 ? "One model is asked." : `${models} models are asked.`), 100);
  }

  over(models) {
    this.say(models === 1 ? "The answer is in." : `All ${models} answers are in.`);
  }
}
