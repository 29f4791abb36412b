"""What repeats show: every point of a metric, the median, and how far the points lie apart.

Owns which answers give a point, which conditions set a point apart, and how much may be said of n points
(docs/design/metrics.md#spread). Refuses means, and a spread of one point.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles

from prompts.core import metrics
from prompts.core.answer import Answer
from prompts.core.metrics import Metric
from prompts.core.run import Run
from providers.completion import GOOD_STATES, Completion, State
from providers.interface import Condition

MEASURABLE: frozenset[State] = GOOD_STATES - {"empty", "refused", "filtered"}
"""A model that said nothing was not fast."""
ROUGH, SURE = 10, 50
"""From so many points on a p90 may be shown: marked rough, and as it is."""

_EVERYTHING: frozenset[Condition] = frozenset(
    {"first_call", "new_connection", "cold_load", "cache_hit", "retried", "contended"}
)


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure by which repeats are compared, and what may disturb it."""

    metric: Metric
    wins: str
    """What is said of the better of two: "is" and this."""
    disturbed_by: frozenset[Condition]
    absent: str
    """Why an answer may be without it."""
    unit: str = ""
    """Written after the number; empty where the figure writes it itself."""

    @property
    def name(self) -> str:
        """The figure's."""
        return self.metric.name

    def say(self, value: float | None) -> str:
        """The figure with its unit."""
        return self.metric.show(value) + (f" {self.unit}" if self.unit and value is not None else "")


@dataclass(frozen=True, slots=True)
class Point:
    """One measured value."""

    value: float
    repeat: int
    """Which asking, from 0."""
    disturbed: tuple[Condition, ...] = ()
    """The conditions that set it apart; empty when it is clean."""


@dataclass(frozen=True, slots=True)
class Side:
    """One target of a run, and its points on one metric in the order of the repeats."""

    name: str
    asked: int
    """How often, warm-ups not counted."""
    answers: int
    """Those that ended properly, with words."""
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Spread:
    """What may be said of n points. `None`: of so few, not this."""

    values: tuple[float, ...]
    """Those it is of, in the order of the repeats."""
    clean_only: bool
    """Disturbed points are left out."""
    median: float | None
    """From 2 points on."""
    p90: float | None
    """Nine of ten points are at most this; from 10 points on, rough below 50."""
    low: float | None
    high: float | None

    @property
    def n(self) -> int:
        """How many points it is of."""
        return len(self.values)

    @property
    def middle(self) -> float | None:
        """What a target is compared by: the median, of one point that itself; `None`: there is none."""
        return median(self.values) if self.values else None

    @property
    def rough(self) -> bool:
        """Whether the p90 would move with a few more points."""
        return self.n < SURE


LENGTH = Compared(metrics.CHARACTERS, "shorter", frozenset(), "its text is not on record", "characters")
"""How long the answers are; apart from `COMPARED`, for less is not better."""
COMPARED: tuple[Compared, ...] = (
    Compared(metrics.FIRST_TOKEN, "faster to the first token", _EVERYTHING, "no answer text arrived"),
    Compared(metrics.DURATION, "faster", _EVERYTHING, "no answer ended"),
    # Connecting, loading and reading the prompt are over when the first word is there.
    Compared(
        metrics.TOKENS_PER_S, "faster at writing", frozenset({"first_call", "retried", "contended"}),
        "the answers came in one piece, or their tokens were not counted", "tokens/s",
    ),
    Compared(
        metrics.COST, "cheaper", frozenset({"cache_hit", "retried"}), "no fee is asked, or the price is not known"
    ),
)  # fmt: skip
OF_PICTURES: tuple[Compared, ...] = (
    Compared(metrics.FIRST_PICTURE, "faster to a first picture", _EVERYTHING, "no picture came"),
    Compared(metrics.FINAL_PICTURE, "faster to the picture", _EVERYTHING, "no picture came"),
    Compared(metrics.FILE_SIZE, "smaller", frozenset(), "no picture came", "bytes"),
    COMPARED[-1],
)


def askings(run: Run) -> list[list[Answer]]:
    """The answers of each target by repeat, in the order of the columns; without warm-ups."""
    columns: defaultdict[int, list[Answer]] = defaultdict(list)
    for answer in run.answers:
        if answer.counts:
            columns[answer.column].append(answer)
    return [sorted(columns[column], key=lambda answer: answer.repeat) for column in sorted(columns)]


def names(targets: Sequence[Sequence[Answer]]) -> list[str]:
    """Each target's name and when it was asked; several columns of one model are told apart by their number."""
    plain = [" · ".join(filter(None, (str(answers[0].target), answers[0].label))) for answers in targets]
    often = Counter(plain)
    return [
        f"{name} · column {answers[0].column + 1}" if often[name] > 1 else name
        for name, answers in zip(plain, targets, strict=True)
    ]


def completed(answers: Sequence[Answer]) -> list[tuple[int, Completion]]:
    """The completions that can be measured and compared, with the number of their repeat."""
    found = ((answer.repeat, answer.completion) for answer in answers)
    return [(repeat, done) for repeat, done in found if done is not None and done.state in MEASURABLE]


def sides(run: Run, metric: Compared) -> list[Side]:
    """Every target with its points on `metric`."""
    targets = askings(run)
    return [
        Side(name, len(answers), len(completed(answers)), points(answers, metric))
        for name, answers in zip(names(targets), targets, strict=True)
    ]


def points(answers: Sequence[Answer], metric: Compared) -> tuple[Point, ...]:
    """What the askings of one target measured, in the order of the repeats."""
    return tuple(
        Point(value, repeat, tuple(c for c in done.conditions if c in metric.disturbed_by))
        for repeat, done in completed(answers)
        if (value := metric.metric.read(done)) is not None
    )


def undisturbed(points: Sequence[Point]) -> list[Point]:
    """The clean ones."""
    return [point for point in points if not point.disturbed]


def spread(points: Sequence[Point]) -> Spread:
    """Of the clean points where there are two or more, else of all."""
    clean = undisturbed(points)
    clean_only = len(clean) >= 2 and len(clean) < len(points)
    values = tuple(point.value for point in (clean if clean_only else points))
    if len(values) < 2:
        return Spread(values, clean_only, None, None, None, None)
    # By linear interpolation between the points, ends included: type 7 of R. J. Hyndman and Y. Fan,
    # "Sample quantiles in statistical packages", The American Statistician 50(4), 1996.
    p90 = quantiles(values, n=10, method="inclusive")[8] if len(values) >= ROUGH else None
    return Spread(values, clean_only, median(values), p90, min(values), max(values))


def middle(points: Sequence[Point]) -> float | None:
    """Of these points, as `Spread.middle`."""
    return spread(points).middle
