"""The audit trail as a file: all of it, in order, and no formula."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from prompts.cli.main import main
from prompts.core.csv_safety import MARK
from prompts.exchange import trail_csv
from prompts.history.archive import Archive
from prompts.record import trail
from prompts.record.database import open_database
from prompts.record.rights import Actor, NotAllowedError

ADA = Actor("=ada()", admin=False)


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Archive]:
    url = f"sqlite:///{tmp_path}/collate.db"
    monkeypatch.setenv("COLLATE_DATABASE_URL", url)
    engine = open_database(url)
    made = Archive(engine)
    for n in range(5):
        made.write(lambda c, n=n: trail.note(c, ADA, "imported", {"runs": n}))
    yield made
    engine.dispose()


def test_all_of_it_is_in_the_file_the_oldest_first(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trail_csv, "_AT_ONCE", 2)
    text = trail_csv.trail_csv(archive, by=Actor("eve", admin=True))
    rows = list(csv.DictReader(io.StringIO(text.removeprefix(MARK))))
    assert [json.loads(row["what"])["runs"] for row in rows] == [0, 1, 2, 3, 4]
    assert {(row["person"], row["role"], row["act"]) for row in rows} == {("'=ada()", "member", "imported")}


def test_members_get_no_file(archive: Archive) -> None:
    with pytest.raises(NotAllowedError):
        trail_csv.trail_csv(archive, by=ADA)


def test_the_terminal_prints_the_newest_first(archive: Archive, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trail", "--limit", "2"]) == 0
    assert [line[-6:] for line in capsys.readouterr().out.splitlines()] == ["runs 4", "runs 3"]
    assert main(["trail", "--json", "--limit", "1"]) == 0
    assert json.loads(capsys.readouterr().out)["what"] == {"runs": 4}
