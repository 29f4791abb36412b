"""Whether what somebody asked for may go on being sent to them, and whose it is: decided by `logins.py`, asked by
whatever sends.

Pure. Where nobody has decided anything, everybody is admitted and nobody told from another: then no login is asked
for at all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from starlette.requests import HTTPConnection

IN_SCOPE = "collate.visitor"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whoever has sent a request."""

    who: str = ""
    """Another one for each login; empty: none is asked for."""
    admitted: Callable[[], bool] = lambda: True
    """Whether they are still let in: to be asked again and again while something is sent."""


def visitor_of(request: HTTPConnection) -> Visitor:
    """Who asks."""
    return request.scope.get(IN_SCOPE, Visitor())


def still_admitted(request: HTTPConnection) -> Callable[[], bool]:
    """Whether whoever asks is still let in."""
    return visitor_of(request).admitted


def who_is(login: Sequence[str]) -> str:
    """A login in one word, of no use to whoever reads it."""
    return hashlib.sha256(" ".join(login).encode()).hexdigest() if login else ""
