"""How other calls of this process affect the times of one.

The first call to an address is slower, as it prepares what later ones reuse. Models on one machine share its processor:
two at once slow each other down, and both are marked.
"""

from __future__ import annotations

from providers.interface import Provider
from providers.network.machines import machine_of

_called: set[tuple[str, str]] = set()
_local_now: set[OtherCalls] = set()


class OtherCalls:
    """The other calls, as seen by one call."""

    def __init__(self, provider: Provider) -> None:
        self._provider, self._machine = provider, ""
        self.contended = False
        """Whether another call to the same machine was in progress meanwhile."""

    def begin(self) -> None:
        """Note that the call is about to be sent."""
        if not self._provider.local:
            return
        self._machine = machine_of(self._provider.endpoint)
        for other in _local_now:
            if other._machine == self._machine:
                other.contended = self.contended = True
        _local_now.add(self)

    def end(self) -> None:
        """Note that the call is over."""
        _local_now.discard(self)

    def none_before(self) -> bool:
        """Whether it is the first call to its address; later calls are not."""
        caller = self._provider.name, self._provider.endpoint
        first = caller not in _called
        _called.add(caller)
        return first
