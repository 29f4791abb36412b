"""Eight pictures of 1024 x 1024 that arrive at once, each after a preview, in the real app and a real Chromium.

The vendor sends all previews at one moment and all pictures at another: as noise that cannot be packed, and as
pictures like photographs in each format. A picture is painted two frames after the browser has decoded it, by this
machine's clock as the vendor's are. Memory is that of the server and of the process that asks, above what both had
with the page open and nothing asked.
"""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from playwright.sync_api import Page

from prompts.core.targets import Target
from providers.interface import Settings
from providers.pictures import PictureSettings
from tests.benchmarks.app import RUN, App, chromium, press_run
from tests.benchmarks.report import figure, spread, title
from tests.pictures import noise, photograph
from tests.runs import started
from tests.wire import openai_images
from tests.wire.openai_chat import listing
from tests.wire.server import Reply, WireServer

COLUMNS, SIZE = 8, (1024, 1024)
CLICKS = 10
DRAWS_S = 3.0
_WATCH = """
window.painted = [];
const address = Object.getOwnPropertyDescriptor(HTMLImageElement.prototype, "src");
Object.defineProperty(HTMLImageElement.prototype, "src", { ...address, set(value) {
  const now = () => performance.timeOrigin + performance.now();
  const painted = () => requestAnimationFrame(() => requestAnimationFrame(() => window.painted.push(now())));
  if (value.startsWith("blob:")) this.addEventListener("load", painted, { once: true });
  address.set.call(this, value);
} });
"""


class Painters:
    """Eight answers that go on together: all have to be asked before the first preview leaves."""

    def __init__(self, drawn: bytes) -> None:
        self.drawn = drawn
        self._all_asked = asyncio.Barrier(COLUMNS)
        self.sent: tuple[list[float], list[float]] = ([], [])
        """When the last byte of each preview, and of each picture, was handed to the network: milliseconds."""

    async def script(self, reply: Reply) -> None:
        """A preview, by when the page has long drawn its columns, as no vendor draws sooner; and later the picture."""
        preview, whole = openai_images.answer(self.drawn, [self.drawn])
        await reply.head(content_type="text/event-stream")
        await self._all_asked.wait()
        await asyncio.sleep(DRAWS_S)
        for part, times, pause in zip((preview, whole), self.sent, (DRAWS_S, 0), strict=True):
            await reply.send(part)
            times.append(1000 * time.time())
            await asyncio.sleep(pause)
        await reply.end()


def opened(page: Page, app: App) -> None:
    """The page with eight models in its fields."""
    draw = Settings(picture=PictureSettings(*SIZE))
    run = started("A lighthouse", [Target("openai", f"gpt-image-{n}", draw) for n in range(COLUMNS)])
    app.put_on_record(run)
    page.add_init_script(_WATCH)
    page.goto(f"{app.url}/?run={run.id}")
    page.locator(RUN).wait_for()
    page.get_by_text(f"{COLUMNS} pictures").first.wait_for()
    page.wait_for_timeout(3000)


def clicked(page: Page) -> float:
    """Milliseconds from a press of the zoom to its figure on screen."""
    return page.evaluate("""async () => {
      const inside = (each) => [each, ...(each.shadowRoot ? all(each.shadowRoot) : [])];
      const all = (root) => [...root.querySelectorAll("*")].flatMap(inside);
      const zoom = all(document).find((each) => each.classList.contains("zoom"));
      const began = performance.now();
      const button = zoom.querySelector("button:enabled");
      button.click();
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      return performance.now() - began;
    }""")


def resident(app: App) -> float:
    """Megabytes of the server and of the process that asks."""
    found = 0
    for each in filter(None, (app.process.pid, app.asking_process())):
        lines = Path(f"/proc/{each}/status").read_text().splitlines()
        found += next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))
    return found / 1024


def main() -> None:
    """Print the figures: of the worst case, then of what a vendor is likely to send."""
    measured("noise", noise(SIZE))
    for kind in ("PNG", "JPEG", "WEBP"):
        measured(f"like a photograph, {kind}", photograph(SIZE, kind))


def measured(kind: str, drawn: bytes) -> None:
    """The figures of one picture, eight times."""
    painters = Painters(drawn)
    with WireServer(painters.script) as wire, chromium() as browser:
        wire.routes["/models"] = listing(*(f"gpt-image-{n}" for n in range(COLUMNS)))
        keys = {"OPENAI_API_KEY": "none", "OPENAI_BASE_URL": f"{wire.url}/v1"}
        with App(environ=keys) as app:
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            opened(page, app)
            idle, most, clicks = resident(app), 0.0, list[float]()
            press_run(page)
            ends = time.monotonic() + 60
            while time.monotonic() < ends and (count := page.evaluate("window.painted.length")) < 2 * COLUMNS:
                most = max(most, resident(app))
                if count and len(clicks) < CLICKS:  # there is no zoom before there is a picture
                    clicks.append(clicked(page))
                page.wait_for_timeout(20)
            painted = sorted(page.evaluate("window.painted"))
            title(f"{COLUMNS} pictures of 1024 x 1024 at once, {len(painters.drawn) / 1e6:.1f} MB each, {kind}")
            for name, times, shown in (
                ("preview", painters.sent[0], painted[:COLUMNS]), ("picture", painters.sent[1], painted[COLUMNS:]),
            ):  # fmt: skip
                late = [there - sent for sent, there in zip(sorted(times), shown, strict=False)]
                if late:
                    figure(f"first {name}, from sent to painted", late[0], " ms", most=150)
                    spread(f"{name}, from sent to painted", late, " ms")
            if clicks:
                spread("press of the zoom to the next frame, meanwhile", clicks, " ms", most=300)
            figure("painted", len(painted), note=f"of {2 * COLUMNS}")
            figure("memory above idle, at most", most - idle, " MB", most=300, note=f"idle {idle:.0f} MB")


if __name__ == "__main__":
    main()
