"""A PostgreSQL server that fails or drags while answers come: none is lost, none is there twice."""

from __future__ import annotations

from dataclasses import replace

import psycopg
import pytest

from prompts.record.database import RecordError
from prompts.record.recorder import Recorder
from tests.patience import until
from tests.prompts.samples import FULL, a_run, begin, rows

READ_ONLY = (
    "ALTER DATABASE {name} SET default_transaction_read_only = on",
    "ALTER DATABASE {name} RESET default_transaction_read_only",
    "is read-only",
)
"""As after a switch to a standby: the connections are cut, and the next ones may only read."""
_TRIGGER = (
    "CREATE FUNCTION trouble() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {does} RETURN NEW; END $$; "
    "CREATE TRIGGER trouble BEFORE INSERT OR UPDATE ON completions FOR EACH ROW EXECUTE FUNCTION trouble()"
)
_UNDO = "DROP FUNCTION trouble CASCADE"
FULL_DISK = (
    _TRIGGER.format(does="RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100';"),
    _UNDO,
    "The disk of the database server is full",
)
SLOW = (_TRIGGER.format(does="PERFORM pg_sleep(0.3);"), _UNDO, None)


def _say(url: str, statement: str, name: str) -> None:
    with psycopg.connect(url, autocommit=True, options="-c default_transaction_read_only=off") as connection:
        connection.execute(statement.format(name=name) if "{name}" in statement else statement)
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE application_name = 'collate' AND datname = current_database()"
        )


@pytest.mark.parametrize("trouble", [READ_ONLY, FULL_DISK, SLOW], ids=["read-only", "full", "slow"])
async def test_trouble_in_mid_run_loses_and_doubles_nothing(
    trouble: tuple[str, str, str | None], postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("prompts.record.write_queue.AWAY_S", 0.05)
    begins, ends, said = trouble
    name = f"trouble_{len(begins)}"
    with postgres.database(name, "with_schema") as url:
        recorder = await Recorder.open(url)
        run = a_run(targets=3)
        await recorder.begin_run(run)
        attempts = [await begin(recorder, run, answer) for answer in range(2)]
        await recorder.finish(attempts[0], replace(FULL, text="before"))
        _say(url, begins, name)
        await recorder.finish(attempts[1], replace(FULL, text="within"))
        if said is not None:
            assert said in (recorder.problem or "")
            with pytest.raises(RecordError, match=said):
                await begin(recorder, run, 2)
        _say(url, ends, name)
        await until(lambda: recorder.problem is None)
        await recorder.finish(await begin(recorder, run, 2), replace(FULL, text="after"))
        await recorder.close()
        stored = rows(url, "SELECT text, state FROM completions ORDER BY position")
        assert stored == [("before", "complete"), ("within", "complete"), ("after", "complete")]
        assert rows(url, "SELECT count(*), count(DISTINCT completion_id) FROM attempts") == [(3, 3)]
