// Files that are dropped on the prompt, or pasted into it, go to the server as if they had been attached.
// A file that is too large is named only.

const PROMPT = ".st-key-prompt";
const listening = new WeakMap();

export default function ({ parentElement, data, setTriggerValue }) {
  listening.get(parentElement)?.abort();
  const ended = new AbortController();
  listening.set(parentElement, ended);
  const on = (name, act) => document.addEventListener(name, act, { signal: ended.signal });

  const mark = (shown) => {
    const field = document.querySelector(`${PROMPT} textarea`);
    if (field) field.style.outline = shown ? "2px dashed currentColor" : "";
  };
  const take = (event, files) => {
    if (!files?.length || !event.target.closest?.(PROMPT)) return;
    event.preventDefault();
    document.activeElement?.blur(); // what is typed reaches the server first
    Promise.all([...files].map((file) => sent(file, data.largest))).then((read) => setTriggerValue("dropped", read));
  };

  on("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files") || !event.target.closest?.(PROMPT)) return mark(false);
    event.preventDefault();
    mark(true);
  });
  on("dragleave", (event) => event.relatedTarget || mark(false));
  on("drop", (event) => (mark(false), take(event, event.dataTransfer?.files)));
  on("paste", (event) => take(event, event.clipboardData?.files));
  return () => ended.abort();
}

async function sent(file, largest) {
  const told = { name: file.name, size: file.size, data: "" };
  return file.size > largest ? told : { ...told, data: await base64(file) };
}

function base64(file) {
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => resolve("");
    reader.readAsDataURL(file);
  });
}
