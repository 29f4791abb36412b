"""Limits that hold for all processes together: how many at once, how many a minute, and what a refusal taught."""

from __future__ import annotations

from bisect import bisect_left
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from prompts.experiments import admission
from prompts.experiments.admission import Limits, ShutError, account_of, admit
from prompts.record.database import writing
from prompts.record.experiment_tables import gates
from providers.config.connections import PRESETS, Connection

HOST = Connection("lab", "openai", "Lab", "https://lab.example.com/v1", needs_key=False)
NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)


@pytest.fixture
def now(monkeypatch):
    """The database's clock, set by the test."""
    times = [NOON]
    monkeypatch.setattr(admission.clock, "now", lambda _: times[-1])
    return times


@pytest.mark.parametrize("per_minute", [1, 6, 60, 500])
def test_never_more_in_any_minute_and_most_of_them_used(engine, now, per_minute):
    sent: list[datetime] = []
    with writing(engine).begin() as connection:
        while now[-1] < NOON + timedelta(minutes=10):
            try:
                admit(connection, HOST, Limits(per_minute=per_minute))()
                sent.append(now[-1])
            except ShutError as exc:
                now.append(now[-1] + timedelta(seconds=exc.wait_s))
    assert sent == sorted(sent)
    for n, at in enumerate(sent):
        assert bisect_left(sent, at + timedelta(minutes=1)) - n <= per_minute
    assert len(sent) >= 0.85 * 10 * per_minute


def test_a_provider_without_limits_costs_no_row(engine):
    with writing(engine).begin() as connection:
        admit(connection, HOST, Limits())()
        assert connection.execute(gates.select()).all() == []


def test_after_a_refusal_nobody_sends_until_it_is_over(engine, now):
    with writing(engine).begin() as connection:
        connection.execute(gates.insert(), {
            "provider": "lab", "account": account_of(HOST), "at_once": 4, "learnt_from": "slow down",
            "changed_at": NOON, "shut_until": NOON + timedelta(seconds=7),
        })  # fmt: skip
        with pytest.raises(ShutError, match="counting everybody: continues in 7 s") as refused:
            admit(connection, HOST, Limits())()
        assert refused.value.wait_s == 7
        now.append(NOON + timedelta(seconds=7))
        admit(connection, HOST, Limits())()


def test_the_waits_of_a_limit_grow_evenly(engine, now):
    waits: list[float] = []
    with writing(engine).begin() as connection:
        admit(connection, HOST, Limits(per_minute=6))()
        for _ in range(3):
            with pytest.raises(ShutError) as refused:
                admit(connection, HOST, Limits(per_minute=6))()
            waits.append(refused.value.wait_s)
            now.append(now[-1] + timedelta(seconds=3))
    assert [a - b for a, b in pairwise(waits)] == pytest.approx([3, 3])


def test_the_same_address_is_another_account_on_another_computer():
    ollama = PRESETS["ollama"]
    assert admission.leases.HOST in account_of(ollama)
    assert account_of(HOST) == "https://lab.example.com/v1"


def test_a_clock_that_is_set_back_makes_nobody_wait_longer_than_was_told(engine, now):
    """Nor does it let anybody through before: what was told counts from then."""
    with writing(engine).begin() as connection:
        connection.execute(gates.insert(), {
            "provider": "lab", "account": account_of(HOST), "at_once": 4, "learnt_from": "slow down",
            "changed_at": NOON, "shut_until": NOON + timedelta(seconds=7),
        })  # fmt: skip
        now.append(NOON - timedelta(hours=1))
        for left_s in (7, 3):
            with pytest.raises(ShutError) as refused:
                admit(connection, HOST, Limits())
            assert refused.value.wait_s == left_s
            now.append(now[-1] + timedelta(seconds=4))
        admit(connection, HOST, Limits())()


@pytest.mark.parametrize("hours", [1, -1])
@pytest.mark.parametrize("per_minute", [1, 60])
def test_a_limit_a_minute_outlives_a_clock_that_is_set(engine, now, per_minute, hours):
    with writing(engine).begin() as connection:
        for _ in range(max(1, per_minute // 10)):
            admit(connection, HOST, Limits(per_minute=per_minute))()
        now.append(now[-1] + timedelta(hours=hours))
        waited_s = 0.0
        try:
            admit(connection, HOST, Limits(per_minute=per_minute))()
        except ShutError as exc:
            waited_s = exc.wait_s
            now.append(now[-1] + timedelta(seconds=waited_s))
            admit(connection, HOST, Limits(per_minute=per_minute))()
    assert waited_s <= 61
