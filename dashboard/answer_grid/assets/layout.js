// Where the answers stand: in columns, stacked, in tabs, or one alone. Which of them is remembered.

import { button, make, pressed } from "./dom.js";

const CHOICES = { columns: "Columns", stacked: "Stacked", tabs: "Tabs" };
const KEY = "collate-layout";
const NARROWEST = 280;
const GAP = 16;

function remembered() {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null; // storage may be forbidden
  }
}

function remember(choice) {
  try {
    sessionStorage.setItem(KEY, choice);
  } catch {
    // It is chosen all the same, until the next reload.
  }
}

export class Layout {
  constructor(grid) {
    this.grid = grid;
    this.width = 0;
    this.shown = 0; // the tab that is open
    this.alone = null; // the column in focus
    this.choices = make("div", "choices", "", { role: "group", "aria-label": "Layout" });
    this.tabs = make("div", "tabs", "", { role: "tablist", "aria-label": "Answers" });
    for (const [name, label] of Object.entries(CHOICES)) {
      this.choices.append(button(label, () => this.choose(name), { "data-layout": name }));
    }
    this.tabs.append(...grid.columns.map((column, index) => this.tab(column, index)));
    this.tabs.onkeydown = (event) => this.walk(event);
    this.choice = grid.columns.length > 1 && remembered() in CHOICES ? remembered() : "columns";
  }

  tab(column, index) {
    const tab = button("", () => this.open(index), { role: "tab", id: `tab-${index}`, "aria-controls": `column-${index}` });
    tab.append(make("span", "badge"), make("span", "name", column.title.textContent), make("span", "count"));
    return tab;
  }

  // What a tab says of its column.
  label(column) {
    const [badge, name, count] = this.tabs.children[column.index].children;
    this.tabs.children[column.index].title = [column.head?.title, column.head?.subtitle, column.head?.label].join("\n");
    name.textContent = column.title.textContent;
    badge.dataset.tone = column.badge.dataset.tone;
    count.textContent = column.matches ? String(column.matches) : "";
  }

  choose(name) {
    this.choice = name;
    this.alone = null;
    remember(name);
    this.arrange();
  }

  open(index) {
    this.shown = index;
    if (this.alone !== null) this.alone = index;
    this.arrange();
  }

  // As many columns as fit, in rows of equal length.
  arrange(width = this.width) {
    this.width = width;
    const { root, columns } = this.grid;
    const single = this.alone ?? (this.choice === "tabs" ? this.shown : null);
    const fit = Math.max(1, Math.floor((width + GAP) / (NARROWEST + GAP)));
    const rows = Math.ceil(columns.length / fit);
    const across = single === null && this.choice === "columns" ? Math.ceil(columns.length / rows) || 1 : 1;
    root.style.setProperty("--columns", across);
    root.classList.toggle("abreast", single === null && this.choice === "columns" && fit > 1);
    root.dataset.layout = this.alone === null ? this.choice : "alone";
    this.tabs.hidden = this.choice !== "tabs" || this.alone !== null;
    for (const choice of this.choices.children) pressed(choice, choice.dataset.layout === this.choice);
    columns.forEach((column, index) => {
      column.show(single === null || single === index, this.tabs.hidden ? null : `tab-${index}`);
      column.focused(this.alone === index, columns.length);
      const tab = this.tabs.children[index];
      tab.setAttribute("aria-selected", String(index === this.shown));
      tab.tabIndex = index === this.shown ? 0 : -1;
    });
  }

  // A column that something leads to, a match for instance, is on screen.
  reveal(index) {
    const single = this.alone ?? (this.choice === "tabs" ? this.shown : index);
    if (single !== index) this.open(index);
  }

  focus(index) {
    const { root, columns } = this.grid;
    if (this.alone === null) root.style.setProperty("--height", `${Math.round(root.offsetHeight)}px`);
    this.alone = this.shown = index;
    this.arrange();
    columns[index].expand.focus({ preventScroll: true });
    const { top, bottom } = columns[index].element.getBoundingClientRect();
    if (top < 0 || bottom > innerHeight) this.grid.frame.scrollIntoView({ block: "start" });
  }

  back() {
    if (this.alone === null) return;
    const column = this.grid.columns[this.alone];
    this.alone = null;
    this.arrange();
    column.expand.focus({ preventScroll: true });
    column.element.scrollIntoView({ block: "nearest" });
  }

  step(by) {
    const count = this.grid.columns.length;
    if (this.alone !== null) this.focus((this.alone + by + count) % count);
  }

  // Arrows move between tabs.
  walk(event) {
    const last = this.grid.columns.length - 1;
    const to = { ArrowRight: this.shown + 1, ArrowLeft: this.shown - 1, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.open(to > last ? 0 : to < 0 ? last : to);
    this.tabs.children[this.shown].focus();
  }

  // Escape and arrows while one is alone; in a field they are the field's.
  key(event) {
    if (this.alone === null || event.target.closest("input, select, textarea")) return;
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.key !== "Escape" && !step) return;
    event.preventDefault();
    step ? this.step(step) : this.back();
  }
}
