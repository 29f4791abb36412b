"""Whether what somebody asked for may go on being sent to them: decided by `logins.py`, asked by whatever sends.

Pure. Where nobody has decided anything, everybody is admitted: then no login is asked for at all.
"""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import HTTPConnection

IN_SCOPE = "collate.admitted"


def still_admitted(request: HTTPConnection) -> Callable[[], bool]:
    """Whether whoever asks is still let in: to be asked again and again while something is sent."""
    return request.scope.get(IN_SCOPE, lambda: True)
