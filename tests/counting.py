"""How much work a function does, counted and not timed: the same on every machine, and on a busy one too.

Counts the calls of functions, built-in ones included. What happens inside one call of a regular expression or of a
sort is not seen; that is measured by `tests/benchmarks/growth.py`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType


def calls(work: Callable[[], object]) -> int:
    """How many functions `work` calls, and those call, in this thread."""
    counted = 0

    def note(_frame: FrameType, event: str, _of: object) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return counted
