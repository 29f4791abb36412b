"""Who may do what: the table itself, and that whatever does it asks the table."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from prompts.record.rights import OPERATOR, RULES, Act, Actor, NotAllowedError, check, imported, known_as, owns, refusal

ADA, BOB, CHIEF = Actor("ada", admin=False), Actor("bob", admin=False), Actor("eve", admin=True)
TEAMS = Path(__file__).parents[3] / "docs" / "teams.md"
WHO = {"everybody": "everybody", "own": "whoever it belongs to, and administrators", "admins": "administrators"}


def test_every_act_has_one_rule():
    assert set(RULES) == set(get_args(Act))


def test_the_documentation_shows_the_same_table():
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", TEAMS.read_text("utf-8"), re.MULTILINE)
    assert dict(rows[1:]) == {act: WHO[rule] for act, rule in RULES.items()}


@pytest.mark.parametrize("act", RULES)
@pytest.mark.parametrize("owner", ["ada", "bob", "", None, imported("bob", "ada"), imported("ada", "bob")])
def test_administrators_and_whoever_runs_the_program_may_do_everything(act: Act, owner: str | None):
    assert refusal(CHIEF, act, owner) is None
    assert refusal(OPERATOR, act, owner) is None


@pytest.mark.parametrize("act", [act for act, rule in RULES.items() if rule == "own"])
def test_members_may_do_it_with_what_is_theirs(act: Act):
    assert refusal(ADA, act, "ada") is None
    assert refusal(ADA, act, imported("bob", "ada")) is None  # she has brought it in
    for owner in ("bob", imported("ada", "bob"), "Ada", "ada ", "", None):
        with pytest.raises(NotAllowedError, match="only"):
            check(ADA, act, owner)


@pytest.mark.parametrize("act", [act for act, rule in RULES.items() if rule == "admins"])
def test_members_may_not_do_what_is_about_everybody(act: Act):
    with pytest.raises(NotAllowedError, match=f"Only an administrator may {act}"):
        check(ADA, act, "ada")


@pytest.mark.parametrize(
    "person",
    ["ann", "Bob", "bob ", "bo\u0301b", "ann\u202e", "ann\u200b", "ann\n\n", "ann (imported by eve)", "", "  ", None],
)
def test_what_a_file_says_of_others_stands_under_a_name_that_says_who_brought_it(person: str | None):
    named = known_as(person, "bob")
    assert named is not None
    assert re.fullmatch(r"\S+( \S+)* \(imported by bob\)", named)
    assert named.isprintable()
    assert known_as(named, "bob") == named, "twice changes nothing"


@pytest.mark.parametrize("forged", ["ann\n(imported by bob)", f"ann{' ' * 150}(imported by bob)", "(imported by bob)"])
def test_a_name_that_pretends_to_be_imported_is_made_one(forged: str):
    assert known_as(forged, "bob") in ("ann (imported by bob)", "Somebody (imported by bob)")


def test_ones_own_name_stays_and_all_do_where_nobody_logs_in():
    assert known_as("bob", "bob") == "bob"
    assert known_as("ann", "") == "ann"


def test_nobody_owns_anything_without_a_login():
    assert not owns(Actor("", admin=False), "")
    assert not owns(Actor("", admin=False), imported("bob", ""))
