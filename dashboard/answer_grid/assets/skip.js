// Ways past the form for the keyboard: the first things on the page, seen only while they have the focus.
// Buttons, for what they lead to lies in parts of the page that no address reaches.

import { button, make } from "./dom.js";

const UNSEEN = "position:fixed;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)";
const SEEN = "position:fixed;z-index:1000000;top:0.5rem;left:0.5rem;padding:0.5rem 1rem;border:2px solid;border-radius:0.5rem;font:inherit";

export class Skip {
  constructor(root) {
    this.root = root;
    this.element = make("nav", "", "", { "aria-label": "Skip" });
    this.element.append(
      this.link("Skip to the answers", () => root),
      this.link("Skip to the follow-up", () => document.querySelector(".st-key-next textarea:not(:disabled)") ?? root),
    );
    document.body.prepend(this.element);
  }

  link(label, target) {
    const link = button(label, () => target().focus());
    link.style.cssText = UNSEEN;
    link.onfocus = () => {
      const theme = getComputedStyle(this.root);
      link.style.cssText = SEEN;
      link.style.background = theme.getPropertyValue("--st-background-color");
      link.style.color = theme.getPropertyValue("--st-text-color");
      link.style.fontFamily = theme.getPropertyValue("--st-font");
    };
    link.onblur = () => (link.style.cssText = UNSEEN);
    return link;
  }

  close() {
    this.element.remove();
  }
}
