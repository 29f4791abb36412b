"""What the other calls of this process mean for the times of one.

The first call to an address pays for what later ones find ready, and models on one machine share its processor: two at
once slow each other, and both say so.
"""

from __future__ import annotations

from providers.interface import Provider
from providers.network.machines import machine_of

_called: set[tuple[str, str]] = set()
_local_now: set[OtherCalls] = set()


class OtherCalls:
    """As one call sees them."""

    def __init__(self, provider: Provider) -> None:
        self._provider, self._machine = provider, ""
        self.contended = False
        """Whether another one was asked on the same machine meanwhile."""

    def begin(self) -> None:
        """It is about to be sent."""
        if not self._provider.local:
            return
        self._machine = machine_of(self._provider.endpoint)
        for other in _local_now:
            if other._machine == self._machine:
                other.contended = self.contended = True
        _local_now.add(self)

    def end(self) -> None:
        """It is over."""
        _local_now.discard(self)

    def none_before(self) -> bool:
        """Whether it is the first to its address; from now on another is not."""
        caller = self._provider.name, self._provider.endpoint
        first = caller not in _called
        _called.add(caller)
        return first
