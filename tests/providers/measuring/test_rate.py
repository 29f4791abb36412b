"""The window of a rate: what it counts, when it is refused, and how wrong it is, by simulation."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest

from providers.measuring.rate import GAPS, TOKENS, WINDOW_S, Window


def window(*reads: tuple[float, float, int]) -> Window:
    """Of reads given as (when it arrived, how long we had waited for it, characters)."""
    made, waited = Window(), 0.0
    for arrived, wait, characters in reads:
        waited += wait
        made.take(characters, arrived, waited)
    return made


def evenly(count: int, gap_s: float) -> Window:
    return window(*((number * gap_s, gap_s, 4) for number in range(count)))


def test_the_characters_of_the_first_read_open_the_window_and_take_their_tokens_with_them() -> None:
    made = window((1.0, 1.0, 30), (1.5, 0.5, 10), (2.0, 0.5, 20))
    assert (made.characters, made.length_s) == (30, 1.0)
    assert made.tokens(60) == 30.0


def test_what_had_piled_up_behind_the_first_read_opens_the_window_with_it() -> None:
    """A burst is read in several parts, with no waiting but for our own work between them."""
    made = window((1.0, 1.0, 30), (1.25, 0.0, 20), (1.5, 2.0**-12, 10), (2.5, 1.0, 40))
    assert (made.opened, made.characters, made.length_s) == (1.5, 40, 1.0)
    assert made.gaps == 1.0


def test_a_very_fast_stream_still_leaves_its_opening() -> None:
    made = evenly(4096, 2.0**-13)
    assert made.tokens(4096) / made.length_s == pytest.approx(8192, rel=0.001)
    assert made.holds_a_rate(0.0)


def test_equal_gaps_count_each_and_one_long_gap_counts_alone() -> None:
    assert evenly(9, 0.25).gaps == 8.0
    assert window((0.0, 0.0, 1), (0.125, 0.125, 1), (100.0, 99.875, 1)).gaps == pytest.approx(1.0, abs=0.01)
    assert Window().gaps == 0.0


def test_a_window_holds_a_rate_from_eight_gaps_and_a_fifth_of_a_second_on() -> None:
    assert evenly(GAPS + 1, 0.25).holds_a_rate(0.0)
    assert not evenly(GAPS, 0.25).holds_a_rate(0.0)
    assert not evenly(GAPS + 1, WINDOW_S / GAPS * 0.99).holds_a_rate(0.0)
    assert not Window().holds_a_rate(0.0)


def test_what_we_were_too_slow_to_read_holds_no_rate() -> None:
    """All of it was there; what lies between the reads is our own work, and tells of this computer."""
    assert not window(*((number * 0.25, 0.002, 4) for number in range(100))).holds_a_rate(0.0)


# How wrong is it? ----------------------------------------------------------------------------------------------------

Read = tuple[float, int]
Deliver = Callable[[random.Random, list[Read]], list[Read]]


def written(rng: random.Random, tokens: int, rate: float) -> list[Read]:
    """When each token was made, and its characters: uneven in both."""
    now, made = 0.0, list[Read]()
    for number in range(tokens):
        now += rng.gammavariate(2, 0.5 / rate) if number else 0.0
        made.append((now, max(1, int(rng.lognormvariate(1.3, 0.5)))))
    return made


def _grouped(tokens: list[Read], size: int) -> list[Read]:
    groups = [tokens[at : at + size] for at in range(0, len(tokens), size)]
    return [(group[-1][0], sum(size for _, size in group)) for group in groups]


def one_by_one(_: random.Random, tokens: list[Read]) -> list[Read]:
    return tokens


def in_fours(_: random.Random, tokens: list[Read]) -> list[Read]:
    return _grouped(tokens, 4)


def in_bursts(_: random.Random, tokens: list[Read]) -> list[Read]:
    """A gateway that hands on 16 KB at a time: some 66 events."""
    return _grouped(tokens, 66)


def by_a_timer(rng: random.Random, tokens: list[Read]) -> list[Read]:
    """A gateway that hands on what it has, ten times a second, and the rest at the end."""
    phase, sent = rng.random() / 10, dict[int, int]()
    for made, size in tokens:
        tick = int((made + phase) * 10) + 1
        sent[tick] = sent.get(tick, 0) + size
    return [(min(tick / 10 - phase, tokens[-1][0]), size) for tick, size in sent.items()]


def over_a_network(rng: random.Random, reads: Sequence[Read]) -> Window:
    """Each part comes late by some milliseconds, seldom by much more, large ones in several segments; then in order."""
    made, now = Window(), 0.0
    for sent, size in reads:
        late = rng.expovariate(1 / 0.004) + (rng.uniform(0.05, 0.8) if rng.random() < 0.01 else 0.0)
        now = max(now, sent + late)
        segments = 1 + size // 300
        for segment in range(segments):
            now += rng.choice((0.0001, 0.001, 0.01)) if segment else 0.0
            made.take(size // segments or 1, now, now)
    return made


@dataclass(frozen=True, slots=True)
class Simulated:
    """What became of many answers."""

    shown: int
    errors: list[float]
    """Of those shown: rate told / true rate - 1, smallest amount first."""


def simulate(deliver: Deliver, answers: int) -> Simulated:
    rng, errors = random.Random(20261128), list[float]()
    for _ in range(answers):
        rate, count = rng.choice((20, 60, 150, 500, 1500)), rng.choice((3, 8, 16, 40, 100, 300, 800))
        tokens = written(rng, count, rate)
        window = over_a_network(rng, deliver(rng, tokens))
        counted = window.tokens(count + rng.choice((0, 0, 1, 1, 2, 3)))  # end marks that have no text
        if counted >= TOKENS and window.holds_a_rate(0.0):
            truth = (count - 1) / (tokens[-1][0] - tokens[0][0])
            errors.append(counted / window.length_s / truth - 1)
    return Simulated(len(errors), sorted(errors, key=abs))


@pytest.mark.parametrize("deliver", [one_by_one, in_fours, by_a_timer, in_bursts])
def test_a_rate_that_is_told_is_nearly_always_right(deliver: Deliver) -> None:
    """Nine in ten within 10 %, 99 in 100 within 25 %, however the answer was delivered; most answers have one."""
    simulated = simulate(deliver, 1500)
    assert simulated.shown > 100
    assert abs(simulated.errors[int(0.90 * simulated.shown)]) < 0.10
    assert abs(simulated.errors[int(0.99 * simulated.shown)]) < 0.25
    assert max(simulated.errors) < 0.30
