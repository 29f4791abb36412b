// A panel of HTML that the server made and escaped. What the reader opened stays open when it is drawn again.

export default function ({ parentElement, data, setTriggerValue }) {
  const panel = parentElement.querySelector(".panel") ?? parentElement.appendChild(document.createElement("section"));
  panel.className = "panel";
  panel.setAttribute("aria-label", data.label);
  panel.onclick = (event) => {
    const button = event.target.closest("[data-pick]");
    if (button) setTriggerValue("pick", button.dataset.pick);
  };
  if (panel.html === data.html) return;
  const open = [...panel.querySelectorAll("details")].map((details) => details.open);
  panel.html = data.html;
  panel.innerHTML = data.html;
  panel.querySelectorAll("details").forEach((details, n) => (details.open = open[n] ?? details.open));
}
