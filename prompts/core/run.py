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

NOT_KEPT = "— The answer was never kept: the text of this run was not saved."
"""What stands in the place of an answer of such a run."""
Said = tuple[tuple[Mark, ...], tuple[str, ...]]
"""What people say of an answer: their marks, and everybody's tags."""


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True)
class Run(Plan):
    """A plan that was started. One of them is the same as another only if it is that one."""

    id: str = field(default_factory=lambda: str(uuid4()))
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    live: tuple[LiveAnswer, ...] = ()
    """Where its answers change, in the order of the cells."""
    combined: tuple[str, ...] = ()
    """The runs whose answers it shows, where it is only put together to be looked at; empty for one that is asked."""

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)

    @classmethod
    def of(
        cls, plan: Plan, *, id: str | None = None, created_at: datetime | None = None,
        answers: Sequence[Answer] | None = None, combined: tuple[str, ...] = (),
    ) -> Self:  # fmt: skip
        """`plan`, started now unless `created_at` says when; without `answers` each cell waits for its own."""
        given = {each.name: getattr(plan, each.name) for each in fields(Plan)}
        stand = [Answer(cell) for cell in plan.cells] if answers is None else answers
        return cls(
            **given, id=id or str(uuid4()), created_at=created_at or datetime.now(UTC),
            live=tuple(map(LiveAnswer, stand)), combined=combined,
        )  # fmt: skip

    @property
    def answers(self) -> tuple[Answer, ...]:
        """Its answers as they stand."""
        return tuple(each.now for each in self.live)

    def answer(self, answer_id: str) -> LiveAnswer:
        """The one of that id. Raises `KeyError`."""
        for each in self.live:
            if each.now.id == answer_id:
                return each
        raise KeyError(answer_id)

    @property
    def textless(self) -> bool:
        """It came back from a record that holds its figures only, so it can be looked at, but not asked again."""
        return self.keeps == "figures" and not self.prompt

    @property
    def finished(self) -> bool:
        """Every answer has its outcome."""
        return not any(each.now.live for each in self.live)

    def note_feedback(self, said: Mapping[str, Said]) -> None:
        """Show what people say of its answers, by id; of one that is not in it, what was known stays."""
        for each in self.live:
            if each.now.id in said:
                marks, tags = said[each.now.id]
                each.change(marks=marks, tags=tags)
