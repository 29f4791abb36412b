"""What befalls our own process in the middle of an answer and may change nothing of it: rows for every provider.

Each is a context that gives what to call when half of the answer has left the server. What takes a process or a record
of its own (stopped, a slow or full disk) is in `tests/contract/test_strains.py`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from functools import partial

import pytest

from providers.measuring import measure
from tests.wire.dialects import Dialect
from tests.wire.every import large
from tests.wire.server import Reply

Befall = Callable[[], None]
_DAY_S = 86_400


@contextmanager
def spun() -> Iterator[Befall]:
    """A thread that never rests."""
    over, begun = threading.Event(), threading.Event()

    def spin() -> None:
        begun.wait()
        while not over.is_set():
            sum(range(1000))

    thread = threading.Thread(target=spin)
    thread.start()
    try:
        yield begun.set
    finally:
        over.set()
        begun.set()
        thread.join()


@contextmanager
def set_by(seconds: int) -> Iterator[Befall]:
    """The time of day is another one, for all that reads it; limits and times go by the clock that nobody sets."""
    jumps, now, today = [0], time.time, measure.utc_now
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(time, "time", lambda: now() + jumps[-1])
        patch.setattr(measure, "utc_now", lambda: today() + timedelta(seconds=jumps[-1]))
        yield lambda: jumps.append(seconds)


STRAINS: Mapping[str, Callable[[], AbstractContextManager[Befall]]] = {
    "a thread that never rests": spun,
    "a clock that is set forward": partial(set_by, _DAY_S),
    "a clock that is set back": partial(set_by, -_DAY_S),
}


async def in_halves(reply: Reply, dialect: Dialect, befall: Befall) -> None:
    """The whole answer, and what befalls us in its middle."""
    body = b"".join(large(dialect))
    half = len(body) // 2
    await reply.head(content_type=dialect.content_type)
    await reply.send(body[:half])
    befall()
    await reply.send(body[half:])
    await reply.end()
