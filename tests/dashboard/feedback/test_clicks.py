"""A click counts as heard when its work is done."""

from __future__ import annotations

import pytest

from dashboard import state
from dashboard.answer_grid.feedback_wire import Wish
from dashboard.feedback import clicks
from prompts.core.targets import Target
from tests.runs import started


class BrokenOff(BaseException):
    """As Streamlit breaks a callback off."""


class Says:
    """Of one run; what it writes is counted, and broken off at first."""

    run = started("Why?", [Target("builtin", "ngram-2")])

    def __init__(self) -> None:
        self.written = 0

    def now(self) -> dict[str, object]:
        return {}

    def say(self, *_: object) -> None:
        self.written += 1
        if self.written == 1:
            raise BrokenOff


def test_a_click_that_was_broken_off_is_followed_when_it_is_told_again(monkeypatch: pytest.MonkeyPatch) -> None:
    session: dict[str, object] = {}
    monkeypatch.setattr(clicks.st, "session_state", session)
    says, wish = Says(), Wish(7, 0, "thumb", 1)
    with pytest.raises(BrokenOff):
        clicks._follow(says, says.run.answers, wish)  # type: ignore[arg-type]
    assert session.get(state.MARKS_HEARD, 0) == 0
    for _ in range(2):  # told twice more, it is followed once
        clicks._follow(says, says.run.answers, wish)  # type: ignore[arg-type]
    assert (says.written, session[state.MARKS_HEARD]) == (2, 7)
