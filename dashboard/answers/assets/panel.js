// A panel of HTML that the server made and escaped. What the reader opened stays open, and what had
// the focus keeps it, when it is drawn again.

export default function ({ parentElement, data, setTriggerValue }) {
  const panel = parentElement.querySelector(".panel") ?? parentElement.appendChild(document.createElement("section"));
  panel.className = "panel";
  panel.setAttribute("aria-label", data.label);
  panel.onclick = (event) => {
    const button = event.target.closest("[data-pick]");
    if (button) setTriggerValue("pick", button.dataset.pick);
  };
  if (panel.html === data.html) return;
  const before = picks(panel);
  const focused = before.indexOf(panel.getRootNode().activeElement);
  const open = [...panel.querySelectorAll("details")].map((details) => details.open);
  panel.html = data.html;
  panel.innerHTML = data.html;
  panel.querySelectorAll("details").forEach((details, n) => (details.open = open[n] ?? details.open));
  if (focused < 0) return;
  // Whoever works by keyboard stays where they were: at the same button, or at the one in its place.
  const after = picks(panel);
  const same = after.find((button) => button.dataset.pick === before[focused].dataset.pick);
  (same ?? after[Math.min(focused, after.length - 1)])?.focus();
}

function picks(panel) {
  return [...panel.querySelectorAll("[data-pick]")];
}
