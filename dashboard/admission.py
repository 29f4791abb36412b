"""Who sent a request, and whether they may still receive data: decided by `logins.py`, asked by every route that sends.

Pure. Where no login is configured, everybody is admitted and all visitors count as the same one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from starlette.requests import HTTPConnection

IN_SCOPE = "collate.visitor"


@dataclass(frozen=True, slots=True)
class Visitor:
    """The person behind a request, as far as their login tells."""

    who: str = ""
    """Differs for each login; empty where no login is configured."""
    admitted: Callable[[], bool] = lambda: True
    """Whether they are still let in. Ask again and again while sending, since a login can end in the middle."""


def visitor_of(request: HTTPConnection) -> Visitor:
    """The visitor that `logins.py` has put into the request; a `Visitor()` without a login where it put none."""
    return request.scope.get(IN_SCOPE, Visitor())


def still_admitted(request: HTTPConnection) -> Callable[[], bool]:
    """A function that says whether the sender of `request` is still let in; see `Visitor.admitted`."""
    return visitor_of(request).admitted


def who_is(login: Sequence[str]) -> str:
    """A login as one hash, from which nobody can read whose it is; empty for no login."""
    return hashlib.sha256(" ".join(login).encode()).hexdigest() if login else ""
