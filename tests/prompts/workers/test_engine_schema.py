"""The engine's tables on a real server: made once, step by step, and by hand where the role may not."""

import dataclasses
import importlib
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import psycopg
import pytest
import sqlalchemy as sa

from prompts.record.database import RecordError, open_database
from prompts.workers.engine_schema import SCHEMA, NotAllowedError, Step, Steps, bring_up_to_date, for_administrator

pytest.importorskip("procrastinate", reason="the extra `workers` is not installed")
engine = importlib.import_module("prompts.workers.engine")
STEPS = Steps(engine.whole(), engine.steps())


@pytest.fixture
def team(postgres):
    with postgres.database(f"t_{uuid4().hex}", "with_schema") as url:
        database = open_database(url)
        yield database
        database.dispose()


def _names(database):
    taken = sa.table("collate_steps", sa.column("name"), schema=SCHEMA)
    with database.connect() as connection:
        return list(connection.scalars(sa.select(taken.c.name).order_by(taken.c.name)))


def _tables(database, schema):
    return {name for name in sa.inspect(database).get_table_names(schema=schema) if name.startswith("procrastinate")}


def test_two_who_come_at_once_make_the_tables_once_and_in_a_schema_of_their_own(team):
    with ThreadPoolExecutor(2) as both:
        list(both.map(lambda _: bring_up_to_date(team, STEPS), range(2)))
    assert _names(team) == [step.name for step in STEPS.since]
    assert _tables(team, "collate_workers") >= {"procrastinate_jobs", "procrastinate_workers"}
    assert _tables(team, "public") == set()


def test_a_step_of_a_later_release_is_taken_once_and_a_broken_one_leaves_nothing(team):
    bring_up_to_date(team, STEPS)
    later = dataclasses.replace(STEPS, since=(*STEPS.since, Step("99.0", "CREATE TABLE extra (n int)")))
    broken = dataclasses.replace(later, since=(*later.since, Step("99.1", "CREATE TABLE more (n int); SELECT nothing")))
    with pytest.raises(RecordError):
        bring_up_to_date(team, broken)
    assert _names(team)[-1] == "99.0"  # the one before it holds
    assert "more" not in sa.inspect(team).get_table_names(schema="collate_workers")
    bring_up_to_date(team, later)
    assert _names(team).count("99.0") == 1


def test_tables_of_a_newer_release_are_left_alone_and_said(team):
    bring_up_to_date(team, dataclasses.replace(STEPS, since=(*STEPS.since, Step("99.0", "SELECT 1"))))
    with pytest.raises(RecordError, match=r"newer release .*99\.0"):
        bring_up_to_date(team, STEPS)


def test_a_role_that_may_not_make_schemas_gets_what_its_administrator_runs(postgres, team):
    role, name = f"r_{uuid4().hex}", team.url.database
    postgres.say(f"CREATE ROLE {role} LOGIN PASSWORD 'sesame'")
    with psycopg.connect(postgres.url(name), autocommit=True) as admin:
        admin.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}")
    theirs = open_database(postgres.tcp_url(name, user=role))
    try:
        with pytest.raises(NotAllowedError, match="--sql"):
            bring_up_to_date(theirs, STEPS)
        with psycopg.connect(postgres.url(name), autocommit=True) as admin:
            admin.execute(for_administrator(theirs, STEPS))
        bring_up_to_date(theirs, STEPS)
        assert for_administrator(theirs, STEPS) == ""
        later = dataclasses.replace(STEPS, since=(*STEPS.since, Step("99.0", "CREATE TABLE extra (n int)")))
        with psycopg.connect(postgres.url(name), autocommit=True) as admin:
            admin.execute(for_administrator(theirs, later))
        bring_up_to_date(theirs, later)
        with theirs.begin() as connection:
            connection.execute(sa.text("INSERT INTO collate_workers.extra VALUES (1)"))
    finally:
        theirs.dispose()
        with psycopg.connect(postgres.url(name), autocommit=True) as admin:
            admin.execute(f"DROP OWNED BY {role}")
        postgres.say(f"DROP ROLE {role}")
