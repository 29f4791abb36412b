"""`[team]`: who the administrators are, and how much each person may have under way."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from providers.config.team_rules import TeamRules, team_rules
from providers.config.toml_files import ConfigurationError

FILE = Path("collate.toml")


def test_nothing_is_set_by_itself() -> None:
    assert team_rules({}, FILE) == TeamRules()
    assert not TeamRules().is_admin("")


def test_what_is_set_is_followed() -> None:
    rules = team_rules({"team": {"admins": [" Ada@Example.com "], "calls_per_person": 8, "calls_per_session": 1}}, FILE)
    assert rules == TeamRules(("Ada@Example.com",), 8, 1)
    assert team_rules({"team": {"usd_per_day": 0.1}}, FILE).usd_per_day == Decimal("0.1")
    assert rules.is_admin("ada@example.COM")
    assert not rules.is_admin("bob@example.com")


@pytest.mark.parametrize("row", [
    {"admins": "ada"}, {"admins": [1]}, {"admins": [""]}, {"admins": [["ada"]]}, {"admin": ["ada"]},
    {"calls_per_person": 0}, {"calls_per_person": True}, {"calls_per_person": "8"}, {"calls_per_session": 1001},
    {"usd_per_day": 0}, {"usd_per_day": "5"}, {"usd_per_day": True}, {"usd_per_day": float("nan")}, "ada",
])  # fmt: skip
def test_a_mistake_is_named_and_makes_nobody_an_administrator(row: Any) -> None:
    with pytest.raises(ConfigurationError, match="team"):
        team_rules({"team": row}, FILE)
