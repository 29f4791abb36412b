// The row above the answers: how they stand, what is shown of them, what is looked for.

import { button, make, pressed } from "./dom.js";

export function toolbar(grid) {
  const element = make("div", "toolbar", "", { role: "group", "aria-label": "Reading" });
  const raw = button("Raw", () => grid.columns.forEach((column) => column.showRaw(raw.getAttribute("aria-pressed") !== "true")), {
    "aria-pressed": "false",
    title: "All answers as the characters that came, without formatting",
  });
  const several = grid.columns.length > 1;
  const views = make("div", "views");
  views.append(...(several ? [grid.scrolling.button, raw] : []));
  element.append(...(several ? [grid.layout.choices, views, grid.differences.element] : []), grid.find.element, grid.zoom.element, grid.pair.button);
  grid.zoom.refresh();
  // Columns may be raw one by one, too.
  element.refresh = () => pressed(raw, grid.columns.every((column) => column.raw));
  return element;
}
