"""Where people log in, nobody stops, changes or deletes what is another's, whatever a page lets them press."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dashboard.engine import Engine
from dashboard.settings import sections
from prompts.core.decision import Decision, FrozenEvidence
from prompts.core.feedback import Mark
from prompts.decide import decision_store, watch_store
from prompts.experiments import plan_store, worker_store
from prompts.experiments.library.library import LibraryError, library
from prompts.experiments.library.prompt import Prompt
from prompts.experiments.worker_store import Listening
from prompts.history.archive import Archive
from prompts.record.recorder import RecordError
from prompts.record.rights import OPERATOR, RULES, Actor, NotAllowedError
from prompts.record.schema import metadata
from prompts.votes.on_record import Votes
from providers.catalogue import price_list
from providers.errors import ProviderError
from tests.dashboard.role_rows import NOW, ROWS, SHORT, WATCH, Row, Theirs
from tests.dashboard.test_engine import wait_until_finished
from tests.patience import wait_until
from tests.prompts.experiments.asked_cells import PLAN
from tests.prompts.votes.made import a_ballot

ADA, BOB, CHIEF = Actor("ada", admin=False), Actor("bob", admin=False), Actor("eve", admin=True)


@pytest.fixture
def core(home: Path) -> Iterator[Engine]:
    made = Engine()
    yield made
    made.close()


@pytest.fixture
def archive(core: Engine) -> Archive:
    assert core.archive is not None
    return core.archive


@pytest.fixture
def hers(core: Engine) -> Theirs:
    """A run of Ada's that is over."""
    run = core.start(replace(SHORT, person="bob"), core.configuration.connections, by=ADA)
    wait_until_finished(core, run)
    return Theirs(core, run)


@pytest.fixture
def one_of_everything(hers: Theirs, monkeypatch: pytest.MonkeyPatch) -> Theirs:
    """All of it Ada's."""
    monkeypatch.setattr(price_list, "fetch_newer", lambda: None)
    decision = Decision("d1", NOW, "Mail", "builtin:ngram-3", "ada", "", FrozenEvidence())
    hers.archive.write(lambda c: plan_store.add(c, "e1", PLAN, "ada", NOW))
    hers.archive.write(lambda c: watch_store.put(c, WATCH, by=ADA))
    hers.archive.write(lambda c: decision_store.add(c, decision))
    hers.archive.write(lambda c: worker_store.beat(c, "worker", Listening("worker", "here", (), 1), None))
    hers.archive.mark(hers.run.answers[0].id, Mark("ada", note="Hers"))
    Votes(hers.archive).add(a_ballot(person="ada"))
    library().create(Prompt("Mine", "Say {{text}}", "general"), ADA)
    return hers


def told(archive: Archive) -> list[tuple[str, bool, str]]:
    """What the audit trail says of people; the settings of the start are there too."""
    return [(each.person, each.admin, each.act) for each in archive.trail(10) if each.act != "settings in force"]


def test_a_run_belongs_to_whoever_has_logged_in_whatever_the_page_says(hers: Theirs, archive: Archive) -> None:
    assert hers.run.person == "ada"
    stored = archive.run(hers.run.id)
    assert stored is not None
    assert stored.person == "ada"


def test_a_watch_belongs_to_whoever_has_logged_in_whatever_the_page_says(archive: Archive) -> None:
    archive.write(lambda c: plan_store.add(c, "e1", PLAN, "ada", NOW))
    archive.write(lambda c: watch_store.put(c, WATCH, by=BOB))
    assert [each.person for each in archive.read(watch_store.every)] == ["bob"]


rows = pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)


@rows
def test_another_member_may_not_and_nothing_has_changed(row: Row, one_of_everything: Theirs) -> None:
    before = _everything(one_of_everything)
    assert _refused(row, one_of_everything, BOB)
    assert _everything(one_of_everything) == before


@rows
@pytest.mark.parametrize("by", [ADA, CHIEF, OPERATOR], ids=["owner", "administrator", "program"])
def test_whoever_may_is_not_refused(by: Actor, row: Row, one_of_everything: Theirs) -> None:
    assert _refused(row, one_of_everything, by) is (by is ADA and RULES[row.act] == "admins")


def _refused(row: Row, there: Theirs, by: Actor) -> bool:
    """Whether the rule says no; anything else may go wrong, for no provider is set up, and nothing may be to stop."""
    try:
        row.do(there, by)
        wait_until(lambda: there.run.finished)
    except (NotAllowedError, PermissionError):
        return True
    except LibraryError as exc:
        return row.act in str(exc)
    except (RecordError, ValueError, LookupError, ProviderError):
        return False
    return False


def _everything(there: Theirs) -> dict[str, object]:
    """What is on record and in the library, but for signs of life."""
    tables = [table for table in metadata.sorted_tables if table.name not in ("recorders", "places")]
    found: dict[str, object] = {
        table.name: there.archive.read(lambda c, table=table: [tuple(row) for row in c.execute(table.select())])
        for table in tables
    }
    return {**found, "library": [(each.reference, each.prompt) for each in library().versions("mine")]}


def test_what_was_done_is_told_with_who_did_it(one_of_everything: Theirs) -> None:
    for name, by in (("Votes.delete", ADA), ("decision_store.delete", CHIEF), ("Archive.remove_note", ADA)):
        ROWS[name].do(one_of_everything, by)
    assert told(one_of_everything.archive) == [
        ("ada", False, "removed a note"), ("eve", True, "deleted a decision"), ("ada", False, "deleted a ballot")
    ]  # fmt: skip


def test_prices_stay_where_nobody_may_fetch_them(hers: Theirs, monkeypatch: pytest.MonkeyPatch) -> None:
    fetched: list[int] = []
    monkeypatch.setattr(price_list, "fetch_newer", lambda: fetched.append(1))
    with pytest.raises(NotAllowedError):
        sections.fetch_newer(hers.core, by=BOB)
    assert fetched == []
