"""Turns token counts as vendors send them into `Usage`, without trusting a single number.

Owns the rules in docs/design/metrics.md#usage: a count is an integer from 0 to 10^9 or it is unknown; a part larger
than its total is unknown, and so is a sum with an impossible part. Each adapter says which field is which.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from enum import Enum
from math import isfinite
from typing import Any, cast

from providers.interface import Flag, Usage
from providers.network.exchange import exchange

_LARGEST = 10**9


class Counts:
    """Reads counts from a vendor's usage object (a mapping or an SDK model), noting impossible ones."""

    def __init__(self, usage: object) -> None:
        self._usage = usage
        self._impossible = 0
        told = cast(Mapping[str, object], usage).items() if isinstance(usage, Mapping) else ()
        self.names = frozenset(name for name, value in told if value is not None)
        """The names of what a mapping reports."""

    def __call__(self, *path: str) -> int | None:
        """The count at `path`; `None` if absent, null or impossible."""
        value: Any = self._usage
        for name in path:
            mapping = isinstance(value, Mapping)
            value = cast(Mapping[str, Any], value).get(name) if mapping else getattr(value, name, None)
        if value is None:
            return None
        if not _is_whole(value) or not 0 <= value <= _LARGEST:
            self._impossible += 1
            return None
        return int(value)

    def total(self, *names: str) -> int | None:
        """The sum of counts that the vendor reports separately;
        `None` if it or one of them is impossible, or if none is reported."""
        before = self._impossible
        told = [count for name in names if (count := self(name)) is not None]
        if sum(told) > _LARGEST:
            self._impossible += 1
        return sum(told) if told and self._impossible == before else None

    def usage(
        self,
        *,
        input_tokens: int | None,
        output_tokens: int | None,
        cache_read_tokens: int | None = None,
        cache_write_tokens: int | None = None,
        reasoning_tokens: int | None = None,
    ) -> Usage | None:
        """The inclusive `Usage`; `None` if nothing usable was reported."""
        if input_tokens is None and output_tokens is None:
            return None
        return Usage(
            input_tokens,
            output_tokens,
            self._part(cache_read_tokens, input_tokens),
            self._part(cache_write_tokens, input_tokens),
            self._part(reasoning_tokens, output_tokens),
        )

    @property
    def flags(self) -> tuple[Flag, ...]:
        """`usage_invalid` if any count read so far was impossible; to be asked after `usage`."""
        return ("usage_invalid",) if self._impossible else ()

    def _part(self, part: int | None, total: int | None) -> int | None:
        if part is not None and total is not None and part > total:
            self._impossible += 1
            return None
        return part


def _is_whole(value: object) -> bool:
    """Whether it is an integer in JSON: `12` and `12.0`, but not a text of digits."""
    return type(value) is int or (isinstance(value, float) and value.is_integer())


class Tally:
    """Merges the usage objects of one stream, which are cumulative: zeros and nulls do not replace earlier counts."""

    def __init__(self) -> None:
        self._last: object = None
        self._before: Mapping[str, object] = {}
        """Earlier counts that the last object does not have."""

    def add(self, usage: object) -> None:
        """Add one more usage object, if it is not empty."""
        if usage:
            if self._last is not None and not _counts_all(usage, self._last):
                self._before = self.value or {}
            self._last = usage

    @property
    def value(self) -> Mapping[str, object] | None:
        """All of them merged, as sent; `None` if there was none."""
        return None if self._last is None else _merged(self._before, as_raw(self._last) or {})


def _counts_all(later: object, earlier: object) -> bool:
    """Whether `later` has all counts of `earlier`, so that the latter need not be kept; the usual case."""
    if not isinstance(later, Mapping) or not isinstance(earlier, Mapping):
        return False
    counted = cast(Mapping[str, object], later)
    for name, value in cast(Mapping[str, object], earlier).items():
        if value:
            now = counted.get(name)
            if not now or (isinstance(value, Mapping) and not _counts_all(now, cast(object, value))):
                return False
    return True


def _merged(earlier: Mapping[str, object], later: Mapping[str, object]) -> Mapping[str, object]:
    """`later`, with counts from `earlier` where it has none; `earlier` if it has no counts at all."""
    nothing = not any(isinstance(value, int | float | str) and value for value in later.values())
    told = {name: value for name, value in later.items() if value or (value not in (None, 0) and name not in earlier)}
    kept = {**earlier, **told} if nothing else dict(later)
    for name, value in later.items():
        before = earlier.get(name)
        if isinstance(before, Mapping) and isinstance(value, Mapping):
            kept[name] = _merged(cast(Mapping[str, object], before), cast(Mapping[str, object], value))
        elif value in (None, 0) and before is not None:
            kept[name] = before
    return kept


class OddCounts:
    """Removes counts that are not integers from a stream, as an SDK that checks types would refuse the answer."""

    def __init__(self, *names: str, holding: str | None = None) -> None:
        """`names` of counts; `holding` is the name of the object that contains them."""
        self._names, self._holding = frozenset(names), holding
        counts = rb'"(?:%b)"\s*:(?!\s*(?:-?\d+\s*[,}]|null))' % "|".join(names).encode()
        holder = rb'|"%b"\s*:(?!\s*(?:null|\{))' % holding.encode() if holding else b""
        self._suspect = re.compile(counts + holder)

    def taken_from(self, document: bytes) -> bytes:
        """The JSON `document` without them. They are noted in the current exchange, for the adapter to read."""
        if not self._suspect.search(document):
            return document
        try:
            return json.dumps(json.loads(document, object_hook=self._spare)).encode()
        except (ValueError, RecursionError):
            return document  # not JSON: the SDK gives the better error

    def _spare(self, fields: dict[str, object]) -> dict[str, object]:
        odd = {
            name: value
            for name, value in fields.items()
            if (name in self._names and value is not None and not _is_whole(value))
            or (name == self._holding and not isinstance(value, dict | None))
        }
        if odd and (seen := exchange.get()):
            seen.odd_counts |= odd
        return {name: value for name, value in fields.items() if name not in odd}


def odd_counts() -> Mapping[str, object]:
    """What `OddCounts` removed from the current exchange, under the vendor's names."""
    seen = exchange.get()
    return seen.odd_counts if seen else {}


def as_raw(usage: object) -> Mapping[str, object] | None:
    """The vendor's usage object as sent, with only the fields that were set; what JSON cannot hold (NaN) as text."""
    dump: Callable[..., dict[str, object]] | None = getattr(usage, "model_dump", None)
    fields: object = dump(exclude_unset=True, by_alias=False, warnings=False) if dump else usage
    return cast(Mapping[str, object], _plain(cast(object, fields))) if isinstance(fields, Mapping) else None


def _plain(value: object) -> object:
    if value is None or type(value) in (int, str, bool):  # the usual case
        return value
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in cast(Mapping[str, object], value).items()}
    if isinstance(value, list):
        return [_plain(item) for item in cast(list[object], value)]
    if isinstance(value, Enum):
        return value.value
    return json.dumps(value) if isinstance(value, float) and not isfinite(value) else value
