"""Several runs of the list asked again: what it takes is said first, and whatever cannot be asked is named."""

from __future__ import annotations

import asyncio

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.compose.privacy_prompt import seems_to_hold
from dashboard.engine import engine
from dashboard.history import rerun_many
from prompts.core.run import Run
from prompts.core.run_summaries import Filter, RunLine
from prompts.core.targets import Target
from prompts.record.recorder import Recorder
from providers.config.connections import PRESETS
from tests.dashboard.app_pages.history_page import opened, record, tick
from tests.dashboard.pages import said
from tests.prompts.samples import BARE
from tests.runs import started


def at_home(prompt: str) -> Run:
    """A finished run of a model that needs no key."""

    async def write() -> Run:
        recorder, run = await Recorder.open(), started(prompt, [Target("builtin", "ngram-3")])
        await recorder.begin_run(run)
        attempt = await recorder.begin_attempt(run.answers[0].id, 1, endpoint="here", target=run.answers[0].target)
        await recorder.finish(attempt, BARE)
        await recorder.close()
        return run

    return asyncio.run(write())


def on_record() -> tuple[RunLine, ...]:
    archive = engine().archive
    assert archive is not None
    return archive.page(Filter()).lines


def test_what_asking_selected_runs_again_takes_is_said_first_and_what_cannot_be_is_named(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = [at_home("Where do foxes sleep?"), at_home("Write to ann@example.co.uk"), *record("When do owls hunt?")]
    tick(monkeypatch, runs)
    opened(app)
    app.button(key="history-ask-again").click().run()
    assert "1 run left out: openai cannot be asked now; see Settings." in said(app)
    assert "2 runs, 2 calls, no fee." in said(app)
    assert "It goes to Built-in." in said(app)
    assert "ann@" not in said(app)  # it does not leave this computer


def test_what_seems_private_is_said_first(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rerun_many, "seems_to_hold", lambda *_: "an e-mail address")
    tick(monkeypatch, [at_home("Write to ann@example.co.uk")])
    opened(app)
    app.button(key="history-ask-again").click().run()
    assert "The prompts seem to contain an e-mail address." in said(app)
    app.button(key="history-ask-again-not").click().run()
    assert len(on_record()) == 1


def test_only_what_would_leave_counts_as_seeming_private(app: AppTest) -> None:
    here, far, harmless = (
        started(prompt, [Target(provider, "m")])
        for prompt, provider in (
            ("To ann@example.co.uk", "builtin"),
            ("To bob@example.co.uk", "openai"),
            ("Why?", "openai"),
        )
    )
    assert seems_to_hold(engine(), PRESETS, here, harmless) == ""
    assert "an e-mail address" in seems_to_hold(engine(), PRESETS, here, far, harmless)


def test_too_many_runs_are_not_asked_at_once(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rerun_many, "MOST", 1)
    tick(monkeypatch, record("one", "two"))
    opened(app)
    assert app.button(key="history-ask-again").disabled
