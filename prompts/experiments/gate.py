"""How much one provider is asked at once: the gate that every call to it passes, and what it learns from refusals.

A refusal for the rate halves what goes at once, one more is let in each minute, and nothing is sent before the
provider's own wait is over. What was learnt goes on record, so that the next start need not learn it again.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from prompts.core import format as text_of
from prompts.experiments.door import Door
from providers.completion import Completion, RateLeft
from providers.errors import Failure

AT_ONCE = 16
"""Calls to one hosted provider at the same time, unless told otherwise."""
RATE = ("rate_limit", "overloaded")
"""Failures by which a provider says that it is asked too much."""
RECOVERS_S = 60.0
"""After so long without a refusal one more call is let in."""
_FIRST_WAIT_S, _LONGEST_WAIT_S = 1.0, 60.0


@dataclass(eq=False, slots=True)
class Gate:
    """One provider's gate in this process. Belongs to the event loop; any thread may read `says`."""

    clock: Callable[[], float]
    """Of the event loop: its timers must agree with it."""
    most: int = AT_ONCE
    shared: bool = False
    """What it learns is for everybody, and goes on record."""
    busy: int = 0
    per_minute: int | None = None
    """Calls a minute that the provider lets through, as it says itself; `None`: it does not."""
    tokens_per_minute: int | None = None
    """Likewise."""
    waits_for: str = ""
    """What the limits of all processes make calls wait for, in a sentence; empty: nothing."""
    learnt_from: str = ""
    """The refusal that it last learnt from."""
    door: Door = field(default_factory=Door)
    """Where calls wait for the limits of all processes together."""
    _limit: int = 0
    """What went at once after the last refusal; 0: there was none."""
    _since: float = 0.0
    """When that was."""
    _shut_until: float = 0.0
    _refusals: int = 0
    """In a row."""
    _left: int = 0
    """Calls that its limit still lets through until `_left_until`."""
    _left_until: float = 0.0
    _bell: asyncio.TimerHandle | None = None
    _waiting: deque[asyncio.Future[None]] = field(default_factory=deque[asyncio.Future[None]])

    @property
    def at_once(self) -> int:
        """How many may go at once now."""
        if not self._limit:
            return self.most
        return min(self.most, self._limit + int((self.clock() - self._since) // RECOVERS_S))

    @property
    def shut_s(self) -> float:
        """Seconds until something is sent again."""
        return max(0.0, self._shut_until - self.clock())

    @property
    def says(self) -> str:
        """What it waits for, in a sentence; empty while it is open."""
        if self._used_up:
            limit = f" ({self.per_minute:,} calls a minute)" if self.per_minute else ""
            left_s = self._left_until - self.clock()
            return f"Its limit{limit} is used up: goes on in {text_of.rough_time(left_s)}."
        slower = f"{self.at_once} at once instead of {self.most}" if self.at_once < self.most else ""
        if (left := self.shut_s) > 0:
            return f"Limits the rate: goes on in {text_of.rough_time(left)}{', ' + slower if slower else ''}."
        return f"Limited the rate: {slower}." if slower else self.waits_for

    @asynccontextmanager
    async def passed(self) -> AsyncGenerator[Callable[[], None]]:
        """Wait for room and hold it until the end, or until what this yields is called."""
        await self._enter()
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
        """From a call that was sent at `began` and is over. Whether something is news for the next start."""
        news = self.told(done.attempts[-1].limits) if done.attempts else False
        if done.error is None:
            self._refusals = 0
        elif done.error.kind in RATE:
            self.refused(done.error, began)
            return True
        return news

    def refused(self, failure: Failure, began: float) -> None:
        """A call that was sent at `began` was refused for the rate. Calls of one burst halve it once."""
        now = self.clock()
        if began >= self._since or not self._limit:
            self._limit, self._since = max(1, self.at_once // 2), now
            self._refusals += 1
        wait = failure.retry_after_s
        if wait is None:
            wait = min(_FIRST_WAIT_S * 2.0 ** (self._refusals - 1), _LONGEST_WAIT_S)
        self.learnt_from = failure.message
        self.shut(wait)

    def told(self, limits: Sequence[RateLeft]) -> bool:
        """What an answer's headers say is left of its limits. Whether the limit itself is news.

        Calls under way may not be counted yet, so as many are held back.
        """
        news = False
        for each in limits:
            a_minute = each.limit if each.limit and each.reset_s <= RECOVERS_S else None
            if each.of == "requests":
                self._left, self._left_until = max(0, each.left - self.busy), self.clock() + each.reset_s
                news, self.per_minute = news or self.per_minute != a_minute, a_minute
                if not each.left and each.reset_s > RECOVERS_S:  # so long that whoever plans wants to know of it
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
        """Send nothing for so long."""
        self._shut_until = max(self._shut_until, self.clock() + seconds)
        self._let_in()

    def learnt(self, at_once: int, ago_s: float, shut_s: float, from_: str) -> None:
        """What an earlier process learnt, so many seconds ago."""
        self._limit, self._since, self.learnt_from = at_once, self.clock() - ago_s, from_
        if shut_s > 0:
            self.shut(shut_s)

    async def _enter(self) -> None:
        if self._waiting or not self._open():
            waiting = asyncio.get_running_loop().create_future()
            self._waiting.append(waiting)
            self._let_in()
            try:
                await waiting
            except asyncio.CancelledError:
                if waiting.done() and not waiting.cancelled():
                    self.busy -= 1  # it had been let in just before
                    self._let_in()
                raise
        else:
            self._pass()

    def _pass(self) -> None:
        self.busy += 1
        self._left = max(0, self._left - 1)

    def _open(self) -> bool:
        return self.busy < self.at_once and self.shut_s <= 0 and not self._used_up

    @property
    def closed_s(self) -> float:
        """Seconds until it may be open again."""
        return max(self.shut_s, self._left_until - self.clock() if self._used_up else 0.0)

    def _let_in(self) -> None:
        while self._waiting and self._open():
            waiting = self._waiting.popleft()
            if not waiting.done():
                self._pass()
                waiting.set_result(None)
        if self._waiting and self._bell is None and (left := self.closed_s) > 0:  # again where it rang a little early
            self._bell = asyncio.get_running_loop().call_later(left, self._ring)

    def _ring(self) -> None:
        self._bell = None
        self._let_in()
