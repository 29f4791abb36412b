"""The rows of the comparison table: one answer, or all answers of one model as medians with their range. Pure.

The figure for several answers is the one that the verdict card and the charts use (`spread.middle`): the median of the
clean points if there are at least two. If one of the prices is unknown, so is the cost.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from dashboard.results.columns import Column, Row, Show, Value, row_of
from prompts.analysis.ratings import Ratings
from prompts.analysis.spread import COMPARED, Compared, Spread, askings, completed, points, spread
from prompts.core import format as text_of
from prompts.core import metrics
from prompts.core.answer import Answer
from prompts.core.run import Run
from providers.completion import GOOD_STATES

COMPARABLE = GOOD_STATES - {"empty", "refused", "filtered"}
"""Final states in which an answer may be ranked: a model that said nothing is not the fastest."""
_FIGURES: Mapping[str, Compared] = {
    metric.key: Compared(metric, "", frozenset(), "") for metric in metrics.METRICS
} | {each.metric.key: each for each in COMPARED}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row, which stands for one or more `answers` of a target, in the order of their repeats."""

    answers: tuple[Answer, ...]
    ratings: Ratings | None = None
    """Ratings of the model in all runs; `None` if there are none."""

    @property
    def first(self) -> Row:
        """The row of its first answer, with the feedback on all of them."""
        if len(self.answers) == 1:
            return replace(row_of(self.answers[0]), ratings=self.ratings)
        marks = tuple(mark for answer in self.answers for mark in answer.marks)
        tags = tuple(dict.fromkeys(tag for answer in self.answers for tag in answer.tags))
        return replace(row_of(replace(self.answers[0], marks=marks, tags=tags)), ratings=self.ratings)

    def value(self, column: Column) -> Value:
        """The value to sort by; `None` if unknown."""
        if len(self.answers) == 1:
            return column.value(self.first)
        if column.header == "Outcome":
            return self._outcomes()
        if column.export not in _FIGURES:
            return column.value(self.first)
        return 0.0 if self._free(column) else self._spread(column).middle

    def text(self, column: Column) -> str:
        """The text of the cell: `1.24 s (0.98 s to 2.10 s)`, with n if some answers have no point."""
        value = self.value(column)
        if self._free(column):
            return "no fee"
        done = self.answers[0].completion
        if column.export == metrics.COST.key and len(self.answers) == 1 and done is not None:
            return text_of.cost(done.cost)
        if not isinstance(value, float | int):
            return value or text_of.UNKNOWN
        if column.says is not None:
            return column.says(self.first)
        show = _FIGURES[column.export].metric.show if column.export in _FIGURES else column.show or str
        return show(value) + (self._around(column, show) if len(self.answers) > 1 and column.export in _FIGURES else "")

    def _around(self, column: Column, show: Show) -> str:
        """The range of the points, and their number if it is less than that of the answers."""
        seen = self._spread(column)
        far = f"{show(seen.low)} to {show(seen.high)}" if seen.low != seen.high else ""
        n = f"n = {seen.n}" if seen.n < len(self.answers) else ""
        said = ", ".join(filter(None, (far, n)))
        return f" ({said})" if said else ""

    def _free(self, column: Column) -> bool:
        return column.export == metrics.COST.key and self.no_fee

    @property
    def no_fee(self) -> bool:
        """Whether none of its answers has a fee. That is not a price of 0, because the machine costs money too."""
        costs = [answer.completion.cost.kind for answer in self.answers if answer.completion]
        return bool(costs) and all(kind == "local" for kind in costs)

    @property
    def comparable(self) -> bool:
        """Whether at least one of its answers may be ranked."""
        return any(answer.state in COMPARABLE for answer in self.answers)

    def _spread(self, column: Column) -> Spread:
        figure = _FIGURES[column.export]
        found = points(self.answers, figure)
        unpriced = figure.metric is metrics.COST and len(found) < len(completed(self.answers))
        return spread(() if unpriced else found)

    def _outcomes(self) -> str:
        """How its answers ended: `4 complete, 1 failed`."""
        often = Counter(text_of.STATES[answer.state][0] for answer in self.answers)
        return ", ".join(f"{n} {state}" for state, n in often.items())


def single(answers: Sequence[Answer], rated: Mapping[str, Ratings] | None = None) -> list[TableRow]:
    """A row per answer. `rated`: ratings by `provider:model`."""
    return [TableRow((answer,), _rated(answer, rated)) for answer in answers]


def by_model(run: Run, rated: Mapping[str, Ratings] | None = None) -> list[TableRow]:
    """A row per target of `run`, without warm-ups. `rated`: ratings by `provider:model`."""
    return [TableRow(tuple(answers), _rated(answers[0], rated)) for answers in askings(run)]


def _rated(answer: Answer, rated: Mapping[str, Ratings] | None) -> Ratings | None:
    return (rated or {}).get(f"{answer.target.provider}:{answer.target.model}")
