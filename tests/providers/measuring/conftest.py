"""A clock that stands still, and providers that nobody called before."""

from __future__ import annotations

import pytest

from providers.measuring import other_calls
from tests.stepped import SteppedClock


@pytest.fixture
def nobody_called_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(other_calls, "_called", set())


@pytest.fixture
def still(clock: SteppedClock) -> SteppedClock:
    """The time of the loop: no machine is so slow that a deadline passes, or that the loop seems to have paused."""
    return clock
