"""Decisions: frozen, kept, and told when what they rest on has changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from prompts.core.decision import Decision, evidence_from, evidence_json
from prompts.core.targets import Target
from prompts.decide import decision_store
from prompts.decide.ageing import Drift, aged
from prompts.decide.deciding import answers_of, decide
from prompts.decide.people import People
from prompts.decide.study import Question, study
from prompts.decide.task import Purpose
from prompts.history.archive import Archive
from prompts.record.database import open_database
from providers.catalogue.pricing import ListPrice
from providers.config.connections import PRESETS
from tests.prompts.decide.made import NOW, PRICE
from tests.prompts.experiments.asked_cells import PLAN, asked


def decided(target: str = "openai:gpt-4o") -> Decision:
    provider, _, model = target.partition(":")
    plan = replace(PLAN, targets=(Target(provider, model), Target("ollama", "llama")))
    whole, cells = asked("+ + -", "+ - -", plan=plan)
    whole = replace(whole, counts={"complete": 6})
    found = study(
        Question(Purpose("Support mail", (whole.id,))), [(whole, cells)], dict[str, People](), PRESETS,
        lambda *_: PRICE, NOW,
    )  # fmt: skip
    return decide(found, target, " It passes most. ", "ada")


def reasons(
    decision: Decision, price: ListPrice = PRICE, drifts: tuple[Drift, ...] = (), *, days: int = 1, **there: int
):  # type: ignore[no-untyped-def]
    found = aged(decision, price, drifts, there or {"e1": 6}, NOW + timedelta(days=days))
    return found.reasons if found else ()


def test_a_decision_freezes_what_was_known() -> None:
    known = decided().evidence
    assert [(each.id, each.name, each.answers) for each in known.experiments] == [("e1", "Support mail", 6)]
    assert ("Passed", "2 of 3") in [(line.what, line.value) for line in known.lines]
    assert [each.name for each in known.models][:2] == ["openai:gpt-4o", "ollama:llama"]
    assert (known.price_in, known.price_out, known.measured_on) == ("2", "8", "2026-11-20")
    assert decided().because == "It passes most."


def test_it_comes_back_from_the_record_as_it_was(tmp_path) -> None:  # type: ignore[no-untyped-def]
    engine = open_database(f"sqlite:///{tmp_path}/collate.db")
    archive = Archive(engine)
    first, later = decided(), replace(decided(), id="later", decided_at=NOW + timedelta(days=1))
    other = replace(decided(), id="other", task="Letters")
    for each in (first, later, other):
        archive.write(lambda c, each=each: decision_store.add(c, each))
    every = archive.read(decision_store.every)
    assert every[0] == later
    assert {each.id for each in every[1:]} == {first.id, "other"}
    assert {each.id for each in decision_store.current(every)} == {"later", "other"}
    archive.write(lambda c: decision_store.delete(c, "later"))
    assert archive.read(lambda c: decision_store.find(c, "later")) is None
    assert archive.read(lambda c: decision_store.find(c, first.id)) == first
    engine.dispose()


def test_evidence_of_a_newer_collate_is_read_as_far_as_it_is_known() -> None:
    known = decided().evidence
    assert evidence_from({**evidence_json(known), "mood": "good"}) == known


def test_nothing_changed_is_no_reason() -> None:
    assert reasons(decided("openai:gpt-x")) == ()


@pytest.mark.parametrize(
    ("target", "days", "said"),
    [
        ("openai:gpt-4o", 1, "The model retires on 2027-01-14."),
        ("openai:gpt-4o", 60, "The model was retired on 2027-01-14."),
        ("openai:gpt-x", 200, "Its newest answer is from 2026-11-20, more than 180 days ago."),
    ],
)
def test_time_ages_it(target: str, days: int, said: str) -> None:
    (reason,) = reasons(decided(target), days=days)
    assert reason.startswith(said)


def test_a_price_that_changed_is_told_with_both_prices() -> None:
    dearer = replace(PRICE, output=Decimal(10))
    assert reasons(decided("openai:gpt-x"), dearer) == (
        "The price changed: $2.00 in, $8.00 out then, $2.00 in, $10.00 out now, per million tokens.",
    )
    assert reasons(decided("openai:gpt-x"), ListPrice("unknown", reason="no list")) == ()


def test_a_drift_of_its_own_model_in_its_own_experiment_counts() -> None:
    own = Drift("e1", "openai:gpt-x", NOW + timedelta(hours=1), "It passes less.")
    decision = decided("openai:gpt-x")
    assert reasons(decision, drifts=(own,)) == ("Drift seen on 2026-11-29: It passes less.",)
    for other in (
        replace(own, target="ollama:llama"), replace(own, experiment="e2"), replace(own, at=NOW - timedelta(days=1)),
    ):  # fmt: skip
        assert reasons(decision, drifts=(other,)) == ()


def test_evidence_that_is_gone_or_has_grown_is_told() -> None:
    decision = decided("openai:gpt-x")
    assert reasons(decision, e2=1) == ("The experiment “Support mail” is no longer on record.",)
    assert reasons(decision, e1=9) == ("“Support mail” has 3 answers more than it had then.",)


def test_answers_are_those_that_can_be_judged() -> None:
    whole, _ = asked("+", "+")
    assert answers_of(replace(whole, counts={"complete": 3, "refused": 1, "failed": 5, "waiting": 2})) == 4


def test_an_end_of_service_that_nobody_had_named_is_told_early() -> None:
    before = replace(decided(), decided_at=NOW - timedelta(days=300))
    long_ago = replace(before, evidence=replace(before.evidence, retires_on=None, measured_on=None))
    found = aged(long_ago, PRICE, (), {"e1": 6}, NOW - timedelta(days=250))
    assert found is not None
    assert found.reasons[0].startswith("An end of service has been announced since: 2027-01-14.")
    assert date(2027, 1, 14) > NOW.date()
