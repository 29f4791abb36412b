"""Do our times agree with the server's own? Eight columns stream in the real app while Chromium draws them.

The server times each answer from the arrival of the request to its first text, its last, and its end;
the app times the same answer from before the SDK call. What lies between the two is everything that is not
the model: building the request, the connection, the SDK, our transport, and the wait for the interpreter.
"""

from __future__ import annotations

import time

from playwright.sync_api import Page

from prompts.record.rows import StoredRun
from tests.benchmarks.app import STOP_ALL, App, chromium, open_page, press_run
from tests.benchmarks.asking import MIXED, a_run
from tests.benchmarks.report import figure, spread, title
from tests.benchmarks.wire import Answered, Pace, Wire

ROUNDS = 3
PACE = Pace(first_s=0.2, tokens=600, tokens_per_s=100)
Pairs = list[tuple[StoredRun, list[Answered]]]


def watch(page: Page, app: App, wire: Wire) -> Pairs:
    """Runs as recorded, with the server's own log of each; the first only warms."""
    pairs: Pairs = []
    for _ in range(ROUNDS + 1):
        before = len(wire.answered())
        run_id = press_run(page)
        time.sleep(PACE.first_s + PACE.tokens / PACE.tokens_per_s + 1)
        page.locator(STOP_ALL).wait_for(state="hidden")
        pairs.append((app.recorded(run_id), wire.answered()[before:]))
    return pairs[1:]


def compare(pairs: Pairs) -> None:
    """Print how far our times are from the server's."""
    first_ms: list[float] = []
    duration_ms: list[float] = []
    rates: list[float] = []
    for run, log in pairs:
        served = {answer.model: answer for answer in log}
        for stored in run.completions:
            assert stored.completion is not None
            times, truth = stored.completion.timings, served[stored.model]
            assert times.time_to_first_token_s, stored
            assert times.duration_s, stored
            assert times.output_tokens_per_s, stored
            rate = (PACE.tokens - 1) / (truth.last_text_at - truth.first_text_at)
            first_ms.append((times.time_to_first_token_s - truth.first_text_s) * 1000)
            duration_ms.append((times.duration_s - truth.duration_s) * 1000)
            rates.append(abs(times.output_tokens_per_s / rate - 1) * 100)
    spread("time to first token, ours - the server's", first_ms, " ms", most=10)
    spread("duration, ours - the server's", duration_ms, " ms", most=10)
    spread("tokens/s, distance from the server's", rates, " %", most=2)


def main() -> None:
    """Measure with one format, then with all."""
    with Wire(PACE) as wire, App(wire.url) as app, chromium() as browser:
        for name, providers in (("eight of Chat Completions", ("chat",) * 8), ("all five formats", MIXED)):
            title(f"Truth, {name}: {PACE.tokens} tokens at {PACE.tokens_per_s:g}/s, the page drawing")
            page = open_page(browser, app, a_run(providers))
            before, since = app.cpu_s, time.perf_counter()
            compare(watch(page, app, wire))
            figure("server CPU meanwhile", (app.cpu_s - before) / (time.perf_counter() - since) * 100, " %")
            page.close()


if __name__ == "__main__":
    main()
