"""How long the rest takes: said once it means something, at the speed of the last seconds."""

from __future__ import annotations

import pytest

from prompts.core.format import time_left
from prompts.core.speed import Speed, TimeLeft


class Steps:
    """A clock that goes on when told."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_nothing_is_said_before_it_means_something_and_nothing_at_the_end() -> None:
    clock = Steps()
    work = TimeLeft(clock, 1_000)
    clock.now = 2.0
    assert work.said(100) == ""
    clock.now = 4.0
    assert work.said(200) == ", about 15 s left"
    clock.now = 20.0
    assert work.said(1_000) == ""


def test_work_that_never_moves_has_no_end_in_sight() -> None:
    clock = Steps()
    work = TimeLeft(clock)
    clock.now = 60.0
    assert work.said(0.0) == ""


def test_the_speed_is_that_of_the_last_seconds() -> None:
    speed = Speed(clock := Steps(), window_s=10)
    for second in range(31):
        clock.now = float(second)
        speed.mark(100 * second if second <= 15 else 1_500 + (second - 15))
    assert speed.per_s() == pytest.approx(1.0)
    assert speed.left_s(60) == pytest.approx(60.0)
    clock.now = 100.0
    assert speed.per_s() is None, "nothing was marked lately"
    assert speed.per_s(until_last=True) == pytest.approx(1.0)
    assert Speed(clock).per_s(until_last=True) is None


def test_what_is_told_a_thousand_times_a_second_is_remembered_as_long() -> None:
    speed = Speed(clock := Steps(), window_s=10)
    for tick in range(20_001):
        clock.now = tick / 1_000
        speed.mark(tick)
    assert speed.per_s() == pytest.approx(1_000, rel=0.02)
    assert len(speed._marks) <= 210


def test_what_begins_anew_is_no_negative_speed() -> None:
    speed = Speed(clock := Steps())
    speed.mark(50)
    clock.now = 5.0
    speed.mark(10)
    assert (speed.per_s(), speed.left_s(40)) == (0.0, None)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (None, ""), (0.4, ""), (4.2, "about 4 s left"), (37.0, "about 35 s left"), (119.0, "about 2 min left"),
        (6_420.0, "about 1 h 47 min left"),
    ],
)  # fmt: skip
def test_a_guess_is_said_as_one(seconds: float | None, said: str) -> None:
    assert time_left(seconds) == said
