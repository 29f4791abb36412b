"""Drafts: found by their id, as they were put last, and never without bound."""

from __future__ import annotations

from dashboard.experiments.case_grid import EMPTY
from dashboard.experiments.drafts import MOST, PREFIX, Draft, Drafts
from prompts.experiments.plan import Plan


def draft(name: str) -> Draft:
    return Draft(Plan(name, (), EMPTY, ()))


def test_a_draft_is_found_as_it_was_put_last() -> None:
    held = Drafts()
    first, second = held.new(draft("a")), held.new(draft("b"))
    assert first.startswith(PREFIX)
    assert first != second
    held.put(first, draft("c"))
    assert (held.find(first), held.find(second)) == (draft("c"), draft("b"))
    held.drop(first)
    assert held.find(first) is None


def test_the_oldest_go_when_there_are_very_many() -> None:
    held = Drafts()
    first = held.new(draft("first"))
    others = [held.new(draft(str(n))) for n in range(MOST)]
    assert held.find(first) is None
    assert held.find(others[0]) == draft("0")
