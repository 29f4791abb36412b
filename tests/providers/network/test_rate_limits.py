"""What headers say of limits, in the spellings of the vendors' documentation."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from providers.completion import RateLeft
from providers.network.rate_limits import rate_limits

NOW = datetime(2026, 11, 29, 7, 0, tzinfo=UTC)


def requests(left: str, reset: str, limit: str = "60") -> dict[str, str]:
    return {
        "x-ratelimit-limit-requests": limit, "x-ratelimit-remaining-requests": left,
        "x-ratelimit-reset-requests": reset,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("reset", "seconds"),
    [
        ("1s", 1), ("120ms", 0.12), ("6m0s", 360), ("1h2m3.5s", 3723.5), ("2d", 86_400), ("17.5", 17.5), ("0", 0),
        ("2026-11-29T07:00:30Z", 30), ("2026-11-29T06:00:00Z", 0), ("1795935630", 30), ("1795935630000", 30),
    ],
)  # fmt: skip
def test_a_reset_is_read_in_every_spelling_and_bounded(reset: str, seconds: float) -> None:
    (found,) = rate_limits(requests("3", reset), NOW)
    assert (found.of, found.left, found.limit) == ("requests", 3, 60)
    assert found.reset_s == pytest.approx(seconds)


def test_anthropics_names_and_tokens_are_read_too() -> None:
    headers = {
        f"anthropic-ratelimit-{kind}-{part}": value
        for kind in ("requests", "tokens")
        for part, value in (("limit", "50"), ("remaining", "0"), ("reset", "2026-11-29T07:00:10Z"))
    }
    assert rate_limits(headers, NOW) == (RateLeft("requests", 0, 50, 10.0), RateLeft("tokens", 0, 50, 10.0))


@pytest.mark.parametrize(
    "headers",
    [
        {}, requests("many", "1s"), requests("-1", "1s"), requests("3", "soon"), requests("3", ""),
        requests("9" * 40, "1s"), requests("3", "9" * 400 + "s"), requests("3", "2026-11-29T07:00:30"),
        {"x-ratelimit-remaining-requests": "3"}, requests("³", "1s"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_not_known(headers: dict[str, str]) -> None:
    assert rate_limits(headers, NOW) == ()
