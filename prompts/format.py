"""Numbers and states as text: every figure that a person reads passes here, on the page and in the terminal.

Pure. Unknown is "—", never 0; every number carries its unit or stands under a header that does.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from prompts.run import LaneState
from providers.completion import Cost
from providers.interface import Condition, Flag

UNKNOWN = "—"

STATES: Mapping[LaneState, tuple[str, str]] = {
    "waiting": ("waiting", "It is not this model's turn yet."),
    "preparing": ("preparing", "The connection is being made ready; no clock runs."),
    "sent": ("sent", "Asked; nothing has arrived yet."),
    "streaming": ("answering", "The answer is arriving."),
    "complete": ("complete", "The model said that its answer is finished."),
    "cut": ("cut", "The answer reached the limit of output tokens, so it stops early."),
    "filtered": ("filtered", "The vendor's content filter withheld the answer or part of it."),
    "refused": ("refused", "The model declined to answer."),
    "empty": ("empty", "The model finished without a word."),
    "incomplete": ("incomplete", "Text arrived, but its end was never confirmed."),
    "failed": ("failed", "No answer; the error says why."),
    "cancelled": ("stopped", "You stopped it; the text so far is kept."),
    "unknown": ("unknown", "Sent, then lost: it may have been answered, and charged."),
}
"""What each state is called, and what it means."""

CONDITIONS: Mapping[Condition, str] = {
    "first_call": "first call of this session",
    "new_connection": "opened a new connection",
    "cold_load": "model was loaded first",
    "cache_hit": "prompt partly from cache",
    "retried": "retried",
    "cancelled": "stopped early",
    "contended": "shared the processor with another model",
}

FLAGS: Mapping[Flag, str] = {
    "repaired": "undecodable characters were replaced",
    "end_marker_missing": "ended without the protocol's end marker",
    "stop_reason_unknown": "no known stop reason was given",
    "usage_missing": "no token counts were reported",
    "usage_invalid": "impossible token counts were reported",
    "other_model": "another model answered than was asked",
    "thinking_hidden": "the vendor hides the thinking, so the first token includes it",
    "rate_includes_thinking": "tokens/s includes thinking, which the vendor does not count apart",
}


def seconds(value: float | None) -> str:
    """`230 ms`, `1.24 s`, `12.3 s`, `2 min 5 s`."""
    if value is None:
        return UNKNOWN
    if value < 0.9995:
        return f"{value * 1000:.1f} ms" if value < 0.00995 else f"{value * 1000:.0f} ms"
    if value < 9.995:
        return f"{value:.2f} s"
    if value < 119.95:
        return f"{value:.1f} s"
    minutes, rest = divmod(round(value), 60)
    return f"{minutes} min {rest} s"


def rate(value: float | None) -> str:
    """Tokens (or characters) per second, three digits: `8.53`, `85.3`, `1,204`."""
    if value is None:
        return UNKNOWN
    return f"{value:,.0f}" if value >= 99.95 else f"{value:.1f}" if value >= 9.995 else f"{value:.2f}"


def count(value: int | None) -> str:
    """`1,234`."""
    return UNKNOWN if value is None else f"{value:,}"


def money(amount: Decimal | None) -> str:
    """US dollars with two significant digits below a cent: `$12.30`, `$0.012`, `$0.00042`, `$0`."""
    if amount is None:
        return UNKNOWN
    if amount == 0:
        return "$0"
    if amount >= Decimal("0.995"):
        return f"${amount:,.2f}"
    digits = 1 - amount.adjusted()
    rounded = f"{amount:.{max(digits, 3)}f}"
    return "$" + (rounded.rstrip("0") if digits > 3 else rounded)


def cost(value: Cost) -> str:
    """An amount, `no fee` for local models, or unknown."""
    return "no fee" if value.kind == "local" else money(value.amount)
