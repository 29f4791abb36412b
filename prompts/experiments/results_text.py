"""The results of a side in words. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from prompts.analysis.statistics.rates import Interval
from prompts.analysis.statistics.verdicts import FEW
from prompts.core import format as text_of
from prompts.experiments.asked import Experiment
from prompts.experiments.results import Side


def notes(experiment: Experiment, sides: Sequence[Side]) -> Iterator[str]:
    """A sentence wherever answers or verdicts are missing or biased, each with the name of its side."""
    for side in sides:
        yield from (f"{side.name}: {said}" for said in (errors_text(side), replaced_text(side)) if said)
        if experiment.plan.checks and experiment.stage == "finished" and (said := undecided_text(side)):
            yield said
    if said := cut_text(sides):
        yield said


def rate_text(side: Side) -> str:
    """`84 % (76 to 90 %) of 120 answers to 40 cases`; below ten cases counts instead of percentages."""
    rate = side.rate
    if rate.interval is None:
        return text_of.UNKNOWN
    cases = text_of.number_of(rate.cases, "case")
    of = cases if rate.answered == rate.cases else f"{text_of.number_of(rate.answered, 'answer')} to {cases}"
    if rate.cases < FEW:
        return f"{rate.passed} of {of}"
    return f"{text_of.share(rate.interval.estimate)} ({within(rate.interval)}) of {of}"


def within(interval: Interval) -> str:
    """An interval of shares: `76 to 90 %`."""
    return f"{100 * interval.low:.0f} to {100 * interval.high:.0f} %"


def errors_text(side: Side) -> str:
    """How many calls had no answer, and the pass rate if all of them were failures; empty if all were answered."""
    if not side.errors:
        return ""
    over = side.answered + side.errors
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in side.unanswered.items())
    said = f"{side.errors:,} of {over:,} unanswered ({kinds})"
    if not side.rate.answered:
        return f"{said}."
    worst = side.rate.passed / (side.rate.answered + side.errors)
    if side.rate.cases < FEW:
        shown = f"{side.rate.passed:,} of {side.rate.answered + side.errors:,} would have passed"
    else:
        shown = f"the rate would be {text_of.share(worst)}"
    return f"{said}; if all were failures {shown}."


def spent_text(side: Side) -> str:
    """What was paid for it: `$0.31`, `≥ $0.31`, `no fee`, or "—"."""
    return _spent(side.spent, at_least=side.at_least, no_fee=side.no_fee)


def undecided_text(side: Side) -> str:
    """How many answers have no verdict, for example because a judge's reply could not be read; empty if none."""
    if not side.undecided:
        return ""
    why = f" {side.undecided_why}" if side.undecided_why else ""
    return (
        f"No check gave a verdict on {side.undecided:,} of {text_of.number_of(side.answered, 'answer')}: {side.name}."
        + why
    )


def cut_text(sides: Sequence[Side]) -> str:
    """How many answers the token limit cut, where that may have made them fail; empty if it did not matter."""
    said = [
        f"{side.name}: {side.cut:,} of {text_of.number_of(side.answered, 'answer')}{_of_failures(side)}"
        for side in sides
        if side.cut_failed or (side.cut and not side.rate.answered)
    ]
    if not said:
        return ""
    return f"Cut at the token limit: {'; '.join(said)}. A higher limit may change rates, times and costs."


def _of_failures(side: Side) -> str:
    if not side.cut_failed:
        return ""
    failures = side.rate.answered - side.rate.passed
    of = f"{side.cut_failed:,} of " if side.cut_failed < failures else "all " if failures > 1 else ""
    return f" ({of}its {text_of.number_of(failures, 'failure')})"


def judged_text(side: Side) -> str:
    """What judging its answers cost: `$0.02 for 24 judgements`; "—" if nothing was judged."""
    if side.judged is None:
        return text_of.UNKNOWN
    spent = _spent(side.judged.spent, at_least=side.judged.at_least, no_fee=side.judged.spent is None)
    return f"{spent} for {text_of.number_of(side.judged.calls, 'judgement')}"


def replaced_text(side: Side) -> str:
    """How many answers were asked for again; empty if none."""
    if not side.replaced:
        return ""
    many = "1 answer was" if side.replaced == 1 else f"{side.replaced:,} answers were"
    return f"{many} asked again and replaced; choosing which ones by their results can bias the rates."


def _spent(amount: Decimal | None, *, at_least: bool, no_fee: bool) -> str:
    if no_fee and not at_least:
        return "no fee"
    if amount is None:
        return text_of.UNKNOWN
    return ("≥ " if at_least else "") + text_of.money(amount)


def time_text(side: Side) -> str:
    """`1.24 s (1.1 s to 1.5 s)`; without an interval below six cases."""
    if (interval := side.time_interval) is None:
        return text_of.seconds(side.time)
    return f"{text_of.seconds(side.time)} ({text_of.seconds(interval.low)} to {text_of.seconds(interval.high)})"


def per_1000_text(side: Side) -> str:
    """`$0.31 ($0.28 to $0.34)`, `no fee`, or "—" below ten cases."""
    if side.no_fee:
        return "no fee"
    if (rate := side.per_1000) is None:
        return text_of.UNKNOWN
    found = (
        text_of.money(Decimal(f"{each:.3g}"))
        for each in (rate.per_1000.estimate, rate.per_1000.low, rate.per_1000.high)
    )
    estimate, low, high = found
    return f"{estimate} ({low} to {high})"
