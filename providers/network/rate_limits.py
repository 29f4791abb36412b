"""Reads a vendor's rate limits from headers: how many requests and tokens are left, and until when. Pure.

The names are those in the vendors' documentation (OpenAI's `x-ratelimit-*`, which most hosts copy, and Anthropic's
`anthropic-ratelimit-*`). No header says over which period a limit counts, so only what is left until when is used.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from providers.completion import RateLeft

_LONGEST_S = 24 * 3600.0
_DURATION = re.compile(
    r"(?:(\d{1,4})d)?(?:(\d{1,4})h)?(?:(\d{1,5})m)?(?:(\d{1,6}(?:\.\d{1,9})?)s)?(?:(\d{1,7}(?:\.\d{1,9})?)ms)?"
)
_SECONDS = (86_400.0, 3_600.0, 60.0, 1.0, 0.001)
_PLAIN = re.compile(r"\d{1,15}(?:\.\d{1,9})?")
_DIGITS = 15
_EPOCH_S, _EPOCH_MS = 1e9, 1e12
_KINDS: tuple[Literal["requests", "tokens"], ...] = ("requests", "tokens")


def rate_limits(headers: Mapping[str, str], now: datetime) -> tuple[RateLeft, ...]:
    """Every limit that these headers give completely; their names must be in lower case."""
    found: list[RateLeft] = []
    for kind in _KINDS:
        for names in _names(kind):
            limit, left, reset = (headers.get(name) for name in names)
            count, seconds = _whole(left), _until(reset, now)
            if count is not None and seconds is not None:
                found.append(RateLeft(kind, count, _whole(limit), seconds))
                break
    return tuple(found)


def _names(kind: str) -> tuple[tuple[str, str, str], ...]:
    openai = f"x-ratelimit-limit-{kind}", f"x-ratelimit-remaining-{kind}", f"x-ratelimit-reset-{kind}"
    anthropic = (
        f"anthropic-ratelimit-{kind}-limit", f"anthropic-ratelimit-{kind}-remaining",
        f"anthropic-ratelimit-{kind}-reset",
    )  # fmt: skip
    plain = ("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset")
    return (openai, anthropic, *((plain,) if kind == "requests" else ()))


def _whole(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdecimal() and len(text) <= _DIGITS else None


def _until(text: str | None, now: datetime) -> float | None:
    """Seconds until a time given as `1s`, `6m0s`, `120ms`, `12.5`,
    in ISO 8601, or as seconds or milliseconds since 1970."""
    if not text:
        return None
    text = text.strip()
    if _PLAIN.fullmatch(text):
        number = float(text)
        moment = number / 1000 if number > _EPOCH_MS else number if number > _EPOCH_S else None
        return _bounded(number if moment is None else moment - now.timestamp())
    if (match := _DURATION.fullmatch(text)) and any(match.groups()):
        return _bounded(sum(float(part) * each for part, each in zip(match.groups(), _SECONDS, strict=True) if part))
    try:
        moment_at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return None if moment_at.tzinfo is None else _bounded((moment_at - now).total_seconds())


def _bounded(seconds: float) -> float:
    return min(max(0.0, seconds), _LONGEST_S)
