"""A provider that answers nothing: since when, and whether it is still worth waiting for.

A moment passes by itself, an hour does not: then its models are asked no more until somebody resumes them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from providers.errors import Failure, Kind

PATIENCE_S, NEVER_REACHED_S = 600.0, 60.0
"""How long it is waited for, and how long for an address where nothing ever answered: it may be wrong."""
FEWEST = 3
"""So often in a row it must have been tried: a provider that asks for an hour is not given up after the first."""
_AWAY: frozenset[Kind] = frozenset({"connection", "timeout"})
_SAYS: dict[Kind, str] = {
    "rate_limit": "Limits the rate: goes on", "overloaded": "Is overloaded: tried again",
    "connection": "Cannot be reached: tried again", "timeout": "Cannot be reached: tried again",
    "server": "Fails on its side: tried again",
}  # fmt: skip


@dataclass(eq=False, slots=True)
class Outage:
    """Of one provider in this process; there is none while `tries` is 0."""

    clock: Callable[[], float]
    tries: int = 0
    """In a row that brought nothing; those of one moment are one."""
    _since: float = 0.0
    _last: Failure | None = None
    _reached: bool = False

    def over(self) -> None:
        """It has answered, if only to say no."""
        self.tries, self._reached = 0, True

    def goes_on(self, failure: Failure, *, anew: bool) -> None:
        """One more call brought nothing; `anew`: it was sent after the last one that counted had failed."""
        if not self.tries:
            self._since = self.clock()
        self.tries += anew or not self.tries
        self._last, self._reached = failure, self._reached or failure.kind not in _AWAY

    def hope(self) -> None:
        """Somebody wants it asked again: patience begins anew."""
        self.tries = 0

    @property
    def lasting(self) -> bool:
        """Whether it is more than a moment's refusal."""
        return self.tries >= FEWEST

    @property
    def hopeless(self) -> bool:
        """Whether it has lasted too long."""
        patience = PATIENCE_S if self._reached else NEVER_REACHED_S
        return self.lasting and self.clock() - self._since >= patience

    @property
    def says(self) -> str:
        """What is wrong and what follows, up to a time: `Is overloaded: tried again`."""
        return _SAYS.get(self._last.kind, _SAYS["rate_limit"]) if self._last else _SAYS["rate_limit"]

    def reason(self, name: str) -> str:
        """Why it is asked no more, in a sentence."""
        minutes = round((self.clock() - self._since) / 60)
        told = self._last.message.rstrip(". ") if self._last else ""
        return f"{name} has answered nothing for {minutes} min, tried {self.tries} times: {told}."
