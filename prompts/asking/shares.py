"""Fair shares between people: turns at one machine, and how many calls a person or session may have in progress.

Owns who goes next if several wait. Knows nothing of runs: callers say for whom they ask. If nobody logs in, everybody
is the same person, and no limit applies.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, defaultdict, deque
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from uuid import uuid4

from prompts.record import places
from prompts.record.recorder import Recorder, RecordError
from providers.config.team_rules import TeamRules

GLANCE_S = 0.25
"""Seconds between checks whether another process has released a place."""
Say = Callable[[str], object]
"""Called with the reason why somebody waits."""


class Turns:
    """At most `most` hold a turn at a time.

    Next is the person served longest ago; within a person, in order of asking.
    """

    def __init__(self, most: int = 1) -> None:
        self._free = most
        self._waiting: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()
        """Those waiting, by person; the next person is first."""

    @property
    def busy(self) -> bool:
        """Whether the next to come must wait."""
        return self._free == 0 or bool(self._waiting)

    @asynccontextmanager
    async def turn(self, who: str = "") -> AsyncGenerator[None]:
        """Wait for a turn of the person `who` and hold it."""
        await self._begin(who)
        try:
            yield
        finally:
            self._end()

    async def _begin(self, who: str) -> None:
        if not self.busy:
            self._free -= 1
            return
        mine = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(who, deque()).append(mine)
        try:
            await mine
        except asyncio.CancelledError:
            if mine.done() and not mine.cancelled():
                self._end()  # the turn had just been passed to us
            else:
                self._forget(who, mine)
            raise

    def _end(self) -> None:
        while self._waiting:
            who, line = self._waiting.popitem(last=False)
            following = line.popleft()
            if line:
                self._waiting[who] = line  # this person goes to the end of the queue
            if not following.done():
                following.set_result(None)
                return
        self._free += 1

    def _forget(self, who: str, mine: asyncio.Future[None]) -> None:
        line = self._waiting.get(who)
        if line is not None and mine in line:
            line.remove(mine)
            if not line:
                del self._waiting[who]


@dataclass(frozen=True, slots=True)
class Asker:
    """The person and session for whom something is asked."""

    person: str = ""
    """Empty if nobody logs in."""
    session: str = ""
    """The browser session; empty for an experiment, which outlives its session."""


class Places:
    """Limits how many calls to hosts a person, and each of their sessions, may have in progress at a time.

    With a `recorder`, a person's calls are counted over all processes that share its record.
    """

    def __init__(self, rules: TeamRules, recorder: Recorder | None = None) -> None:
        self._rules, self._recorder = rules, recorder
        self._knocking: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._people: defaultdict[str, Turns] = defaultdict(lambda: Turns(rules.calls_per_person or 1))
        self._sessions: defaultdict[tuple[str, str], Turns] = defaultdict(lambda: Turns(rules.calls_per_session or 1))

    @asynccontextmanager
    async def place(self, asker: Asker, say: Say = lambda _: None) -> AsyncGenerator[None]:
        """Wait for a free place and hold it; `say` is called with the reason for waiting. Raises `RecordError`."""
        async with AsyncExitStack() as held:
            if asker.person and asker.session and (most := self._rules.calls_per_session):
                await _enter(held, self._sessions[asker.person, asker.session], _SESSION.format(most=most), say)
            if asker.person and (most := self._rules.calls_per_person):
                await _enter(held, self._people[asker.person], _PERSON.format(most=most), say)
                if self._recorder is not None:
                    await held.enter_async_context(self._on_record(self._recorder, asker.person, most, say))
            yield

    @asynccontextmanager
    async def _on_record(self, recorder: Recorder, person: str, most: int, say: Say) -> AsyncGenerator[None]:
        id = str(uuid4())
        recorder.own(id)  # shows a sign of life as long as the place is held
        try:
            async with self._knocking[person]:  # one checks, the others of this process wait
                while not await recorder.write(lambda c: places.take(c, recorder.me, id, person, most), hasty=True):
                    say(_ELSEWHERE.format(most=most))
                    await asyncio.sleep(GLANCE_S)
            yield
        finally:
            recorder.disown(id)
            with suppress(RecordError):  # the record is closed, and has released it
                await asyncio.shield(recorder.settle(lambda c: places.leave(c, id)))


_SESSION = "At most {most} at a time for one browser session: this call waits for an earlier one."
_ELSEWHERE = "At most {most} at a time for one person: this call waits for an earlier one of yours on another server."
_PERSON = "At most {most} at a time for one person: this call waits for an earlier one of yours."


async def _enter(held: AsyncExitStack, turns: Turns, said: str, say: Say) -> None:
    if turns.busy:
        say(said)
    await held.enter_async_context(turns.turn())
