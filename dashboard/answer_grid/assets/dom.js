// Elements in one line. Text is always set as text.

export function make(tag, className, text, attributes = {}) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

export function button(label, press, attributes = {}) {
  const element = make("button", "", label, { type: "button", ...attributes });
  element.onclick = () => press(element);
  return element;
}

const SHAPES = {
  expand: "M6 2.5H2.5V6M10 2.5h3.5V6M6 13.5H2.5V10M10 13.5h3.5V10",
  shrink: "M2.5 6H6V2.5M13.5 6H10V2.5M2.5 10H6v3.5M13.5 10H10v3.5",
  left: "M10 3 5 8l5 5",
  right: "m6 3 5 5-5 5",
  up: "m3 10 5-5 5 5",
  down: "m3 6 5 5 5-5",
  "thumb-up": "M5 7v6.5H2.5V7ZM5 7l2.6-4.6c1.1 0 1.9.9 1.7 2L9 6.5h3.3c.9 0 1.5.8 1.3 1.6l-1 4.3c-.2.7-.7 1.1-1.4 1.1H5",
  "thumb-down": "M5 9V2.5H2.5V9ZM5 9l2.6 4.6c1.1 0 1.9-.9 1.7-2L9 9.5h3.3c.9 0 1.5-.8 1.3-1.6l-1-4.3c-.2-.7-.7-1.1-1.4-1.1H5",
};

// A button that shows a drawing and says in words what it does.
export function iconButton(shape, label, press) {
  const element = button("", press, { class: "icon" });
  redraw(element, shape, label);
  return element;
}

export function redraw(element, shape, label) {
  if (element.dataset.shape === shape) return;
  element.dataset.shape = shape;
  element.title = label;
  element.setAttribute("aria-label", label);
  const [svg, path] = ["svg", "path"].map((tag) => document.createElementNS("http://www.w3.org/2000/svg", tag));
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", SHAPES[shape]);
  svg.append(path);
  element.replaceChildren(svg);
}

export function pressed(element, on) {
  element.setAttribute("aria-pressed", String(on));
}

export function seconds(value) {
  return value < 60 ? `${value.toFixed(1)} s` : `${Math.floor(value / 60)} min ${Math.floor(value % 60)} s`;
}

// Give the reader a file. A browser reads it when it comes to it, so only the next one takes its place.
let saved;
export function save(blob, name) {
  if (saved) URL.revokeObjectURL(saved);
  saved = URL.createObjectURL(blob);
  make("a", "", "", { href: saved, download: name }).click();
}
