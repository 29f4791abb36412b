"""`/health` and `/health/live` say what is so, in one word, however often they are asked."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response

from dashboard import health
from dashboard.engine import Engine
from dashboard.sides import Here
from prompts.asking.vitals import Vitals
from tests.patience import patiently
from tests.stepped import SteppedClock


class Pretended:
    """An engine on the loop of the test: what it says, and how often it was asked."""

    def __init__(self) -> None:
        self.well, self.asked, self.goes_on = True, 0, asyncio.Event()
        self.goes_on.set()

    async def live(self) -> bool:
        self.asked += 1
        await self.goes_on.wait()
        return self.well

    ready = live

    @property
    def side(self) -> Any:
        return self

    def submit(self, work: Coroutine[Any, Any, bool]) -> Future[bool]:
        return asyncio.run_coroutine_threadsafe(work, asyncio.get_running_loop())


@pytest.fixture
async def engine() -> Pretended:
    return Pretended()


async def ask(route: Any) -> Response:
    return await patiently(route.endpoint(Request({"type": "http"})))


WORDS = [("/health", "ready", "not ready"), ("/health/live", "alive", "not alive")]


@pytest.mark.parametrize(("path", "well", "ill"), WORDS)
async def test_one_word_is_said_and_no_reason(path: str, well: str, ill: str, engine: Pretended) -> None:
    for engine.well in (True, False):
        (route,) = (each for each in health.routes(lambda: engine) if each.path == path)
        said = await ask(route)
        assert said.status_code == (200 if engine.well else 503)
        assert said.body == f'{{"status":"{well if engine.well else ill}"}}'.encode()
        assert said.headers["cache-control"] == "no-store"


async def test_all_who_ask_at_once_share_one_answer_and_a_second_later_it_is_found_out_anew(
    engine: Pretended, clock: SteppedClock
) -> None:
    (route, _) = health.routes(lambda: engine)
    engine.goes_on.clear()
    waiting = [asyncio.create_task(route.endpoint(Request({"type": "http"}))) for _ in range(50)]
    await clock.idle()
    waiting[0].cancel()  # whoever hangs up takes it from nobody
    engine.goes_on.set()
    await clock.idle()
    assert [each.result().status_code for each in waiting[1:]] == [200] * 49
    assert engine.asked == 1
    engine.well = False
    again = asyncio.create_task(route.endpoint(Request({"type": "http"})))
    await clock.idle()
    assert again.result().status_code == 200
    clock.move(health.HELD_S)
    await clock.idle()
    again = asyncio.create_task(route.endpoint(Request({"type": "http"})))
    await clock.idle()
    assert (again.result().status_code, engine.asked) == (503, 2)


async def test_what_hangs_is_neither_ready_nor_alive(engine: Pretended, clock: SteppedClock) -> None:
    engine.goes_on.clear()
    for route in health.routes(lambda: engine):
        asked = asyncio.create_task(route.endpoint(Request({"type": "http"})))
        await clock.idle()
        assert not asked.done()
        clock.move(health.PATIENCE_S)
        await clock.idle()
        assert asked.result().status_code == 503


@pytest.fixture
def here(home: Path) -> Iterator[Engine]:
    made = Engine(Here)
    yield made
    made.close()


def test_ready_means_that_an_intent_could_be_written(here: Engine) -> None:
    assert here.call(here.side.ready())
    side: Any = here._side
    recorder = side.runs.recorder
    with recorder.database.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM recorders").scalar() == 0
    with recorder.database.begin() as connection:  # another one: what has read cannot write once others have written
        connection.exec_driver_sql("DROP TABLE recorders")
    assert not here.call(here.side.ready())
    assert here.call(here.side.live())


async def test_without_a_record_nothing_is_ready() -> None:
    class Runs:
        recorder = None

    runs: Any = Runs()
    assert not await Vitals(runs).ready()
    assert await Vitals(runs).live()
