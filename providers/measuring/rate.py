"""How fast an answer was written: the window over which a rate is taken, and when there is none.

Owns the rule in docs/design/metrics.md. What the first read brought was written before we looked, so its characters
open the window and are not counted in it; tokens are split in the same proportion. Pure: instants are passed in as
numbers.
"""

from __future__ import annotations

from dataclasses import dataclass, field

WINDOW_S = 0.2
"""The shortest window in seconds; our own clock may be some 10 ms late at either end."""
GAPS = 8
"""The fewest waits of equal length that the window must be equivalent to: a burst that is read in two parts, the
first left out and the second counted, raises a rate by at most one part in so many."""
TOKENS = 10
"""The fewest tokens in the window: vendors count an end mark or two that have no text."""
OPENING_S = 0.001
"""What arrives within so many seconds of waiting after the first read was sent together with it."""


@dataclass(slots=True)
class Window:
    """The arrivals of one kind of text, added up. Instants and waits are readings of one clock, in seconds."""

    opened: float | None = None
    """When the opening read had arrived; `None` before any."""
    closed: float | None = None
    """When the last read arrived."""
    size: int = 0
    """Characters in all reads."""
    opening: int = 0
    """How many of them arrived until `opened`."""
    listened_s: float = 0.0
    """How much of the window was spent waiting for the network, rather than processing."""
    _squares: float = field(default=0.0, repr=False)
    _began: float = field(default=0.0, repr=False)
    _waited: float = field(default=0.0, repr=False)

    def take(self, characters: int, arrived: float, waited: float) -> None:
        """Add one piece. `waited` is the total waiting since the request, up to the read that brought it."""
        self.size += characters
        if self.opened is None:
            self._began = waited
        if waited - self._began < OPENING_S:
            self.opening, self.opened = self.size, arrived
        else:
            gap = waited - self._waited
            self.listened_s += gap
            self._squares += gap * gap
        self._waited, self.closed = waited, arrived

    @property
    def length_s(self) -> float:
        """Seconds from the opening to the last read; 0.0 while there is nothing between them."""
        return 0.0 if self.opened is None or self.closed is None else self.closed - self.opened

    @property
    def gaps(self) -> float:
        """The equivalent number of equal waits (inverse participation ratio):
        n for n equal ones, 1 if one took nearly all the time."""
        return self.listened_s**2 / self._squares if self._squares else 0.0

    @property
    def characters(self) -> int:
        """Characters that arrived within the window."""
        return self.size - self.opening

    def tokens(self, counted: int) -> float:
        """How many of `counted` tokens arrived within the window, in proportion to characters."""
        return counted * self.characters / self.size if self.size else 0.0

    def holds_a_rate(self, pause_s: float) -> bool:
        """Whether it is long enough, has enough reads, and was listened to. `pause_s`: the longest pause of our
        process.

        If we hardly ever waited, everything had arrived before we came to read it.
        """
        listened = self.was_attended(pause_s) and self.listened_s >= self.length_s / 4
        return self.length_s >= WINDOW_S and listened and self.gaps >= GAPS

    def was_attended(self, pause_s: float) -> bool:
        """Whether we ran for most of it: what piles up during a pause arrives at once."""
        return self.length_s > 2 * pause_s
