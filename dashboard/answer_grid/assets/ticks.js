// Boxes to tick in a panel. The browser owns what is ticked and tells the page; drawing again keeps it.
// `[data-all]` ticks and clears all of them; with Shift held, a click takes everything since the last one along.

export function listenForTicks(panel, tell) {
  let last = null; // by its value: the box itself may have been drawn again
  let range = false;
  panel.addEventListener("click", (event) => (range = event.shiftKey), true);
  panel.addEventListener("change", ({ target }) => {
    const all = boxes(panel);
    const [from, to] = [all.findIndex((box) => box.value === last), all.indexOf(target)].sort((a, b) => a - b);
    const along = target.matches("[data-all]") ? all : range && from >= 0 ? all.slice(from, to + 1) : [];
    along.forEach((box) => (box.checked = target.checked));
    last = target.value;
    sumUp(panel);
    tell(ticked(panel));
  });
}

export function ticked(panel) {
  return boxes(panel).filter((box) => box.checked).map((box) => box.value);
}

export function tickAgain(panel, values) {
  boxes(panel).forEach((box) => (box.checked = values.includes(box.value)));
  sumUp(panel);
}

function sumUp(panel) {
  const all = panel.querySelector("[data-all]");
  const [every, some] = [boxes(panel).length, ticked(panel).length];
  if (all) [all.checked, all.indeterminate] = [some > 0 && some === every, some > 0 && some < every];
}

function boxes(panel) {
  return [...panel.querySelectorAll("[data-tick]")];
}
