"""How long calls to one provider or machine take under its limits: calls at once, per minute, and waiting times.

Pure. The limits are those set by people, and those reported by the provider or learnt from refusals.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from prompts.core import format as text_of

MINUTE_S = 60.0
BURST = 10
"""This fraction (1/n) of a minute's calls may go at once, the rest follow evenly: as `admission` lets them through."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A limit per minute."""

    amount: int
    of: Literal["call", "token"] = "call"
    own: bool = True
    """Whether the provider reported it; else people set it."""

    def amount_of(self, work: Work) -> float:
        """How much of `work` counts towards this limit: calls or tokens."""
        return work.calls if self.of == "call" else work.tokens

    def seconds(self, work: Work) -> float:
        """How long `work` takes under this limit."""
        return max(0.0, self.amount_of(work) - self.amount // BURST) * MINUTE_S / max(1, self.amount)

    @property
    def said(self) -> str:
        """In words: `its own limit of 60 calls a minute`."""
        whose = "its own limit" if self.own else "the limit set here"
        return f"{whose} of {text_of.number_of(self.amount, self.of)} a minute"


def told_rates(calls: int | None, tokens: int | None) -> tuple[Rate, ...]:
    """The limits per minute that a provider reported; `None`: not reported."""
    return (*([Rate(calls)] if calls else ()), *([Rate(tokens, "token")] if tokens else ()))


@dataclass(frozen=True, slots=True)
class Work:
    """A number of calls, and what they amount to."""

    calls: int
    busy_s: float
    """Seconds that they take one after another."""
    tokens: float = 0.0
    """Tokens that they read and write; 0 if not known."""

    @classmethod
    def of(cls, parts: Iterable[Work]) -> Work:
        """The sum of several."""
        found = list(parts)
        return cls(*(sum(getattr(part, name) for part in found) for name in ("calls", "busy_s", "tokens")))


@dataclass(frozen=True, slots=True)
class Throughput:
    """The present limits of one provider, for everybody here who asks it."""

    at_once: int
    """Calls at the same time."""
    now: int | None = None
    """How many of these are allowed at present after a refusal, plus one each minute. `None`: all of them."""
    rates: tuple[Rate, ...] = ()
    wait_s: float = 0.0
    """Nothing is sent before so many seconds have passed."""

    def seconds(self, work: Work) -> float:
        """How long `work` takes."""
        if not work.calls:
            return 0.0
        return self.wait_s + max(self._turns_s(work), *(seconds for seconds, _ in self._rated(work)), 0.0)

    def left_s(self, calls: int, per_s: float | None, of_all: Work) -> float | None:
        """Seconds until `calls` more calls are over, at their present speed; `None` if that is not known.

        `of_all`: the work left for all models of the provider, which share its limits.
        """
        if not per_s:
            return None
        limited = (rate.amount_of(of_all) * MINUTE_S / max(1, rate.amount) for rate in self.rates)
        return self.wait_s + max(calls / per_s, *limited, 0.0)

    def after(self, seconds: float) -> Throughput:
        """The limits after so many seconds have passed."""
        return replace(self, wait_s=max(0.0, self.wait_s - seconds))

    def decides(self, work: Work) -> str:
        """The limit per minute that determines how long `work` takes; empty if none does."""
        slowest = max(self._rated(work), default=(0.0, ""), key=lambda each: each[0])
        return slowest[1] if slowest[0] > self._turns_s(work) else ""

    @property
    def says(self) -> str:
        """In words: `16 at once`, `4 at once since it refused (one more each minute, up to 16)`."""
        now = self.at_once if self.now is None else min(self.now, self.at_once)
        said = "one at a time" if self.at_once == 1 else f"{now} at once"
        slower = f" since it refused (one more each minute, up to {self.at_once})" if now < self.at_once else ""
        limits = "".join(f", {rate.said}" for rate in self.rates)
        waits = f", and nothing for the next {text_of.rough_time(self.wait_s)}" if self.wait_s >= 1 else ""
        return said + slower + limits + waits

    def _rated(self, work: Work) -> list[tuple[float, str]]:
        return [(rate.seconds(work), rate.said) for rate in self.rates]

    def _turns_s(self, work: Work) -> float:
        left, passed = work.busy_s, 0.0
        for at_once in range(max(1, self.at_once if self.now is None else self.now), self.at_once):
            if left <= at_once * MINUTE_S:
                return max(passed + left / at_once, work.busy_s / work.calls)
            left, passed = left - at_once * MINUTE_S, passed + MINUTE_S
        return max(passed + left / self.at_once, work.busy_s / work.calls)
