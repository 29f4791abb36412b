"""What repeats show: every point of a metric, the median, and how far the points lie apart.

Owns which answers give a point, which conditions set a point apart, and how much may be said of n points
(docs/design/metrics.md#spread). Gives no means, and no spread for a single point.
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
"""The outcomes whose times are comparable: a model that said nothing was not fast."""
ROUGH, SURE = 10, 50
"""From 10 points on a p90 is shown, marked as rough; from 50 on, without that mark."""

_EVERYTHING: frozenset[Condition] = frozenset(
    {"first_call", "new_connection", "cold_load", "cache_hit", "retried", "contended"}
)


@dataclass(frozen=True, slots=True)
class Compared:
    """A metric by which repeats are compared, and the conditions that may disturb it."""

    metric: Metric
    wins: str
    """The adjective for the better of two, as in "A is faster"."""
    disturbed_by: frozenset[Condition]
    absent: str
    """Why an answer may lack this figure."""
    unit: str = ""
    """Written after the number; empty if the metric writes its unit itself."""

    @property
    def name(self) -> str:
        """The name of the metric."""
        return self.metric.name

    def say(self, value: float | None) -> str:
        """`value` as text with its unit; "—" for `None`."""
        return self.metric.show(value) + (f" {self.unit}" if self.unit and value is not None else "")


@dataclass(frozen=True, slots=True)
class Point:
    """One measured value."""

    value: float
    repeat: int
    """Which repeat it is from, counted from 0."""
    disturbed: tuple[Condition, ...] = ()
    """The conditions that disturbed the measurement; empty if there were none."""


@dataclass(frozen=True, slots=True)
class Side:
    """One target of a run, and its points on one metric in the order of the repeats."""

    name: str
    asked: int
    """How often the target was asked, not counting warm-ups."""
    answers: int
    """How many answers ended properly, with words."""
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Spread:
    """Summary of n points. A field is `None` if there are too few points for it."""

    values: tuple[float, ...]
    """The values summarised, in the order of the repeats."""
    clean_only: bool
    """Whether disturbed points were left out."""
    median: float | None
    """`None` below 2 points."""
    p90: float | None
    """The 90th percentile; `None` below 10 points, rough below 50."""
    low: float | None
    high: float | None

    @property
    def n(self) -> int:
        """How many points are summarised."""
        return len(self.values)

    @property
    def middle(self) -> float | None:
        """The value to compare targets by: the median, or the only point; `None` without points."""
        return median(self.values) if self.values else None

    @property
    def rough(self) -> bool:
        """Whether there are so few points that the p90 would change with a few more."""
        return self.n < SURE


LENGTH = Compared(metrics.CHARACTERS, "shorter", frozenset(), "its text is not on record", "characters")
"""The length of answers. Not in `COMPARED`, as shorter is not better."""
COMPARED: tuple[Compared, ...] = (
    Compared(metrics.FIRST_TOKEN, "faster to the first token", _EVERYTHING, "no answer text arrived"),
    Compared(metrics.DURATION, "faster", _EVERYTHING, "no answer ended"),
    # Connecting, loading and reading the prompt are finished when the first word arrives.
    Compared(
        metrics.TOKENS_PER_S, "faster at writing", frozenset({"first_call", "retried", "contended"}),
        "the answers came in one piece, or their tokens were not counted", "tokens/s",
    ),
    Compared(
        metrics.COST, "cheaper", frozenset({"cache_hit", "retried"}), "no fee is charged, or the price is not known"
    ),
)  # fmt: skip
OF_PICTURES: tuple[Compared, ...] = (
    Compared(metrics.FIRST_PICTURE, "faster to a first picture", _EVERYTHING, "no picture came"),
    Compared(metrics.FINAL_PICTURE, "faster to the picture", _EVERYTHING, "no picture came"),
    Compared(metrics.FILE_SIZE, "smaller", frozenset(), "no picture came", "bytes"),
    COMPARED[-1],
)


def askings(run: Run) -> list[list[Answer]]:
    """The answers of each target by repeat, in the order of the columns, without warm-ups."""
    columns: defaultdict[int, list[Answer]] = defaultdict(list)
    for answer in run.answers:
        if answer.counts:
            columns[answer.column].append(answer)
    return [sorted(columns[column], key=lambda answer: answer.repeat) for column in sorted(columns)]


def names(targets: Sequence[Sequence[Answer]]) -> list[str]:
    """A name for each target with when it was asked; several columns of one model are numbered."""
    plain = [" · ".join(filter(None, (str(answers[0].target), answers[0].label))) for answers in targets]
    often = Counter(plain)
    return [
        f"{name} · column {answers[0].column + 1}" if often[name] > 1 else name
        for name, answers in zip(plain, targets, strict=True)
    ]


def completed(answers: Sequence[Answer]) -> list[tuple[int, Completion]]:
    """The completions that can be measured and compared, each with the number of its repeat."""
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
    """The measured values of one target, in the order of the repeats."""
    return tuple(
        Point(value, repeat, tuple(c for c in done.conditions if c in metric.disturbed_by))
        for repeat, done in completed(answers)
        if (value := metric.metric.read(done)) is not None
    )


def undisturbed(points: Sequence[Point]) -> list[Point]:
    """The points without a disturbing condition."""
    return [point for point in points if not point.disturbed]


def spread(points: Sequence[Point]) -> Spread:
    """Summarise the undisturbed points if there are at least two, else all points."""
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
    """`Spread.middle` of these points."""
    return spread(points).middle
