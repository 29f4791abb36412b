"""Turns one stream into one `Completion`. Besides the transport, the only reader of the clock.

Owns the moment at which each mark is taken, deadlines and budgets, and the one handler that turns every exception into
a `Failure`. Never retries: asking again is the caller's visible decision.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing, suppress
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version

from providers import errors
from providers.completion import Attempt, Completion, State
from providers.config.deadlines import USUAL, Deadlines, in_force, manner
from providers.echoes import without_keys
from providers.errors import Failure
from providers.interface import Adjustment, Condition, Delta, Done, Provider, Request, Sign
from providers.measuring.conditions import conditions, drawn_otherwise, flags, told_at_once
from providers.measuring.cost import Price, cost_of
from providers.measuring.deadlines import Patience, Watch
from providers.measuring.incoming import Incoming, Told
from providers.measuring.incoming_pictures import WIRE_BYTES
from providers.measuring.loop_lag import Pulse
from providers.measuring.other_calls import OtherCalls
from providers.measuring.outcome import failed_state, misread, proved_state, told_at_the_end, unproved
from providers.measuring.send_turns import SendTurn
from providers.measuring.timing import Marks, are_disturbed, timings
from providers.measuring.told_counts import counted_so_far, final_counts, without_impossible_zeros
from providers.network.exchange import Exchange, exchange
from providers.network.rate_limits import rate_limits
from providers.network.stream_lines import Heard
from providers.pictures import Drawn, Step
from providers.secrets import redact

log = logging.getLogger("collate")

Clock = Callable[[], float]

_VERSION = version("collate")
SIGN_S = 1.0
"""Seconds without text before a read is reported as a sign of life, and between two such reports."""
_DRAIN_S = 1.0  # seconds a stream may linger after it has proved its end

monotonic: Clock = time.perf_counter
"""The clock of every duration."""


def utc_now() -> datetime:
    """The wall clock, for dates only, never for durations."""
    return datetime.now(UTC)


async def complete(
    provider: Provider,
    request: Request,
    *,
    price: Price,
    deadlines: Deadlines = Deadlines(),
    on_delta: Callable[[Told], None] = lambda _: None,
    on_sign: Callable[[Sign], None] | None = None,
    clock: Clock = monotonic,
    attempt: int = 1,
) -> Completion:
    """Ask once and return the whole outcome. A failure is a completion with an `error`, never an exception.

    `on_sign` is called, at most once a second, when the server shows a sign of life but no text arrives. `attempt` is
    its number among the attempts at the same completion. Cancelling the task that awaits this gives a `cancelled`
    completion with the text so far.
    """
    measurement = _Measurement(provider, request, deadlines, on_delta, clock, attempt, on_sign)
    try:
        await measurement.run()
        await measurement.learn()
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is None or task.uncancel() > 0:
            raise
        if not measurement.settled:
            await measurement.stopped()
    except Exception as exc:  # noqa: BLE001 -- all exceptions are handled here
        measurement.fail(exc)
    return measurement.completion(price)


class _Measurement:
    """One attempt while it runs."""

    def __init__(
        self, provider: Provider, request: Request, deadlines: Deadlines, on_delta: Callable[[Told], None],
        clock: Clock, attempt: int, on_sign: Callable[[Sign], None] | None,
    ) -> None:  # fmt: skip
        self.provider, self.request = provider, request
        self.clock, self.picture = clock, request.settings.picture is not None
        usual = USUAL[manner(request.model, request.settings.effort, local=provider.local, picture=self.picture)]
        self.limits = in_force(provider.deadlines, deadlines, usual)
        self.exchange = Exchange(clock)
        self.exchange.heard, self.exchange.watched = Heard(), True
        self.exchange.most_bytes = WIRE_BYTES if self.picture else None
        self.on_sign, self.signed_at, self.reads = on_sign, 0.0, 0
        if on_sign is not None:
            self.exchange.on_read = self._sign
        self.started_at, self.marks = utc_now(), Marks(t0=clock())
        self.incoming = Incoming(self.limits, self.exchange, on_delta, tags=provider.thinking_tags)
        self.done: Done | None = None
        self.so_far: Done | None = None  # what was counted of an answer whose end never came
        self.state: State = "failed"
        self.error: Failure | None = None
        self.conditions: tuple[Condition, ...] = ()
        self.others, self.disturbed, self.settled = OtherCalls(provider), False, False
        self.prepared: float | None = None
        self.attempt = attempt
        self.adjustments: tuple[Adjustment, ...] = ()
        self.versions: Mapping[str, str] = {"collate": _VERSION}

    async def run(self) -> None:
        """Everything that can fail. `t0` is read after all preparation, just before the SDK is called."""
        self.adjustments = self.provider.adjustments(self.request)
        self.versions = {**self.versions, **self.provider.versions()}
        await self._prepare()
        try:
            async with SendTurn() as turn:
                self.exchange.written = turn.over
                await self._measure()
        finally:
            await self.incoming.pictures.settled()  # what arrived is decoded, however the stream ended
        if self.done is not None:
            self._judge(self.done if self.picture else told_at_once(self.done, self.exchange.heard))
            self.settled = True  # from here on nothing can take the answer back
        else:
            begun = self.marks.chunks > 0 or self.marks.steps is not None
            raise errors.ProviderError(unproved(self.exchange, begun=begun))

    def _judge(self, done: Done) -> None:
        pictures, heard = self.incoming.pictures, self.incoming
        done = without_impossible_zeros(done, wrote=bool(heard.answer.text or heard.thinking.text or pictures.made))
        state = proved_state(done, self.incoming.answer.text, pictures.made)
        self.done, self.error = done, told_at_the_end(done, state) or pictures.failure
        self.state = "failed" if pictures.failure is not None and not pictures.made else state

    async def stopped(self) -> None:
        """The user stopped it: a picture that was complete by then still counts."""
        await self.incoming.pictures.settled()
        self.state = "cancelled"
        if self.done is not None and self.incoming.pictures.made:
            self._judge(self.done)
        self.done = self.done or self.so_far

    async def _measure(self) -> None:
        self.others.begin()
        stream = self.provider.stream(self.request)
        token = exchange.set(self.exchange)
        self.started_at = utc_now()
        self.marks = self.incoming.marks = Marks(t0=self.clock())
        pulse = Pulse(self.clock)
        try:
            async with aclosing(stream):
                await self._drain(stream, pulse)
        finally:
            self.marks.end = self.marks.end or self.clock()
            pulse.stop()
            self.marks.pauses = pulse.pauses
            self.disturbed = pulse.slept or are_disturbed(self.marks, self.exchange.sent_at)
            if self.done is None:
                self.so_far = counted_so_far(self.exchange.so_far())
            with suppress(Exception):  # the outcome is settled, so an error in closing has no effect
                await self.exchange.close()
            exchange.reset(token)
            self.others.end()
            self.incoming.finish(self.clock)

    async def learn(self) -> None:
        """Add what the provider can only report after the answer."""
        if self.done is not None:
            self.done = await self.provider.learn(self.request, self.done)

    async def _prepare(self) -> None:
        limit, began = asyncio.timeout(self.limits.call_s), self.clock()
        try:
            async with limit:
                self.conditions = await self.provider.prepare(self.request)
        except TimeoutError as exc:
            if not limit.expired():
                raise
            raise errors.error("timeout", f"not ready within {self.limits.call_s:g} s") from exc
        finally:
            self.prepared = self.clock() - began

    async def _drain(self, stream: AsyncGenerator[Delta | Drawn | Step | Done], pulse: Pulse) -> None:
        limit = asyncio.timeout(None)
        patience = Patience(self.limits, self.marks, self.exchange, pulse.paused_s)
        try:
            async with limit:
                watch = Watch(patience, self.clock, limit)
                try:
                    async for item in stream:
                        now = self.clock()
                        if self.marks.chunks == 0:
                            self.exchange.written()  # without a network nobody else reports it
                        if isinstance(item, Done):
                            self.done = item
                            break
                        self.incoming.take(item, now)
                finally:
                    watch.stop()
        except TimeoutError as exc:
            if not limit.expired():
                raise  # the provider's own timeout, not ours
            raise errors.ProviderError(patience.failure(self.clock())) from exc
        if self.done is not None:
            await self._see_the_end(stream)

    def _sign(self) -> None:
        """Called after each read: reports a sign of life if no text has arrived for a while."""
        now, seen = self.exchange.read_at or 0.0, self.exchange
        self.reads += 1
        text = self.marks.last_chunk or self.marks.t0
        if self.on_sign is not None and now - max(text, self.signed_at) >= SIGN_S:
            self.signed_at = now
            self.on_sign(Sign(now, self.reads, redact(seen.heard.sign) if seen.heard else ""))

    async def _see_the_end(self, stream: AsyncGenerator[Delta | Drawn | Step | Done]) -> None:
        """Let the stream close by itself: the duration includes this, but errors no longer matter."""
        proved = self.clock()
        try:
            async with asyncio.timeout(_DRAIN_S):
                async for _ in stream:
                    pass
        except Exception as exc:  # noqa: BLE001 -- the answer is proved and complete
            log.debug("%s: after its end the stream raised %s", self.provider.name, type(exc).__name__)
            self.marks.end = proved

    def fail(self, exc: Exception) -> None:
        """Turn an exception into a state and a failure."""
        self.error = errors.from_exception(exc)
        self.done = errors.partial_usage(exc)
        if self.provider.local:
            self.error = errors.as_local_failure(self.error, exc)
        if not self.marks.chunks:
            self.error = misread(self.error, self.exchange)
        elif self.error.retry == "yes":
            self.error = replace(self.error, retry="ask")  # an answer had begun, so it may be charged
        if self.done is None and (self.marks.chunks or self.error.retry == "ask"):
            self.done = self.so_far
        self.state = failed_state(self.error, self.exchange, self.marks.chunks)
        if not errors.is_expected(self.error, exc):
            # Its message may quote the prompt, so it is shown with the answer only.
            log.warning("%s: unexpected %s (%s)", self.provider.name, self.error.kind, type(exc).__name__)
        if self.error.request_id is None and self.exchange.request_id:
            self.error = replace(self.error, request_id=self.exchange.request_id)

    def completion(self, price: Price) -> Completion:
        """The frozen outcome."""
        told, self.done = self.done, without_keys(self.done)
        done, usage = self.done, final_counts(self.done) if self.done else None
        seen, text = self.exchange, self.incoming
        was_asked = seen.sent_at is not None or self.marks.chunks > 0
        times, rate_flags = timings(
            self.marks, usage, answer_bytes=text.answer.size, sent=seen.sent_at, connected=seen.connected_at,
            headers=seen.headers_at, prepared=self.prepared,
        )  # fmt: skip
        repeated = text.answer.repeated
        if repeated or (done is not None and "not_streamed" in done.flags):
            times, rate_flags = replace(times, output_tokens_per_s=None, output_characters_per_s=None), ()
        attempt = Attempt(
            self.attempt, self.started_at, seen.status, seen.request_id, times.duration_s, self.error,
            rate_limits(seen.headers, utc_now()),
        )  # fmt: skip
        repaired = seen.repaired or text.repaired
        said = flags(
            done, asked=self.request.model, endpoint=self.provider.endpoint, repaired=repaired,
            thinking_seen=self.marks.thinking_seen, tagged=text.tagged, masked=text.masked or done is not told,
            repeated=repeated, picture=self.picture, odd_preview=text.pictures.odd_preview,
            otherwise=drawn_otherwise(self.request.settings, self.adjustments, text.pictures.made),
        )  # fmt: skip
        return Completion(
            provider=self.provider.name, model=self.request.model, endpoint=self.provider.endpoint,
            state=self.state, text=text.answer.text, thinking=text.thinking.text, started_at=self.started_at,
            timings=times,
            cost=cost_of(
                price, self.provider.name, self.request, done, self.started_at, text.pictures.made, text.answer.text
            ),
            usage=usage, raw_usage=done.raw_usage if done else None,
            response_model=done.response_model if done else None, response_id=done.response_id if done else None,
            stop_reason=done.stop_reason if done else None, server_timings=done.server_timings if done else None,
            conditions=conditions(
                self.conditions + (done.conditions if done else ()), first_call=was_asked and self.others.none_before(),
                new_connection=seen.connected_at is not None, usage=usage,
                contended=self.disturbed or self.others.contended,
                attempt=self.attempt, state=self.state,
            ),
            flags=said + rate_flags, adjustments=self.adjustments, attempts=(attempt,),
            versions=self.versions, error=self.error, fingerprint=done.fingerprint if done else {},
            pictures=text.pictures.made,
        )  # fmt: skip
