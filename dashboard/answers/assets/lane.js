// One column: a lane's head, its answer as it grows, its figures, and what to do when it failed.

export function make(tag, className, text, attributes = {}) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

function seconds(value) {
  return value < 60 ? `${value.toFixed(1)} s` : `${Math.floor(value / 60)} min ${Math.floor(value % 60)} s`;
}

export class Lane {
  constructor(grid, index, title) {
    Object.assign(this, { grid, index, head: null, tailHtml: "", raw: false });
    this.title = make("h3", "title", title);
    this.subtitle = make("p", "subtitle");
    this.badge = make("span", "badge", "Waiting", { "data-tone": "quiet" });
    this.clock = make("span", "clock", "", { "aria-hidden": "true" });
    this.stop = this.button("Stop", () => this.grid.ask("stop", index), true);
    this.retry = this.button("Retry", () => this.grid.ask("retry", index), true);
    this.copy = this.button("Copy", () => this.copyText());
    this.rawButton = this.button("Raw", () => this.showRaw(!this.raw));
    this.rawButton.setAttribute("aria-pressed", "false");
    this.note = make("p", "note");
    this.thinking = make("details", "thinking");
    this.thinkingText = make("div", "thoughts", "", { tabindex: "0" });
    this.thinking.append(make("summary", "", "Thinking"), this.thinkingText);
    this.closed = make("div", "closed");
    this.tail = make("div", "tail");
    this.rawText = make("pre", "plain raw");
    this.answer = make("div", "answer", "", { role: "log", "aria-live": "off", tabindex: "0" });
    this.answer.append(this.note, this.thinking, this.closed, this.tail, this.rawText);
    this.problem = make("div", "problem");
    this.figures = make("dl", "figures");
    const state = make("div", "state");
    state.append(this.clock, this.badge, this.stop);
    const top = make("header");
    top.append(this.title, state, this.subtitle);
    const tools = make("div", "tools");
    tools.append(this.copy, this.rawButton, this.retry);
    const foot = make("footer");
    foot.append(this.figures, tools);
    this.element = make("article", "lane", "", { "data-lane": index });
    this.element.append(top, this.problem, this.answer, foot);
    this.clear();
  }

  button(label, press, once = false) {
    const button = make("button", "", label, { type: "button" });
    button.onclick = () => {
      button.disabled = once;
      press();
    };
    return button;
  }

  clear() {
    this.closed.replaceChildren();
    this.tail.replaceChildren();
    this.thinkingText.replaceChildren(document.createTextNode(""));
    this.tailHtml = "";
    this.thinking.hidden = true;
    this.showRaw(false);
  }

  apply(change) {
    // Follow the text only if the reader was at its end, and never when all of it comes at once.
    const { answer } = this;
    const follow = this.head?.live && answer.scrollHeight - answer.scrollTop - answer.clientHeight < 32;
    if (change.reset) this.clear();
    for (const html of change.blocks ?? []) this.closed.insertAdjacentHTML("beforeend", html);
    if (change.tail) {
      this.tailHtml = this.tailHtml.slice(0, change.tail[0]) + change.tail[1];
      this.tail.innerHTML = this.tailHtml;
    }
    if (change.thinking) {
      this.thinking.hidden = false;
      this.thinkingText.firstChild.appendData(change.thinking);
    }
    if (change.elapsed !== undefined) this.since = performance.now() - 1000 * change.elapsed;
    if (change.head) this.show(change.head);
    if (follow) answer.scrollTop = answer.scrollHeight;
    if (this.raw && (change.blocks || change.head)) this.showRaw(true);
  }

  show(head) {
    if (this.head?.live && !head.live) this.grid.settled(`Answer of ${head.title}: ${head.label}`);
    if (this.head?.live !== head.live) this.stop.disabled = this.retry.disabled = false;
    this.head = head;
    if (!head.live) this.since = undefined;
    this.element.dataset.status = head.label.toLowerCase();
    this.element.setAttribute("aria-busy", head.live);
    this.title.textContent = this.title.title = head.title;
    this.subtitle.textContent = this.subtitle.title = head.subtitle;
    this.answer.setAttribute("aria-label", `Answer of ${head.title}`);
    this.badge.textContent = head.label;
    this.badge.title = head.help;
    this.badge.dataset.tone = head.tone;
    this.note.textContent = head.note ?? "";
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
  }

  // Which buttons there are depends on the lane's state and on what the page offers.
  offer() {
    const { head } = this;
    const offers = this.grid.offers ?? {};
    const over = head !== null && !head.live;
    this.stop.hidden = !(offers.stop && head?.live);
    this.retry.hidden = !(offers.retry && over && !head.problem);
    this.problem.replaceChildren();
    this.problem.hidden = !head?.problem;
    if (!head?.problem) return;
    const [message, nextStep, setting] = head.problem;
    this.problem.append(make("p", "message", message), make("p", "", nextStep));
    const ways = make("div", "tools");
    if (offers.retry && over) ways.append(this.button("Retry", () => this.grid.ask("retry", this.index), true));
    if (offers.without && over && setting) {
      const wish = { lane: this.index, setting };
      ways.append(this.button(`Run without ${setting}`, () => this.grid.ask("without", wish), true));
    }
    this.problem.append(ways);
  }

  tick() {
    const text = this.since === undefined ? "" : seconds((performance.now() - this.since) / 1000);
    if (this.clock.textContent !== text) this.clock.textContent = text;
  }

  async showRaw(on) {
    this.raw = on;
    if (on) this.rawText.textContent = await this.grid.textOf(this.index);
    this.rawButton.setAttribute("aria-pressed", String(this.raw));
    this.rawText.hidden = !this.raw;
    this.closed.hidden = this.tail.hidden = this.raw;
  }

  async copyText() {
    const text = await this.grid.textOf(this.index);
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
