"""The contents of a report on a choice, in the order in which a manager asks. Pure; both formats are made from this.

The question, the shortlist, the evidence with intervals, cases on which models differ, costs at volume, and what would
change the choice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from prompts.core import format as text_of
from prompts.core.decision import Decision
from prompts.decide.candidate import Basis, Candidate, candidates
from prompts.decide.deciding import known_models
from prompts.decide.evidence import dollars, shown
from prompts.decide.study import Study

EXAMPLES = 5
_LONGEST = 1_200
"""How many characters of an answer are shown."""
_TIMES = (0.1, 1, 10)
"""Factors on the user's own volume."""
Rows = tuple[tuple[str, ...], ...]
QUALITY: dict[Basis, str] = {"checks": "Passed", "votes": "Preferred", "ratings": "Called best"}


@dataclass(frozen=True, slots=True)
class Example:
    """One case on which models differ."""

    case: str
    answers: Rows
    """Rows of (model, passed or failed, its answer)."""


@dataclass(frozen=True, slots=True)
class ChoiceReport:
    """One report, as sentences and rows of tables."""

    study: Study
    decision: Decision | None = None
    """The newest decision for this task; `None` if there is none."""

    @property
    def title(self) -> str:
        """The question that the report answers."""
        return f"Which model for: {self.study.question.purpose.name}"

    @property
    def about(self) -> str:
        """How much evidence there is, and when the report was made."""
        pool = self.study.pool
        return (
            f"{text_of.number_of(len(pool.experiments), 'experiment')}, "
            f"{text_of.number_of(len(pool.cases), 'case')}, made {self.study.at:%Y-%m-%d %H:%M} UTC"
        )

    @property
    def wanted(self) -> tuple[str, ...]:
        """What the user asked for, in sentences."""
        question = self.study.question
        must, weights = ", ".join(question.must.words), question.weights.words
        return (
            f"Must have: {must}." if must else "No must-haves were set.",
            f"Weights: {weights}." if weights else "No weights were set, so nothing is ranked.",
            f"Volume: {question.use.per_day:,} requests a day, 30 days a month.",
        )

    @property
    def answer(self) -> tuple[str, ...]:
        """The sentences at the top: the decision or suggestion."""
        found = self.study
        said = [f"Decided on {self.decision.decided_at:%Y-%m-%d}: {self.decision.chosen}."] if self.decision else []
        if self.decision and self.decision.because:
            said.append(f"Because: {self.decision.because}")
        if found.ranking is not None:
            said.append(f"First by the weights below: {' and '.join(found.ranking.leaders)}.")
        said += found.short_answer or ["No two models on the shortlist have evidence on quality, cost and time yet."]
        return (*said, *(verdict.sentence for verdict in found.verdicts), *found.pool.notes)

    @property
    def evidence(self) -> Rows:
        """One row for every model measured or left out: name, quality, time, cost, where text goes, standing."""
        where = {each.name: each.facts.where for each in self.study.candidates}
        return tuple(
            (each.name, each.quality, each.time, each.cost, where.get(each.name, ""), each.standing)
            for each in known_models(self.study)
        )

    @property
    def money(self) -> tuple[tuple[str, ...], Rows]:
        """Headers and rows of the cost per month at a tenth of the volume,
        at the volume, and at ten times the volume."""
        per_day = self.study.question.use.per_day
        volumes = list(dict.fromkeys(max(1, round(per_day * times)) for times in _TIMES))
        rows = tuple((each.name, *(_month(self.study, each, n) for n in volumes)) for each in self._compared)
        return ("Model", *(f"{n:,} a day" for n in volumes)), rows

    @property
    def examples(self) -> tuple[Example, ...]:
        """Cases that some models pass and others fail."""
        found = list(_differing(self.study, [each for each in self._compared if each.pooled]))
        step = max(1, len(found) // EXAMPLES)
        return tuple(found[::step][:EXAMPLES])

    @property
    def changes(self) -> tuple[str, ...]:
        """What would change the choice, in sentences."""
        found = self.study
        said = list(found.ranking.fragility) if found.ranking else []
        said += [f"{s.candidate.name}: {s.sentence}" for s in found.efficient.standings if s.beaten_by and not s.sure]
        said += [f"Not compared: {each}" for each in found.efficient.unknown]
        if (first := found.first) and (second := found.second_to(first)):
            said += [*filter(None, (second.sentence, second.weak))]
        said += [
            f"{each.name} retires on {each.facts.row.retires_on}."
            for each in self._compared
            if each.facts.row is not None and each.facts.row.retires_on is not None
        ]
        return tuple(said) or ("Nothing that is known here speaks against it; other cases, prices or models may.",)

    @property
    def _compared(self) -> list[Candidate]:
        return [each for each in self.study.shortlist.kept if each.measured]


def _month(study: Study, each: Candidate, per_day: int) -> str:
    if each.no_fee:
        return "no fee"
    use = replace(study.question.use, per_day=per_day)
    pooled = {each.name: each.pooled} if each.pooled else {}
    (other,) = candidates(pooled, [each.facts], {}, use)
    return shown(other.a_month, dollars)


def _differing(study: Study, models: Sequence[Candidate]) -> Iterator[Example]:
    for n, case in enumerate(study.pool.cases):
        answers = [
            (each.name, "passed" if tally.passed == tally.answered else "failed", cell.completion.text[:_LONGEST])
            for each in models
            if each.pooled is not None and (tally := each.pooled.tallies[n]).answered
            for cell in each.pooled.answers[n][:1]
            if cell.completion is not None
        ]
        if len({verdict for _, verdict, _ in answers}) > 1:
            yield Example(" · ".join(text for text in case.values() if text.strip()), tuple(answers))
