"""The columns of the comparison table as data. To add a column, add a `Column` to `ALL`.

Owns what each column shows, in which unit, the tooltip of its header, and whether less or more is better. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from dashboard.feedback import view as marks_view
from prompts.analysis.ratings import DEFINITIONS, Ratings, rate_says
from prompts.core import format as text_of
from prompts.core import metrics
from prompts.core.answer import Answer
from prompts.core.metrics import Metric
from providers.catalogue.families import Fact, Family, family_of
from providers.completion import Completion, Cost
from providers.interface import Usage

Value = str | float | None
Show = Callable[[float | None], str]
Width = Literal["small", "medium", "large"] | None


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table: an answer, its completion, and what is known of its model's family."""

    answer: Answer
    completion: Completion | None
    family: Family | None
    ratings: Ratings | None = None
    """Ratings of the model in all runs; `None`: there are none, or they were not looked up."""

    @property
    def usage(self) -> Usage:
        """The token counts; all unknown if none were reported."""
        return (self.completion.usage if self.completion else None) or Usage()


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `value` gives a number to sort by, or text; `show` turns the number into text."""

    header: str
    export: str
    """Its name in files, as in the glossary."""
    value: Callable[[Row], Value]
    help: str
    show: Show | None = None
    best: Literal["least", "most"] | None = None
    width: Width = "small"
    """`small` holds a header of 11 characters; `None` is as wide as the content needs."""
    on_screen: Literal["always", "if known", "never"] = "always"
    """Whether the table shows it; files always have it. `if known`: if at least one row has a value."""
    rare: bool = False
    """Whether it is hidden until it is chosen under Columns."""
    of_text: bool = False
    """Whether it is about text only; it is not shown if all answers are pictures."""
    says: Callable[[Row], str] | None = None
    """The text of the cell, if the number alone is not enough."""


def row_of(answer: Answer) -> Row:
    """The row of an answer."""
    return Row(answer, answer.completion, family_of(answer.target.provider, answer.target.model))


def _fact(fact: Fact | None) -> str | None:
    return fact.text if fact else None


def _metric(
    metric: Metric, width: Width = "small", *, rare: bool = False, of_text: bool = False,
    on_screen: Literal["always", "if known"] = "always",
) -> Column:  # fmt: skip
    """A column that shows a metric of `prompts/core/metrics.py`."""

    def value(row: Row) -> Value:
        return metric.read(row.completion) if row.completion else None

    return Column(
        metric.name, metric.key, value, metric.help, metric.show, metric.better, width, on_screen, rare, of_text
    )  # fmt: skip


def _family(read: Callable[[Family], Fact | None]) -> Callable[[Row], Value]:
    return lambda row: _fact(read(row.family)) if row.family else None


def _model(row: Row) -> str:
    again = f" · {row.answer.repeat + 1}" if row.answer.repeat else ""
    again += f" · {row.answer.label}" if row.answer.label else ""
    return f"{row.answer.target.provider}:{row.answer.target.model}{again}"


def _outcome(row: Row) -> str:
    label, _ = text_of.STATES[row.answer.state]
    error = row.completion.error if row.completion else None
    told = error.kind.replace("_", " ") if error else label
    return label if told == label else f"{label}: {told}"


def _cost(row: Row) -> Value:
    """The cost to sort by: 0 without a fee, `None` (last) if unknown."""
    cost = row.completion.cost if row.completion else Cost("unknown")
    if cost.kind == "local":
        return 0.0
    return None if cost.exact is None else float(cost.exact)


def _cost_kind(row: Row) -> str | None:
    return row.completion.cost.kind if row.completion else None


def _called_best(row: Row) -> Value:
    """The share of best-answer choices that went to the model, from 0 to 1."""
    rate = row.ratings.wins.interval if row.ratings else None
    return rate.estimate if rate else None


def _versions(row: Row) -> str | None:
    return _fact(row.family.versions) if row.family else None


ALL: tuple[Column, ...] = (
    Column("Model", "model", _model, "Who was asked: provider and model.", width="medium"),
    Column("Family", "family", lambda r: r.family.name if r.family else None, "The model's family."),
    Column("Developer", "developer", _family(lambda f: f.developer), "Who makes the family."),
    Column("Outcome", "state", _outcome, "How the answer ended. Only a proved end is called complete.", width=None),
    Column(
        "Rating", "rating", lambda r: marks_view.rating(r.answer),
        "What people here say of the answer: best of its run, stars (of several people the median), thumbs.",
        width="medium", on_screen="if known",
    ),
    Column(
        "Stars", "stars", lambda r: marks_view.stars(r.answer), "1 to 5; of several people the median.",
        on_screen="never",
    ),
    Column(
        "Tags", "tags", lambda r: "; ".join(r.answer.tags) or None, "Words that people here put on the answer.",
        width="medium", on_screen="if known",
    ),
    Column(
        "Notes", "notes", lambda r: marks_view.notes(r.answer), "What people here wrote about the answer.",
        on_screen="never",
    ),
    Column(
        "Called best", "called_best", _called_best, f"{DEFINITIONS['Called best']} Of all runs on record.",
        text_of.share, width="medium", on_screen="if known",
        says=lambda r: rate_says(r.ratings.wins) if r.ratings else text_of.UNKNOWN,
    ),
    _metric(metrics.FIRST_OUTPUT, width=None, rare=True, of_text=True),
    _metric(metrics.FIRST_TOKEN, of_text=True),
    _metric(metrics.DURATION),
    _metric(metrics.TOKENS_PER_S, of_text=True),
    _metric(metrics.CHARACTERS_PER_S, width=None, rare=True, of_text=True),
    _metric(metrics.TOKENS_IN),
    _metric(metrics.CACHED, rare=True, of_text=True),
    _metric(metrics.TOKENS_OUT),
    _metric(metrics.THINKING, rare=True, of_text=True),
    _metric(metrics.CHARACTERS, rare=True, of_text=True),
    _metric(metrics.FIRST_PICTURE, width=None, on_screen="if known"),
    _metric(metrics.FINAL_PICTURE, width=None, on_screen="if known"),
    _metric(metrics.STEPS_PER_S, on_screen="if known"),
    _metric(metrics.MEGAPIXELS, on_screen="if known"),
    _metric(metrics.FILE_SIZE, on_screen="if known"),
    Column(
        metrics.COST.name, metrics.COST.key, _cost, f"{metrics.COST.help} Select the row for its receipt.", None,
        metrics.COST.better,
    ),
    Column("Cost kind", "cost_kind", _cost_kind, "An amount, local (no fee is charged) or unknown.", on_screen="never"),
    Column("Key strengths", "key_strengths", _family(lambda f: f.strengths), "Of the family.", width="large"),
    Column("Best for", "best_for", _family(lambda f: f.best_for), "What the family is best for.", width="large"),
    Column("Notable versions", "notable_versions", _versions, "Well-known versions of the family.", width="large"),
    Column("Where it runs", "where_it_runs", _family(lambda f: f.runs), "Hosted, on your machine, or both.",
           width=None, rare=True),
)  # fmt: skip
COLUMNS: tuple[Column, ...] = tuple(column for column in ALL if column.on_screen == "always")
"""The columns that the screen shows for every run."""


RARE: tuple[str, ...] = tuple(column.header for column in ALL if column.rare)
"""The headers of the columns that are hidden until they are chosen."""


def shown(answers: Sequence[Answer]) -> tuple[Column, ...]:
    """The columns that can be shown for these answers, rare ones included."""
    return known([row_of(answer) for answer in answers])


def known(rows: Sequence[Row]) -> tuple[Column, ...]:
    """The columns that can be shown for these rows; see `Column.on_screen` and `Column.of_text`."""
    drawn = bool(rows) and all(row.answer.target.settings.picture is not None for row in rows)
    return tuple(
        column for column in ALL
        if not (drawn and column.of_text) and (
            column.on_screen == "always"
            or (column.on_screen == "if known" and any(column.value(row) is not None for row in rows))
        )
    )  # fmt: skip
