"""Drains one stream into one `Completion`. With the transport, the only reader of the clock.

Owns the moment each mark is taken, the deadlines and budgets, and the one boundary that turns
every exception into a `Failure`. Refuses retries: a completion is one attempt, and asking again is
the caller's visible decision.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime

from providers import errors, transport
from providers.errors import Failure
from providers.interface import (
    Attempt,
    Completion,
    Condition,
    Cost,
    Delta,
    Done,
    Flag,
    Provider,
    Request,
    State,
    Usage,
)  # fmt: skip
from providers.text import Gatherer
from providers.timing import Marks, timings
from providers.transport import Exchange
from providers.verdict import failed_state, proved_state, unproved

log = logging.getLogger("collate")

Clock = Callable[[], float]
Pricer = Callable[[str, str, str | None, Usage | None, datetime], Cost]
"""(provider, requested model, answering model, usage, instant) -> cost"""


@dataclass(frozen=True, slots=True)
class Deadlines:
    """How long to wait, in seconds, and how much to take. Ours, because no SDK has them all."""

    first_byte_s: float | None = None
    """Until the response begins; `None` = as the provider suggests."""
    no_content_s: float = 60.0
    """Without a non-empty delta, once the response has begun. Pings are not content."""
    call_s: float = 600.0
    text_bytes: int = 4 * 2**20
    deltas: int = 200_000


_DRAIN_S = 1.0  # how long a stream may linger after it has proved its end
_called: set[tuple[str, str]] = set()
_local_now: set[_Measurement] = set()


def utc_now() -> datetime:
    """The wall clock, for dates only; durations never come from it."""
    return datetime.now(UTC)


async def complete(
    provider: Provider,
    request: Request,
    *,
    price: Pricer,
    deadlines: Deadlines = Deadlines(),
    on_delta: Callable[[Delta], None] = lambda _: None,
    clock: Clock = time.perf_counter,
) -> Completion:
    """Ask once and return the whole outcome. A failure is a completion with an `error`, never an exception.

    Cancelling the task that awaits this gives a `cancelled` completion with the text so far.
    """
    measurement = _Measurement(provider, request, deadlines, on_delta, clock)
    try:
        await measurement.run()
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is None or task.uncancel() > 0:
            raise
        measurement.state = "cancelled"
    except Exception as exc:  # noqa: BLE001 -- the one boundary
        measurement.fail(exc)
    return measurement.completion(price)


class _Measurement:
    """One attempt while it runs."""

    def __init__(
        self, provider: Provider, request: Request, deadlines: Deadlines, on_delta: Callable[[Delta], None],
        clock: Clock,
    ) -> None:  # fmt: skip
        self.provider, self.request, self.deadlines = provider, request, deadlines
        self.on_delta, self.clock = on_delta, clock
        self.exchange = Exchange(clock)
        self.answer, self.thinking = Gatherer(), Gatherer()
        self.started_at, self.marks = utc_now(), Marks(t0=clock())
        self.done: Done | None = None
        self.state: State = "failed"
        self.error: Failure | None = None
        self.conditions: tuple[Condition, ...] = ()
        self.contended = False

    async def run(self) -> None:
        """Everything that can fail. `t0` is read after all preparation, just before the SDK call."""
        async with asyncio.timeout(self.deadlines.call_s):
            self.conditions = await self.provider.prepare(self.request)
        self._mark_contention()
        token = transport.exchange.set(self.exchange)
        self.started_at = utc_now()
        self.marks = Marks(t0=self.clock())
        try:
            async with aclosing(self.provider.stream(self.request)) as stream:
                await self._drain(stream)
        finally:
            self.marks.end = self.marks.end or self.clock()
            transport.exchange.reset(token)
            _local_now.discard(self)
            self._publish("text", self.answer.finish())
            self._publish("thinking", self.thinking.finish())
        if self.done is not None:
            self.state = proved_state(self.done, self.answer.text)
        else:
            raise errors.ProviderError(unproved(self.exchange, self.marks.chunks))

    async def _drain(self, stream: AsyncGenerator[Delta | Done]) -> None:
        try:
            async with asyncio.timeout(None) as limit:
                watch = _Watch(self, limit)
                try:
                    async for item in stream:
                        now = self.clock()
                        if isinstance(item, Done):
                            self.done = item
                            break
                        if item.text:
                            self._take(item, now)
                finally:
                    watch.stop()
        except TimeoutError as exc:
            raise errors.error("timeout", self._what_took_long()) from exc
        if self.done is not None:
            await self._see_the_end(stream)

    def _take(self, delta: Delta, now: float) -> None:
        self.marks.take(delta, now, self.exchange.reads)
        gatherer = self.answer if delta.kind == "text" else self.thinking
        self._publish(delta.kind, gatherer.add(delta.text))
        if self.marks.chunks > self.deadlines.deltas:
            raise errors.error("too_long", f"stopped after {self.deadlines.deltas:,} pieces")
        if gatherer.size > self.deadlines.text_bytes:
            raise errors.error("too_long", f"stopped at {self.deadlines.text_bytes / 2**20:g} MB of text")

    def _publish(self, kind: str, text: str) -> None:
        if text:
            self.on_delta(Delta("text" if kind == "text" else "thinking", text))

    async def _see_the_end(self, stream: AsyncGenerator[Delta | Done]) -> None:
        """Let the stream close by itself: the duration includes it, but its manners no longer matter."""
        proved = self.clock()
        try:
            async with asyncio.timeout(_DRAIN_S):
                async for _ in stream:
                    pass
        except Exception as exc:  # noqa: BLE001 -- the answer is proved and whole
            log.debug("%s: after its end the stream raised %s", self.provider.name, type(exc).__name__)
            self.marks.end = proved

    def due(self) -> float:
        """The reading of the clock at which patience ends."""
        marks, limits = self.marks, self.deadlines
        began = self.exchange.headers_at
        if began is None and marks.chunks == 0:
            quiet = marks.t0 + (limits.first_byte_s or self.provider.first_byte_s)
        else:
            quiet = max(began or marks.t0, marks.last_chunk or marks.t0) + limits.no_content_s
        return min(quiet, marks.t0 + limits.call_s)

    def _what_took_long(self) -> str:
        limits = self.deadlines
        if self.clock() >= self.marks.t0 + limits.call_s:
            return f"not finished within {limits.call_s:g} s"
        if self.exchange.headers_at is None and self.marks.chunks == 0:
            return f"no answer began within {limits.first_byte_s or self.provider.first_byte_s:g} s"
        return f"no text for {limits.no_content_s:g} s"

    def _mark_contention(self) -> None:
        """Local models share this machine: two at once slow each other, and both say so."""
        if not self.provider.local:
            return
        for other in _local_now:
            other.contended = self.contended = True
        _local_now.add(self)

    def fail(self, exc: Exception) -> None:
        """The boundary: whatever was raised becomes a state and a failure."""
        self.error = errors.from_exception(exc)
        self.state = failed_state(self.error, self.exchange, self.marks.chunks)
        if not errors.is_expected(self.error, exc):
            log.warning("%s: unexpected %s", self.provider.name, self.error.message)
        if self.error.request_id is None and self.exchange.request_id:
            self.error = errors.with_request_id(self.error, self.exchange.request_id)

    def completion(self, price: Pricer) -> Completion:
        """The frozen outcome."""
        done, usage = self.done, self.done.usage if self.done else None
        seen = self.exchange
        times, rate_flags = timings(
            self.marks, usage, sent=seen.sent_at, connected=seen.connected_at, headers=seen.headers_at
        )
        answering = done.response_model if done else None
        return Completion(
            provider=self.provider.name, model=self.request.model, endpoint=self.provider.endpoint,
            state=self.state, text=self.answer.text, thinking=self.thinking.text,
            started_at=self.started_at, timings=times,
            cost=price(self.provider.name, self.request.model, answering, usage, self.started_at),
            usage=usage, raw_usage=done.raw_usage if done else None,
            response_model=answering, response_id=done.response_id if done else None,
            stop_reason=done.stop_reason if done else None,
            server_timings=done.server_timings if done else None,
            conditions=self._conditions(usage), flags=self._flags(usage) + rate_flags,
            adjustments=self.provider.adjustments(self.request),
            attempts=(Attempt(1, self.started_at, seen.status, seen.request_id, times.duration_s, self.error),),
            versions=self.provider.versions(), error=self.error,
        )  # fmt: skip

    def _conditions(self, usage: Usage | None) -> tuple[Condition, ...]:
        found = list(self.conditions)
        caller = (self.provider.name, self.provider.endpoint)
        if caller not in _called:
            _called.add(caller)
            found.append("first_call")
        if self.exchange.connected_at is not None:
            found.append("new_connection")
        if usage and usage.cache_read_tokens:
            found.append("cache_hit")
        if self.contended:
            found.append("contended")
        if self.state == "cancelled":
            found.append("cancelled")
        return tuple(found)

    def _flags(self, usage: Usage | None) -> tuple[Flag, ...]:
        done = self.done
        found: list[Flag] = list(done.flags) if done else []
        if self.exchange.repaired or self.answer.repaired or self.thinking.repaired:
            found.append("repaired")
        if done and done.stop == "other":
            found.append("stop_reason_unknown")
        if done and usage is None and "usage_invalid" not in found:
            found.append("usage_missing")
        if usage and usage.reasoning_tokens and not self.marks.thinking_seen:
            found.append("thinking_hidden")
        if done and done.response_model and not _same_model(self.request.model, done.response_model):
            found.append("other_model")
        return tuple(dict.fromkeys(found))


class _Watch:
    """Ends a stream that is past due. Looks only when it may be, so a delta costs nothing."""

    def __init__(self, measurement: _Measurement, limit: asyncio.Timeout) -> None:
        self._measurement, self._limit = measurement, limit
        self._loop = asyncio.get_running_loop()
        limits = measurement.deadlines
        self._longest_nap = min(limits.no_content_s, limits.call_s)
        first = limits.first_byte_s or measurement.provider.first_byte_s
        self._timer = self._loop.call_later(min(first, self._longest_nap), self._look)

    def _look(self) -> None:
        left = self._measurement.due() - self._measurement.clock()
        if left <= 0:
            self._limit.reschedule(self._loop.time())
        else:
            self._timer = self._loop.call_later(min(left, self._longest_nap), self._look)

    def stop(self) -> None:
        """No more looking."""
        self._timer.cancel()


def _same_model(asked: str, answered: str) -> bool:
    """An alias may be answered by a dated or prefixed name of itself: `gpt-4o` by `gpt-4o-2024-08-06`."""
    asked, answered = asked.lower().rsplit("/", 1)[-1], answered.lower().rsplit("/", 1)[-1]
    return answered.startswith(asked.removesuffix("-latest").removesuffix(":latest"))
