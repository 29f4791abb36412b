// Two buttons below a chart: its drawing as an SVG file, or as a PNG of twice the size.

import { button, make, save } from "./dom.js";

const SCALE = 2;
const SVG = "http://www.w3.org/2000/svg";

export default function ({ parentElement, data }) {
  // Drawn anew it stays what it is: a button that is replaced under a hand is never pressed.
  if (parentElement.querySelector(".save-chart")) return;
  const place = make("div", "save-chart", "Save the chart:", { role: "group", "aria-label": "Save the chart" });
  const drawn = async () => copy(await drawing(data.chart, place), getComputedStyle(place));
  place.append(
    button("PNG", async () => save(await png(await drawn()), `${data.name}.png`)),
    button("SVG", async () => save(blob(await drawn()), `${data.name}.svg`)),
  );
  parentElement.append(place);
}

// The chart as it is in the page. In the moment in which it is drawn anew there is none: that is waited for.
async function drawing(chart, place) {
  for (;;) {
    const found = document.querySelector(`.${CSS.escape(chart)} svg.marks`);
    if (found) return found;
    if (!place.isConnected) return new Promise(() => {}); // the page shows something else: nothing is saved
    await new Promise(requestAnimationFrame);
  }
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
