"""Only one request at a time is built and written."""

from __future__ import annotations

import asyncio

import pytest

from providers.measuring.send_turns import LONGEST_S, SendTurn
from tests.stepped import SteppedClock


@pytest.fixture
async def clock() -> SteppedClock:
    return SteppedClock(asyncio.get_running_loop())


class Line:
    """Some that want to send, and who has begun."""

    def __init__(self, count: int) -> None:
        self.begun: list[int] = []
        self.turns: dict[int, SendTurn] = {}
        self.ends = [asyncio.Event() for _ in range(count)]
        self.tasks = [asyncio.create_task(self._send(number)) for number in range(count)]

    async def _send(self, number: int) -> None:
        async with SendTurn() as self.turns[number]:
            self.begun.append(number)
            await self.ends[number].wait()

    async def close(self) -> None:
        for end in self.ends:
            end.set()
        await asyncio.gather(*self.tasks, return_exceptions=True)


async def test_the_next_begins_when_a_request_is_written_and_not_when_it_is_answered(clock: SteppedClock) -> None:
    line = Line(3)
    await clock.idle()
    assert line.begun == [0]
    line.turns[0].over()
    line.turns[0].over()  # said twice, it is still one turn
    await clock.idle()
    assert line.begun == [0, 1]
    await line.close()


async def test_the_next_begins_when_one_fails_or_is_stopped(clock: SteppedClock) -> None:
    line = Line(4)
    await clock.idle()
    line.tasks[1].cancel()  # while it waits
    line.tasks[0].cancel()  # while it sends
    await clock.idle()
    assert line.begun == [0, 2]
    await line.close()
    assert line.begun == [0, 2, 3]


async def test_a_turn_ends_by_itself_where_nobody_says_that_it_is_over(clock: SteppedClock) -> None:
    line = Line(2)
    await clock.idle()
    clock.move(LONGEST_S)
    await clock.idle()
    assert line.begun == [0, 1]
    await line.close()
