"""A run: a plan that was started, and its answers as they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import Self
from uuid import uuid4

from prompts.core.answer import Answer, LiveAnswer
from prompts.core.feedback import Mark
from prompts.core.plan import Plan

NOT_KEPT = "— The answer was not saved: only figures of this run were recorded."
"""Shown instead of an answer of a run whose text was not recorded."""
Said = tuple[tuple[Mark, ...], tuple[str, ...]]
"""(marks, tags): people's feedback on an answer."""


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True)
class Run(Plan):
    """A plan that was started. Runs are compared by identity."""

    id: str = field(default_factory=lambda: str(uuid4()))
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    live: tuple[LiveAnswer, ...] = ()
    """Its answers as they change, in the order of the cells."""
    combined: tuple[str, ...] = ()
    """The ids of the runs a combined run shows; empty for a run that is asked."""

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)

    @classmethod
    def of(
        cls, plan: Plan, *, id: str | None = None, created_at: datetime | None = None,
        answers: Sequence[Answer] | None = None, combined: tuple[str, ...] = (),
    ) -> Self:  # fmt: skip
        """A run of `plan`, started at `created_at` or now; without `answers` every cell is still waiting."""
        given = {each.name: getattr(plan, each.name) for each in fields(Plan)}
        stand = [Answer(cell) for cell in plan.cells] if answers is None else answers
        return cls(
            **given, id=id or str(uuid4()), created_at=created_at or datetime.now(UTC),
            live=tuple(map(LiveAnswer, stand)), combined=combined,
        )  # fmt: skip

    @property
    def answers(self) -> tuple[Answer, ...]:
        """The present state of its answers."""
        return tuple(each.now for each in self.live)

    def answer(self, answer_id: str) -> LiveAnswer:
        """The answer with that id. Raises `KeyError`."""
        for each in self.live:
            if each.now.id == answer_id:
                return each
        raise KeyError(answer_id)

    @property
    def textless(self) -> bool:
        """Whether only figures of it were recorded, so that it can be looked at but not asked again."""
        return self.keeps == "figures" and not self.prompt

    @property
    def finished(self) -> bool:
        """Whether every answer has its outcome."""
        return not any(each.now.live for each in self.live)

    def note_feedback(self, said: Mapping[str, Said]) -> None:
        """Update people's feedback on its answers, by their ids; answers not in `said` keep theirs."""
        for each in self.live:
            if each.now.id in said:
                marks, tags = said[each.now.id]
                each.change(marks=marks, tags=tags)
