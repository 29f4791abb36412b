"""Doing the same from many threads, which are switched as often as Python can."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from tests.patience import PATIENCE_S

_OFTEN_S = 1e-6


def together(work: Callable[[int], object], threads: int = 8) -> None:
    """Call `work` with the number of each of so many threads, which begin at once. Raises what one raises."""
    begin = threading.Barrier(threads, timeout=PATIENCE_S)

    def one(number: int) -> object:
        begin.wait()
        return work(number)

    with _switched_often(), ThreadPoolExecutor(threads) as pool:
        for _ in pool.map(one, range(threads)):
            pass


@contextmanager
def _switched_often() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(_OFTEN_S)
    try:
        yield
    finally:
        sys.setswitchinterval(before)
