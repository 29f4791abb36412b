"""When to stop asking a target that only fails, so that a wrong key does not fail ten thousand cells one by one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from providers.completion import Completion
from providers.errors import Kind

ACCESS: frozenset[Kind] = frozenset(
    {"missing_key", "auth", "permission", "quota", "not_found", "tls", "redirect", "local_unavailable"}
)
"""Errors of the key or the address, which would affect every further call too."""
AT_ACCESS, AT_ANY = 3, 10
"""A target is halted after so many failures in a row: of these kinds, or of any kind."""


@dataclass(eq=False, slots=True)
class Halts:
    """Which targets are no longer asked, and why."""

    reasons: dict[int, str] = field(default_factory=dict[int, str])
    _row: dict[int, int] = field(default_factory=dict[int, int])

    @property
    def said(self) -> str:
        """All reasons, each once."""
        return " ".join(dict.fromkeys(self.reasons.values()))

    def give_up(self, targets: Iterable[int], reason: str) -> None:
        """Stop asking these targets."""
        for target in targets:
            self.reasons.setdefault(target, reason)

    def note(self, target: int, name: str, done: Completion) -> None:
        """Take note of how one call ended."""
        if done.error is None or done.state not in ("failed", "unknown"):
            self._row[target] = 0
            return
        self._row[target] = row = self._row.get(target, 0) + 1
        if row >= (AT_ACCESS if done.error.kind in ACCESS else AT_ANY):
            told = done.error.next_step(provider=done.provider, model=done.model, endpoint=done.endpoint)
            self.reasons[target] = f"{name} failed {row} times in a row: {done.error.message.rstrip('. ')}. {told}"
