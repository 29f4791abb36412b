"""The recorded outcome of one request: text, state, times, usage, cost, conditions and error, in one frozen piece."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Literal

from providers.errors import Failure
from providers.interface import Adjustment, Condition, Flag, ServerTimings, Usage
from providers.pictures import Picture

State = Literal[
    "complete",  # the end was proved
    "cut",  # stopped at the token limit
    "filtered",  # withheld by the vendor's content filter
    "refused",  # the model declined, in the vendor's own terms
    "empty",  # ended properly without a word
    "incomplete",  # text arrived, but its end was never proved
    "failed",  # an error, see `Failure.kind`
    "cancelled",  # stopped by the user
    "unknown",  # sent, then lost: it may have been answered and charged
]
GOOD_STATES: frozenset[State] = frozenset({"complete", "cut", "filtered", "refused", "empty"})


@dataclass(frozen=True, slots=True)
class Timings:
    """Client-side seconds on a monotonic clock from `t0`, just before the SDK is called. `None`: never happened."""

    time_to_first_chunk_s: float | None = None
    """First non-empty delta of any kind, thinking included, or first preview of a picture."""
    time_to_first_token_s: float | None = None
    """First visible character of answer text: the headline figure. Neither thinking nor white space counts."""
    duration_s: float | None = None
    """End of the stream, after its terminal event (or its failure)."""
    output_tokens_per_s: float | None = None
    """Answer tokens after the first read, divided by the time in which they arrived (`measuring.rate`).

    `None` if that would say nothing about the model: too short a time, too few reads or tokens.
    """
    output_characters_per_s: float | None = None
    """The same in characters, which is comparable between tokenizers."""
    connected_s: float | None = None
    sent_s: float | None = None
    headers_s: float | None = None
    time_to_last_token_s: float | None = None
    """Last non-empty delta of answer text; the time from then to `duration_s` is the ending of the stream itself."""
    prepare_s: float | None = None
    """Time before `t0`: preparing client and connection, asking what is loaded. Not included in the other times."""
    time_to_first_picture_s: float | None = None
    """First picture of any kind, previews included: when its last byte had arrived, before it was decoded."""
    time_to_final_picture_s: float | None = None
    """The last picture that was not a preview."""
    steps_per_s: float | None = None
    """Steps of a diffusion model between the first and the last that its server reported, per second."""


CostTerm = Literal[
    "input", "audio input", "image input", "video input", "cache read", "cached audio", "cached image", "cached video",
    "cache write", "cache write (1 h)", "output", "thinking", "audio output", "image output", "video output",
    "web search", "request", "US-only inference", "upstream", "fee of the host", "picture",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class CostLine:
    """One line of a receipt: `tokens` x `price` / 1,000,000 = `amount`."""

    what: CostTerm
    tokens: int | None
    """`None` if it is not charged by the token."""
    price: Decimal | None
    """US dollars per million tokens; `None` if it is not charged by the token, or no price is known."""
    amount: Decimal | None
    """US dollars; `None` if no price is known, so that the cost is at least the sum of the other lines."""


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost of one completion with its receipt, as priced on the day of the run."""

    kind: Literal["amount", "local", "unknown"]
    """`local`: there is no fee. `unknown` is never 0; `reason` says why."""
    amount: Decimal | None = None
    """US dollars. For an `unknown` cost the known part, which is a lower bound; `None` if nothing is known."""
    lines: tuple[CostLine, ...] = ()
    source: str | None = None
    """The source of the prices."""
    price_date: str | None = None
    """ISO date of the price data."""
    priced_model: str | None = None
    """The model whose prices were used, as named in the price list."""
    reason: str | None = None

    @property
    def exact(self) -> Decimal | None:
        """The amount if it is the whole cost, for ranking, medians and charts; else `None`."""
        return self.amount if self.kind == "amount" else None

    def at_least(self, why: str) -> Cost:
        """The same as a lower bound, and `why` it is no more; as it is where nothing of it is known or no fee asked."""
        if self.kind == "local" or self.amount is None:
            return self
        told = f"at least this: {why}" if self.kind == "amount" else f"{self.reason}; {why}"
        return replace(self, kind="unknown", reason=told)


@dataclass(frozen=True, slots=True)
class RateLeft:
    """How much of one of the vendor's rate limits is left, according to an answer's headers."""

    of: Literal["requests", "tokens"]
    left: int
    limit: int | None
    """`None` if not reported."""
    reset_s: float
    """Seconds until the full limit is available again."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One HTTP request for a completion."""

    number: int
    sent_at: datetime
    status: int | None = None
    request_id: str | None = None
    duration_s: float | None = None
    failure: Failure | None = None
    limits: tuple[RateLeft, ...] = ()
    """The vendor's report of its rate limits; not recorded."""


@dataclass(frozen=True, slots=True)
class Completion:
    """The whole outcome of one request, including failure."""

    provider: str
    model: str
    endpoint: str
    """The address to which the text was sent."""
    state: State
    text: str
    """Exactly the answer text that arrived (repairs are flagged)."""
    thinking: str
    started_at: datetime
    timings: Timings
    cost: Cost
    usage: Usage | None = None
    raw_usage: Mapping[str, object] | None = None
    response_model: str | None = None
    response_id: str | None = None
    stop_reason: str | None = None
    server_timings: ServerTimings | None = None
    conditions: tuple[Condition, ...] = ()
    flags: tuple[Flag, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict[str, str])
    error: Failure | None = None
    fingerprint: Mapping[str, str] = field(default_factory=dict[str, str])
    """See `Done.fingerprint`."""
    pictures: tuple[Picture, ...] = ()
    """What was drawn, in order of arrival;
    if the picture never came, its last preview. Contents are stored separately."""
