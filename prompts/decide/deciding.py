"""Makes a decision from a study: the evidence for the chosen model, frozen as it is now. Pure."""

from __future__ import annotations

from uuid import uuid4

from prompts.core import format as text_of
from prompts.core.decision import Decision, FrozenEvidence, KnownExperiment, KnownLine, KnownModel
from prompts.decide.candidate import Candidate
from prompts.decide.evidence import dollars, evidence, share_shown, shown
from prompts.decide.facts import told_by
from prompts.decide.study import Study
from prompts.experiments.asked import Experiment
from providers.completion import GOOD_STATES


def decide(study: Study, name: str, because: str, person: str) -> Decision:
    """A decision for the candidate `name`, dated now. Raises `KeyError` if it is not a candidate."""
    chosen = study.candidate(name)
    if chosen is None:
        raise KeyError(name)
    return Decision(
        str(uuid4()), study.at, study.question.purpose.name, name, person, because.strip(), freeze(study, chosen)
    )  # fmt: skip


def freeze(study: Study, chosen: Candidate) -> FrozenEvidence:
    """The evidence for `chosen` and all that was considered with it, as it is now."""
    price, row, pooled = chosen.facts.price, chosen.facts.row, chosen.pooled
    second = study.second_to(chosen.name)
    return FrozenEvidence(
        experiments=tuple(
            KnownExperiment(each.id, each.plan.name, answers_of(each)) for each in study.pool.experiments
        ),
        lines=tuple(KnownLine(line.what, line.value, line.tag) for line in evidence(chosen, study.at)),
        models=known_models(study), must=study.question.must.words, weights=study.question.weights.words,
        per_day=study.question.use.per_day, second=second.sentence if second else "",
        sentences=tuple(verdict.sentence for verdict in study.verdicts),
        price_kind=price.kind, price_in=None if price.input is None else str(price.input),
        price_out=None if price.output is None else str(price.output), price_source=price.source,
        retires_on=row.retires_on.isoformat() if row and row.retires_on else None,
        measured_on=pooled.last.date().isoformat() if pooled and pooled.last else None,
        fingerprint=dict(told_by(pooled.completions)) if pooled else {},
    )  # fmt: skip


def answers_of(experiment: Experiment) -> int:
    """How many answers of an experiment ended well."""
    return sum(n for state, n in experiment.counts.items() if state in GOOD_STATES)


def known_models(study: Study) -> tuple[KnownModel, ...]:
    """Every model that was considered, with its figures and its standing."""
    stands = {each.candidate.name: each.sentence for each in study.efficient.standings}
    stands |= {each.name: f"Left out: {'; '.join(each.reasons)}." for each in study.shortlist.excluded}
    return tuple(
        KnownModel(
            each.name, share_shown(each.quality), shown(each.seconds, text_of.seconds),
            "no fee" if each.no_fee else shown(each.dollars, lambda v: dollars(1000 * v)),
            stands.get(each.name, "Not compared: a figure is not known."),
        )
        for each in study.candidates
        if each.measured or each.name in stands
    )  # fmt: skip
