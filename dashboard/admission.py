"""Who sent a request, from where, and whether they may still receive data: decided by `logins.py`, asked by every route
that sends.

Pure. Where no login is configured, everybody is admitted and all visitors count as the same one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import ip_address

from starlette.requests import HTTPConnection

IN_SCOPE = "collate.visitor"
_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")


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


def is_here(request: HTTPConnection) -> bool:
    """Whether a program on this computer sent it: behind a proxy every request seems to, so none counts that names
    one."""
    if any(name in request.headers for name in _FORWARDED):
        return False
    try:
        return request.client is not None and ip_address(request.client.host).is_loopback
    except ValueError:
        return False
