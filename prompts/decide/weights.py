"""A ranking by weights that the user has set, and how sensitive it is to them.

Each figure is scaled from 0, the worst of the candidates scored, to 1, the best; the score is their weighted sum.
Without weights set by the user there is no ranking; a candidate with an unknown figure that has weight has no score.
Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from prompts.core import format as text_of
from prompts.decide.candidate import Candidate, Figure

Measure = Literal["quality", "cost", "time"]
MEASURES: tuple[Measure, ...] = ("quality", "cost", "time")
_NEAR = 1e-9


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each counts, as whole numbers; only their ratios matter."""

    quality: int = 0
    cost: int = 0
    time: int = 0

    @property
    def parts(self) -> Mapping[Measure, float]:
        """The weights as shares of their sum; empty if all are 0."""
        total = self.quality + self.cost + self.time
        given: Mapping[Measure, int] = {"quality": self.quality, "cost": self.cost, "time": self.time}
        return {name: weight / total for name, weight in given.items()} if total else {}

    @property
    def words(self) -> str:
        """In words: `quality 50 %, cost 30 %, time 20 %`."""
        return ", ".join(f"{name} {text_of.share(part)}" for name, part in self.parts.items())


@dataclass(frozen=True, slots=True)
class Ranked:
    """One candidate with its score."""

    name: str
    score: float | None
    """0 to 1; `None` if a figure that has weight is not known."""
    why: str
    """How the score is made up, or which figure is not known."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """The candidates by score, those without a score last."""

    ranked: tuple[Ranked, ...]
    fragility: tuple[str, ...]
    """What would change first place, in sentences."""

    @property
    def leaders(self) -> tuple[str, ...]:
        """The names in first place; several if their scores are equal."""
        best = self.ranked[0].score or 0.0
        return tuple(each.name for each in self.ranked if each.score is not None and best - each.score < _NEAR)


def ranking(candidates: Sequence[Candidate], weights: Weights) -> Ranking | None:
    """The ranking by these weights; `None` if all weights are 0 or nobody has a score."""
    parts = weights.parts
    scored = [each for each in candidates if not _unknown(each, parts)]
    if not parts or not scored:
        return None
    utilities = _utilities(scored)
    scores = {name: _score(found, parts) for name, found in utilities.items()}
    order = sorted(scores, key=lambda name: -scores[name])
    known = [Ranked(name, scores[name], _sum(utilities[name], parts)) for name in order]
    unknown = [
        Ranked(each.name, None, f"{' and '.join(missing)} not known")
        for each in candidates
        if (missing := _unknown(each, parts))
    ]
    return Ranking((*known, *unknown), tuple(_fragility(order, utilities, parts, scored)))


def _sum(utility: Mapping[Measure, float], parts: Mapping[Measure, float]) -> str:
    return " + ".join(f"{utility[name]:.2f} × {text_of.share(part)} {name}" for name, part in parts.items())


def _unknown(each: Candidate, parts: Mapping[Measure, float]) -> list[Measure]:
    return [name for name, part in parts.items() if part and _figure(each, name) is None]


def _figure(each: Candidate, name: Measure) -> Figure | None:
    return {"quality": each.quality, "cost": each.dollars, "time": each.seconds}[name]


def _utilities(scored: Sequence[Candidate]) -> dict[str, dict[Measure, float]]:
    found: dict[str, dict[Measure, float]] = {each.name: {} for each in scored}
    for name in MEASURES:
        values = {each.name: figure.value for each in scored if (figure := _figure(each, name)) is not None}
        for who, part in _spread(values, name).items():
            found[who][name] = part
        for each in scored:
            found[each.name].setdefault(name, 0.0)  # not known, but without weight
    return found


def _spread(values: Mapping[str, float], name: Measure) -> dict[str, float]:
    """Scaled from 0 for the worst to 1 for the best; if all are equal, all are 1."""
    if not values:
        return {}
    low, high = min(values.values()), max(values.values())
    if high == low:
        return dict.fromkeys(values, 1.0)
    up = {who: (value - low) / (high - low) for who, value in values.items()}
    return up if name == "quality" else {who: 1 - part for who, part in up.items()}


def _score(utility: Mapping[Measure, float], parts: Mapping[Measure, float]) -> float:
    return sum(part * utility[name] for name, part in parts.items())


def _fragility(
    order: Sequence[str], utilities: Mapping[str, Mapping[Measure, float]], parts: Mapping[Measure, float],
    scored: Sequence[Candidate],
) -> list[str]:  # fmt: skip
    if len(order) < 2:
        return ["Only one model can be ranked."]
    first, best = order[0], _score(utilities[order[0]], parts)
    if ties := [name for name in order[1:] if abs(_score(utilities[name], parts) - best) < _NEAR]:
        return [f"{first} and {', '.join(ties)} have the same score."]
    known: dict[Measure, float] = {
        m: part for m, part in parts.items() if all(_figure(each, m) is not None for each in scored)
    }
    said = [sentence for m in known for sentence in _tips(first, order[1:], utilities, known, m)]
    said = said or [f"{first} stays first however much each of the three counts."]
    return [*said, *_doubt(first, scored, parts)]


def _tips(
    first: str, others: Sequence[str], utilities: Mapping[str, Mapping[Measure, float]], parts: Mapping[Measure, float],
    measure: Measure,
) -> list[str]:  # fmt: skip
    """At which weight of one measure first place changes, with the others in the same proportion, in sentences."""
    now = parts[measure]
    rest = 1 - now
    if len(parts) < 2:
        return []
    shares: dict[Measure, float] = {
        m: part / rest if rest > _NEAR else 1 / (len(parts) - 1) for m, part in parts.items() if m != measure
    }

    def line(name: str) -> tuple[float, float]:
        """The score at weight 0 of the measure, and the slope by its weight."""
        base = sum(share * utilities[name][m] for m, share in shares.items())
        return base, utilities[name][measure] - base

    base, slope = line(first)
    above: tuple[float, str] | None = None
    below: tuple[float, str] | None = None
    for name in others:
        b, s = line(name)
        if abs(s - slope) < _NEAR:
            continue
        at = (base - b) / (s - slope)
        if now < at < 1 and (above is None or at < above[0]):
            above = at, name
        if 0 < at < now and (below is None or at > below[0]):
            below = at, name
    said = [(above, "more")] if above else []
    said += [(below, "less")] if below else []
    return [
        f"First place goes to {name} when {measure} counts {way} than {100 * at:.0f} % (now {100 * now:.0f} %)."
        for (at, name), way in said
    ]


def _doubt(first: str, scored: Sequence[Candidate], parts: Mapping[Measure, float]) -> list[str]:
    """Which candidate leads if the leader's quality is at the low end of its interval, in a sentence."""
    leader = next(each for each in scored if each.name == first)
    if not parts.get("quality") or leader.quality is None:
        return []
    if leader.quality.low is None:
        return [f"How sure the quality of {first} is, is not known."]
    values = {each.name: each.quality.value for each in scored if each.quality is not None}
    values[first] = leader.quality.low
    found = _utilities(scored)
    for who, part in _spread(values, "quality").items():
        found[who]["quality"] = part
    best = max(found, key=lambda name: _score(found[name], parts))
    if best == first:
        return [f"{first} leads even at the lower end of its quality, {text_of.share(leader.quality.low)}."]
    return [f"At the lower end of its quality, {text_of.share(leader.quality.low)}, {best} would be first."]
