"""A settled call as it may be reported: everything that was asked and answered is removed here.

Everything that logs, counts or exports gets a `Call` and nothing else, so none of it can leak a text. What a vendor
wrote (the answering model, an id, a stop reason) is kept only if it has the form of a name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from urllib.parse import urlsplit

from providers.completion import Completion, State
from providers.interface import Settings, Usage
from providers.secrets import redact

_NAME = re.compile(r"[\w.:/@+-]{1,128}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Call:
    """The facts about one call. `None` is unknown, never 0. Durations in seconds, money in US dollars."""

    completion_id: str
    """The id on record, if there is one."""
    provider: str
    """The provider's name, as in `provider:model`."""
    model: str
    host: str
    """The host that was asked; empty for models that run in Collate itself."""
    port: int | None
    attempt: int
    state: State
    error: str | None
    """One of `providers.errors.Kind`; `None` if it did not fail."""
    status: int | None
    """The HTTP status."""
    started_at: datetime
    duration_s: float | None
    first_token_s: float | None
    usage: Usage
    cost: Decimal | None
    """The whole cost; `None` if it is not known, or if there is no fee."""
    free: bool
    """Whether there is no fee."""
    response_model: str | None
    response_id: str | None
    stop_reason: str | None
    temperature: float | None
    top_p: float | None
    max_output_tokens: int | None
    seed: int | None

    @property
    def failed(self) -> bool:
        """Whether it ended in an error; a call stopped by a person did not."""
        return self.error is not None or self.state in ("failed", "incomplete", "unknown")


def call_of(done: Completion, completion_id: str, settings: Settings) -> Call:
    """The call in the form in which it may be reported."""
    place = urlsplit(done.endpoint)
    last = done.attempts[-1] if done.attempts else None
    return Call(
        completion_id, done.provider, _name(done.model) or "other", place.hostname or "", _port(done.endpoint),
        last.number if last else 1, done.state, done.error.kind if done.error else None,
        last.status if last else None, done.started_at, done.timings.duration_s, done.timings.time_to_first_token_s,
        done.usage or Usage(), done.cost.exact, done.cost.kind == "local", _name(done.response_model),
        _name(done.response_id), _name(done.stop_reason), settings.temperature, settings.top_p,
        settings.max_output_tokens, settings.seed,
    )  # fmt: skip


def _name(text: str | None) -> str | None:
    """`text` if it has the form of a name; anything else might be a sentence."""
    return redact(text) if text is not None and _NAME.fullmatch(text) else None


def _port(endpoint: str) -> int | None:
    place = urlsplit(endpoint)
    return place.port or {"https": 443, "http": 80}.get(place.scheme)
