"""The record on a PostgreSQL server: how it is reached, what its refusals mean, and its coming and going."""

import asyncio
from dataclasses import replace

import psycopg
import pytest
import sqlalchemy as sa

from prompts.record.database import RecordError, open_database
from prompts.record.postgresql import is_local, prepared
from prompts.record.recorder import Recorder
from tests.patience import PATIENCE_S, until
from tests.postgres import serving
from tests.prompts.samples import FULL, a_run, begin, rows


@pytest.mark.parametrize(
    ("address", "local"),
    [
        ("postgresql:///collate", True),  # libpq's own socket
        ("postgresql:///collate?host=/var/run/postgresql", True),
        ("postgresql://ada@localhost/collate", True),
        ("postgresql://ada@127.3.2.1:5433/collate", True),
        ("postgresql://ada@[::1]:5433/collate", True),
        ("postgresql://ada@/collate?host=127.0.0.1:5433&host=localhost:5434", True),
        ("postgresql://ada@db.example.com/collate?hostaddr=127.0.0.1", True),  # a tunnel
        ("postgresql://ada@db.example.com/collate", False),
        ("postgresql://ada@10.0.0.7/collate", False),
        ("postgresql://ada@[2001:db8::1]/collate", False),
        ("postgresql://ada@localhost.example.com/collate", False),
        ("postgresql://ada@/collate?host=127.0.0.1:5433&host=db.example.com:5434", False),
        ("postgresql://ada@/collate?host=localhost,db.example.com", False),
        ("postgresql://ada@localhost/collate?hostaddr=10.0.0.7", False),
    ],
)
def test_tls_is_required_unless_the_server_is_on_this_machine(address, local):
    url = sa.make_url(address)
    assert is_local(url) is local
    assert prepared(url).query.get("sslmode") == (None if local else "require")


@pytest.mark.parametrize(("host", "local"), [("db.example.com", False), ("/run/postgresql", True)])
def test_a_host_that_only_the_environment_names_counts(monkeypatch, host, local):
    monkeypatch.setenv("PGHOST", host)
    assert is_local(sa.make_url("postgresql:///collate")) is local


def test_what_the_address_or_the_environment_says_of_tls_is_followed(monkeypatch):
    assert prepared(sa.make_url("postgresql://db.example.com/c?sslmode=verify-full")).query["sslmode"] == "verify-full"
    monkeypatch.setenv("PGSSLMODE", "verify-full")
    assert "sslmode" not in prepared(sa.make_url("postgresql://db.example.com/c")).query


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_every_usual_way_to_write_the_address_is_understood(postgres, scheme):
    with postgres.database("any_scheme") as url:
        open_database(url.replace("postgresql", scheme, 1)).dispose()
        assert rows(url, "SELECT count(*) FROM runs") == [(0,)]


def test_the_time_of_a_connection_is_utc_and_what_the_address_sets_stays(postgres):
    with postgres.database("in_utc") as url:
        postgres.say("ALTER DATABASE in_utc SET timezone TO 'Asia/Kolkata'")
        engine = open_database(f"{url}&options=-c%20work_mem%3D5MB&connect_timeout=300")
        with engine.connect() as connection:
            shown = [connection.exec_driver_sql(f"SHOW {name}").scalar() for name in ("TimeZone", "work_mem")]
        engine.dispose()
    assert shown == ["UTC", "5MB"]


def no_such_port(server):
    return server.tcp_url().replace(str(server.port), "1")


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (no_such_port, "cannot be reached. Check that its server is running"),
        (lambda server: "postgresql://postgres:sesame@nowhere.invalid/c", "cannot be reached"),
        (lambda server: "postgresql://postgres:sesame@/c?host=/no/such/folder", "cannot be reached"),
        (lambda server: server.tcp_url(password="sesame2"), "does not accept this name and password"),
        (lambda server: server.tcp_url(user="sesame-street"), "does not accept this name and password"),
        (lambda server: server.tcp_url("missing"), "There is no database at .*/missing. Create it on that server"),
        (lambda server: server.tcp_url(more="?sslmode=require"), "offers no TLS"),
        (lambda server: server.tcp_url(more="?nonsense=1"), "options behind .* cannot be applied"),
        (lambda server: server.tcp_url(more="?sslmode=sesame1"), "options behind .* cannot be applied"),
    ],
)  # fmt: skip
def test_a_server_that_cannot_be_used_is_an_error_in_words_without_the_password(postgres, address, said):
    with pytest.raises(RecordError, match=said) as caught:
        open_database(address(postgres))
    assert "sesame" not in str(caught.value).replace("sesame-street", "").replace("sesame1", "")
    assert "\n" not in str(caught.value)


def test_a_remote_name_is_refused_without_tls_before_anything_is_said(postgres):
    """The address of the server is this machine's, but its name says that the way there is not."""
    remote = sa.make_url(postgres.tcp_url()).set(host="db.example.com")
    assert prepared(remote).query["sslmode"] == "require"
    behind = prepared(remote).update_query_dict({"hostaddr": "127.0.0.1"}).render_as_string(hide_password=False)
    with pytest.raises(RecordError, match="offers no TLS"):
        open_database(behind)


@pytest.fixture
def guest(postgres):
    """A database in which the role `guest` has no rights of its own yet: its owner's address, and the guest's."""
    with postgres.database("of_others") as url:
        postgres.say("CREATE ROLE guest LOGIN PASSWORD 'sesame'")
        yield url, postgres.tcp_url("of_others", user="guest")
    postgres.say("DROP ROLE guest")


def test_a_role_that_may_not_make_tables_is_told_what_to_ask_for(guest):
    with pytest.raises(RecordError, match="GRANT USAGE, CREATE ON SCHEMA public"):
        open_database(guest[1])


async def test_a_role_that_may_only_read_reads_and_is_refused_before_anything_is_sent(guest):
    owner, url = guest
    recorder = await Recorder.open(owner)
    run = a_run("Why?")
    await recorder.begin_run(run)
    with recorder._engine.begin() as connection:
        connection.exec_driver_sql("GRANT SELECT ON ALL TABLES IN SCHEMA public TO guest")
    reader = await Recorder.open(url)
    assert "this role may not do what is needed" in reader.problem
    assert reader.load_run(run.id).prompt == "Why?"
    with pytest.raises(RecordError, match="this role may not"):
        await reader.begin_run(a_run())
    await reader.close()
    with recorder._engine.begin() as connection:
        connection.exec_driver_sql("DROP OWNED BY guest")
    await recorder.close()


async def test_a_standby_is_read_and_never_written_to(postgres):
    with postgres.database("standby", "with_schema") as url:
        postgres.say("ALTER DATABASE standby SET default_transaction_read_only TO on")
        recorder = await Recorder.open(url)
        assert "is read-only, as a standby server is" in recorder.problem
        assert recorder.recent_runs() == ()
        postgres.say("ALTER DATABASE standby RESET default_transaction_read_only")
        await recorder.close()


def test_many_make_the_same_record_at_once(postgres):
    with postgres.database("at_once") as url:

        async def make():
            async with asyncio.timeout(PATIENCE_S):
                await asyncio.gather(*(asyncio.to_thread(lambda: open_database(url).dispose()) for _ in range(6)))

        asyncio.run(make())
        assert rows(url, "SELECT count(*) FROM alembic_version") == [(1,)]


async def test_a_server_that_goes_away_and_comes_back_loses_and_doubles_nothing(monkeypatch):
    monkeypatch.setattr("prompts.record.write_queue.AWAY_S", 0.1)
    with serving() as server:
        server.say('CREATE DATABASE "collate"')
        url = server.tcp_url("collate")
        recorder = await Recorder.open(url)
        run = a_run(targets=8)
        await recorder.begin_run(run)
        attempts = [await begin(recorder, run, answer) for answer in range(7)]
        await recorder.finish(attempts[0], replace(FULL, text="before"))
        server.stop()
        # Each returns, so that the columns on screen go on.
        await asyncio.gather(*(recorder.finish(a, replace(FULL, text="away")) for a in attempts[1:]))
        assert "cannot be reached" in recorder.problem
        assert "6 finished answers are kept in memory" in recorder.problem
        assert "sesame" not in recorder.problem
        with pytest.raises(RecordError, match="cannot be reached"):
            await begin(recorder, run, 7)
        for read in (recorder.recent_runs, lambda: recorder.load_run(run.id), recorder.measured):
            with pytest.raises(RecordError, match="cannot be reached"):
                read()
        server.start()
        await until(lambda: recorder.problem is None)
        stored = recorder.load_run(run.id).completions
        assert [c.text for c in stored] == ["before", *["away"] * 6, ""]
        assert [c.state for c in stored] == [*["complete"] * 7, "queued"]
        assert rows(url, "SELECT count(*), count(DISTINCT completion_id) FROM attempts") == [(7, 7)]
        await recorder.finish(await begin(recorder, run, 7), FULL)
        await recorder.close()
        assert rows(url, "SELECT DISTINCT state FROM completions") == [("complete",)]


async def test_a_record_that_was_away_is_found_again_though_there_is_nothing_to_write(monkeypatch):
    """Or nobody could ever ask again: asking is refused while the record is away."""
    monkeypatch.setattr("prompts.record.write_queue.AWAY_S", 0.05)
    with serving() as server:
        recorder = await Recorder.open(server.url())
        server.stop()
        with pytest.raises(RecordError, match="cannot be reached"):
            await recorder.begin_run(a_run())
        assert recorder.problem
        server.start()
        await until(lambda: recorder.problem is None)
        await recorder.close()


async def test_connections_that_were_cut_off_are_made_again_unseen(postgres):
    with postgres.database("cut_off", "with_schema") as url:
        recorder = await Recorder.open(url)
        run = a_run()
        await recorder.begin_run(run)
        rows(url, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'collate'")
        await recorder.finish(await begin(recorder, run), FULL)
        assert recorder.load_run(run.id).completions[0].completion == FULL
        assert recorder.problem is None
        await recorder.close()


async def test_a_table_that_somebody_has_locked_is_not_waited_for_for_ever(postgres):
    with postgres.database("locked_table", "with_schema") as url:
        recorder = await Recorder.open(url, patience_s=0.1)
        with psycopg.connect(url) as other:
            other.execute("LOCK TABLE completions IN ACCESS EXCLUSIVE MODE")
            with pytest.raises(RecordError, match="is busy with another writer"):
                await recorder.begin_run(a_run())
            with pytest.raises(RecordError, match="is busy with another writer"):
                await asyncio.to_thread(recorder.output_history)
        await recorder.begin_run(a_run())
        await recorder.close()
