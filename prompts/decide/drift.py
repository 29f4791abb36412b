"""What changed between an experiment and its repetition: pass rate, speed, answers, price, what served it.

Prices and fingerprints are facts. All other changes are tested, for all models together (Holm, at 4 %), and called
certain only if two consecutive repetitions show the same: one alone errs in up to 4 of 100. Answers are compared only
where an earlier case has several of them, as otherwise it is not known how much they vary anyway. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations
from math import comb
from random import Random

from prompts.analysis.rerun_changes import served
from prompts.analysis.statistics.paired import PLANNED_ALPHA, holm
from prompts.analysis.statistics.time_verdicts import Meeting, Times, judge
from prompts.core import format as text_of
from prompts.decide.pool import Asked, Pool, Pooled, pool
from prompts.decide.watch_store import Moved
from prompts.experiments.comparison import compare
from providers.completion import Completion

DRAWS = 999
"""The number of random permutations in the test of answers."""


Case = tuple[tuple[str, str], ...]
"""(column, text) pairs that identify a case, whatever its place in an experiment."""


@dataclass(frozen=True, slots=True)
class _Pair:
    """One model then and now: its completions for each case that both sides asked."""

    name: str
    target: str
    then: tuple[Sequence[Completion], ...]
    now: tuple[Sequence[Completion], ...]


def moved(before: Sequence[Asked], after: Asked, last: Sequence[Moved] = ()) -> tuple[Moved, ...]:
    """Changes beyond chance. `before`: the experiment, then its earlier repetitions; `last`: what the previous one
    showed.

    Pass rates and speed are compared with the original experiment, answers with all of `before`.
    """
    now = pool([after])
    pairs, whole = list(_pairs(pool(before[:1]), now)), list(_pairs(pool(before), now))
    seen = [*_passes(before[0], after), *_speed(pairs), *_answers(whole)]
    known = {(each.target, each.what) for each in last}
    tested = [replace(each, confirmed=(each.target, each.what) in known) for each in seen]
    return (*tested, *(fact for pair in pairs for fact in _facts(pair)))


def _pairs(then: Pool, now: Pool) -> Iterator[_Pair]:
    for each in now.models:
        if (old := then.of(each.name)) is not None:
            before, after = _done(then, old), _done(now, each)
            both = [case for case in after if case in before]
            yield _Pair(
                each.name, str(each.target), tuple(before[case] for case in both), tuple(after[case] for case in both)
            )  # fmt: skip


def _done(whole: Pool, model: Pooled) -> Mapping[Case, list[Completion]]:
    """A model's answers by case, without those that were taken from the record rather than asked."""
    found: dict[Case, list[Completion]] = {}
    for texts, cells in zip(whole.cases, model.answers, strict=True):
        done = [c.completion for c in cells if c.answered and c.completion is not None and c.taken_from is None]
        found.setdefault(tuple(sorted(texts.items())), []).extend(done)
    return found


def _passes(before: Asked, after: Asked) -> Iterator[Moved]:
    for change in compare(before, after).sides:
        if change.verdict.kind == "better":
            plan = after[0].plan
            target = str(plan.targets[plan.sides[change.after][0]])
            what = "passes less" if change.verdict.pair[0] % 2 == 0 else "passes more"
            yield Moved(target, what, change.verdict.sentence, confirmed=False)


def _speed(pairs: Sequence[_Pair]) -> Iterator[Moved]:
    meetings = [
        Meeting((2 * n, 2 * n + 1), (f"{p.name} before", f"{p.name} now"), _seconds(p.then), _seconds(p.now))
        for n, p in enumerate(pairs)
    ]
    for pair, verdict in zip(pairs, judge(meetings, Times()), strict=True):
        if verdict.kind == "better":
            what = "slower" if verdict.pair[0] % 2 == 0 else "faster"
            yield Moved(pair.target, what, verdict.sentence, confirmed=False)


def _seconds(cases: Sequence[Sequence[Completion]]) -> list[list[float]]:
    return [[d for each in case if (d := each.timings.duration_s) is not None] for case in cases]


def _answers(pairs: Sequence[_Pair]) -> Iterator[Moved]:
    """Models whose answers differ from earlier ones more than the earlier ones differ among themselves."""
    tested: list[tuple[str, str, float, int]] = []
    for pair in pairs:
        cases = [
            ([each.text.strip() for each in then], [each.text.strip() for each in now])
            for then, now in zip(pair.then, pair.now, strict=True)
            if len(then) > 1 and now
        ]
        if cases:
            tested.append((pair.name, pair.target, permutation(cases), len(cases)))
    for (name, target, _, cases), p in zip(tested, holm([each[2] for each in tested]), strict=True):
        if p <= PLANNED_ALPHA:
            said = f"{name} answers differently than before, over {text_of.number_of(cases, 'case')} that have repeats."
            yield Moved(target, "answers", said, confirmed=False)


def permutation(cases: Sequence[tuple[Sequence[str], Sequence[str]]]) -> float:
    """The p-value of a permutation test: how often chance alone sets new answers as far apart from earlier ones.

    Under the null hypothesis all answers to a case are exchangeable, so they are permuted; the random seed is fixed.
    """
    random, seen = Random(0), sum(_apart(then, now) for then, now in cases)
    drawn = [_draws(then, now, random) for then, now in cases]
    return (1 + sum(total >= seen - 1e-9 for total in map(sum, zip(*drawn, strict=True)))) / (DRAWS + 1)


def _draws(then: Sequence[str], now: Sequence[str], random: Random) -> list[float]:
    """The distance between two random groups of one case's answers, `DRAWS` times.

    If there are few ways to form the groups, each is computed once and drawn from.
    """
    every, size = [*then, *now], len(then)
    if comb(len(every), size) <= DRAWS:
        places = range(len(every))
        ways = [set(chosen) for chosen in combinations(places, size)]
        apart = [_apart([every[n] for n in way], [every[n] for n in places if n not in way]) for way in ways]
        return random.choices(apart, k=DRAWS)
    deals = (random.sample(every, len(every)) for _ in range(DRAWS))
    return [_apart(deal[:size], deal[size:]) for deal in deals]


def _apart(then: Sequence[str], now: Sequence[str]) -> float:
    """The share of unequal pairs between the two sides, minus that within `then`."""
    within = [a != b for a, b in combinations(then, 2)]
    between = [a != b for a in then for b in now]
    return sum(between) / len(between) - sum(within) / len(within)


def _facts(pair: _Pair) -> Iterator[Moved]:
    then, now = ([each for case in side for each in case] for side in (pair.then, pair.now))
    if then and now and served(then, now).state == "moved":
        told = "; ".join(f"{what} {a} then, {b} now" for what, a, b in served(then, now).told if a != b)
        yield Moved(pair.target, "fingerprint", f"{pair.name} is served by something else: {told}.", confirmed=True)
    old, new = _prices(then), _prices(now)
    if changed := [what for what in old if what in new and old[what] != new[what]]:
        said = ", ".join(
            f"{what} {text_of.unit_price(old[what])} then, {text_of.unit_price(new[what])} now" for what in changed
        )
        yield Moved(
            pair.target, "price", f"The price of {pair.name} changed: {said}, per million tokens.", confirmed=True
        )


def _prices(done: Sequence[Completion]) -> Mapping[str, Decimal]:
    """Unit prices by what they are for, from the newest receipt that has any."""
    for each in sorted(done, key=lambda completion: completion.started_at, reverse=True):
        if found := {line.what: line.price for line in each.cost.lines if line.price is not None}:
            return found
    return {}
