// A panel of HTML that the server made and escaped. What the reader opened or ticked stays so, and
// what had the focus keeps it, when it is drawn again.

import { listenForTicks, tickAgain, ticked } from "./ticks.js";

export default function ({ parentElement, data, setTriggerValue, setStateValue }) {
  let panel = parentElement.querySelector(".panel");
  const isNew = !panel;
  if (isNew) {
    panel = parentElement.appendChild(document.createElement("section"));
    panel.className = "panel";
    listenForTicks(panel, (values) => setStateValue("ticked", values));
  }
  panel.setAttribute("aria-label", data.label);
  panel.onclick = (event) => {
    const picked = event.target.closest("[data-pick], [data-follow]");
    if (picked?.matches("[data-pick]")) setTriggerValue("pick", picked.dataset.pick);
    else if (picked) follow(event, picked.href);
  };
  if (panel.html === data.html) return;
  const before = picks(panel);
  const focused = before.indexOf(panel.getRootNode().activeElement);
  const open = [...panel.querySelectorAll("details")].map((details) => details.open);
  const values = ticked(panel);
  panel.html = data.html;
  panel.innerHTML = data.html;
  tickAgain(panel, values);
  panel.querySelectorAll("details").forEach((details, n) => (details.open = open[n] ?? details.open));
  if (isNew) comeBack(panel);
  if (focused < 0) return;
  // Whoever works by keyboard stays where they were: at the same button or box, or at the one in its place.
  const after = picks(panel);
  const same = after.find((each) => named(each) === named(before[focused]));
  (same ?? after[Math.min(focused, after.length - 1)])?.focus();
}

// To another page of ours without loading everything anew, which would end the session and forget its keys: as
// if the reader had stepped to that address in the browser's history. With a key held it opens beside this page.
function follow(event, address) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  window.history.pushState({}, "", address);
  window.dispatchEvent(new PopStateEvent("popstate", { state: {} }));
}

// To what the reader left from, when they are back from there. By keyboard they go on from it too. The panel
// changes its height until its style has arrived; from the reader's first move on nothing is moved for them.
function comeBack(panel) {
  const left = panel.querySelector("[aria-current]");
  if (!left) return;
  const watch = new ResizeObserver(() => {
    const { top, bottom } = left.getBoundingClientRect();
    if (top < 0 || bottom > window.innerHeight) left.scrollIntoView({ block: "center" });
    if (document.activeElement === document.body) left.focus({ preventScroll: true });
  });
  watch.observe(panel);
  const end = () => watch.disconnect();
  for (const move of ["wheel", "touchstart", "pointerdown", "keydown"]) window.addEventListener(move, end, { once: true });
}

function picks(panel) {
  return [...panel.querySelectorAll("[data-pick], [data-follow], [data-tick], [data-all]")];
}

function named(element) {
  return element.dataset.pick ?? element.href ?? element.value;
}
