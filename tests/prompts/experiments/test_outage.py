"""How long a provider that answers nothing is waited for."""

from __future__ import annotations

import pytest

from prompts.experiments.outage import NEVER_REACHED_S, PATIENCE_S, Outage
from providers.errors import failure

REFUSED = failure("connection", "no connection: refused")
BUSY = failure("overloaded", "too many people")


class Steps:
    """A clock that goes on when told."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Steps:
    return Steps()


def test_it_is_hopeless_after_ten_minutes_and_an_address_where_nobody_ever_answered_after_one(clock: Steps) -> None:
    for failed, patience in ((BUSY, PATIENCE_S), (REFUSED, NEVER_REACHED_S)):
        outage = Outage(clock)
        for _ in range(3):
            outage.goes_on(failed, anew=True)
        clock.now += patience - 1
        assert not outage.hopeless
        clock.now += 1
        assert outage.hopeless


def test_a_host_that_once_answered_is_waited_for_as_long_as_any(clock: Steps) -> None:
    outage = Outage(clock)
    outage.over()
    for _ in range(3):
        outage.goes_on(REFUSED, anew=True)
    clock.now += NEVER_REACHED_S
    assert not outage.hopeless


def test_an_hour_that_a_provider_asked_for_is_no_reason_to_give_it_up_after_the_first_refusal(clock: Steps) -> None:
    outage = Outage(clock)
    for _ in range(16):
        outage.goes_on(BUSY, anew=False)  # all of one moment
    clock.now += 3_600
    outage.goes_on(BUSY, anew=True)
    assert not outage.hopeless
    outage.goes_on(BUSY, anew=True)
    assert outage.hopeless
    assert outage.reason("near") == "near has not answered for 60 min, tried 3 times: too many people."


def test_an_answer_and_whoever_resumes_it_begin_patience_anew(clock: Steps) -> None:
    outage = Outage(clock)
    for ends in (outage.over, outage.hope):
        for _ in range(3):
            outage.goes_on(BUSY, anew=True)
        clock.now += PATIENCE_S
        assert outage.hopeless
        ends()
        outage.goes_on(BUSY, anew=True)
        assert not outage.hopeless
