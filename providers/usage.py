"""Token counts as vendors send them -> `Usage`, without trusting a single number.

Owns the hygiene of design.md 4: a count is an integer from 0 to 10^9 or it is unknown; a part
larger than its total is unknown. Each adapter says which field is which.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from providers.interface import Flag, Usage

_LARGEST = 10**9


class Counts:
    """Reads counts out of a vendor's usage object (a mapping or an SDK model), noting impossible ones."""

    def __init__(self, usage: object) -> None:
        self._usage = usage
        self._invalid = False

    def __call__(self, *path: str) -> int | None:
        """The count at `path`; `None` where absent, null or impossible."""
        value: Any = self._usage
        for name in path:
            mapping = isinstance(value, Mapping)
            value = cast(Mapping[str, Any], value).get(name) if mapping else getattr(value, name, None)
        if value is None:
            return None
        if type(value) is not int or not 0 <= value <= _LARGEST:
            self._invalid = True
            return None
        return value

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
        return ("usage_invalid",) if self._invalid else ()

    def _part(self, part: int | None, total: int | None) -> int | None:
        if part is not None and total is not None and part > total:
            self._invalid = True
            return None
        return part


def plus(total: int | None, *parts: int | None) -> int | None:
    """`total` with the parts that a vendor keeps outside of it; unknown when the total is."""
    return None if total is None else total + sum(part or 0 for part in parts)


def as_raw(usage: object) -> Mapping[str, object] | None:
    """The vendor's usage object as plain JSON values, as sent: only the fields that were set."""
    if isinstance(usage, Mapping):
        return cast(Mapping[str, object], usage)
    dump: Callable[..., dict[str, object]] | None = getattr(usage, "model_dump", None)
    return dump(mode="json", exclude_unset=True, by_alias=False, warnings=False) if dump else None
