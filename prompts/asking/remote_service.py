"""Makes a service of the asking process look local: an object with the same methods, which run there."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, TypeVar, cast

from prompts.asking.remote_runs import Caller

T = TypeVar("T")
Wait = Callable[[Coroutine[Any, Any, Any]], Any]


def remote(kind: type[T], name: str, caller: Caller, wait: Wait) -> T:
    """A stand-in for the service `name`, which is of class `kind`.

    Coroutines are awaited. Other methods block until they have run there; `wait` runs a coroutine on the caller's event
    loop on behalf of another thread.
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
