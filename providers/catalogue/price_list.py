"""Which list of prices is in use, and fetching a newer one on request.

Owns the name that receipts give as their source. Never fetches by itself: only `fetch_newer` does, when somebody asks
for it, and the result is forgotten when the process ends.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version

from providers.secrets import redact

PATIENCE_S = 15.0
_installed = cache(version)  # cached, or it would be read from disk for every completion
_fetched_at: datetime | None = None


class PriceListError(Exception):
    """A newer list could not be fetched; the one in use is kept. The message says why."""


def name() -> str:
    """The name in receipts: `list prices of genai-prices 0.2.3`, and when a newer list was fetched."""
    newer = f", fetched {_fetched_at:%Y-%m-%d %H:%M} UTC" if _fetched_at else ""
    return f"list prices of genai-prices {_installed('genai-prices')}{newer}"


def fetch_newer(url: str | None = None) -> None:
    """Fetch the list that genai-prices publishes, from `url` or its own address. Blocks. Raises `PriceListError`."""
    import genai_prices

    global _fetched_at  # the list in use belongs to the process, as in genai-prices itself
    updater = genai_prices.UpdatePrices(url=url) if url else genai_prices.UpdatePrices()
    try:
        with updater:
            fetched = updater.wait(PATIENCE_S)
    except Exception as exc:
        raise PriceListError(
            f"The newer list could not be fetched ({redact(str(exc))}). The present one stays."
        ) from exc
    if not fetched:
        raise PriceListError(f"No newer list came within {PATIENCE_S:g} s. The present one stays.")
    _fetched_at = datetime.now(UTC)
