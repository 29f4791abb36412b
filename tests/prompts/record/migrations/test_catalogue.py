"""The step that makes cards and full text, and the triggers that keep them from then on."""

from __future__ import annotations

import threading
from datetime import timedelta

import sqlalchemy as sa

from prompts.core.run_summaries import Filter
from prompts.history.archive import Archive
from prompts.record import decision_tables, experiment_tables, places, spending, trail, vote_tables  # noqa: F401 -- their tables belong to the schema
from prompts.record.database import open_database, patiently, writing
from prompts.record.schema import cards, completions, metadata, models, runs
from tests.prompts.history.made import NOON, Answer, put
from tests.prompts.record.older import put_back

WORDS = ("why", "天", "one", "two", "three", "four", "five")


def fill(connection):
    """Runs of every kind, with ids that are the same each time."""
    answers = [
        Answer("天気 one", id="1", cost_kind="local", duration_s=1.5, first_s=0.5, tokens=(1, 2)),
        Answer("two", "google:g", "failed", id="2", cost_kind="unknown"),
        Answer("three", state="queued", id="3", cost_kind=None),
        Answer("four", "google:g", "unknown", id="4", interrupted=True, repeat=-1),
    ]
    put(connection, "why", *answers, at=NOON - timedelta(microseconds=1), person="ada")
    put(connection, "why not", Answer("five", id="5"), Answer("six", id="6"), person="")


def old_record(url):
    """A record of the schema before, filled."""
    put_back(url, "0003")
    engine = sa.create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        connection.execute(runs.delete())
        connection.execute(completions.delete())
        fill(connection)
    engine.dispose()


def content(engine):
    """All that the step makes, whatever numbers models have."""
    archive = Archive(engine)
    with engine.connect() as connection:
        query = sa.select(cards, models.c.provider, models.c.model).join(models, models.c.id == cards.c.target)
        rows = [dict(row) for row in connection.execute(query.order_by(cards.c.completion_id)).mappings()]
    found = [len(archive.page(Filter(words=word)).lines) for word in WORDS]
    return [{**row, "target": None, "run_id": None, "number": row["number"] >> 20} for row in rows], found


def test_a_record_from_before_has_the_same_cards_and_words_as_one_made_since(bare_url):
    old_record(bare_url)
    engine = open_database(bare_url)
    made, found = before = content(engine)
    with engine.begin() as connection:
        connection.execute(runs.delete())
    assert content(engine) == ([], [0] * len(WORDS))
    with engine.begin() as connection:
        fill(connection)
    assert content(engine) == before
    engine.dispose()
    assert found == [2, 1, 1, 1, 0, 1, 1]
    assert len({row["number"] for row in made}) == 2
    assert [row["outcome"] for row in made] == [1, 2, 0, 3, 1, 1]
    assert [row["person"] for row in made] == ["ada"] * 4 + [None] * 2


def test_runs_of_the_same_moment_written_at_once_each_get_their_cards(engine):
    failed: list[BaseException] = []

    def write(name: str) -> None:
        def once() -> None:
            with writing(engine).begin() as connection:
                put(connection, name, *(Answer(target=f"x:{n}") for n in range(3)))

        try:
            for _ in range(10):
                patiently(once)
        except BaseException as exc:  # noqa: BLE001 -- told below
            failed.append(exc)

    threads = [threading.Thread(target=write, args=(f"thread {n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with engine.connect() as connection:
        numbers = connection.scalars(sa.select(cards.c.number)).all()
        known = connection.scalar(sa.select(sa.func.count()).select_from(models))
    assert failed == []
    assert len(numbers) == 4 * 10 * 3
    assert known == 3


def test_every_table_of_the_record_is_known_to_the_schema(engine):
    """The full-text index alone is made by hand."""
    with engine.connect() as connection:
        there = set(sa.inspect(connection).get_table_names())
    beside = {name for name in there - set(metadata.tables) if not name.startswith("search")}
    assert beside == {"alembic_version"}
