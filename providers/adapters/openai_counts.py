"""Reads token counts in OpenAI's formats, under the names that it, compatible hosts and gateways give them. Pure.

Owns which counts include others: Anthropic's and Amazon's input leaves out the cache, everybody else's includes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation

from providers.interface import Usage
from providers.measuring.usage import Counts

_READ = ("prompt_tokens", "promptTokens")
_READ_FRESH = ("input_tokens", "inputTokens", "inputTokenCount")
_WRITTEN = (
    "completion_tokens", "output_tokens", "completionTokens", "outputTokens", "outputTokenCount",
    "predicted_n",  # of llama.cpp's timings
)  # fmt: skip
_DETAILS = ("prompt_tokens_details", "input_tokens_details")
_CACHED = (
    *((details, "cached_tokens") for details in _DETAILS),
    ("prompt_cache_hit_tokens",), ("cached_tokens",), ("num_cached_tokens",), ("cache_n",),
)  # fmt: skip
_STORED = tuple((details, name) for details in _DETAILS for name in ("cache_write_tokens", "cache_creation_tokens"))
_CACHED_BESIDE = (("cache_read_input_tokens",), ("cacheReadInputTokens",), ("cacheReadInputTokenCount",))
_STORED_BESIDE = (("cache_creation_input_tokens",), ("cacheWriteInputTokens",), ("cacheWriteInputTokenCount",))
_THOUGHT = (("completion_tokens_details", "reasoning_tokens"), ("output_tokens_details", "reasoning_tokens"))


def usage_in(counts: Counts) -> Usage | None:
    """Our counts, wherever a host puts them."""
    read = _first(counts, ((name,) for name in _READ))
    fresh = _first(counts, ((name,) for name in _READ_FRESH)) if read is None else None
    written, thought = _first(counts, ((name,) for name in _WRITTEN)), _first(counts, _THOUGHT)
    beside, stored = _first(counts, _CACHED_BESIDE), _first(counts, _STORED_BESIDE)
    if fresh is not None:
        read = fresh + (beside or 0) + (stored or 0)
    elif read is None:
        read = counts.total("cache_n", "prompt_n") if counts("cache_n") is not None else None
    if thought is None and (told := counts("reasoning_tokens")) is not None and told <= (written or 0):
        thought = told  # Perplexity's may exceed what it counts as written, and then is not part of it
    elif thought and read is not None and written is not None and counts("total_tokens") == read + written + thought:
        written += thought  # xAI does not include thinking in its completion count, as its total shows
    return counts.usage(
        input_tokens=read,
        output_tokens=written,
        cache_read_tokens=_first(counts, (*_CACHED, *_CACHED_BESIDE)),
        cache_write_tokens=_first(counts, (*_STORED, *_STORED_BESIDE)),
        reasoning_tokens=thought,
    )


def _first(counts: Counts, paths: Iterable[tuple[str, ...]]) -> int | None:
    """The first count that is not zero, else a zero; `None` if none is reported."""
    found = [count for path in paths if (count := counts(*path)) is not None]
    return next(filter(None, found), found[0] if found else None)


def cost_in(usage: Mapping[str, object] | None) -> Decimal | None:
    """The cost of the call in US dollars as OpenRouter reports it; `None` if it does not."""
    told = (usage or {}).get("cost")
    if not isinstance(told, int | float | str):
        return None
    try:
        cost = Decimal(str(told))
    except InvalidOperation:
        return None
    return cost if cost.is_finite() and cost >= 0 else None
