"""Drafts outlive the server that they were written on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from dashboard.experiments.drafts import Draft, Drafts, Held, draft_from, draft_json
from dashboard.experiments.kept_drafts import KeptDrafts
from prompts.core.targets import Target
from prompts.experiments.cases import made
from prompts.experiments.checks.check import Check
from prompts.experiments.plan import Budget, Plan, Wording
from prompts.history.archive import Archive
from prompts.record.database import RecordError, open_database
from providers.interface import Settings
from tests.patience import wait_until

PLAN = Plan(
    "Mail", (Wording("", "Sort {{mail}}", "Be short."),), made(["mail"], [["a"], ["b"]]),
    (Target("openai", "gpt-x", Settings(temperature=0.5)),), 3, checks=(Check("contains", "{{mail}}", at_least=-1),),
    budget=Budget(Decimal("0.1")), columns={"mail": "mail"}, baseline="openai:gpt-x",
)  # fmt: skip
DRAFT = Draft(PLAN, ("openai:gpt-x", "openai:"), True, True, "e1", "r1", ("x is not followed",))


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    engine = open_database(f"sqlite:///{tmp_path}/collate.db")
    yield Archive(engine)
    engine.dispose()


def kept(archive: Archive) -> Drafts:
    """The drafts of a server that has just been started."""
    return Drafts(KeptDrafts(archive))


def saved(drafts: Drafts) -> Drafts:
    """Once everything is on record."""
    keeper = drafts.keeper
    assert isinstance(keeper, KeptDrafts)
    wait_until(keeper.written)
    return drafts


def test_a_draft_goes_through_the_record_without_a_loss() -> None:
    assert draft_from(draft_json(DRAFT)) == DRAFT


def test_a_draft_is_found_by_the_next_server_as_it_was_last(archive: Archive) -> None:
    first = kept(archive)
    draft_id = first.new(DRAFT, "")
    first.put(draft_id, replace(DRAFT, plan=replace(PLAN, name="Letters")), "")
    saved(first)
    second = kept(archive)
    found = second.find(draft_id)
    assert found is not None
    assert (found.draft.plan.name, found.person) == ("Letters", "")
    assert second.find("draft-none") is None
    second.drop(draft_id, "somebody")
    assert saved(second).find(draft_id) == found
    second.drop(draft_id, "")
    assert saved(second).find(draft_id) is None


def test_what_was_started_is_listed_no_longer_and_the_way_back_still_leads_there(archive: Archive) -> None:
    first = kept(archive)
    begun, started = first.new(DRAFT, ""), first.new(replace(DRAFT, plan=replace(PLAN, name="Started")), "")
    first.started(started, "")
    keeper = saved(first).keeper
    assert isinstance(keeper, KeptDrafts)
    assert [line.id for line in keeper.newest(10)] == [begun]
    assert first.find(started) is not None


def test_drafts_that_were_begun_before_the_record_was_there_are_saved_then(archive: Archive) -> None:
    drafts = Drafts()
    draft_id = drafts.new(DRAFT, "")
    drafts.keep_in(KeptDrafts(archive))
    saved(drafts)
    assert kept(archive).find(draft_id) == Held(DRAFT, "")


def test_a_draft_that_a_full_disk_refused_is_saved_once_there_is_room(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper, refused, write = KeptDrafts(archive, again_s=0.01), list[str](), archive.write

    def full(work: Callable[[sa.Connection], Any]) -> None:
        refused.append("The disk is full.")
        raise RecordError(refused[-1])

    monkeypatch.setattr(archive, "write", full)
    first = Drafts(keeper)
    draft_id = first.new(DRAFT, "")
    wait_until(lambda: len(refused) > 1)
    assert not keeper.written()
    monkeypatch.setattr(archive, "write", write)
    saved(first)
    found = kept(archive).find(draft_id)
    assert found is not None
    assert found.draft == DRAFT
