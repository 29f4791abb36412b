"""Token counts as vendors send them -> `Usage`, without trusting a single number.

Owns the hygiene of docs/design/metrics.md#usage: a count is an integer from 0 to 10^9 or it is unknown; a part
larger than its total is unknown, and so is a sum with an impossible part. Each adapter says which
field is which.
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
    """Reads counts out of a vendor's usage object (a mapping or an SDK model), noting impossible ones."""

    def __init__(self, usage: object) -> None:
        self._usage = usage
        self._impossible = 0

    def __call__(self, *path: str) -> int | None:
        """The count at `path`; `None` where absent, null or impossible."""
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
        """The sum of counts that the vendor keeps apart; `None` where it or one of them is impossible, or none told."""
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
        """The inclusive `Usage`; `None` when nothing usable was reported."""
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
        """`usage_invalid` if any count read so far was impossible; ask after `usage`."""
        return ("usage_invalid",) if self._impossible else ()

    def _part(self, part: int | None, total: int | None) -> int | None:
        if part is not None and total is not None and part > total:
            self._impossible += 1
            return None
        return part


def _is_whole(value: object) -> bool:
    """Whether it is an integer as JSON knows them: `12` and `12.0`, but no text of digits."""
    return type(value) is int or (isinstance(value, float) and value.is_integer())


class Tally:
    """The usage objects of one stream, which are cumulative: zeros and nulls do not replace what was counted before."""

    def __init__(self) -> None:
        self._last: object = None
        self._before: Mapping[str, object] = {}
        """What had been counted before the last one, where that counts less."""

    def add(self, usage: object) -> None:
        """One more, if it is any."""
        if usage:
            if self._last is not None and not _counts_all(usage, self._last):
                self._before = self.value or {}
            self._last = usage

    @property
    def value(self) -> Mapping[str, object] | None:
        """All of them in one, as sent; `None` where none was."""
        return None if self._last is None else _merged(self._before, as_raw(self._last) or {})


def _counts_all(later: object, earlier: object) -> bool:
    """Whether `later` counts all that `earlier` counts, so that nothing of it need be kept; nearly always."""
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
    """`later`, but where it counts nothing what `earlier` counted; all of `earlier`, where it counts nothing at all."""
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
    """Takes counts that are no integers out of a stream: an SDK that checks types refuses the answer for them."""

    def __init__(self, *names: str, holding: str | None = None) -> None:
        """`names` of counts; `holding` is the one that holds them."""
        self._names, self._holding = frozenset(names), holding
        counts = rb'"(?:%b)"\s*:(?!\s*(?:-?\d+\s*[,}]|null))' % "|".join(names).encode()
        holder = rb'|"%b"\s*:(?!\s*(?:null|\{))' % holding.encode() if holding else b""
        self._suspect = re.compile(counts + holder)

    def taken_from(self, document: bytes) -> bytes:
        """The JSON `document` without them. They are noted in the running exchange, for the adapter to read."""
        if not self._suspect.search(document):
            return document
        try:
            return json.dumps(json.loads(document, object_hook=self._spare)).encode()
        except (ValueError, RecursionError):
            return document  # not JSON: the SDK says so better

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
    """What `OddCounts` took out of the running exchange, under the vendor's names."""
    seen = exchange.get()
    return seen.odd_counts if seen else {}


def as_raw(usage: object) -> Mapping[str, object] | None:
    """The vendor's usage object as sent, only the fields that were set; what JSON cannot hold (NaN) as text."""
    dump: Callable[..., dict[str, object]] | None = getattr(usage, "model_dump", None)
    fields: object = dump(exclude_unset=True, by_alias=False, warnings=False) if dump else usage
    return cast(Mapping[str, object], _plain(cast(object, fields))) if isinstance(fields, Mapping) else None


def _plain(value: object) -> object:
    if value is None or type(value) in (int, str, bool):  # nearly always
        return value
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in cast(Mapping[str, object], value).items()}
    if isinstance(value, list):
        return [_plain(item) for item in cast(list[object], value)]
    if isinstance(value, Enum):
        return value.value
    return json.dumps(value) if isinstance(value, float) and not isfinite(value) else value
