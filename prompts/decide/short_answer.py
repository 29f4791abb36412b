"""A summary of a choice in a few sentences: which models are left, which are beaten, how sure that is.

There is no overall score and no declared winner: a model leads in what it was measured best in, and the verdicts on
pairs say whether that may be chance. Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from prompts.analysis.statistics.verdicts import Verdict
from prompts.core import format as text_of
from prompts.decide.candidate import Candidate, Figure
from prompts.decide.efficient import Standing
from prompts.decide.evidence import dollars

_NAMED = 4
"""If there are more models than this, they are counted instead of named."""


def short_answer(standings: Sequence[Standing], verdicts: Sequence[Verdict]) -> tuple[str, ...]:
    """The sentences, most useful first; empty if fewer than two models can be compared.

    `standings`: of the models whose quality, cost and time are known.
    """
    if len(standings) < 2:
        return ()
    left = [each.candidate for each in standings if not each.beaten_by]
    return tuple(_said(standings, left, verdicts))


def _said(standings: Sequence[Standing], left: Sequence[Candidate], verdicts: Sequence[Verdict]) -> Iterator[str]:
    everyone = [each.candidate for each in standings]
    told = [f"{each.name} ({said})" if (said := _leads(each, everyone)) else each.name for each in left]
    if len(left) == 1:
        yield f"At least as good, as cheap and as fast as every other that was measured here: {told[0]}."
    else:
        yield f"Left to choose between: {_listed(told, '; ')}."
    if beaten := [each for each in standings if each.beaten_by]:
        names = _listed([each.candidate.name for each in beaten], ", ")
        doubt = "" if all(each.sure for each in beaten) else ", though ranges overlap"
        yield f"Beaten on quality, cost and time together: {names}{doubt}."
    if verdicts:
        yield _how_sure(verdicts)


def _leads(one: Candidate, everyone: Sequence[Candidate]) -> str:
    """What it was measured best in, with the figure; empty if in nothing, or if all are equal."""
    figures: tuple[tuple[str, Callable[[Candidate], Figure | None], Callable[[Figure], str], int], ...] = (
        ("highest quality", lambda each: each.quality, _share, 1),
        ("lowest cost", lambda each: each.dollars, lambda f: f"{dollars(1000 * f.value)} for 1,000 requests", -1),
        ("fastest", lambda each: each.seconds, lambda f: text_of.seconds(f.value), -1),
    )
    found: list[str] = []
    for what, figure_of, show, sign in figures:
        values = [sign * figure.value for each in everyone if (figure := figure_of(each)) is not None]
        own = figure_of(one)
        if own is not None and sign * own.value == max(values) > min(values):
            free = what == "lowest cost" and one.no_fee
            found.append(f"{what}, {'no fee' if free else show(own)}")
    return "; ".join(found)


def _share(quality: Figure) -> str:
    if quality.low is None or quality.high is None:
        return text_of.share(quality.value)
    return f"{text_of.share(quality.value)}, range {100 * quality.low:.0f} to {100 * quality.high:.0f} %"


def _listed(names: Sequence[str], between: str) -> str:
    more = len(names) - _NAMED
    return between.join([*names[:_NAMED], *([f"{more} more"] if more > 0 else [])])


def _how_sure(verdicts: Sequence[Verdict]) -> str:
    kinds = Counter(each.kind for each in verdicts)
    if kinds["running"]:
        return "How sure that is cannot be said before the experiments have ended."
    said = f"On quality the cases distinguish {kinds['better']} of {text_of.number_of(len(verdicts), 'pair')}"
    said += f" and show no difference that matters in {kinds['same']}" if kinds["same"] else ""
    said += "." if kinds["better"] + kinds["same"] == len(verdicts) else "; the rest may be chance."
    needed, have = max((each.needed or 0, each.cases) for each in verdicts)
    if not needed:
        return said
    return f"{said} About {needed:,} cases like these would probably show a difference that matters; you have {have:,}."
