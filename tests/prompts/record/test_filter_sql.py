"""What is looked for, held against a plain reading of the same runs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest

from prompts.core.run_summaries import Filter
from prompts.record.schema import experiments
from providers.catalogue.families import family_of
from providers.completion import GOOD_STATES
from tests.prompts.history.made import NOON, Answer, put, rate, tag

TARGETS = ("openai:gpt-4o", "openai:gpt-4o-mini", "anthropic:claude-opus-4", "ollama:llama3.3", "groq:llama-4", "x:y:z")
STATES = ("complete", "cut", "refused", "failed", "cancelled", "unknown", "streaming", "queued")
DAYS = [date(2026, 11, day) for day in range(10, 20)]


@dataclass(frozen=True)
class Known:
    """A completion as it was put on record."""

    run_id: str
    answer: Answer
    at: datetime
    person: str | None
    experiment: str | None
    stars: int | None
    thumb: int | None
    best: bool
    tag: str | None
    family: str | None


def holds(known: Known, wanted: Filter) -> bool:
    """What each condition means, said plainly."""
    answer, day = known.answer, known.at.date()
    provider = answer.target.partition(":")[0]
    cost = Decimal(0) if answer.cost is None and answer.cost_kind == "local" else answer.cost
    over = answer.state not in ("streaming", "queued")
    outcomes = {
        None: True,
        "good": over and answer.state in GOOD_STATES and not answer.interrupted,
        "interrupted": over and answer.interrupted,
        "failed": over and answer.state not in GOOD_STATES and not answer.interrupted,
    }
    return (
        (not wanted.targets or answer.target in wanted.targets)
        and (not wanted.providers or provider in wanted.providers)
        and (not wanted.families or (known.family in wanted.families))
        and (not wanted.tags or known.tag in wanted.tags)
        and (wanted.stars is None or (known.stars or 0) >= wanted.stars)
        and (wanted.thumb is None or known.thumb == wanted.thumb)
        and (not wanted.best or known.best)
        and (wanted.since is None or day >= wanted.since)
        and (wanted.until is None or day <= wanted.until)
        and (wanted.cost_from is None or (cost is not None and cost >= wanted.cost_from))
        and (wanted.cost_to is None or (cost is not None and cost <= wanted.cost_to))
        and outcomes[wanted.outcome]
        and (wanted.person is None or (known.person or "") == wanted.person)
        and (wanted.experiment is None or known.experiment == wanted.experiment)
        and (not wanted.words or (wanted.words in answer.text and over))
    )


def wish(random: Random) -> Filter:
    """A filter of one to four conditions."""
    wishes = {
        "words": "common", "targets": tuple(random.sample(TARGETS, 2)), "providers": ("openai", "groq"),
        "families": (random.choice(["GPT", "Claude", "Llama", "Mistral"]),), "tags": ("a", "b"),
        "stars": random.randint(1, 5), "thumb": random.choice([1, -1]), "best": True, "since": random.choice(DAYS),
        "until": random.choice(DAYS), "cost_from": Decimal(random.randint(0, 9)), "experiment": "e",
        "cost_to": Decimal(random.randint(0, 9)), "outcome": random.choice(["good", "failed", "interrupted"]),
        "person": random.choice(["ada", "bob", "", "nobody known"]),
    }  # fmt: skip
    return Filter(**{name: wishes[name] for name in random.sample(sorted(wishes), random.randint(1, 4))})


def record(connection, random: Random) -> list[Known]:
    """Runs of all kinds, none a mere copy of another."""
    found: list[Known] = []
    connection.execute(experiments.insert(), {"id": "e", "created_at": NOON, "name": "Spring"})
    for _ in range(60):
        at = datetime.combine(random.choice(DAYS), datetime.min.time(), UTC)
        at += random.choice([timedelta(0), timedelta(hours=12), timedelta(days=1, microseconds=-1)])
        person, experiment = random.choice([None, "", "ada", "bob"]), random.choice([None, None, "e"])
        answers = [
            Answer(
                random.choice(["common word", "another"]), random.choice(TARGETS), random.choice(STATES),
                cost=random.choice([None, Decimal(random.randint(0, 9))]),
                cost_kind=random.choice(["local", "unknown", None]), interrupted=random.random() < 0.2,
            )
            for _ in range(random.randint(1, 4))
        ]  # fmt: skip
        run_id = put(connection, "why", *answers, at=at, person=person, experiment=experiment)
        for answer in answers:
            stars, thumb = random.choice([None, 1, 3, 5]), random.choice([None, 1, -1])
            best, name = random.random() < 0.2, random.choice([None, None, "a", "c"])
            rate(connection, answer.id, stars=stars, thumb=thumb, best=best)
            if name:
                tag(connection, answer.id, name)
            family = family_of(*answer.target.split(":", 1))
            found.append(
                Known(run_id, answer, at, person, experiment, stars, thumb, best, name, family and family.name)
            )
    return found


@pytest.mark.parametrize("few", [5_000, 0])
def test_a_filter_finds_what_a_plain_reading_finds(archive, engine, monkeypatch, few):
    monkeypatch.setattr("prompts.record.filter_sql.FEW", few)
    random = Random(7)
    with engine.begin() as connection:
        all_known = record(connection, random)
    for _ in range(100):
        wanted = wish(random)
        expected = [known for known in all_known if holds(known, wanted)]
        page = archive.page(wanted, None, 100)
        moments = [line.created_at for line in page.lines]
        assert {line.id for line in page.lines} == {known.run_id for known in expected}, wanted
        assert moments == sorted(moments, reverse=True)
        assert sum(day.calls for day in archive.days(wanted)) == len(expected), wanted
        assert archive.count(wanted) == len(page.lines)


def test_a_condition_that_few_cards_meet_is_met_by_its_index_and_by_reading(archive, engine):
    """Nothing is lost at the border between the two ways."""
    with engine.begin() as connection:
        for n in range(3):
            put(connection, f"question {n}", Answer(state="failed"))
    wanted = Filter(outcome="failed", targets=("openai:gpt-4o",))
    assert len(archive.page(wanted).lines) == 3
    assert len(archive.page(Filter(outcome="failed", targets=("openai:other",))).lines) == 0


def test_any_day_that_there_is_can_be_asked_for(archive, engine):
    with engine.begin() as connection:
        put(connection, "question")
    early, late = date.min, date.max
    asked = [Filter(since=early), Filter(until=late), Filter(since=early, until=late), Filter(until=early)]
    assert [len(archive.page(wanted).lines) for wanted in asked] == [1, 1, 1, 0]
    assert [archive.count(replace(wanted, words="question")) for wanted in asked] == [1, 1, 1, 0]
    assert archive.page(Filter(since=late)).lines == ()


def test_an_empty_target_list_is_no_condition_but_an_unknown_target_is(archive, engine):
    with engine.begin() as connection:
        put(connection, "question")
    assert len(archive.page(Filter(targets=())).lines) == 1
    assert len(archive.page(Filter(targets=("no:such",))).lines) == 0
    assert len(archive.page(Filter(families=("no such",))).lines) == 0
