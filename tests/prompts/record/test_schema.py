"""The tables, and the migrations that make them."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.schema import CreateIndex

from prompts.record.database import _MIGRATIONS, open_database
from prompts.record.postgresql import prepared
from prompts.record.reads import load_run
from prompts.record.schema import REVISION, Instant, Money, metadata

NOW = datetime(2026, 11, 20, tzinfo=UTC)
_MADE = {
    "sqlite": "SELECT sql FROM sqlite_master WHERE name = :name",
    "postgresql": "SELECT indexdef FROM pg_indexes WHERE indexname = :name",
}
_PLAN = {
    "sqlite": "EXPLAIN QUERY PLAN SELECT id FROM completions WHERE recorder_id IN ('a')",
    "postgresql": "EXPLAIN SELECT id FROM completions WHERE recorder_id IN ('a')",
}


@pytest.fixture
def engine(record_url):
    engine = open_database(record_url)
    yield engine
    engine.dispose()


def test_migrations_make_exactly_the_schema(engine):
    with engine.connect() as connection:
        ours = lambda name, kind, _: kind != "table" or not name.startswith("search")  # noqa: E731 -- full text: by SQL
        options = {"compare_type": True, "compare_server_default": True, "include_name": ours}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []


@pytest.mark.parametrize(
    ("name", "condition"),
    [
        ("ix_completions_unfinished", "recorder_id IS NOT NULL"),
        ("ix_completions_interrupted", "interrupted_at IS NOT NULL"),
    ],
)
def test_a_partial_index_is_partial_in_both(engine, name, condition):
    """Alembic's comparison does not look at the condition of an index."""
    with engine.connect() as connection:
        made = connection.scalar(sa.text(_MADE[engine.dialect.name]), {"name": name})
    (index,) = (index for index in metadata.tables["completions"].indexes if index.name == name)
    meant = str(CreateIndex(index).compile(dialect=engine.dialect))
    assert made.rpartition("WHERE")[2].strip(" ()") == condition == meant.rpartition("WHERE")[2].strip()


def test_unfinished_work_is_found_by_its_index(engine):
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(sa.text("SET enable_seqscan = off"))  # it would not use an index for so few rows
        plan = connection.execute(sa.text(_PLAN[engine.dialect.name]))
        assert "ix_completions_unfinished" in str(plan.all())


def test_the_newest_migration_is_the_revision_the_schema_names():
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_heads() == [REVISION]


odds = sa.Table("odds", sa.MetaData(), sa.Column("at", Instant), sa.Column("money", Money))


@pytest.mark.parametrize("dollars", ["0", "0.10", "1E-12", "0.1234567890123456789", "12345678901234567890.000001"])
def test_money_comes_back_to_the_last_digit(engine, dollars):
    with engine.begin() as connection:
        odds.create(connection)
        connection.execute(odds.insert(), {"money": Decimal(dollars)})
        assert connection.scalar(sa.select(odds.c.money)) == Decimal(dollars)
        assert connection.scalar(sa.select(sa.cast(odds.c.money, sa.Float))) == pytest.approx(float(dollars))


def test_instants_come_back_aware_and_sort_by_time_whatever_their_zone(engine):
    early = datetime(2026, 3, 1, 23, 0, 0, 1, tzinfo=timezone(timedelta(hours=5)))
    late = datetime(2026, 3, 1, 19, 0, tzinfo=UTC)
    with engine.begin() as connection:
        odds.create(connection)
        connection.execute(odds.insert(), [{"at": late}, {"at": early}])
        found = connection.scalars(sa.select(odds.c.at).order_by(odds.c.at)).all()
    assert found == [early, late]
    assert all(instant.tzinfo is UTC for instant in found)


def test_a_time_without_a_zone_is_refused(engine):
    with engine.begin() as connection:
        odds.create(connection)
        with pytest.raises(sa.exc.StatementError, match="no time zone"):
            connection.execute(odds.insert(), {"at": datetime(2026, 3, 1)})  # noqa: DTZ001


def test_a_record_of_the_first_schema_is_brought_up_and_keeps_what_it_held(bare_url):
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.set_main_option("path_separator", "os")
    address = sa.make_url(bare_url)
    old = sa.create_engine(address if address.get_backend_name() == "sqlite" else prepared(address))
    with old.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        inline = {"name": "a.png", "media_type": "image/png", "data": "cG5n"}
        message = {"role": "user", "text": "Why?", "attachments": [inline]}
        tables = sa.MetaData()
        tables.reflect(connection)
        run = {"id": "r", "created_at": NOW, "source": "page", "prompt": "Why?"}
        connection.execute(tables.tables["runs"].insert(), {**run, "request": {"messages": [message], "settings": {}}})
        done = {"id": "c", "run_id": "r", "position": 0, "cell": 0, "repeat": 0, "provider": "openai", "model": "m"}
        connection.execute(tables.tables["completions"].insert(), {**done, "state": "cancelled"})
    old.dispose()
    engine = open_database(bare_url)
    with engine.connect() as connection:
        stored = load_run(connection, "r")
    engine.dispose()
    assert (stored.prompt, stored.link, stored.fair) == ("Why?", None, False)
    assert stored.attachments[0].data == b"png"
    assert (stored.completions[0].history, stored.completions[0].state) == ((), "cancelled")
