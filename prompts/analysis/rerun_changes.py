"""A request and the same request asked again: what changed in answer, time, cost, tokens, and in what served it.

Owns what is compared with what, and how much may be concluded: one point on each side is a difference, not a trend.
What a provider does not report is never taken for "the same".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from prompts.analysis.significance import FEWEST, verdicts
from prompts.analysis.spread import COMPARED, OF_PICTURES, Compared, Side, askings, completed, points, spread
from prompts.core import format as text_of
from prompts.core.answer import Answer
from prompts.core.run import Run
from prompts.core.targets import Target, changes
from providers.completion import Completion
from providers.pictures import Picture

Serving = Literal["moved", "same", "named", "untold"]
"""Whether the same thing served both answers. `named`: only the name of the version is reported, and it is the same."""


@dataclass(frozen=True, slots=True)
class Change:
    """One figure, then and now."""

    name: str
    then: str
    now: str
    said: str
    """The change in words; "—" if one side is unknown."""
    help: str
    verdict: str = ""
    """What can be concluded from the repeats; empty if there are too few."""


@dataclass(frozen=True, slots=True)
class Served:
    """Whether the same model version and host served both sides, as far as the provider reports it."""

    state: Serving
    told: tuple[tuple[str, str, str], ...]
    """(what, then, now) for each fact reported; "not reported" on a side that does not report it."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One target of both runs."""

    target: Target
    then: tuple[Answer, ...]
    """The earlier answers, by repeat; empty if the target was not asked then."""
    now: tuple[Answer, ...]
    differs: tuple[str, ...]
    """Settings that differ from those of then."""
    changes: tuple[Change, ...]
    served: Served

    @property
    def texts(self) -> tuple[str, str] | None:
        """The text of the first answer on each side; `None` if one has no words."""
        found = [next(("".join(answer.text_parts) for answer in answers), "") for answers in (self.then, self.now)]
        return (found[0], found[1]) if all(text.strip() for text in found) else None

    @property
    def pictures(self) -> tuple[Picture, Picture] | None:
        """The first picture on each side; `None` if one drew none."""
        then, now = (next((each for answer in answers for each in answer.pictures), None)
                     for answers in (self.then, self.now))  # fmt: skip
        return None if then is None or now is None else (then, now)


def then_and_now(then: Run, now: Run) -> tuple[Pair, ...]:
    """Each target of `now`, in order, with the answers of the same column, provider and model in `then`."""
    earlier = {
        (answers[0].column, answers[0].target.provider, answers[0].target.model): answers for answers in askings(then)
    }
    pairs = ((earlier.get((answers[0].column, answers[0].target.provider, answers[0].target.model), []), answers)
             for answers in askings(now))  # fmt: skip
    return tuple(_pair(before, answers) for before, answers in pairs)


def served(then: Sequence[Completion], now: Sequence[Completion]) -> Served:
    """Compare what the providers report about what answered; only facts that both sides report count."""
    sides = _told(then), _told(now)
    names = list(dict.fromkeys([*sides[0], *sides[1]]))
    told = tuple((_WORDS.get(name, name), sides[0].get(name, NOT_TOLD), sides[1].get(name, NOT_TOLD)) for name in names)
    both = [name for name in _IDENTITY if name in sides[0] and name in sides[1]]
    if any(sides[0][name] != sides[1][name] for name in both):
        return Served("moved", told)
    proof = [name for name in both if name in _PROOFS]
    return Served("same" if proof else "named" if "response_model" in both else "untold", told)


NOT_TOLD = "not reported"
SERVING: Mapping[Serving, tuple[str, str]] = {
    "moved": ("served by something else", "What the provider reports about the model has changed since then."),
    "same": ("same fingerprint", "The provider's fingerprint of what served the answer is the same as then."),
    "named": (
        "same name, no fingerprint",
        "The provider names the same model as then, and reports nothing that would reveal a change.",
    ),
    "untold": (
        "not reported by the provider",
        "The provider reports nothing that would reveal a change, so it is not known.",
    ),
}
_PROOFS = ("system_fingerprint", "digest")
_IDENTITY = ("response_model", "quantization", *_PROOFS)  # other facts, such as a service tier, do not identify a model
_WORDS = {
    "response_model": "answered by", "system_fingerprint": "system fingerprint", "digest": "digest",
    "quantization": "quantization",
    "service_tier": "service tier",
}  # fmt: skip


def _pair(then: Sequence[Answer], now: Sequence[Answer]) -> Pair:
    draws = now[0].target.settings.picture is not None
    before, after = ([done for _, done in completed(answers)] for answers in (then, now))
    figures = [_timed(metric, then, now) for metric in (OF_PICTURES if draws else COMPARED)]
    figures += [_counted(name, read, before, after) for name, read in _TOKENS.items()]
    differs = changes(then[0].target.settings, now[0].target.settings) if then else ()
    return Pair(now[0].target, tuple(then), tuple(now), differs, tuple(figures), served(before, after))


def _timed(metric: Compared, then: Sequence[Answer], now: Sequence[Answer]) -> Change:
    sides = [
        Side(name, len(answers), len(completed(answers)), points(answers, metric))
        for name, answers in (("Then", then), ("Now", now))
    ]
    seen = [spread(side.points) for side in sides]
    values = [each.median if each.n > 1 else each.values[0] if each.n else None for each in seen]
    if metric.name == "Cost" and _no_fee(then) and _no_fee(now):
        return Change(metric.name, "no fee", "no fee", "same", "No fee is charged for a model on one's own machine.")
    shown = [
        f"{metric.metric.show(value)}{f', median of {each.n}' if each.n > 1 else ''}"
        for value, each in zip(values, seen, strict=True)
    ]
    enough = min(len(side.points) for side in sides) >= FEWEST
    said = verdicts(sides, metric)[0].sentence if enough else ""
    return Change(
        metric.name, shown[0], shown[1], _moved(values[0], values[1], metric.metric.show),
        f"Then: {_conditions(then)}. Now: {_conditions(now)}.", said,
    )  # fmt: skip


def _counted(
    name: str, read: Callable[[Completion], int | None], then: Sequence[Completion], now: Sequence[Completion]
) -> Change:  # fmt: skip
    """The change in a count of tokens, from the first answer of each side: tokens are not summed over repeats."""
    values = [read(done[0]) if done else None for done in (then, now)]
    of = " Of the first repeat." if max(len(then), len(now)) > 1 else ""

    def show(value: float | None) -> str:
        return text_of.count(None if value is None else int(value))

    return Change(
        name, show(values[0]), show(values[1]), _moved(values[0], values[1], show), f"As the provider counts.{of}"
    )  # fmt: skip


def _moved(then: float | None, now: float | None, say: Callable[[float | None], str]) -> str:
    """A change with its relative size: `+0.31 s (+34 %)`; "—" if one side is unknown."""
    if then is None or now is None:
        return text_of.UNKNOWN
    if then == now:
        return "same"
    sign = "+" if now > then else "−"
    part = f" ({text_of.grown(then, now)})" if then > 0 else ""
    return f"{sign}{say(abs(now - then))}{part}"


def _no_fee(answers: Sequence[Answer]) -> bool:
    return {done.cost.kind for _, done in completed(answers)} == {"local"}


def _conditions(answers: Sequence[Answer]) -> str:
    found = dict.fromkeys(
        text_of.CONDITIONS[condition] for _, done in completed(answers) for condition in done.conditions
    )
    return ", ".join(found) or ("clean" if completed(answers) else "no answer")


def _told(completions: Sequence[Completion]) -> dict[str, str]:
    """What was reported, by name; all the values if different things served the repeats."""
    found: dict[str, dict[str, None]] = {}
    for done in completions:
        named = {"response_model": done.response_model, **done.fingerprint}
        for name, value in named.items():
            if value:
                found.setdefault(name, {})[value] = None
    return {name: ", ".join(sorted(values)) for name, values in found.items()}


_TOKENS: Mapping[str, Callable[[Completion], int | None]] = {
    "Tokens in": lambda done: done.usage.input_tokens if done.usage else None,
    "Tokens out": lambda done: done.usage.output_tokens if done.usage else None,
}
