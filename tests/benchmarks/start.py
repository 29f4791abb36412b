"""How soon there is something to see: the server's first page, and the first word of `collate ask`.

Compiled modules are kept, as on anybody's machine; a first round of each is not counted, for it may be the
one that compiles. The server imports more while the browser loads its files, so the sum of both waits is told too.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser

from prompts.core.child_process import python
from tests.benchmarks.app import RUN, App, chromium, clean_environ
from tests.benchmarks.report import figure, median, spread, title
from tests.benchmarks.wire import ROOT

ROUNDS = 5
EMPTY = "import streamlit as st\nst.button('Run', key='run')\n"
"""What Streamlit itself takes."""
SDKS = ("openai", "anthropic", "google.genai", "ollama")


NAMES = (
    "process started to healthy", "page asked for to Run on screen", "process started to Run on screen",
    "processor time until healthy", "processor time until Run is on screen",
)  # fmt: skip


def first_page(browser: Browser, app: App) -> tuple[float, ...]:
    """Seconds, one for each of `NAMES`. The page is asked for as soon as the server is healthy."""
    with app:
        ready = app.cpu_s
        page = browser.new_page()  # a context of its own: nothing is cached
        asked = time.perf_counter()
        page.goto(app.url, wait_until="commit")
        page.locator(RUN).wait_for()
        seen, drawn = time.perf_counter(), app.cpu_s
        page.close()
        healthy = app.healthy - app.started
        return healthy, seen - asked, healthy + seen - asked, ready, drawn


def imported_sdks(browser: Browser) -> list[str]:
    """The SDKs that the server imported to show its first page, as the interpreter itself reports them."""
    with App(None, "-X", "importtime") as app:
        page = browser.new_page()
        page.goto(app.url)
        page.locator(RUN).wait_for()
        page.wait_for_timeout(1000)
        page.close()
        names = set(re.findall(r"^import time: .*\| +(\S+)$", app.log.read_text(), re.MULTILINE))
    assert "streamlit" in names, "the interpreter reported no imports"
    return [name for name in SDKS if name in names]


def first_word(database: str) -> float:
    """Seconds from the start of `collate ask` until the first character of the answer is printed."""
    command = python("-m", "prompts.cli.main", "ask", "What is a class?", "-m", "builtin:ngram-3")
    environ = clean_environ() | {"COLLATE_DATABASE_URL": database}
    began = time.perf_counter()
    with subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        process.stdout.readline()  # the name of the model
        assert process.stdout.read(1).strip(), "no word"
        taken = time.perf_counter() - began
        process.stdout.read()
    return taken


def main() -> None:
    """Print the figures."""
    title(f"Start of the server, {ROUNDS} times")
    with chromium() as browser:
        with tempfile.TemporaryDirectory() as folder:
            empty = Path(folder) / "empty.py"
            empty.write_text(EMPTY)
            both = [  # in turns, so that both have the same neighbours
                (first_page(browser, App()), first_page(browser, App(script=str(empty)))) for _ in range(ROUNDS + 1)
            ][1:]
        pairs, plain = [ours for ours, _ in both], [theirs for _, theirs in both]
        for number, name in enumerate(NAMES):
            ours, theirs = [pair[number] for pair in pairs], [pair[number] for pair in plain]
            spread(name, ours, " s", most=2 if number == 1 else None)
            figure("the same / an empty Streamlit app's", median(ours) / median(theirs), most=1.5)
        found = imported_sdks(browser)
        figure("SDKs imported by then", len(found), most=0, note=", ".join(found))
    title(f"First word of `collate ask` on a built-in model, {ROUNDS} times")
    with tempfile.TemporaryDirectory() as folder:
        files = [f"sqlite:///{Path(folder)}/{number}.db" for number in range(ROUNDS + 1)]
        spread("with a new database", [first_word(file) for file in files][1:], " s", most=1)
        spread("with an existing database", [first_word(files[0]) for _ in range(ROUNDS)], " s", most=1)


if __name__ == "__main__":
    main()
