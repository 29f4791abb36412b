"""Suggests a second model that covers what the first does worst. Pure.

Counts cases and says how many: the first model's failures are few, and some of them are chance.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from prompts.core import format as text_of
from prompts.decide.candidate import Candidate
from prompts.decide.pool import Pool, Pooled

MOST_GROUPS = 12
"""A column splits the cases into groups if it has at most so many different texts."""
FEWEST = 3
"""Smaller groups, or fewer failures, are ignored."""


@dataclass(frozen=True, slots=True)
class Second:
    """The model suggested beside the first."""

    first: str
    name: str | None
    """`None` if none is suggested; `sentence` says why."""
    sentence: str
    weak: str = ""
    """A sentence on where the first is weakest; empty if nowhere in particular."""


def second(first: str, shortlist: Sequence[Candidate], pool: Pool) -> Second | None:
    """The model on the shortlist that passes most of the cases that `first` fails;
    `None` if `first` was not checked."""
    one = pool.of(first)
    if one is None or one.rate.interval is None:
        return None
    failed = [n for n, tally in enumerate(one.tallies) if tally.answered and 2 * tally.passed < tally.answered]
    weak = _weakest(pool, one)
    if len(failed) < FEWEST:
        count = "no case" if not failed else f"only {text_of.number_of(len(failed), 'case')}"
        return Second(first, None, f"{first} fails {count}: too few to choose a second one by.", weak)
    covers: list[tuple[int, int, str]] = []
    for each in shortlist:
        other = pool.of(each.name)
        if other is None or each.name == first:
            continue
        both = [tally for n, tally in enumerate(other.tallies) if n in failed and tally.answered]
        covers.append((sum(2 * t.passed > t.answered for t in both), len(both), each.name))
    best = max(covers, default=(0, 0, ""), key=lambda found: (found[0], -found[1]))
    if not best[0]:
        return Second(first, None, f"No other on the shortlist passes what {first} fails ({len(failed)} cases).", weak)
    passed, asked, name = best
    of = f"{passed} of the {len(failed)} cases" if asked == len(failed) else f"{passed} of {asked} asked cases"
    return Second(
        first, name, f"Beside {first}, know {name}: it passes {of} that {first} fails. Some of that is chance.", weak
    )


def _weakest(pool: Pool, one: Pooled) -> str:
    """The group of cases with the lowest pass rate, as a sentence, if it is clearly below the rest; else empty."""
    worst: tuple[float, str] | None = None
    rate = one.rate
    for column in dict.fromkeys(name for case in pool.cases for name in case):
        groups: defaultdict[str, list[int]] = defaultdict(list)
        for n, case in enumerate(pool.cases):
            if case.get(column) and one.tallies[n].answered:
                groups[case[column]].append(n)
        if not 1 < len(groups) <= MOST_GROUPS:
            continue
        for value, places in groups.items():
            passed = sum(one.tallies[n].share for n in places)
            share = passed / len(places)
            if len(places) >= FEWEST and rate.interval and share < rate.interval.low:
                said = f"Weakest of {one.name}: {column} “{value[:40]}”, {passed:g} of {len(places)} passed."
                worst = min(filter(None, (worst, (share, said))))
    return worst[1] if worst else ""
