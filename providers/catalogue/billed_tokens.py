"""The tokens of one completion, split by what has its own price: fresh, cached, cached for an hour, audio, images,
thinking.

Pure. Owns where each vendor reports the split in its usage object. Makes no guesses: what is not reported separately
counts as text, and if the split of the cached part by kind is not reported, that is marked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, cast

from providers.interface import Usage

Kind = Literal["audio", "image", "video"]
KINDS: tuple[Kind, ...] = ("audio", "image", "video")


@dataclass(frozen=True, slots=True)
class BilledTokens:
    """Counts that add up to the totals in `Usage`: every part is a subset, none is counted twice."""

    input: int
    """All tokens read."""
    output: int
    """All tokens generated."""
    cache_read: int = 0
    cache_write: int = 0
    """Tokens written into the cache, for any time."""
    cache_write_1h: int = 0
    """How many of these are to be kept for an hour."""
    reasoning: int = 0
    read: Mapping[Kind, int] = field(default_factory=dict[Kind, int])
    """Input tokens of audio, images and video."""
    read_cached: Mapping[Kind, int] = field(default_factory=dict[Kind, int])
    """How many of these came from the cache."""
    written: Mapping[Kind, int] = field(default_factory=dict[Kind, int])
    """Output tokens of audio, images and video."""
    cached_kinds_told: bool = True
    """`False` if part of the input was cached and part was not text, and it is not reported how the two overlap."""
    web_searches: int = 0

    @property
    def as_pictures(self) -> BilledTokens:
        """The same with all output counted as images, unless the vendor reports a split."""
        return self if self.written else replace(self, written={"image": self.output})


def billed(usage: Usage, raw: Mapping[str, object] | None) -> BilledTokens | None:
    """The split of `usage`, as far as it is reported in `raw`, the vendor's own usage object.

    `None` if a total is unknown or the counts contradict each other.
    """
    if usage.input_tokens is None or usage.output_tokens is None:
        return None
    told = raw or {}
    cached, wrote = usage.cache_read_tokens or 0, usage.cache_write_tokens or 0
    read = _kinds(told, _READ)
    read_cached, kinds_told = _cached(told, read, cached)
    found = BilledTokens(
        usage.input_tokens, usage.output_tokens, cached, wrote,
        min(_count(told, "cache_creation", "ephemeral_1h_input_tokens"), wrote), usage.reasoning_tokens or 0,
        read, read_cached, _kinds(told, _WRITTEN), kinds_told, _count(told, "server_tool_use", "web_search_requests"),
    )  # fmt: skip
    fresh = sum(read.values()) - sum(read_cached.values())
    fits = cached + wrote + fresh <= found.input and sum(read_cached.values()) <= cached
    return found if fits and sum(found.written.values()) <= found.output else None


def _cached(told: Mapping[str, object], read: Mapping[Kind, int], cached: int) -> tuple[dict[Kind, int], bool]:
    """Cached tokens by kind, and whether they are reported;
    if not, the highest possible counts, as cached ones are cheaper."""
    known = _kinds(told, _CACHED)
    if known or not cached or not read:
        return known, True
    left = cached
    for kind, count in read.items():
        known[kind] = min(count, left)
        left -= known[kind]
    return known, False


_READ = ("prompt_tokens_details", "input_tokens_details", "tool_use_prompt_tokens_details")
_CACHED = ("cache_tokens_details", "cached_tokens_details")
_WRITTEN = ("completion_tokens_details", "output_tokens_details", "candidates_tokens_details")


def _kinds(told: Mapping[str, object], places: tuple[str, ...]) -> dict[Kind, int]:
    """Tokens by kind: Google has a list, OpenAI and compatible hosts a field for each."""
    found: dict[Kind, int] = {}
    for place in places:
        split = told.get(place) or (_inside(told, *_READ) if place == "cached_tokens_details" else None)
        for kind in KINDS:
            count = _listed(cast(list[object], split), kind) if isinstance(split, list) else _field(split, kind)
            if count:
                found[kind] = found.get(kind, 0) + count
    return found


def _inside(told: Mapping[str, object], *places: str) -> object:
    """OpenAI's split of the cached part is nested inside that of the input."""
    nested = (cast(Mapping[str, object], told[place]) for place in places if isinstance(told.get(place), Mapping))
    return next((found for split in nested if (found := split.get("cached_tokens_details"))), None)


def _listed(split: list[object], kind: Kind) -> int:
    rows = [cast(Mapping[str, object], row) for row in split if isinstance(row, Mapping)]
    return sum(
        _whole(row.get("token_count", row.get("tokenCount")))
        for row in rows
        if str(row.get("modality", "")).rpartition(".")[2].lower() == kind
    )


def _field(split: object, kind: Kind) -> int:
    return _whole(cast(Mapping[str, object], split).get(f"{kind}_tokens")) if isinstance(split, Mapping) else 0


def _count(told: Mapping[str, object], place: str, name: str) -> int:
    inside = told.get(place)
    return _whole(cast(Mapping[str, object], inside).get(name)) if isinstance(inside, Mapping) else 0


def _whole(value: object) -> int:
    return value if type(value) is int and value > 0 else 0
