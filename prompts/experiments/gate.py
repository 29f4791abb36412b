"""How many calls may be sent to one provider at a time: every call passes its gate, which learns from refusals.

A refusal for the rate halves the calls at a time; one more is allowed each minute, and nothing is sent before the wait
that the provider asks for is over. A provider that cannot be reached or fails is waited for in the same way. Limits
learnt are recorded, so that the next start knows them.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, nullcontext
from dataclasses import dataclass, field

from prompts.core import format as text_of
from prompts.experiments.door import Door
from prompts.experiments.outage import Outage
from providers.completion import Completion, RateLeft
from providers.errors import Failure

AT_ONCE = 16
"""Calls at a time to one hosted provider by default."""
RATE = ("rate_limit", "overloaded")
"""Errors by which a provider says that it gets too many calls."""
RECOVERS_S = 60.0
"""After each so many seconds without a refusal one more call at a time is allowed."""
Place = Callable[[], AbstractAsyncContextManager[None]]
_FIRST_WAIT_S, _LONGEST_WAIT_S = 1.0, 60.0


@dataclass(eq=False, slots=True)
class Gate:
    """The gate of one provider in this process. Belongs to the event loop; any thread may read `says`."""

    clock: Callable[[], float]
    """The clock of the event loop, as timers of the loop must agree with it."""
    most: int = AT_ONCE
    shared: bool = False
    """Whether what it learns is recorded, for all processes."""
    busy: int = 0
    per_minute: int | None = None
    """Calls per minute allowed according to the provider's headers; `None` if it does not say."""
    tokens_per_minute: int | None = None
    """Tokens per minute allowed according to the provider's headers; `None` if it does not say."""
    waits_for: str = ""
    """What the limits shared by all processes make calls wait for, in a sentence; empty if nothing."""
    learnt_from: str = ""
    """The message of the last refusal."""
    doors: defaultdict[str, Door] = field(default_factory=lambda: defaultdict[str, Door](Door))
    """For each person the queue of calls that wait for limits shared by all processes,
    so that one person does not hold up others."""
    _limit: int = 0
    """The calls at a time that were allowed after the last refusal; 0 if there was none."""
    _since: float = 0.0
    """When the last refusal came."""
    _failed_at: float = 0.0
    """When a failed call was last counted; a call that began before that belongs to the same outage."""
    _shut_until: float = 0.0
    _left: int = 0
    """How many calls the provider still allows before `_left_until`."""
    _left_until: float = 0.0
    _bell: asyncio.TimerHandle | None = None
    _waiting: deque[asyncio.Future[bool]] = field(default_factory=deque[asyncio.Future[bool]])
    """Calls waiting to enter: `True` lets one in, `False` sends it back because the gate has closed."""
    _outside: list[asyncio.Future[None]] = field(default_factory=list[asyncio.Future[None]])
    """Calls waiting for a closed gate to open."""
    _next: defaultdict[str, asyncio.Lock] = field(default_factory=lambda: defaultdict[str, asyncio.Lock](asyncio.Lock))
    """For each person, held by the call that is next to enter."""
    outage: Outage = field(init=False)

    def __post_init__(self) -> None:
        self.outage = Outage(self.clock)

    @property
    def at_once(self) -> int:
        """How many calls may be in progress at present."""
        if not self._limit:
            return self.most
        return min(self.most, self._limit + int((self.clock() - self._since) // RECOVERS_S))

    @property
    def shut_s(self) -> float:
        """Seconds until anything is sent again."""
        return max(0.0, self._shut_until - self.clock())

    @property
    def says(self) -> str:
        """What calls wait for, in a sentence; empty while the gate is open."""
        if self._used_up:
            limit = f" ({self.per_minute:,} calls a minute)" if self.per_minute else ""
            left_s = self._left_until - self.clock()
            return f"Its limit{limit} is used up: continues in {text_of.rough_time(left_s)}."
        slower = f"{self.at_once} at once instead of {self.most}" if self.at_once < self.most else ""
        if (left := self.shut_s) > 0:
            return f"{self.outage.says} in {text_of.rough_time(left)}{', ' + slower if slower else ''}."
        return f"Rate limited: {slower}." if slower else self.waits_for

    @asynccontextmanager
    async def passed(self, place: Place = nullcontext, who: str = "") -> AsyncGenerator[Callable[[], None]]:
        """Wait until a call may be sent; it counts as in progress until the context ends or the yielded function is
        called.

        `place`: a place of the person `who`, held in addition. Others may need it, so it is not held while the gate is
        closed, and only the next call of each person holds it while waiting.
        """
        async with AsyncExitStack() as held:
            async with self._next[who]:
                while True:
                    await self._opened()
                    await held.enter_async_context(place())
                    if await self._enter():
                        break
                    await held.aclose()
            async with self._inside() as leave:
                yield leave

    @asynccontextmanager
    async def _inside(self) -> AsyncGenerator[Callable[[], None]]:
        held = True

        def leave() -> None:
            nonlocal held
            if held:
                held = False
                self.busy -= 1
                self._let_in()

        try:
            yield leave
        finally:
            leave()

    def learn(self, done: Completion, began: float) -> bool:
        """Learn from a finished call that was sent at `began`; returns whether something should be recorded."""
        news = self.told(done.attempts[-1].limits) if done.attempts else False
        error = done.error
        if error is not None and (error.kind in RATE or error.retry == "yes"):
            self.refused(error, began)
            return news or error.kind in RATE
        self.outage.over()
        return news

    def refused(self, failure: Failure, began: float) -> None:
        """Note a failed call that was sent at `began`. Refused calls of one burst halve the limit only once."""
        now = self.clock()
        if failure.kind in RATE:
            if began >= self._since or not self._limit:
                self._limit, self._since = max(1, self.at_once // 2), now
            self.learnt_from = failure.message
        if anew := began >= self._failed_at:
            self._failed_at = now
        self.outage.goes_on(failure, anew=anew)
        if failure.kind == "server" and self.outage.tries < 2:
            return  # perhaps a problem with that one request only
        wait = failure.retry_after_s
        self.shut(min(_FIRST_WAIT_S * 2.0 ** (self.outage.tries - 1), _LONGEST_WAIT_S) if wait is None else wait)

    def told(self, limits: Sequence[RateLeft]) -> bool:
        """Note the limits in an answer's headers; returns whether the limit itself is new.

        Calls in progress may not be counted in them yet, so that many are held back.
        """
        news = False
        for each in limits:
            a_minute = each.limit if each.limit and each.reset_s <= RECOVERS_S else None
            if each.of == "requests":
                self._left, self._left_until = max(0, each.left - self.busy), self.clock() + each.reset_s
                news, self.per_minute = news or self.per_minute != a_minute, a_minute
                if not each.left and each.reset_s > RECOVERS_S:  # long enough that whoever plans should know
                    self.shut(each.reset_s)
                    news = True
                continue
            news, self.tokens_per_minute = news or self.tokens_per_minute != a_minute, a_minute
            if not each.left:
                self.shut(each.reset_s)
        self._let_in()
        return news

    @property
    def _used_up(self) -> bool:
        return not self._left and self.clock() < self._left_until

    def shut(self, seconds: float) -> None:
        """Send nothing for so many seconds."""
        self._shut_until = max(self._shut_until, self.clock() + seconds)
        self._let_in()

    def ring(self) -> None:
        """A call of ours is over and recorded, so waiting calls may try again."""
        for door in self.doors.values():
            door.ring()

    def learnt(self, at_once: int, ago_s: float, shut_s: float, from_: str) -> None:
        """Restore what an earlier process learnt `ago_s` seconds ago."""
        self._limit, self._since, self.learnt_from = at_once, self.clock() - ago_s, from_
        if shut_s > 0:
            self.shut(shut_s)

    async def _opened(self) -> None:
        """Wait while the gate is closed."""
        while self.closed_s > 0:
            self._outside.append(opened := asyncio.get_running_loop().create_future())
            self._let_in()
            await opened

    async def _enter(self) -> bool:
        """Wait for room; `False` if the gate closed first."""
        if self.closed_s > 0:
            return False
        if not self._waiting and self._open():
            self._pass()
            return True
        waiting = asyncio.get_running_loop().create_future()
        self._waiting.append(waiting)
        self._let_in()
        try:
            return await waiting
        except asyncio.CancelledError:
            if waiting.done() and not waiting.cancelled() and waiting.result():
                self.busy -= 1  # it had been let in just before
                self._let_in()
            raise

    def _pass(self) -> None:
        self.busy += 1
        self._left = max(0, self._left - 1)

    def _open(self) -> bool:
        return self.busy < self.at_once and self.shut_s <= 0 and not self._used_up

    @property
    def closed_s(self) -> float:
        """Seconds until the gate may open again."""
        return max(self.shut_s, self._left_until - self.clock() if self._used_up else 0.0)

    def _let_in(self) -> None:
        while self._waiting and self._open():
            if not (waiting := self._waiting.popleft()).done():
                self._pass()
                waiting.set_result(True)
        shut_s = self.closed_s
        while self._waiting and shut_s > 0:
            if not (waiting := self._waiting.popleft()).done():
                waiting.set_result(False)
        if shut_s <= 0:
            for opened in self._outside:
                if not opened.done():
                    opened.set_result(None)
            self._outside.clear()
        elif self._outside and self._bell is None:
            self._bell = asyncio.get_running_loop().call_later(shut_s, self._ring)

    def _ring(self) -> None:
        self._bell = None
        self._let_in()  # the timer may fire a little early
