"""A provider that does not answer: for how long, and whether to keep waiting for it.

A short outage passes by itself; after a long one its models are not asked any more until somebody resumes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from providers.errors import Failure, Kind

PATIENCE_S, NEVER_REACHED_S = 600.0, 60.0
"""How long to wait in seconds for a provider, and for an address that never answered: that may be wrong."""
FEWEST = 3
"""Waiting ends only after so many tries in a row: one that asks for an hour's wait is not given up after the first."""
_AWAY: frozenset[Kind] = frozenset({"connection", "timeout"})
_SAYS: dict[Kind, str] = {
    "rate_limit": "Its rate limit is reached: continues", "overloaded": "Is overloaded: tried again",
    "connection": "Cannot be reached: tried again", "timeout": "Cannot be reached: tried again",
    "server": "Fails on its side: tried again",
}  # fmt: skip


@dataclass(eq=False, slots=True)
class Outage:
    """The outage of one provider in this process; there is none while `tries` is 0."""

    clock: Callable[[], float]
    tries: int = 0
    """Failed tries in a row; calls that fail together count as one."""
    _since: float = 0.0
    _last: Failure | None = None
    _reached: bool = False

    def over(self) -> None:
        """The provider has answered, even if with a refusal."""
        self.tries, self._reached = 0, True

    def goes_on(self, failure: Failure, *, anew: bool) -> None:
        """One more call failed. `anew`: it was sent after the last failure that was counted."""
        if not self.tries:
            self._since = self.clock()
        self.tries += anew or not self.tries
        self._last, self._reached = failure, self._reached or failure.kind not in _AWAY

    def hope(self) -> None:
        """Somebody resumes asking: start waiting from the beginning."""
        self.tries = 0

    @property
    def lasting(self) -> bool:
        """Whether it is more than a short refusal."""
        return self.tries >= FEWEST

    @property
    def hopeless(self) -> bool:
        """Whether it has lasted too long to keep waiting."""
        patience = PATIENCE_S if self._reached else NEVER_REACHED_S
        return self.lasting and self.clock() - self._since >= patience

    @property
    def says(self) -> str:
        """What is wrong and what follows, without the time: `Is overloaded: tried again`."""
        return _SAYS.get(self._last.kind, _SAYS["rate_limit"]) if self._last else _SAYS["rate_limit"]

    def reason(self, name: str) -> str:
        """Why it is not asked any more, in a sentence."""
        minutes = round((self.clock() - self._since) / 60)
        told = self._last.message.rstrip(". ") if self._last else ""
        return f"{name} has not answered for {minutes} min, tried {self.tries} times: {told}."
