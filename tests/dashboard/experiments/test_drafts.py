"""Drafts: found by their id, as they were put last, and never without bound."""

from __future__ import annotations

from dashboard.experiments.case_grid import EMPTY
from dashboard.experiments.drafts import MOST, PREFIX, Draft, Drafts, Held
from prompts.experiments.plan import Plan


def draft(name: str) -> Draft:
    return Draft(Plan(name, (), EMPTY, ()))


def test_a_draft_is_found_as_it_was_put_last() -> None:
    held = Drafts()
    first, second = held.new(draft("a"), "ada"), held.new(draft("b"), "ada")
    assert first.startswith(PREFIX)
    assert first != second
    held.put(first, draft("c"), "ada")
    assert (held.find(first), held.find(second)) == (Held(draft("c"), "ada"), Held(draft("b"), "ada"))
    held.drop(first, "ada")
    assert held.find(first) is None


def test_nobody_changes_or_forgets_what_is_another_s() -> None:
    held = Drafts()
    hers = held.new(draft("hers"), "ada")
    held.put(hers, draft("his now"), "bob")
    held.drop(hers, "bob")
    assert held.find(hers) == Held(draft("hers"), "ada")


def test_the_oldest_go_when_there_are_very_many() -> None:
    held = Drafts()
    first = held.new(draft("first"), "")
    others = [held.new(draft(str(n)), "") for n in range(MOST)]
    assert held.find(first) is None
    assert held.find(others[0]) == Held(draft("0"), "")
