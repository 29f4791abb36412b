"""Checks the current decisions against what is known today."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from prompts.core.decision import Decision
from prompts.decide import decision_store
from prompts.decide.ageing import Aged, Drift, aged
from prompts.decide.deciding import answers_of
from prompts.decide.facts import PriceOf
from prompts.experiments.asked import Experiment
from prompts.history.archive import Archive


def review(
    archive: Archive, experiments: Sequence[Experiment], drifts: Sequence[Drift], price: PriceOf, now: datetime
) -> list[tuple[Decision, Aged | None]]:  # fmt: skip
    """The newest decision for each task, with the reasons to review it. Raises `RecordError`."""
    there = {each.id: answers_of(each) for each in experiments}
    found = decision_store.current(archive.read(decision_store.every))
    return [(each, aged(each, price(*each.target, now), drifts, there, now)) for each in found]
