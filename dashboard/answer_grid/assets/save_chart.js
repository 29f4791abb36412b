// Two buttons below a chart: its drawing as an SVG file, or as a PNG of twice the size.

import { button, make } from "./dom.js";

const SCALE = 2;
const SVG = "http://www.w3.org/2000/svg";

export default function ({ parentElement, data }) {
  parentElement.querySelector(".save-chart")?.remove();
  const place = make("div", "save-chart", "Save the chart:", { role: "group", "aria-label": "Save the chart" });
  const drawing = () => document.querySelector(`.${CSS.escape(data.chart)} svg.marks`);
  const drawn = () => copy(drawing(), getComputedStyle(place));
  place.append(
    button("PNG", async () => drawing() && save(await png(drawn()), `${data.name}.png`)),
    button("SVG", () => drawing() && save(blob(drawn()), `${data.name}.svg`)),
  );
  parentElement.append(place);
}

// With its ground, for its lines and words have the colours of the page.
function copy(drawing, look) {
  const made = drawing.cloneNode(true);
  const { width, height } = drawing.getBoundingClientRect();
  const { color } = getComputedStyle(drawing);
  for (const [name, value] of Object.entries({ xmlns: SVG, width, height, color })) made.setAttribute(name, value);
  const ground = document.createElementNS(SVG, "rect");
  const fill = look.getPropertyValue("--st-background-color").trim() || "white";
  for (const [name, value] of Object.entries({ width: "100%", height: "100%", fill })) ground.setAttribute(name, value);
  made.prepend(ground);
  return made;
}

function blob(drawing) {
  return new Blob([new XMLSerializer().serializeToString(drawing)], { type: "image/svg+xml" });
}

async function png(drawing) {
  const image = new Image();
  image.src = URL.createObjectURL(blob(drawing));
  await image.decode();
  URL.revokeObjectURL(image.src);
  const canvas = Object.assign(document.createElement("canvas"), {
    width: SCALE * drawing.getAttribute("width"),
    height: SCALE * drawing.getAttribute("height"),
  });
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

function save(file, name) {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(file), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
