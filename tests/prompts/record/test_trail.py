"""The audit trail: what is done is told with it, by the database's clock, without a word of anybody's, for good."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from prompts.history.archive import Archive
from prompts.record import trail
from prompts.record.database import open_database
from prompts.record.rights import OPERATOR, Actor, NotAllowedError
from prompts.record.trail import trail as table
from providers.measuring.measure import utc_now
from tests.prompts.history.made import Answer, put

ADA, CHIEF = Actor("ada", admin=False), Actor("eve", admin=True)


@pytest.fixture
def archive(record_url: str) -> Iterator[Archive]:
    engine = open_database(record_url)
    yield Archive(engine)
    engine.dispose()


def test_a_deletion_is_told_with_ids_and_counts_and_no_word(archive: Archive):
    run = archive.write(lambda c: put(c, "secretprompt", Answer(text="secretanswer"), person="ada"))
    assert archive.delete([run, "another"], by=ADA).runs == 1
    (entry,) = archive.trail(10)
    assert (entry.person, entry.admin, entry.act) == ("ada", False, "deleted runs")
    assert entry.what == {"runs": [run], "answers": 1}
    assert "secret" not in json.dumps(entry.what)
    assert abs(entry.at - utc_now()) < timedelta(days=1)


def test_what_did_not_happen_is_not_told(archive: Archive):
    run = archive.write(lambda c: put(c, "what", person="bob"))
    gone = archive.delete([run, "another"], by=ADA)
    assert (gone.runs, gone.others) == (0, (run,))
    with pytest.raises(NotAllowedError):
        archive.delete_older(utc_now() + timedelta(days=1), by=ADA)
    assert archive.holds(run)
    assert archive.trail(10) == []


def test_the_rule_of_the_record_and_an_administrator_delete_whatever_is_old(archive: Archive):
    for by in (CHIEF, OPERATOR):
        archive.write(lambda c: put(c, "what", person="bob"))
        assert archive.delete_older(utc_now() + timedelta(days=1), by=by).runs == 1
    assert [(entry.person, entry.admin) for entry in archive.trail(10)] == [("", True), ("eve", True)]


@pytest.mark.parametrize("change", [table.delete(), table.update().values(person="bob")], ids=["delete", "update"])
def test_nobody_changes_what_was_told(archive: Archive, change: sa.Delete | sa.Update):
    archive.write(lambda c: trail.note(c, ADA, "imported", {"runs": 1}))
    with pytest.raises(DBAPIError, match="only added to"), archive._engine.begin() as connection:
        connection.execute(change)
    assert [entry.person for entry in archive.trail(10)] == ["ada"]


def test_what_fails_leaves_nothing_told(archive: Archive):
    def work(connection: sa.Connection) -> None:
        trail.note(connection, ADA, "imported", {})
        raise ValueError("it went wrong")

    with pytest.raises(ValueError, match="went wrong"):
        archive.write(work)
    assert archive.trail(10) == []


def test_only_administrators_read_it_page_by_page(archive: Archive):
    for n in range(5):
        archive.write(lambda c, n=n: trail.note(c, ADA, "imported", {"runs": n}))
    with pytest.raises(NotAllowedError):
        archive.trail(10, by=ADA)
    first = archive.trail(3, by=CHIEF)
    rest = archive.trail(3, by=CHIEF, before=first[-1].number)
    assert [entry.what["runs"] for entry in (*first, *rest)] == [4, 3, 2, 1, 0]


def test_settings_are_told_when_they_change_server_by_server(archive: Archive):
    for start in ("a everything", "b figures", "a everything", "a nothing", "b figures", "a everything"):
        server, keep = start.split()
        archive.write(lambda c, server=server, keep=keep: trail.settings_in_force(c, {"server": server, "keep": keep}))
    assert [f"{entry.what['server']} {entry.what['keep']}" for entry in reversed(archive.trail(10))] == [
        "a everything", "b figures", "a nothing", "a everything",
    ]  # fmt: skip
