"""The evidence on a candidate, line by line, each with its source, its amount and its age. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from prompts.analysis.ratings import rate_says
from prompts.analysis.statistics.verdicts import FEW
from prompts.core import format as text_of
from prompts.decide.candidate import Candidate, Figure
from prompts.decide.people import People
from providers.catalogue.families import STALE_AFTER, Fact
from providers.catalogue.pricing import ListPrice

Told = Literal["measured here", "vendor says", "our votes", "lesson says", "set here"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One line of a card."""

    what: str
    value: str
    """"—" if it is not known."""
    told: Told
    by: str
    """From how much data, or from which source:
    `n = 36 cases`, `genai-prices 0.2.3`; for an unknown value the reason."""
    as_of: date | None
    """`None` if no date is known."""

    @property
    def tag(self) -> str:
        """The source in words: `measured here (n = 36 cases, 2026-11-29)`."""
        if self.value == text_of.UNKNOWN:
            return self.by
        return f"{self.told} ({', '.join(filter(None, (self.by, self.as_of.isoformat() if self.as_of else '')))})"

    def old(self, on: date) -> bool:
        """Whether it is more than `STALE_AFTER` old on that day."""
        return self.as_of is not None and on - self.as_of > STALE_AFTER

    def age(self, on: date) -> str:
        """`today`, `12 days old`, `7 months old`; empty if no date is known."""
        if self.as_of is None or self.value == text_of.UNKNOWN:
            return ""
        days = (on - self.as_of).days
        if days < 1:
            return "today"
        if days < 61:
            return f"{text_of.number_of(days, 'day')} old"
        return f"{text_of.number_of(round(days / 30.4), 'month')} old"


def evidence(candidate: Candidate, now: datetime) -> tuple[Evidence, ...]:
    """All lines of evidence, measured ones first."""
    return (*_measured(candidate), *_said(candidate, now.date()))


def _measured(each: Candidate) -> Iterator[Evidence]:
    last = each.pooled.last.date() if each.pooled and each.pooled.last else None
    yield _passed(each, last)
    yield from _preferred(each.people)
    use, length = each.use, ""
    if use.output_tokens is not None:
        length = f" at {text_of.count(use.output_tokens)} tokens out, calculated from time to first token and rate"
    yield _line(f"Median time{length}", each.seconds, text_of.seconds, "measured here", last, _no_time(each))
    yield from _money(each, last)


def _passed(each: Candidate, last: date | None) -> Evidence:
    rate = each.pooled.rate if each.pooled else None
    if rate is None or rate.interval is None:
        why = "no answer was checked" if each.measured else "no evidence yet"
        return Evidence("Passed", text_of.UNKNOWN, "measured here", why, None)
    said = f"{rate.passed} of {rate.answered}"
    if rate.cases >= FEW:
        said = share_shown(each.quality)
    errors = f"; {each.pooled.errors} unanswered left out" if each.pooled and each.pooled.errors else ""
    return Evidence("Passed", said, "measured here", f"n = {text_of.number_of(rate.cases, 'case')}{errors}", last)


def _preferred(people: People) -> Iterator[Evidence]:
    if (one := people.standing) is not None:
        rate = Figure(one.rate.estimate, one.rate.low, one.rate.high, one.votes)
        by = f"n = {text_of.number_of(one.votes, 'vote')}, {text_of.people(people.voters)}"
        yield Evidence("Preferred, blindly", share_shown(rate), "our votes", by, people.last)
    if (wins := people.ratings.wins).interval is not None:
        yield Evidence("Called best", rate_says(wins), "our votes", f"n = {wins.answered}, not blind", None)


def _no_time(each: Candidate) -> str:
    return "no answer has a time to first token and a rate" if each.measured else "no evidence yet"


def _money(each: Candidate, last: date | None) -> Iterator[Evidence]:
    use, price = each.use, each.facts.price
    told, by, as_of = "measured here", "", last
    what = "1,000 requests"
    if each.no_fee:
        yield Evidence(what, "no fee", "set here", "what your own machine costs is not counted", None)
        return
    if each.facts.price.kind == "local":
        by = f"{text_of.money(use.own_cost_per_hour)} an hour of your machine, for the median time"
        told, as_of = "set here", None
    elif use.own_length:
        what += f" of {text_of.count(use.input_tokens)} tokens in, {text_of.count(use.output_tokens)} out"
        told, by, as_of = "vendor says", price.source or "", _dated(price)
    why = price.reason or "no evidence yet"
    for name, figure in ((what, _scaled(each.dollars, 1000)), (f"A month at {use.per_day:,} a day", each.a_month)):
        if figure is None:
            yield Evidence(name, text_of.UNKNOWN, "measured here", why, None)
        else:
            n = f"n = {text_of.number_of(figure.n, 'case')}" if told == "measured here" else by
            yield Evidence(name, shown(figure, dollars), told, n, as_of)


def _said(each: Candidate, on: date) -> Iterator[Evidence]:
    facts, row = each.facts, each.facts.row
    yield Evidence("Where text goes", facts.where, "set here", "your connections", None)
    if not facts.local:
        yield _fact("Region", facts.region, "no source says where it is served")
    yield _price(facts.price)
    yield _fact("Context, tokens", row.context if row else None, "no source on record states it")
    if row and row.retires:
        yield _fact("End of service", row.retires, "")
        yield _fact("Successor", row.successor, "no source on record names one")
    reads = ", ".join(_takes(name, told) for name, told in (("pictures", facts.pictures), ("PDFs", facts.pdfs)))
    yield Evidence("Files", reads, "vendor says", "Collate's table of what vendors document", None)
    if facts.family:
        for name, fact in (("Strengths", facts.family.strengths), ("Best for", facts.family.best_for)):
            if fact is not None:
                yield Evidence(name, fact.text, "lesson says", fact.source, fact.as_of)


def _takes(name: str, told: bool | None) -> str:
    return f"{name}: {'not documented' if told is None else 'yes' if told else 'no'}"


def _price(price: ListPrice) -> Evidence:
    if price.kind == "local":
        return Evidence("Price", "no fee", "set here", price.reason or "", None)
    if price.kind == "unknown":
        return Evidence("Price", text_of.UNKNOWN, "vendor says", price.reason or "", None)
    said = f"{text_of.unit_price(price.input)} in, {text_of.unit_price(price.output)} out, per million tokens"
    return Evidence("Price", said, "vendor says", price.source or "", _dated(price))


def _dated(price: ListPrice) -> date | None:
    return date.fromisoformat(price.as_of[:10]) if price.as_of else None


def _fact(what: str, fact: Fact | None, why: str) -> Evidence:
    if fact is None:
        return Evidence(what, text_of.UNKNOWN, "vendor says", why, None)
    return Evidence(what, fact.text, "vendor says", fact.source, fact.as_of)


def _line(
    what: str, figure: Figure | None, show: Callable[[float], str], told: Told, as_of: date | None, why: str
) -> Evidence:  # fmt: skip
    if figure is None:
        return Evidence(what, text_of.UNKNOWN, told, why, None)
    return Evidence(what, shown(figure, show), told, f"n = {text_of.number_of(figure.n, 'case')}", as_of)


def shown(figure: Figure | None, show: Callable[[float], str]) -> str:
    """A figure with its interval: `1.2 s (1.1 s to 1.4 s)`; "—" if it is not known."""
    if figure is None:
        return text_of.UNKNOWN
    if figure.low is None or figure.high is None:
        return show(figure.value)
    return f"{show(figure.value)} ({show(figure.low)} to {show(figure.high)})"


def dollars(amount: float) -> str:
    """US dollars, rounded to three significant digits."""
    return text_of.money(Decimal(f"{amount:.3g}"))


def share_shown(figure: Figure | None) -> str:
    """A share with its interval: `84 % (76 to 90 %)`; "—" if it is not known."""
    if figure is None:
        return text_of.UNKNOWN
    if figure.low is None or figure.high is None:
        return text_of.share(figure.value)
    return f"{text_of.share(figure.value)} ({100 * figure.low:.0f} to {100 * figure.high:.0f} %)"


def _scaled(figure: Figure | None, factor: int) -> Figure | None:
    if figure is None:
        return None
    low, high = (None if each is None else each * factor for each in (figure.low, figure.high))
    return Figure(figure.value * factor, low, high, figure.n)
