"""The tables, and the migrations that make them."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.schema import CreateIndex

from prompts.core.run_summaries import Filter
from prompts.history.archive import Archive
from prompts.record import decision_tables, experiment_tables, places, spending, trail, vote_tables  # noqa: F401 -- their tables belong to the schema
from prompts.record.database import _MIGRATIONS, open_database
from prompts.record.reads import load_run
from prompts.record.schema import REVISION, Instant, Money, metadata
from tests.prompts.history.made import Answer, put
from tests.prompts.record.older import REVISIONS, put_back

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
    assert _differences(engine) == []


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


def _differences(engine):
    """Of a record from the schema; full text is made by SQL that Alembic does not know."""
    with engine.connect() as connection:
        ours = lambda name, kind, _: kind != "table" or not name.startswith("search")  # noqa: E731
        options = {"compare_type": True, "compare_server_default": True, "include_name": ours}
        return compare_metadata(MigrationContext.configure(connection, opts=options), metadata)


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_record_of_an_earlier_schema_opens_and_keeps_what_it_held(bare_url, revision):
    put_back(bare_url, revision)
    engine = open_database(bare_url)
    archive = Archive(engine)
    with engine.connect() as connection:
        stored = load_run(connection, "r")
    first, second = stored.completions
    assert (stored.prompt, stored.person, stored.link, stored.fair) == ("Why is the sky blue?", "ada", None, False)
    assert stored.attachments[0].data == b"png"
    assert (first.text, first.state, first.completion.cost.amount) == (
        "Rayleigh scattering.",
        "complete",
        Decimal("0.0021"),
    )
    assert (second.history, second.state) == ((), "cancelled")
    assert [mark.stars for mark in first.marks] == ([4] if revision >= "0003" else [])
    assert [line.id for line in archive.page(Filter(words="rayleigh")).lines] == ["r"]
    assert [line.id for line in archive.page(Filter(targets=("openai:gpt-4o",))).lines] == ["r"]
    assert _differences(engine) == []
    engine.dispose()


@pytest.mark.parametrize("revision", REVISIONS)
def test_it_is_written_to_and_opened_again_like_any_other(bare_url, revision):
    put_back(bare_url, revision)
    for _ in range(2):
        engine = open_database(bare_url)
        with engine.begin() as connection:
            put(connection, "and green grass", Answer("chlorophyll"))
        engine.dispose()
    engine = open_database(bare_url)
    assert len(Archive(engine).page(Filter(words="chlorophyll")).lines) == 2
    engine.dispose()
