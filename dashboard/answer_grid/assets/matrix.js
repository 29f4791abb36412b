// The matrix of an experiment: a row a case, a column a side. Only the rows in sight exist in the page, so a
// thousand rows open and scroll at once. Every text is set as text.

import { make } from "./dom.js";

const ROW_PX = 92;
const DRAWN_PX = 148; // of rows that hold pictures
const BEYOND = 6; // rows drawn above and below what is in sight
const WHAT = { Enter: "open", r: "ask", d: "diff" };
const RATES = { 1: 1, 2: -1, 3: 0 };
const HELP = [
  ["j k h l, arrows", "move"], ["Enter", "all repeats, checks and reasons"], ["1 2 3", "good, bad, no rating"],
  ["f", "next failure"], ["r", "ask again; the price is named first"],
  ["R", "ask the whole case again, or all that are selected"],
  ["x", "select the case; a click on it does the same, with Shift all between"], ["d", "difference from the cell at its right"],
  ["?", "this help"],
];

export default function ({ parentElement, data, setTriggerValue }) {
  let matrix = parentElement.querySelector(".matrix");
  if (!matrix) {
    matrix = parentElement.appendChild(make("section", "matrix"));
    begin(matrix);
  }
  matrix.tell = (what, more = {}) => {
    const row = matrix.data.rows[matrix.at.row];
    if (what.startsWith("ask") && !matrix.data.asks) return; // it is another's: nothing is offered that will be refused
    if (row) setTriggerValue("act", { what, case: row.case, side: matrix.at.side, ...more });
  };
  if (JSON.stringify(data) === matrix.told) return;
  matrix.told = JSON.stringify(data);
  matrix.data = data;
  matrix.px = data.drawn ? DRAWN_PX : ROW_PX;
  matrix.style.setProperty("--row", `${matrix.px}px`);
  const kept = data.rows.findIndex((row) => row.case === matrix.kept);
  matrix.at = { row: Math.max(0, kept), side: Math.min(matrix.at.side, data.sides.length - 1) };
  head(matrix);
  matrix.ask.hidden = !data.asks;
  matrix.space.style.height = `${data.rows.length * matrix.px}px`;
  matrix.grid.setAttribute("aria-rowcount", data.rows.length + 1);
  matrix.grid.setAttribute("aria-colcount", data.sides.length + 1);
  const shown = new Set(data.rows.map((row) => row.case));
  matrix.selected = new Set([...matrix.selected].filter((number) => shown.has(number)));
  tellSelected(matrix);
  draw(matrix, true);
}

function begin(matrix) {
  matrix.at = { row: 0, side: 0 };
  matrix.selected = new Set();
  matrix.bar = matrix.appendChild(make("div", "bar", "", { role: "toolbar", "aria-label": "Selected cases", hidden: "" }));
  matrix.count = matrix.bar.appendChild(make("span", "count", "", { role: "status" }));
  matrix.ask = button(matrix, "Ask again", () => askRows(matrix));
  button(matrix, "New experiment of these", () => matrix.tell("take", { cases: [...matrix.selected] }));
  button(matrix, "Select none", () => select(matrix, []));
  matrix.grid = matrix.appendChild(make("div", "grid", "", { role: "grid", tabindex: "0", "aria-label": "Cases by side" }));
  matrix.head = matrix.grid.appendChild(make("div", "head", "", { role: "row", "aria-rowindex": "1" }));
  matrix.space = matrix.grid.appendChild(make("div", "space", "", { role: "rowgroup" }));
  matrix.drawn = matrix.space.appendChild(make("div", "drawn", "", { role: "presentation" }));
  matrix.help = matrix.appendChild(make("dl", "help", "", { hidden: "" }));
  for (const [keys, meaning] of HELP) matrix.help.append(make("dt", "", keys), make("dd", "", meaning));
  matrix.grid.addEventListener("scroll", () => requestAnimationFrame(() => draw(matrix)), { passive: true });
  matrix.grid.addEventListener("keydown", (event) => press(matrix, event));
  matrix.grid.addEventListener("click", (event) => clicked(matrix, event));
  matrix.grid.addEventListener("dblclick", () => matrix.tell("open"));
  new ResizeObserver(() => draw(matrix)).observe(matrix.grid);
}

function head(matrix) {
  matrix.style.setProperty("--sides", matrix.data.sides.length);
  matrix.head.replaceChildren(
    make("div", "case", `${matrix.data.rows.length.toLocaleString("en")} cases`, { role: "columnheader" }),
    ...matrix.data.sides.map((name) => make("div", "side", name, { role: "columnheader", title: name })),
  );
}

function draw(matrix, anew = false) {
  const { grid, drawn, data } = matrix;
  if (!data) return;
  const first = Math.max(0, Math.floor(grid.scrollTop / matrix.px) - BEYOND);
  const last = Math.min(data.rows.length, Math.ceil((grid.scrollTop + grid.clientHeight) / matrix.px) + BEYOND);
  if (!anew && matrix.first === first && matrix.last === last) return;
  if (anew) drawn.replaceChildren();
  const there = new Map([...drawn.children].map((row) => [Number(row.dataset.n), row]));
  for (const [n, row] of there) if (n < first || n >= last) row.remove();
  for (let n = first; n < last; n++) if (!there.has(n)) drawn.append(rowOf(matrix, n));
  matrix.first = first;
  matrix.last = last;
  mark(matrix);
}

function rowOf(matrix, n) {
  const { case: number, label, cells } = matrix.data.rows[n];
  const row = make("div", "row", "", { role: "row", "aria-rowindex": n + 2, "data-n": n });
  row.style.top = `${n * matrix.px}px`;
  const selected = matrix.selected.has(number);
  if (selected) row.dataset.selected = "";
  const name = make("div", "case", "", { role: "rowheader", title: label, "aria-label": `${selected ? "selected, " : ""}${number + 1} ${label}` });
  name.append(make("span", "number", String(number + 1)), make("span", "label", label));
  row.append(name, ...cells.map((cell, side) => cellOf(cell, n, side, `${matrix.data.sides[side]}, case ${number + 1}`)));
  return row;
}

function cellOf(cell, n, side, called) {
  const box = make("div", "cell", "", { role: "gridcell", id: `cell-${n}-${side}`, "data-side": side, "data-outcome": cell.o });
  const lines = box.appendChild(make("div", "lines", cell.p ? "" : cell.l));
  for (const [src, described] of cell.p ?? []) {
    lines.append(make("img", "", "", { src, alt: described || `Picture by ${called}`, loading: "lazy", decoding: "async", draggable: "false" }));
  }
  if (cell.p && cell.l) lines.append(make("span", "", cell.l));
  const said = make("div", "said");
  // An error beside a verdict is not the model's: it has the colour of errors, not of failures.
  for (const part of cell.m ? cell.m.split(/ (?=⚠)/) : []) said.append(make("span", part.startsWith("⚠") ? "mark error" : "mark", part));
  if (cell.r) said.append(make("span", "rated", cell.r > 0 ? "good" : "bad"));
  for (const badge of cell.b ?? []) said.append(make("span", "badge", badge));
  box.append(said, make("div", "figures", cell.f));
  return box;
}

// Which cell is chosen, for eyes and for screen readers.
function mark(matrix) {
  for (const old of matrix.drawn.querySelectorAll("[aria-selected]")) old.removeAttribute("aria-selected");
  const cell = matrix.drawn.querySelector(`#cell-${matrix.at.row}-${matrix.at.side}`);
  cell?.setAttribute("aria-selected", "true");
  if (cell) matrix.grid.setAttribute("aria-activedescendant", cell.id);
}

function go(matrix, row, side) {
  const { data, grid } = matrix;
  if (!data.rows.length) return;
  matrix.at = { row: clamp(row, data.rows.length), side: clamp(side, data.sides.length) };
  matrix.kept = data.rows[matrix.at.row].case;
  const top = matrix.at.row * matrix.px;
  const room = grid.clientHeight - matrix.head.offsetHeight;
  if (top < grid.scrollTop) grid.scrollTop = top;
  else if (top + matrix.px > grid.scrollTop + room) grid.scrollTop = top + matrix.px - room;
  draw(matrix);
  mark(matrix);
  intoSight(matrix);
}

function intoSight({ grid, drawn, head }) {
  const cell = drawn.querySelector("[aria-selected]");
  if (!cell) return;
  const pinned = head.firstChild.offsetWidth;
  if (cell.offsetLeft - pinned < grid.scrollLeft) grid.scrollLeft = cell.offsetLeft - pinned;
  else if (cell.offsetLeft + cell.offsetWidth > grid.scrollLeft + grid.clientWidth)
    grid.scrollLeft = cell.offsetLeft + cell.offsetWidth - grid.clientWidth;
}

function clamp(value, length) {
  return Math.min(Math.max(value, 0), length - 1);
}

function button(matrix, says, does) {
  const made = matrix.bar.appendChild(make("button", "", says, { type: "button" }));
  made.addEventListener("click", does);
  return made;
}

// These cases and no others are selected from now on.
function select(matrix, numbers) {
  matrix.selected = new Set(numbers);
  tellSelected(matrix);
  draw(matrix, true);
}

function toggled(matrix, row, until = row) {
  const numbers = new Set(matrix.selected);
  const adds = !numbers.has(matrix.data.rows[row].case);
  for (let n = Math.min(row, until); n <= Math.max(row, until); n++) {
    const number = matrix.data.rows[n].case;
    if (until !== row || adds) numbers.add(number);
    else numbers.delete(number);
  }
  select(matrix, numbers);
}

function tellSelected(matrix) {
  const many = matrix.selected.size;
  matrix.bar.hidden = !many;
  matrix.count.textContent = `${many.toLocaleString("en")} ${many === 1 ? "case" : "cases"} selected`;
}

// All that are selected, else the one that the cursor is in.
function askRows(matrix) {
  const here = matrix.data.rows[matrix.at.row];
  if (here) matrix.tell("ask-cases", { cases: matrix.selected.size ? [...matrix.selected] : [here.case] });
}

function clicked(matrix, event) {
  const name = event.target.closest(".row > .case");
  if (name) {
    const row = Number(name.parentElement.dataset.n);
    const from = event.shiftKey ? matrix.at.row : row;
    if (!event.shiftKey) go(matrix, row, matrix.at.side);
    toggled(matrix, row, from);
  }
  const cell = event.target.closest(".cell");
  if (cell) go(matrix, Number(cell.parentElement.dataset.n), Number(cell.dataset.side));
}

function press(matrix, event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const { row, side } = matrix.at;
  const page = Math.max(1, Math.floor(matrix.grid.clientHeight / matrix.px) - 1);
  const moves = {
    j: [1, 0], ArrowDown: [1, 0], k: [-1, 0], ArrowUp: [-1, 0], h: [0, -1], ArrowLeft: [0, -1], l: [0, 1],
    ArrowRight: [0, 1], PageDown: [page, 0], PageUp: [-page, 0], Home: [-Infinity, 0], End: [Infinity, 0],
  };
  const move = moves[event.key];
  if (move) go(matrix, row + move[0], side + move[1]);
  else if (event.key in WHAT) matrix.tell(WHAT[event.key]);
  else if (event.key in RATES) rate(matrix, RATES[event.key]);
  else if (event.key === "f") nextFailure(matrix);
  else if (event.key === "R") askRows(matrix);
  else if (event.key === "x") toggled(matrix, row);
  else if (event.key === "?") matrix.help.hidden = !matrix.help.hidden;
  else return;
  event.preventDefault();
  event.stopPropagation(); // single letters are shortcuts of the page around it, too
}

function rate(matrix, rating) {
  matrix.data.rows[matrix.at.row].cells[matrix.at.side].r = rating;
  matrix.drawn.querySelector(`[data-n="${matrix.at.row}"]`)?.replaceWith(rowOf(matrix, matrix.at.row));
  mark(matrix);
  matrix.tell("rate", { rating });
}

// From the chosen cell on, side by side and then row by row, and around once.
function nextFailure(matrix) {
  const { rows, sides } = matrix.data;
  const all = rows.length * sides.length;
  const from = matrix.at.row * sides.length + matrix.at.side;
  for (let step = 1; step <= all; step++) {
    const n = (from + step) % all;
    const [row, side] = [Math.floor(n / sides.length), n % sides.length];
    if (rows[row].cells[side].o === "failed") return go(matrix, row, side);
  }
}
