"""One attempt at an answer: its intent is recorded, then the request is sent, then its outcome is recorded.

Owns that order (docs/design/failures.md#c1-intent-first). Whose turn it is, who pays, and what follows a failure are up
to the caller.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from prompts.core.answer import Answer, LiveAnswer
from prompts.core.run import Run
from prompts.observing.teller import Teller
from prompts.privacy import strip_text
from prompts.record.recorder import Leave, Recorder, RecordError
from providers.catalogue.pricing import Pricer
from providers.completion import Completion
from providers.config.deadlines import Deadlines
from providers.interface import Delta, Moved, Provider, Sign
from providers.measuring.incoming import Told
from providers.measuring.measure import complete, monotonic

Watch = Callable[[Answer], None]


@dataclass(frozen=True, slots=True)
class Along:
    """What callers may have done within the attempt's own transactions."""

    leave: Leave | None = None
    """Asked in the transaction that records the intent, whether the request may still be sent."""
    outcome: Callable[[sa.Connection, Completion], None] | None = None
    """Called in the transaction that records the outcome."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What is needed to ask once for an answer that has begun."""

    run: Run
    live: LiveAnswer
    provider: Provider
    watch: Watch
    along: Along = Along()


class Sender:
    """Carries out attempts on one event loop."""

    def __init__(self, price: Pricer, deadlines: Deadlines, teller: Teller) -> None:
        self._price, self._deadlines, self._teller = price, deadlines, teller

    async def send(self, it: Attempt, recorder: Recorder | None) -> Completion:
        """Ask once. `recorder`: where the attempt is recorded; `None`: nowhere.

        Raises `RecordError`: then nothing was sent.
        """
        run, live, provider, watch = it.run, it.live, it.provider, it.watch
        attempt, whole, asked = None, run.keeps == "everything", live.now
        if recorder is not None:
            target = asked.target if whole else strip_text.of_target(asked.target)
            attempt = await recorder.begin_attempt(
                asked.id, asked.attempt, endpoint=provider.endpoint, target=target, leave=it.along.leave
            )

        def take(delta: Told) -> None:
            live.take(delta)
            if recorder is not None and attempt is not None and whole:
                if isinstance(delta, Moved):
                    recorder.note_move(attempt)
                elif isinstance(delta, Delta):
                    recorder.note_text(attempt, delta.text, delta.kind)
            watch(live.now)

        def sign(sign: Sign) -> None:
            live.change(sign=sign)
            watch(live.now)

        live.change(sent_at=monotonic(), state="sent")
        watch(live.now)
        request = run.request(asked.cell, asked.attempt)
        outcome = await complete(
            provider, request, price=self._price,
            deadlines=self._deadlines, on_delta=take, on_sign=sign,
            attempt=asked.attempt,
        )  # fmt: skip
        live.finish(outcome)  # first: from here on Stop finds nothing live, and cannot lose an answer that was paid for
        watch(live.now)
        self._teller.tell(outcome, asked.id, request.settings)
        if recorder is not None and attempt is not None:
            settle = it.along.outcome
            try:
                await recorder.finish(
                    attempt, outcome if whole else strip_text.of_completion(outcome),
                    None if settle is None else lambda connection: settle(connection, outcome),
                    live.now.contents if whole else {},
                )  # fmt: skip
            except RecordError as exc:
                live.change(note=f"Not on record: {exc}")
        return outcome
