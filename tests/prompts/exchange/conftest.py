"""Archives that are closed after the test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from prompts.history.archive import Archive
from prompts.record.database import open_database
from tests.prompts.exchange.recorded import draw

OpenArchive = Callable[[str], Archive]


@pytest.fixture
def open_archive(sqlite_template: Path) -> Iterator[OpenArchive]:
    """Open the archive at an address; a new file of SQLite begins as a copy of one with the schema in it."""
    opened = list[sa.Engine]()

    def at(url: str) -> Archive:
        file = Path(url.removeprefix("sqlite:///"))
        if url.startswith("sqlite") and not file.exists():
            shutil.copy(sqlite_template, file)
        opened.append(open_database(url))
        return Archive(opened[-1])

    yield at
    for engine in opened:
        engine.dispose()


@pytest.fixture
def empty(open_archive: OpenArchive, tmp_path: Path) -> Archive:
    """An archive with nothing in it, in a file of its own."""
    return open_archive(f"sqlite:///{tmp_path}/empty.db")


@pytest.fixture
def target(open_archive: OpenArchive, record_url: str) -> Archive:
    """An archive with nothing in it, on each database."""
    return open_archive(record_url)


@pytest.fixture
async def source(open_archive: OpenArchive, tmp_path: Path) -> Archive:
    """An archive with two runs that drew."""
    await draw(f"sqlite:///{tmp_path}/source.db")
    return open_archive(f"sqlite:///{tmp_path}/source.db")
