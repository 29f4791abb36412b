"""A clock that is set, or goes on while everything is suspended, makes nobody seem dead who lives."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import sqlalchemy as sa

from prompts.record import clock, leases
from prompts.record.database import open_database, writing
from prompts.record.recorder import Recorder
from prompts.record.schema import recorders
from prompts.record.writes import TakenError
from providers.measuring.measure import utc_now
from tests.patience import until
from tests.prompts.record.test_killed import CHILD
from tests.prompts.record.trouble import child
from tests.prompts.samples import ENDPOINT, FULL, TARGET, a_run, begin

AS_THEY_WERE = ["complete", "streaming", "sent", "queued"]
LOST = ["complete", "unknown", "unknown", "cancelled"]


@contextmanager
def set_by(hours: float) -> Iterator[None]:
    """This process reads another time from now on than the others have written."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (clock, leases):
            patch.setattr(module, "utc_now", lambda: utc_now() + timedelta(hours=hours))
        yield


async def states(url: str, run_id: str) -> list[str]:
    """As a process sees them that has just been started."""
    recorder = await Recorder.open(url)
    try:
        stored = recorder.load_run(run_id)
        assert stored is not None
        return [completion.state for completion in stored.completions]
    finally:
        await recorder.close()


@pytest.mark.parametrize("hours", [2, -2], ids=["forward", "back"])
async def test_who_lives_keeps_what_they_ask_whatever_the_clock_is_set_to(url: str, hours: float) -> None:
    """Nobody else sends a cell that they have claimed."""
    with child(CHILD, url) as process:
        run_id = (await asyncio.to_thread(process.stdout.readline)).strip()
        with set_by(hours):
            assert await states(url, run_id) == AS_THEY_WERE
            other = await Recorder.open(url)
            stored = other.load_run(run_id)
            assert stored is not None
            with pytest.raises(TakenError):
                await other.begin_attempt(stored.completions[3].id, 1, endpoint=ENDPOINT, target=TARGET)
            await other.close()
        process.kill()
        await until(lambda: not leases._runs(process.pid))
        with set_by(hours):
            assert await states(url, run_id) == LOST  # and who is dead is found, whatever it says


def test_who_is_quiet_for_as_long_as_we_listen_is_given_up(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Their number may be another program's by now."""
    database, now = open_database(url), [0.0]
    monkeypatch.setattr(leases, "monotonic", lambda: now[0])

    def there_after(seconds: float) -> bool:
        now[0] += seconds
        with writing(database).begin() as connection:
            leases.recover(connection, "me")
            return connection.scalar(sa.select(recorders.c.id)) is not None

    with writing(database).begin() as connection:
        old = {"id": "quiet", "host": leases.HOST, "pid": os.getppid(), "seen_at": utc_now() - timedelta(hours=2)}
        connection.execute(recorders.insert(), old)
    assert there_after(0)
    assert there_after(leases.LEASE_S - 1)
    with writing(database).begin() as connection:
        connection.execute(recorders.update().values(seen_at=utc_now() - timedelta(hours=1)))
    assert there_after(1)  # there was a sign of life
    assert there_after(leases.LEASE_S - 1)
    assert not there_after(1)
    database.dispose()


async def test_an_answer_that_was_paid_is_kept_whatever_the_clock_was_set_to_meanwhile(url: str) -> None:
    recorder = await Recorder.open(url)
    run = a_run(targets=2)
    await recorder.begin_run(run)
    first, second = await begin(recorder, run), await begin(recorder, run, 1)
    for attempt, hours in ((first, 2), (second, -2)):
        with set_by(hours):
            await recorder.finish(attempt, FULL)
    stored = recorder.load_run(run.id)
    await recorder.close()
    assert stored is not None
    assert [completion.completion for completion in stored.completions] == [FULL, FULL]
