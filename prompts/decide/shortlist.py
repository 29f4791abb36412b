"""Must-haves: which models each of them excludes, and why. A fact that is not known fails a must-have.

Pure. A model that is no longer served is never on a shortlist.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from prompts.core import format as text_of
from prompts.decide.candidate import Candidate
from prompts.decide.evidence import dollars


@dataclass(frozen=True, slots=True)
class MustHaves:
    """Requirements a model must meet to be considered. `None` and `False`: no requirement."""

    dollars_a_month: Decimal | None = None
    """Maximum, at the volume of `Use`."""
    seconds: float | None = None
    """Maximum for the median answer."""
    local: bool = False
    """Text must stay on this computer or network."""
    in_eu: bool = False
    """Text must stay here or in the European Union."""
    pictures: bool = False
    pdfs: bool = False
    context_tokens: int | None = None
    """Minimum context window."""
    quality: float | None = None
    """Minimum share, from 0 to 1."""
    can_ask: bool = False
    """It must be possible to ask it from here now."""

    @property
    def words(self) -> tuple[str, ...]:
        """The requirements that are set, in words."""
        return tuple(
            said
            for given, said in (
                (self.dollars_a_month is not None, f"at most {text_of.money(self.dollars_a_month)} a month"),
                (self.seconds is not None, f"an answer within {text_of.seconds(self.seconds)}"),
                (self.local, "local only"),
                (self.in_eu, "stays here or in the EU"),
                (self.pictures, "takes pictures"),
                (self.pdfs, "takes PDFs"),
                (self.context_tokens is not None, f"at least {text_of.count(self.context_tokens)} tokens of context"),
                (self.quality is not None, f"quality of at least {text_of.share(self.quality)}"),
                (self.can_ask, "can be asked from here"),
            )
            if given
        )


@dataclass(frozen=True, slots=True)
class Excluded:
    """A model that is not on the shortlist, and why."""

    name: str
    reasons: tuple[str, ...]
    """A clause for each must-have it fails."""


@dataclass(frozen=True, slots=True)
class Shortlist:
    """The candidates that meet all must-haves, and those that do not."""

    kept: tuple[Candidate, ...]
    excluded: tuple[Excluded, ...]


def shortlist(candidates: Sequence[Candidate], must: MustHaves, on: date) -> Shortlist:
    """Split the candidates, in their order,
    into those that meet all must-haves and those that do not, with the reasons."""
    kept: list[Candidate] = []
    excluded: list[Excluded] = []
    for each in candidates:
        if reasons := tuple(_lacks(each, must, on)):
            excluded.append(Excluded(each.name, reasons))
        else:
            kept.append(each)
    return Shortlist(tuple(kept), tuple(excluded))


def _lacks(each: Candidate, must: MustHaves, on: date) -> Iterator[str]:
    facts = each.facts
    if facts.retired(on) and facts.row is not None:
        yield f"retired on {facts.row.retires_on}"
    if must.local and not facts.local:
        yield f"not local: text goes to {facts.where}"
    if must.in_eu and not facts.in_eu:
        where = "no source says where it is served" if facts.region is None else f"served in {facts.region.text}"
        yield f"not known to stay in the EU: {where}"
    for wanted, takes, what in (
        (must.pictures, facts.pictures, "pictures"), (must.pdfs, facts.pdfs, "PDFs"),
    ):  # fmt: skip
        if wanted and not takes:
            yield f"{'takes no' if takes is False else 'not documented to take'} {what}"
    if must.context_tokens is not None and (facts.context_tokens or 0) < must.context_tokens:
        known = facts.context_tokens
        yield "context unknown" if known is None else f"context of {text_of.count(known)} tokens"
    if must.can_ask and facts.cannot_ask:
        yield f"cannot be asked from here: {facts.cannot_ask}"
    yield from _figures(each, must)


def _figures(each: Candidate, must: MustHaves) -> Iterator[str]:
    if must.dollars_a_month is not None and not each.no_fee:
        found = each.a_month
        if found is None:
            yield "cost unknown"
        elif found.value > must.dollars_a_month:
            yield f"{dollars(found.value)} a month"
    if must.seconds is not None:
        if each.seconds is None:
            yield "time not measured here"
        elif each.seconds.value > must.seconds:
            yield f"{text_of.seconds(each.seconds.value)} an answer"
    if must.quality is not None:
        if each.quality is None:
            yield "quality not measured here"
        elif each.quality.value < must.quality:
            yield f"quality {text_of.share(each.quality.value)}"
