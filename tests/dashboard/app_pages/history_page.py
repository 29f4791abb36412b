"""What the tests of History share: recorded runs, the page opened on them, and runs that are ticked."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.engine import engine
from dashboard.history import list as history_list
from prompts.core.run import Run
from prompts.core.run_summaries import Filter
from prompts.core.targets import Target
from prompts.record.recorder import Recorder
from providers.completion import Completion
from tests.dashboard import pages
from tests.prompts.samples import FULL
from tests.runs import started

FOXES, OWLS = "Where do foxes sleep?", "When do owls hunt?"


def record(*prompts: str, given: Completion = FULL) -> list[Run]:
    """Finished runs, the first the newest."""
    now = datetime.now(UTC)

    async def write() -> list[Run]:
        recorder = await Recorder.open()
        runs: list[Run] = []
        for n, prompt in enumerate(prompts):
            at = now - timedelta(minutes=n)
            run = started(prompt, [Target("openai", "gpt-4o"), Target("builtin", "ngram-3")], created_at=at)
            await recorder.begin_run(run)
            for answer in run.answers:
                attempt = await recorder.begin_attempt(answer.id, 1, endpoint="here", target=answer.target)
                done = replace(given, provider=answer.target.provider, model=answer.target.model)
                await recorder.finish(attempt, done)
            runs.append(run)
        await recorder.close()
        return runs

    return asyncio.run(write())


def opened(app: AppTest, **address: str) -> AppTest:
    app.run()
    for name, value in address.items():
        app.query_params[name] = value
    return app.switch_page("app_pages/history.py").run()


def html(app: AppTest, key: str = "history-list") -> str:
    return pages.html(app, key)


def tick(monkeypatch: pytest.MonkeyPatch, runs: Sequence[Run]) -> None:
    """As if these were ticked in the browser; Streamlit's own tests have none."""
    monkeypatch.setattr(history_list, "panel", lambda *_, **__: tuple(run.id for run in runs))


def lines() -> dict[str, object]:
    archive = engine().archive
    assert archive is not None
    return {line.prompt: line for line in archive.page(Filter()).lines}
