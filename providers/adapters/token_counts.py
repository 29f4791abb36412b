"""Reads token counts under the names that vendors, hosts and gateways give them, in whatever format they come. Pure.

Owns where they are, and which counts include others: Anthropic's and Amazon's input leaves out the cache, Google's
output the thinking.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from providers.catalogue.reported_cost import amount
from providers.interface import Usage
from providers.measuring.usage import Counts

PLACES = ("usage", "usageMetadata", "usage_metadata", "token_usage")
"""Fields in which a document has its counts."""
_READ = (
    ("prompt_tokens",), ("promptTokens",),
    ("input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens"),
    ("inputTokens", "cacheReadInputTokens", "cacheWriteInputTokens"),
    ("inputTokenCount", "cacheReadInputTokenCount", "cacheWriteInputTokenCount"),
    ("promptTokenCount", "toolUsePromptTokenCount"), ("prompt_token_count", "tool_use_prompt_token_count"),
    ("cache_n", "prompt_n"),  # of llama.cpp's timings
)  # fmt: skip
"""Names of counts whose sum is what was read. Without the first of them the sum is not known."""
WRITTEN = (
    ("completion_tokens",), ("output_tokens",), ("completionTokens",), ("outputTokens",), ("outputTokenCount",),
    ("candidatesTokenCount", "thoughtsTokenCount"), ("candidates_token_count", "thoughts_token_count"),
    ("predicted_n",),
)  # fmt: skip
"""Names of counts whose sum is what was written."""
_DETAILS = ("prompt_tokens_details", "input_tokens_details")
_CACHED = (
    *((details, "cached_tokens") for details in _DETAILS),
    ("prompt_cache_hit_tokens",), ("cached_tokens",), ("num_cached_tokens",), ("cache_n",),
    ("cache_read_input_tokens",), ("cacheReadInputTokens",), ("cacheReadInputTokenCount",),
    ("cachedContentTokenCount",), ("cached_content_token_count",),
)  # fmt: skip
_STORED = (
    *((details, name) for details in _DETAILS for name in ("cache_write_tokens", "cache_creation_tokens")),
    ("cache_creation_input_tokens",),
    ("cacheWriteInputTokens",),
    ("cacheWriteInputTokenCount",),
)
_THOUGHT = (
    ("completion_tokens_details", "reasoning_tokens"), ("output_tokens_details", "reasoning_tokens"),
    ("output_tokens_details", "thinking_tokens"), ("thoughtsTokenCount",), ("thoughts_token_count",),
)  # fmt: skip


def counted_in(document: Mapping[str, object]) -> object:
    """The usage object in a document, under any of its names; `None` if there is none, or an empty one."""
    return next((told for name in PLACES if (told := document.get(name))), None)


def usage_in(counts: Counts) -> Usage | None:
    """Our counts, under whatever names they are."""
    there = counts.names  # a handful of all that are known
    read = _first(counts.total(*names) for names in _READ if names[0] in there)
    written = _first(counts.total(*names) for names in WRITTEN if not there.isdisjoint(names))
    cached, stored, thought = (
        _first(counts(*path) for path in paths if path[0] in there) for paths in (_CACHED, _STORED, _THOUGHT)
    )
    if thought is None and (told := counts("reasoning_tokens")) is not None and told <= (written or 0):
        thought = told  # Perplexity's may exceed what it counts as written, and then is not part of it
    elif thought and read is not None and written is not None and counts("total_tokens") == read + written + thought:
        written += thought  # xAI does not include thinking in its completion count, as its total shows
    return counts.usage(
        input_tokens=read, output_tokens=written, cache_read_tokens=cached, cache_write_tokens=stored,
        reasoning_tokens=thought,
    )  # fmt: skip


def _first(counts: Iterable[int | None]) -> int | None:
    """The first count that is not zero, else a zero; `None` if none is reported."""
    found = [count for count in counts if count is not None]
    return next(filter(None, found), found[0] if found else None)


def cost_in(usage: Mapping[str, object] | None) -> Decimal | None:
    """The cost of the call in US dollars as OpenRouter reports it; `None` if it does not."""
    return amount((usage or {}).get("cost"))
