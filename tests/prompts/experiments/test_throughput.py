"""How long calls take under the limits of a provider, before they are sent and while they go on."""

from __future__ import annotations

import pytest

from prompts.experiments.throughput import Rate, Throughput, Work


def test_calls_share_the_places_and_none_is_faster_than_itself() -> None:
    assert Throughput(10).seconds(Work(100, 200.0)) == 20
    assert Throughput(10).seconds(Work(2, 6.0)) == 3
    assert Throughput(10, wait_s=99).seconds(Work(0, 0.0)) == 0


def test_after_a_refusal_one_more_goes_at_once_each_minute() -> None:
    recovering = Throughput(3, 1)
    assert recovering.seconds(Work(60, 60.0)) == 60
    assert recovering.seconds(Work(180, 180.0)) == 120
    assert recovering.seconds(Work(240, 240.0)) == 140


@pytest.mark.parametrize(
    ("allowed", "decides"),
    [
        (Throughput(1, rates=(Rate(600),)), ""),
        (Throughput(99, rates=(Rate(60), Rate(30, own=False))), "the limit set here of 30 calls a minute"),
        (Throughput(99), ""),
    ],
)
def test_the_limit_that_decides_is_named(allowed: Throughput, decides: str) -> None:
    assert allowed.decides(Work(100, 100.0)) == decides


@pytest.mark.parametrize(
    ("allowed", "left_s"),
    [
        (Throughput(16), 50),
        (Throughput(16, wait_s=3_600), 3_650),
        (Throughput(16, rates=(Rate(60),)), 300),
        (Throughput(16, rates=(Rate(60_000, "token"),)), 50),
        (Throughput(16, rates=(Rate(10_000, "token"),)), 180),
        (Throughput(16, rates=(Rate(60), Rate(10_000, "token"))), 300),
    ],
)
def test_what_is_left_goes_at_the_speed_of_now_but_not_before_the_wait_nor_faster_than_the_limit(
    allowed: Throughput, left_s: float
) -> None:
    everything = Work(300, 0.0, tokens=30_000)
    assert allowed.left_s(100, 2.0, everything) == left_s
    assert allowed.left_s(100, None, everything) is None
