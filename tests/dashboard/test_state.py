"""What a session holds: the keys that somebody typed in it."""

from __future__ import annotations

import pytest

from dashboard import state
from providers.config.connections import PRESETS


def test_a_typed_key_is_the_sessions_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        state.st, "session_state", {f"{state.KEY}openai": " sk-mine-0123456789 ", f"{state.KEY}groq": " "}
    )
    base = {name: PRESETS[name] for name in ("openai", "anthropic", "groq")}
    mine = state.own_connections(base)
    assert mine["openai"].usable
    assert not base["openai"].usable
    assert (mine["anthropic"], mine["groq"]) == (base["anthropic"], base["groq"])
    assert "mine" not in repr(mine)
