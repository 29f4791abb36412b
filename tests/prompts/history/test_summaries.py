"""Days and targets summed up, and what there is to filter by."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from prompts.core.plan import WARM_UP
from prompts.core.run_summaries import Facets, Filter, Spend, Summary
from prompts.record.schema import attempts, completions, experiments, runs
from tests.prompts.history.made import NOON, Answer, put, tag

OTHER = "google:g"


def summed(archive, engine):
    with engine.begin() as connection:
        put(
            connection, "why",
            Answer(cost=Decimal("0.1"), duration_s=2.0, first_s=0.5, tokens=(10, 20)),
            Answer(cost=Decimal("0.2"), duration_s=4.0, first_s=1.5, tokens=(10, None)),
            Answer(target=OTHER, duration_s=3.0, first_s=None, tokens=(None, None)),
            Answer(target=OTHER, state="failed", cost_kind="unknown", duration_s=100.0, first_s=9.0),
        )  # fmt: skip
        put(
            connection, "why not",
            Answer(repeat=WARM_UP, cost=Decimal("0.4"), duration_s=50.0, first_s=7.0, tokens=(1, 2)),
            Answer(state="streaming", cost_kind=None),
            at=NOON - timedelta(days=1),
        )  # fmt: skip


def test_days_are_summed_up_newest_first(archive, engine):
    summed(archive, engine)
    assert archive.days(Filter()) == (
        Summary("2026-11-20", 4, 3, Spend(Decimal("0.3"), 2, 1, 1), 20, 20, 3.0, 1.0),
        Summary("2026-11-19", 1, 0, Spend(Decimal("0.4"), 1, 0, 0), 1, 2, None, None),
    )


def test_targets_are_summed_up_by_name(archive, engine):
    summed(archive, engine)
    assert archive.targets(Filter()) == (
        Summary("google:g", 2, 1, Spend(Decimal(0), 0, 1, 1), None, None, 3.0, None),
        Summary("openai:gpt-4o", 3, 2, Spend(Decimal("0.7"), 3, 0, 0), 21, 22, 3.0, 1.0),
    )


def test_summaries_obey_the_filter(archive, engine):
    summed(archive, engine)
    assert [day.key for day in archive.days(Filter(until=date(2026, 11, 19)))] == ["2026-11-19"]
    assert [(each.key, each.calls) for each in archive.targets(Filter(words="why", outcome="failed"))] == [(OTHER, 1)]
    assert archive.days(Filter(words="nowhere")) == archive.days(Filter(words="-")) == ()


def test_money_of_earlier_attempts_counts_whenever_it_becomes_known(archive, engine):
    answer = Answer(state="queued", cost_kind=None)
    mine = completions.update().where(completions.c.id == answer.id)
    paid = {"state": "complete", "cost_kind": "amount", "cost_amount": Decimal("0.5")}
    with engine.begin() as connection:
        put(connection, "why", answer)
        connection.execute(mine.values(state="sent"))
        connection.execute(mine.values(**paid))
        connection.execute(mine.values(state="sent", cost_kind=None, cost_amount=None))
        first = {"completion_id": answer.id, "endpoint": "e", "model": "m", "sent_at": NOON}
        connection.execute(attempts.insert(), {**first, "id": "1", "number": 1, "state": "sent"})
        connection.execute(attempts.update().values(cost_kind="amount", cost_amount=Decimal("0.5")))
    assert archive.days(Filter())[0].spend == Spend(Decimal("0.5"), 1)
    with engine.begin() as connection:
        connection.execute(mine.values(**paid))
    assert archive.days(Filter())[0].spend == Spend(Decimal("1.0"), 1)
    with engine.begin() as connection:
        second = {**first, "id": "2", "number": 2, "state": "unknown", "cost_kind": "unknown"}
        connection.execute(attempts.insert(), second)
    assert archive.days(Filter())[0].spend == Spend(Decimal("1.0"), 0, 0, 1)


def test_there_is_to_filter_by_what_is_on_record(archive, engine):
    one, two = Answer(), Answer(target="ollama:llama3.3")
    with engine.begin() as connection:
        connection.execute(experiments.insert(), {"id": "e", "created_at": NOON, "name": "Spring"})
        connection.execute(experiments.insert(), {"id": "f", "created_at": NOON + timedelta(1), "name": "Autumn"})
        put(connection, "why", one, two, person="bob")
        put(connection, "why", Answer(target="x:y"), person="ada", at=NOON - timedelta(days=40))
        put(connection, "why", person="")
        gone = put(connection, "why", Answer(target="gone:g"), person="eve", at=NOON - timedelta(days=99))
        for name in ("b", "a"):
            tag(connection, one.id, name)
            tag(connection, two.id, name)
        connection.execute(runs.delete().where(runs.c.id == gone))
    assert archive.facets() == Facets(
        ("ollama:llama3.3", "openai:gpt-4o", "x:y"), ("ollama", "openai", "x"), ("GPT", "Llama"), ("a", "b"),
        ("ada", "bob"), (("f", "Autumn"), ("e", "Spring")), date(2026, 10, 11),
    )  # fmt: skip


def test_of_an_empty_record_nothing_is_said(archive):
    assert archive.facets() == Facets()
    assert archive.days(Filter()) == archive.targets(Filter()) == ()
