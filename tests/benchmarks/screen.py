"""What showing answers costs: eight columns for half a minute in the real app and a real Chromium.

Three runs of the same answers: watched, for processor time and bytes; with the page closed, for what
the server spends anyway; and watched with clicks on a widget, each timed in the page from the press to the
server's answer on screen.
"""

from __future__ import annotations

import re
import time
from typing import Any

from playwright.sync_api import Page

from tests.benchmarks.app import STOP_ALL, App, chromium, open_page, press_run
from tests.benchmarks.asking import a_run
from tests.benchmarks.report import figure, spread, title
from tests.benchmarks.wire import Pace, Wire

HALF_S = 15
PACE = Pace(first_s=0.2, tokens=2 * HALF_S * 100, tokens_per_s=100)
COLUMNS = 8

# Removing a model is answered by the server: the line under the models says how many calls there will be.
_WATCH = """
([remaining]) => {
  window.answered = undefined;
  const wanted = remaining === 1 ? "1 call to" : `${remaining} calls to`;
  addEventListener("pointerdown", () => {
    const pressed = performance.now();
    const watch = () => {
      const lines = [...document.querySelectorAll("[data-testid=stCaptionContainer]")];
      if (lines.some((line) => line.textContent.includes(wanted))) window.answered = performance.now() - pressed;
      else requestAnimationFrame(watch);
    };
    watch();
  }, { once: true, capture: true });
}
"""


class Meter:
    """Bytes that reach the page: the stream of answers, and frames of Streamlit's WebSocket. Files are left out."""

    def __init__(self, page: Page) -> None:
        self.answers = self.frames = 0
        self._streams: set[str] = set()
        session = page.context.new_cdp_session(page)
        session.on("Network.responseReceived", self._response)
        session.on("Network.dataReceived", self._data)
        session.on("Network.webSocketFrameReceived", self._frame)
        session.send("Network.enable")

    @property
    def bytes(self) -> int:
        """All so far."""
        return self.answers + self.frames

    def _response(self, event: dict[str, Any]) -> None:
        if event["response"]["mimeType"] == "text/event-stream":
            self._streams.add(event["requestId"])

    def _data(self, event: dict[str, Any]) -> None:
        if event["requestId"] in self._streams:
            self.answers += event["dataLength"]

    def _frame(self, event: dict[str, Any]) -> None:
        self.frames += len(event["response"]["payloadData"]) * 3 // 4  # binary frames come as base64


def watched(page: Page, app: App) -> float:
    """A run with the page open: the server's processor seconds. Prints the bytes."""
    meter = Meter(page)
    press_run(page)
    page.wait_for_timeout(500)
    began, cpu, bytes_before = time.perf_counter(), app.cpu_s, meter.bytes
    page.wait_for_timeout(HALF_S * 1000 - 1000)
    half = meter.bytes - bytes_before
    page.wait_for_timeout(HALF_S * 1000 - 1000)
    whole, spent = meter.bytes - bytes_before, (app.cpu_s - cpu) / (time.perf_counter() - began)
    figure(f"bytes after {2 * HALF_S - 2} s / after {HALF_S - 1} s", whole / half, most=2.1)
    figure("bytes to the page", whole / 1e6, " MB", note=f"{meter.answers / 1e6:.2f} MB of them answers")
    page.locator(STOP_ALL).wait_for(state="hidden")
    return spent


def unwatched(page: Page, app: App) -> float:
    """The same run with the page closed."""
    press_run(page)
    page.close()
    time.sleep(0.5)
    began, cpu = time.perf_counter(), app.cpu_s
    time.sleep(2 * HALF_S - 2)
    return (app.cpu_s - cpu) / (time.perf_counter() - began)


def clicked(page: Page) -> list[float]:
    """Milliseconds from press to answer, of clicks spread over a run."""
    press_run(page)
    page.wait_for_timeout(2000)
    taken: list[float] = []
    for left in range(COLUMNS - 1, 0, -1):
        page.evaluate(_WATCH, [left])
        page.get_by_role("button", name=re.compile(f"^Remove .*bench-{left}")).click()
        page.wait_for_timeout(3000)
        taken.append(page.evaluate("window.answered"))
        assert taken[-1] is not None, "a click was not answered within three seconds"
    return taken


def main() -> None:
    """Print the figures."""
    title(f"Screen: {COLUMNS} columns at {PACE.tokens_per_s:g} tokens/s for {2 * HALF_S} s")
    with Wire(PACE) as wire, App(wire.url) as app, chromium() as browser:
        page = open_page(browser, app, a_run(("chat",) * COLUMNS))
        with_page = watched(page, app)
        without = unwatched(page, app)
        time.sleep(3)
        note = f"{with_page * 100:.1f} % watched, {without * 100:.1f} % with the page closed"
        figure("server, share of a core for drawing", (with_page - without) * 100, " %", most=10, note=note)
        page = open_page(browser, app, a_run(("chat",) * COLUMNS))
        spread("click to the server's answer on screen", clicked(page), " ms", most=300)


if __name__ == "__main__":
    main()
