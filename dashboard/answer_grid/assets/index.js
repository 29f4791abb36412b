// The answer grid: one event stream in, columns out. Only the server's own sanitised HTML is ever set as
// HTML; every other string is set as text. What the stream sends is described in feed.py.

import { Differences } from "./differences.js";
import { make } from "./dom.js";
import { Events } from "./events.js";
import { Find } from "./find.js";
import { Column } from "./column.js";
import { Layout } from "./layout.js";
import { Marks } from "./marks.js";
import { Alone, Zoom } from "./pictures.js";
import { Pair } from "./pictures_pair.js";
import { Scrolling } from "./scrolling.js";
import { Skip } from "./skip.js";
import { Spoken } from "./spoken.js";
import { toolbar } from "./toolbar.js";

const NARROW = 640; // pixels
const DIALOG_MS = 300; // how soon it is looked again whether a dialog is closed
const grids = new WeakMap();

// Runs again on every change of data or theme; the returned function runs once, when the page lets go.
export default function ({ parentElement, data, setTriggerValue }) {
  let grid = grids.get(parentElement);
  // Another run, or one that has an answer more than it had.
  if (grid?.url !== data.url || grid.columns.length !== data.titles.length) {
    grid?.close();
    grids.set(parentElement, (grid = new Grid(parentElement, data)));
  }
  grid.update(data, setTriggerValue);
  return () => {
    grids.get(parentElement)?.close();
    grids.delete(parentElement);
  };
}

// The answers of these never need more room than they had while they came, also where the page draws them anew.
const watched = new Set();

class Grid {
  constructor(parent, data) {
    this.url = data.url;
    this.token = data.token;
    this.cursor = "";
    this.ended = false;
    this.begun = data.begun;
    this.root = make("section", "grid", "", { "aria-label": "Answers", tabindex: "-1" });
    this.spoken = new Spoken();
    this.skip = new Skip(this.root);
    this.marks = new Marks(this, data.marks);
    this.zoom = new Zoom(this);
    this.alone = new Alone(this);
    this.pair = new Pair(this);
    this.columns = data.titles.map((title, index) => new Column(this, index, title));
    this.layout = new Layout(this);
    this.scrolling = new Scrolling(this);
    this.differences = new Differences(this);
    this.find = new Find(this);
    this.toolbar = toolbar(this);
    this.lost = make("p", "lost", "The connection to the answers was lost. Reload the page.", { role: "alert" });
    this.lost.hidden = true;
    this.root.append(...this.columns.map((column) => column.element));
    parent.querySelector(".answers")?.remove();
    this.frame = make("div", "answers");
    this.frame.append(this.lost, this.toolbar, this.layout.tabs, this.root, this.marks.failure, this.spoken.element, this.alone.element, this.pair.element);
    this.frame.onkeydown = (event) => this.layout.key(event);
    parent.append(this.frame);
    this.layout.arrange(this.frame.clientWidth);
    this.sizes = new ResizeObserver(([entry]) => this.layout.arrange(entry.contentRect.width));
    this.sizes.observe(this.frame);
    this.ticking = setInterval(() => this.columns.forEach((column) => column.tick()), 100);
    this.open();
    if (data.live) this.spoken.begun(this.columns.length);
    // On a phone the form fills the screen: whoever pressed Run wants the answers.
    if (data.live && innerWidth < NARROW) requestAnimationFrame(() => this.frame.scrollIntoView({ block: "start" }));
  }

  update(data, trigger) {
    this.trigger = trigger;
    this.token = data.token;
    this.offers = data.offers;
    this.draws = data.draws;
    this.live = data.live;
    if (data.live) watched.add(this.url);
    this.root.classList.toggle("watched", watched.has(this.url));
    this.give_back();
    this.marked = Boolean(data.marks);
    this.columns.forEach((column) => column.offer());
    this.marks.update(data.marks);
    // Asked again from elsewhere on the page, a column may have its new answer before this is drawn.
    if (this.ended && ((data.live && !this.told) || data.begun !== this.begun)) this.open();
    this.begun = data.begun;
    if (!data.live) this.told = false;
  }

  // What is over needs less room; but nothing moves under a hand that is about to press something.
  give_back() {
    if (this.live || !this.root.matches(":hover")) this.root.classList.toggle("over", !this.live);
    else this.root.addEventListener("pointerleave", () => this.give_back(), { once: true });
  }

  open() {
    this.source?.close();
    this.ended = false;
    this.source = new Events(() => this.ask_events(), {
      message: (data, id) => {
        this.cursor = id;
        this.lost.hidden = true;
        for (const change of JSON.parse(data)) this.columns[change.column]?.apply(change);
      },
      refused: () => (this.lost.hidden = false),
      done: () => {
        this.ended = true;
        if (this.live && !this.told) {
          this.spoken.over(this.columns.length);
          this.tell_done();
        }
        this.told = true;
      },
    });
  }

  // The events after the last that came.
  ask_events() {
    const address = new URL(this.url, document.baseURI);
    if (this.cursor) address.searchParams.set("after", this.cursor);
    return [address, this.headers()];
  }

  // The address alone is worth nothing: what opens it goes beside it.
  headers() {
    return { "X-Collate-Token": this.token };
  }

  ask(name, value) {
    this.trigger(name, value);
    if (name === "stop" || name === "continue") return;
    // The run may have ended: look again until the new attempt shows.
    for (const delay of [300, 1200, 3000]) setTimeout(() => this.ended && this.frame.isConnected && this.open(), delay);
    this.told = false;
    this.live = true;
  }

  // Something else of this run than its events; null when it cannot be had. `as`: text, or a blob.
  get(what, parameters = {}, as = "text") {
    const address = new URL(this.url, document.baseURI);
    address.pathname = address.pathname.replace(/events$/, what);
    for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
    return fetch(address, { headers: this.headers() })
      .then((response) => (response.ok ? response[as]() : Promise.reject(response.status)))
      .catch(() => {
        if (as === "text") this.lost.hidden = false; // a preview may be over already
        return null;
      });
  }

  // A column shows other text than before.
  changed(column) {
    this.find?.changed(column);
  }

  // A column has another state or title than before.
  headed(column) {
    this.layout.label(column);
    this.differences.changed(column);
  }

  // A column has its outcome: the page draws its row.
  settled(text) {
    this.say(text);
    if (this.live) this.tell_done();
  }

  // Not while a dialog is open: the page is drawn anew for it, and a dialog then forgets what is being typed in it.
  tell_done() {
    clearTimeout(this.telling);
    if (!this.dialog) this.trigger("done", Date.now());
    else this.telling = setTimeout(() => this.tell_done(), DIALOG_MS);
  }

  get dialog() {
    return document.querySelector("[data-testid=stDialog]");
  }

  say(text) {
    this.spoken.say(text);
  }

  close() {
    this.source?.close();
    this.sizes.disconnect();
    this.columns.forEach((column) => column.pictures.forget());
    this.find.close();
    this.skip.close();
    clearInterval(this.ticking);
    clearTimeout(this.telling);
    this.pair.run(false);
    this.frame.remove();
  }
}
