"""Kill -9 of the real dashboard while a browser looks at running answers, and what its record then lacks.

Three ways in turn: the server of the pages, the process that asks, and both at once. What asks outlives the pages:
its answers must be whole. What a kill of its own catches on the way may be unknown, but is on record, and is never
asked again by itself. After each kill the dashboard is started anew where it died, and the page is opened again.

    python -m tests.benchmarks.dashboard_kills 30
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from playwright.sync_api import Browser

from prompts.core.targets import Target
from prompts.record.rows import StoredRun
from tests.benchmarks.app import App, chromium, open_page, press_run
from tests.benchmarks.kills import GRACE_S, Notes, Sent
from tests.benchmarks.report import figure, title
from tests.runs import started
from tests.wire.server import WireServer

KILLS, COLUMNS = 30, 4
LONGEST_S = 1.0
Way = Literal["pages", "asking", "both"]
WAYS: tuple[Way, ...] = ("pages", "asking", "both")
_OVER = ("complete", "unknown", "incomplete", "cancelled", "failed", "empty")


@dataclass(frozen=True, slots=True)
class Killed:
    """One kill, and what the server had sent by then."""

    prompt: str
    way: Way
    run_id: str
    at: float


def kill(app: App, browser: Browser, notes: Notes, number: int, chance: random.Random) -> Killed:
    """A run in the browser, killed at a random moment of it; then the dashboard is there again."""
    prompt, way = f"kill {number}", WAYS[number % len(WAYS)]
    page = open_page(browser, app, started(prompt, [Target("chat", f"bench-{n}") for n in range(COLUMNS)]))
    run_id = press_run(page)
    while sum(len(notes.sent.get((prompt, f"bench-{n}"), ())) for n in range(COLUMNS)) == 0:
        page.wait_for_timeout(5)
    page.wait_for_timeout(1000 * chance.uniform(0, LONGEST_S))
    asker, at = app.noted_asker(), time.perf_counter()
    assert asker is not None
    if way != "asking":
        app.process.kill()
    if way != "pages":
        with suppress(ProcessLookupError):
            os.kill(asker, signal.SIGKILL)
    if way != "asking":
        app.process.wait()
        app.start()
    page.goto(f"{app.url}/?run={run_id}")
    page.locator(".st-key-run button").wait_for()
    _until_over(app, run_id)
    page.close()
    return Killed(prompt, way, run_id, at)


def _until_over(app: App, run_id: str) -> None:
    """Wait for an answer that goes on, or that the record is about to call unknown; not for ever."""
    for _ in range(200):
        if all(each.state in _OVER for each in app.recorded(run_id).completions):
            return
        time.sleep(0.1)


def compare(killed: Killed, stored: StoredRun, notes: Notes, counts: Counter[str]) -> None:
    """What the record says of the run beside what the server knows."""
    states = {each.model: each for each in stored.completions}
    for number in range(COLUMNS):
        sent: list[Sent] = notes.sent.get((killed.prompt, f"bench-{number}"), [])
        found = states.get(f"bench-{number}")
        counts["asked"] += len(sent)
        counts["doubled"] += max(0, len(sent) - 1)
        counts["absent"] += bool(sent) and found is None
        if found is None or not sent:
            continue
        ended = sent[0].ended_at
        counts["in flight"] += ended is None or ended > killed.at
        counts["left open"] += found.state not in _OVER
        must = killed.way == "pages" or (ended is not None and ended < killed.at - GRACE_S)
        counts["to be whole"] += must
        whole = found.state == "complete" and found.text == sent[0].text_by(float("inf"))
        counts["lost"] += must and not whole
        early = sent[0].text_by(killed.at - GRACE_S)
        counts["texts lost"] += not must and not found.text.startswith(early)
        counts[f"state {found.state}"] += 1


def main(kills: int = KILLS) -> None:
    """Print what was lost and what was asked twice."""
    title(f"Kill -9 of the dashboard, {kills} times: pages, asking and both in turn, {COLUMNS} columns, a browser open")
    began, notes, counts, chance = time.perf_counter(), Notes(), Counter[str](), random.Random(1)
    with WireServer() as server, App(server.url) as app, chromium() as browser:
        server.routes["/chat/completions"] = notes.given
        for number in range(kills):
            killed = kill(app, browser, notes, number, chance)
            compare(killed, app.recorded(killed.run_id), notes, counts)
            counts["kills"] += 1
        app.process.terminate()
        if (asker := app.noted_asker()) is not None:
            with suppress(ProcessLookupError):
                os.kill(asker, signal.SIGTERM)
    figure("kills", counts["kills"], note=f"in {time.perf_counter() - began:.0f} s")
    figure("requests", counts["asked"])
    figure("requests in flight at a kill", counts["in flight"])
    figure("lost: answers that had to be whole", counts["lost"], most=0, note=f"of {counts['to be whole']}")
    figure("lost: text sent over a second before the kill", counts["texts lost"], most=0)
    figure("doubled", counts["doubled"], most=0)
    figure("absent from the record", counts["absent"], most=0)
    figure("left open", counts["left open"], most=0)
    for name in sorted(name for name in counts if name.startswith("state ")):
        figure(name, counts[name])


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
