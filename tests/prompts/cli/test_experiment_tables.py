"""The progress of an experiment in the terminal, and in a log."""

from __future__ import annotations

from decimal import Decimal

import pytest

from prompts.cli import run
from prompts.cli.experiment_tables import progress_line
from prompts.experiments.asked import Progress, TargetProgress
from prompts.experiments.checks.check import Check
from tests.patience import until
from tests.prompts.experiments.wired import connections, hello, laboratory, plan
from tests.wire.server import Reply, WireServer

JUDGED = plan("groq:a", "groq:b", checks=(Check("judge", "Polite.", values=("mistral:j",)),))


def row(target: int, done: int, *, failed: int = 0, says: str = "") -> TargetProgress:
    """One of the targets or judges, for six calls."""
    return TargetProgress(target, 6, done, failed, 0, None, None, None, says=says)


AWAY = row(1, 0, says="Is overloaded: tried again in 8 s.")


@pytest.mark.parametrize(
    ("progress", "line"),
    [
        (Progress("running", (row(0, 2), row(1, 0)), None, Decimal(0)), "2 of 12 answers."),
        (
            Progress(
                "running", (row(0, 2, failed=1), row(1, 0, says="Is overloaded: tried again in 8 s.")), None, Decimal(0)
            ),
            "2 of 12 answers, 1 failed. groq:b: Is overloaded: tried again in 8 s.",
        ),
        (
            Progress("running", (row(0, 6), row(1, 5, failed=1)), None, Decimal(0), judges=(row(0, 3, says="Waits."),)),
            "3 of 6 judgements. mistral:j: Waits.",
        ),
    ],
)
def test_a_line_says_how_far_it_is_and_what_it_waits_for(progress: Progress, line: str) -> None:
    assert progress_line(JUDGED, progress) == line


async def test_without_a_terminal_a_line_is_said_while_it_runs_unless_it_is_to_be_quiet(
    record_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "NEWS_S", (0.01,))
    said = list[str]()
    monkeypatch.setattr(run, "say", said.append)

    async def waiting(reply: Reply) -> None:
        await until(lambda: said)
        await hello(reply)

    with WireServer(waiting) as server:
        known = connections(server)
        async with laboratory(record_url, known) as lab:
            await run._watch(lab, await lab.start(plan(cases=2), known), quiet=False)
            assert said[0] == "0 of 2 answers."
            before = len(said)
            await run._watch(lab, await lab.start(plan(cases=2), known), quiet=True)
            assert len(said) == before
