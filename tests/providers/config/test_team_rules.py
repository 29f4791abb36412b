"""`[team]`: who the administrators are, and how much each person may have under way."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import tomli_w

from providers.config.team_rules import TeamRules, admins, limits
from providers.config.toml_files import ConfigurationError
from tests.providers.config.loading import loaded

FILE = Path("collate.toml")


def test_nothing_is_set_by_itself() -> None:
    assert (limits({}, FILE), admins({}, FILE)) == (TeamRules(), ())
    assert not TeamRules().is_admin("")


def test_what_is_set_is_followed() -> None:
    rows = {"team": {"admins": [" Ada@Example.com "], "calls_per_person": 8, "calls_per_session": 1}}
    rules = replace(limits(rows, FILE), admins=admins(rows, FILE))
    assert rules == TeamRules(("Ada@Example.com",), 8, 1)
    assert limits({"team": {"usd_per_day": 0.1}}, FILE).usd_per_day == Decimal("0.1")
    assert rules.is_admin("ada@example.COM")
    assert not rules.is_admin("bob@example.com")


@pytest.mark.parametrize("row", [
    {"admins": "ada"}, {"admins": [1]}, {"admins": [""]}, {"admins": [["ada"]]}, {"admin": ["ada"]}, "ada",
])  # fmt: skip
def test_a_mistake_is_named_and_makes_nobody_an_administrator(row: Any) -> None:
    with pytest.raises(ConfigurationError, match="team"):
        admins({"team": row}, FILE)


@pytest.mark.parametrize("row", [
    {"calls_per_person": 0}, {"calls_per_person": True}, {"calls_per_person": "8"}, {"calls_per_session": 1001},
    {"usd_per_day": 0}, {"usd_per_day": "5"}, {"usd_per_day": True}, {"usd_per_day": float("nan")}, "ada",
])  # fmt: skip
def test_a_limit_that_cannot_be_read_is_named_and_stops_every_host_until_it_is_known(row: Any, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="team"):
        limits({"team": row}, FILE)
    written = "team = 'ada'" if isinstance(row, str) else f"[team]\n{tomli_w.dumps(row)}"
    found = loaded(tmp_path, written, OPENAI_API_KEY="key-of-mine")
    assert [name for name, each in found.connections.items() if each.usable] == ["builtin"]
    assert found.connections["openai"].problem == found.mistakes[0]


def test_a_word_that_is_no_rule_leaves_the_limits_that_are(tmp_path: Path) -> None:
    found = loaded(tmp_path, "[team]\nadmin = ['ada']\nusd_per_day = 5", OPENAI_API_KEY="key-of-mine")
    assert "admin is not a setting. Did you mean 'admins'? Known: " in found.mistakes[0]
    assert (found.team, found.connections["openai"].usable) == (TeamRules(usd_per_day=Decimal(5)), True)
