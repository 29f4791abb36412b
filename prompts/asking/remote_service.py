"""A service of the asking process as if it were here: the same methods, carried out there."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, TypeVar, cast

from prompts.asking.remote_runs import Caller

T = TypeVar("T")
Wait = Callable[[Coroutine[Any, Any, Any]], Any]


def remote(kind: type[T], name: str, caller: Caller, wait: Wait) -> T:
    """The service `name` of class `kind`.

    What is awaited here is awaited there. Any other method blocks until it is done there; `wait` carries a coroutine
    out on the caller's event loop, for a thread that is not the loop's.
    """
    return cast(T, _Remote(kind, name, caller, wait))


class _Remote:
    def __init__(self, kind: type, name: str, caller: Caller, wait: Wait) -> None:
        self._kind, self._name, self._caller, self._wait = kind, name, caller, wait

    def __getattr__(self, method: str) -> Any:
        found = getattr(self._kind, method)
        if inspect.isasyncgenfunction(found):
            return partial(self._caller.each, self._name, method)
        call = partial(self._caller.call, self._name, method)
        return call if inspect.iscoroutinefunction(found) else partial(self._done, call)

    def _done(self, call: Callable[..., Coroutine[Any, Any, Any]], *arguments: Any, **named: Any) -> Any:
        return self._wait(call(*arguments, **named))
