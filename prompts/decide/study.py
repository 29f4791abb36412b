"""Everything known for a purpose: measurements, documented facts, the shortlist and the standings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from prompts.analysis.statistics.verdicts import Verdict
from prompts.asking.runner import Connections
from prompts.decide.candidate import Basis, Candidate, Use, basis_of, candidates
from prompts.decide.efficient import Efficient, efficient
from prompts.decide.facts import Facts, PriceOf, facts, told_by
from prompts.decide.people import People
from prompts.decide.pool import Asked, Pool, Pooled, pool
from prompts.decide.second import Second, second
from prompts.decide.short_answer import short_answer
from prompts.decide.shortlist import MustHaves, Shortlist, shortlist
from prompts.decide.task import Purpose
from prompts.decide.weights import Ranking, Weights, ranking
from prompts.experiments.asked import AskedCell, Experiment
from providers.catalogue.catalogue import defaults


class OnRecord(Protocol):
    """Access to the experiments on record."""

    def list(self, person: str | None = None) -> Sequence[Experiment]: ...
    def cells(self, id: str) -> Sequence[AskedCell]: ...


@dataclass(frozen=True, slots=True)
class Question:
    """The user's choices for a study."""

    purpose: Purpose
    use: Use = Use()
    must: MustHaves = MustHaves()
    weights: Weights = Weights()
    also: tuple[str, ...] = ()
    """Further models to consider, as `provider:model`."""


@dataclass(frozen=True, slots=True)
class Study:
    """The result: everything that can be said about the question."""

    question: Question
    at: datetime
    pool: Pool
    verdicts: tuple[Verdict, ...]
    """As `Pool.verdicts`, computed once because it takes long with many cases."""
    basis: Basis
    candidates: tuple[Candidate, ...]
    """Measured ones first."""
    shortlist: Shortlist
    """Measured ones first, and among these the efficient ones."""
    efficient: Efficient
    ranking: Ranking | None

    @property
    def first(self) -> str | None:
        """First place by the weights, else the only efficient model; `None` if there is none."""
        if self.ranking is not None:
            return self.ranking.leaders[0] if len(self.ranking.leaders) == 1 else None
        names = [each.name for each in self.efficient.frontier]
        return names[0] if len(names) == 1 and not self.efficient.unknown else None

    @property
    def short_answer(self) -> tuple[str, ...]:
        """The summary, in sentences; empty if there are fewer than two models to choose between."""
        names, judged = {each.name for each in self.shortlist.kept}, self.pool.judged
        found = self.verdicts if self.basis == "checks" else ()
        return short_answer(
            self.efficient.standings, [each for each in found if {judged[n].name for n in each.pair} <= names]
        )

    def second_to(self, first: str) -> Second | None:
        """The suggested second model beside `first`; `None` if `first` was not checked."""
        return second(first, self.shortlist.kept, self.pool)

    def candidate(self, name: str) -> Candidate | None:
        """The candidate with that name, if any."""
        return next((each for each in self.candidates if each.name == name), None)


def asked_of(record: OnRecord, purpose: Purpose) -> list[Asked]:
    """The experiments of a purpose with their cells; deleted ones are left out. Raises `RecordError`."""
    wanted = set(purpose.experiments)
    return [(each, record.cells(each.id)) for each in record.list() if each.id in wanted]


def study(
    question: Question, asked: Sequence[Asked], said: Mapping[str, People], connections: Connections, price: PriceOf,
    at: datetime,
) -> Study:  # fmt: skip
    """The study of the models that were asked, those in `Question.also`, and each provider's default for the task."""
    whole = pool(asked)
    measured = {each.name: each for each in whole.models}
    about = _facts(list(_targets(whole, question, said, connections)), measured, connections, price, at)
    found = candidates(measured, about, said, question.use)
    found = tuple(sorted(found, key=lambda each: not each.measured))
    left = shortlist(found, question.must, at.date())
    standing = efficient(left.kept)
    beaten = {each.candidate.name for each in standing.standings if each.beaten_by}
    kept = tuple(sorted(left.kept, key=lambda each: (not each.measured, each.name in beaten)))
    return Study(
        question, at, whole, whole.verdicts(), basis_of(measured, said), found, Shortlist(kept, left.excluded),
        standing, ranking(left.kept, question.weights),
    )  # fmt: skip


def _targets(
    whole: Pool, question: Question, said: Mapping[str, People], connections: Connections
) -> Iterator[tuple[str, str]]:
    yield from ((each.target.provider, each.target.model) for each in whole.models)
    named = (*question.also, *(target for target, each in said.items() if question.purpose.collection or each.standing))
    yield from ((provider, model) for provider, _, model in (each.partition(":") for each in named))
    yield from (
        (row.provider, row.id)
        for row in defaults(draws=whole.draws)
        if (connection := connections.get(row.provider)) is not None and connection.listed
    )


def _facts(
    targets: Sequence[tuple[str, str]], measured: Mapping[str, Pooled], connections: Connections, price: PriceOf,
    at: datetime,
) -> list[Facts]:  # fmt: skip
    answers = {(each.target.provider, each.target.model): each.completions for each in measured.values()}
    return [
        facts(connections, provider, model, price, at, told_by(answers.get((provider, model), [])))
        for provider, model in dict.fromkeys(targets)
    ]
