"""What ratings make of an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from dashboard.experiments.loaded import rated, read
from prompts.asking.runner import Connections
from prompts.core.feedback import Mark
from prompts.experiments.asked import AskedCell, Experiment
from tests.prompts.experiments.asked_cells import asked


@pytest.mark.parametrize(
    ("marks", "good"),
    [
        ([], None),
        ([Mark("a", thumb=1)], True),
        ([Mark("a", stars=5), Mark("b", stars=2), Mark("c", thumb=-1)], False),
        ([Mark("a", thumb=1), Mark("b", thumb=-1)], None),
        ([Mark("a", stars=3)], None),
        ([Mark("me", thumb=-1), Mark("a", thumb=1), Mark("b", thumb=1)], False),
        ([Mark("a", note="hm")], None),
    ],
)
def test_whoever_looks_counts_before_all_others(marks: list[Mark], good: bool | None) -> None:
    assert rated(marks, "me") is good


class Recorded:
    """Counts how often cells are read."""

    def __init__(self) -> None:
        self.reads = 0

    def list(self, person: str | None = None) -> list[Experiment]:
        return []

    def cells(self, id: str) -> list[AskedCell]:
        self.reads += 1
        return []

    async def ask_again(
        self, id: str, cells: Sequence[AskedCell | str], connections: Connections, by: object = None
    ) -> None:
        raise AssertionError


def test_cells_are_read_once_until_the_experiment_was_seen_running_again() -> None:
    record, experiment = Recorded(), replace(asked("+", "+")[0], id="read-once")
    assert read(record, experiment) is read(record, experiment)
    assert record.reads == 1
    before = read(record, experiment)
    read(record, replace(experiment, stage="running"))
    assert read(record, experiment) is not before
    assert record.reads == 3
