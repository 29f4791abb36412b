"""A list read a page at a time."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from prompts.core.plan import WARM_UP
from prompts.core.run_summaries import PROMPT_SHOWN, Filter, Match, RunLine, Spend
from prompts.history import pages
from prompts.record.schema import attempts, completions, experiments, runs
from tests.prompts.history.made import NOON, Answer, put, rate, several, tag


def ids(archive, wanted=Filter(), limit=50):
    """All runs of all pages."""
    after, found = None, []
    for _ in range(50):
        page = archive.page(wanted, after, limit)
        assert len(page.lines) <= limit
        found += [line.id for line in page.lines]
        if (after := page.after) is None:
            return found
    raise AssertionError("the pages never end")


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 50])
def test_pages_together_are_the_whole_list_newest_first(archive, engine, limit):
    with engine.begin() as connection:
        made = several(connection, 7)
    assert ids(archive, limit=limit) == made


def test_no_runs_are_an_empty_page(archive):
    assert archive.page(Filter()).lines == ()
    assert archive.page(Filter()).after is None


def test_what_is_asked_meanwhile_shifts_nothing(archive, engine):
    with engine.begin() as connection:
        made = several(connection, 6)
    first = archive.page(Filter(), None, 3)
    with engine.begin() as connection:
        put(connection, "newer", at=NOON + timedelta(hours=1))
        put(connection, "imported", at=NOON - timedelta(days=1))
        connection.execute(runs.delete().where(runs.c.id == made[2]))  # the last one shown
    second = archive.page(Filter(), first.after, 3)
    assert [line.id for line in second.lines] == made[3:]


def test_an_imported_run_stands_at_its_own_time(archive, engine):
    with engine.begin() as connection:
        new = put(connection, "new")
        old = put(connection, "old", at=NOON - timedelta(days=400))
        newest = put(connection, "newest", at=NOON + timedelta(milliseconds=1))
    assert ids(archive) == [newest, new, old]


def test_runs_of_the_same_moment_are_all_listed_once(archive, engine):
    with engine.begin() as connection:
        made = {put(connection, f"question {n}", Answer(), Answer()) for n in range(20)}
    assert len(ids(archive, limit=3)) == 20
    assert set(ids(archive, limit=3)) == made


def test_a_run_of_many_answers_takes_one_place(archive, engine, monkeypatch):
    monkeypatch.setattr(pages, "AT_ONCE", 10)
    with engine.begin() as connection:
        older = put(connection, "older")
        many = put(connection, "many", *(Answer() for _ in range(45)), at=NOON + timedelta(seconds=1))
    page = archive.page(Filter(), None, 1)
    assert [line.id for line in page.lines] == [many]
    assert [line.id for line in archive.page(Filter(), page.after, 1).lines] == [older]


@pytest.mark.parametrize("after", ["", "nonsense", "2.1", "0.x", "0.", "-1.5", "0.99999999999999999999999"])
def test_a_place_that_no_page_handed_out_begins_at_the_beginning(archive, engine, after):
    with engine.begin() as connection:
        made = several(connection, 2)
    assert [line.id for line in archive.page(Filter(), after, 1).lines] == made[:1]


def test_words_in_prompts_come_before_words_in_answers_each_the_newest_first(archive, engine):
    with engine.begin() as connection:
        at = [NOON + timedelta(minutes=n) for n in range(6)]
        old_prompt = put(connection, "blue sky", at=at[0])
        old_answer = put(connection, "why", Answer("blue sky"), Answer("sky blue"), at=at[1])
        split = put(connection, "sky", Answer("blue"), at=at[2])
        new_prompt = put(connection, "sky, blue", Answer("blue sky"), at=at[3])
        put(connection, "sky", Answer("green"), at=at[4])
        put(connection, "why", Answer("blue"), Answer("sky"), at=at[5])
    expected = [new_prompt, old_prompt, split, old_answer]
    for limit in (1, 2, 3, 4, 5):
        assert ids(archive, Filter(words="sky blue"), limit) == expected


def test_what_matched_is_shown_in_the_prompt_and_in_some_answers(archive, engine):
    with engine.begin() as connection:
        answers = [Answer(f"{n} is blue", f"openai:m{n}") for n in range(5)]
        put(connection, "Why is the sky blue?", Answer("no such word", "google:g"), *answers)
    (line,) = archive.page(Filter(words="BLUE")).lines
    assert line.matches == (
        Match("prompt", (("Why is the sky ", False), ("blue", True), ("?", False))),
        Match("openai:m0", (("0 is ", False), ("blue", True))),
        Match("openai:m1", (("1 is ", False), ("blue", True))),
    )
    assert archive.page(Filter()).lines[0].matches == ()


def test_words_and_filters_hold_of_the_same_completion(archive, engine):
    with engine.begin() as connection:
        put(connection, "why", Answer("blue", "openai:a"), Answer("green", "google:b"))
    assert ids(archive, Filter(words="blue", targets=("openai:a",)))
    assert not ids(archive, Filter(words="blue", targets=("google:b",)))
    assert ids(archive, Filter(words="why", targets=("google:b",)))


@pytest.mark.parametrize("few", [5_000, 0])
def test_of_common_words_only_so_many_are_looked_at_for_one_page_and_it_is_said(archive, engine, monkeypatch, few):
    monkeypatch.setattr(pages, "AT_ONCE", 5)
    monkeypatch.setattr(pages, "LOOKED_AT", 10)
    monkeypatch.setattr("prompts.record.filter_sql.FEW", few)
    with engine.begin() as connection:
        wanted = [put(connection, "common", Answer(state="failed"), at=NOON - timedelta(days=n + 1)) for n in range(15)]
        several_common = [put(connection, "common", at=NOON + timedelta(seconds=n)) for n in range(20)]
    first = archive.page(Filter(words="common", outcome="failed"))
    assert len(several_common) == 20
    assert first.limited is (few == 0)
    assert ids(archive, Filter(words="common", outcome="failed")) == wanted


def test_a_line_shows_what_is_on_record(archive, engine):
    answers = [
        Answer("warm", repeat=WARM_UP, cost=Decimal("0.5")),
        Answer("good", cost=Decimal("0.25")),
        Answer("", "google:g", "failed", cost_kind="unknown"),
        Answer("x", "ollama:l", "cut"),
        Answer("part", "ollama:l", "unknown", interrupted=True, cost_kind="unknown"),
        Answer("", "ollama:l", "streaming", cost_kind=None),
    ]
    with engine.begin() as connection:
        connection.execute(experiments.insert(), {"id": "e", "created_at": NOON, "name": "Spring"})
        run_id = put(connection, "p" * 1_000, *answers, person="ada", experiment="e")
        rate(connection, answers[1].id, stars=5)
        rate(connection, answers[1].id, best=True, person="cleo", at=NOON - timedelta(days=1))
        rate(connection, answers[3].id, stars=2, best=True)
        rate(connection, answers[3].id, stars=1, thumb=-1, person="bob")
        for name in ("b", "a"):
            tag(connection, answers[1].id, name)
        tag(connection, answers[3].id, "a")
        connection.execute(
            runs.update().where(runs.c.id == run_id).values(link_id="r", link_kind="again", kept="figures")
        )
        tried = {"completion_id": answers[1].id, "endpoint": "e", "model": "m", "sent_at": NOON}
        first = {"id": "1", "number": 1, "state": "failed", "cost_kind": "amount", "cost_amount": Decimal("0.125")}
        last = {"id": "2", "number": 2, "state": "complete", "cost_kind": None, "cost_amount": None}
        connection.execute(attempts.insert(), [{**tried, **first}, {**tried, **last}])
    (line,) = archive.page(Filter()).lines
    assert (line.link.relation, line.link.run_id) == ("again", "r")
    assert line == RunLine(
        id=run_id, created_at=NOON, source="page", person="ada", prompt="p" * PROMPT_SHOWN,
        targets=("openai:gpt-4o", "google:g", "ollama:l"), completions=5, failed=1, interrupted=1, live=1,
        spend=Spend(Decimal("0.875"), 3, 1, 2), best="ollama:l", stars=2, tags=("a", "b"), notes=0, link=line.link,
        experiment="Spring", kept="figures", thumbs_down=1,
    )  # fmt: skip


def test_the_index_of_cards_does_not_depend_on_how_rows_come(archive, engine):
    """A completion that is made over and over keeps its one card."""
    answer = Answer(state="queued")
    with engine.begin() as connection:
        run_id = put(connection, "question", answer)
        for state in ("sent", "streaming", "failed", "sent", "complete"):
            connection.execute(completions.update().where(completions.c.id == answer.id).values(state=state))
    assert ids(archive, Filter(outcome="good")) == [run_id]
    assert ids(archive, Filter(outcome="failed")) == []


def test_the_signs_of_markdown_are_not_shown_in_what_matched(archive, engine):
    with engine.begin() as connection:
        put(connection, "## Why\n\n- is the **sky** `blue`?", Answer("1. [Blue](https://example.com) *light*"))
    (line,) = archive.page(Filter(words="blue")).lines
    assert ["".join(part for part, _ in match.parts) for match in line.matches] == [
        "Why is the sky blue?", "Blue light"
    ]  # fmt: skip


def test_a_line_carries_the_first_pictures_of_its_run_that_are_kept(archive, engine):
    drawn = [Answer("", f"acme:painter-{n}", pictures=(f"{n}" * 64, "")) for n in range(8)]
    with engine.begin() as connection:
        put(connection, "A cat?", *drawn, Answer("", repeat=WARM_UP, pictures=("f" * 64,)))
        put(connection, "Why?", at=NOON - timedelta(hours=1))
    line, other = archive.page(Filter()).lines
    assert [each.sha256[0] for each in line.pictures] == ["0", "1", "2", "3", "4", "5"]
    assert line.pictures[1].target == "acme:painter-1"
    assert (line.drawn, other.drawn, other.pictures) == (8, 0, ())
