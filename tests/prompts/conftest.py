"""The record on each database: a test that takes `record_url` runs once on SQLite and once on PostgreSQL."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa

from prompts.history.archive import Archive
from prompts.record.database import open_database
from prompts.record.recorder import Recorder
from tests import leaks
from tests.postgres import PostgresServer, serving

ENGINES = ("sqlite", "postgresql")
_TEMPLATE = "with_schema"


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """The server of this session, started when the first test wants it."""
    with ExitStack() as stack:
        with leaks.lasting():
            server = stack.enter_context(serving())
        server.say(f"CREATE DATABASE {_TEMPLATE}")
        open_database(server.url(_TEMPLATE)).dispose()
        yield server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the current schema and nothing in it."""
    path = tmp_path_factory.mktemp("template") / "collate.db"
    open_database(f"sqlite:///{path}").dispose()
    return path


@pytest.fixture(params=ENGINES)
def record_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a record with the current schema and nothing in it; SQLite's is `tmp_path / "collate.db"`."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "collate.db")
        yield f"sqlite:///{tmp_path / 'collate.db'}"
    else:
        with request.getfixturevalue("postgres").record(_TEMPLATE) as url:
            yield url


@pytest.fixture(params=ENGINES)
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a place where no record has been made yet."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'collate.db'}"
    else:
        with request.getfixturevalue("postgres").database(f"t_{uuid4().hex}") as url:
            yield url


@pytest.fixture
def engine(record_url: str) -> Iterator[sa.Engine]:
    """An engine on each database."""
    engine = open_database(record_url)
    yield engine
    engine.dispose()


@pytest.fixture
def archive(engine: sa.Engine) -> Archive:
    """An archive on each database."""
    return Archive(engine)


@pytest.fixture
async def recorder(record_url: str) -> AsyncIterator[Recorder]:
    """A recorder on each database."""
    recorder = await Recorder.open(record_url)
    yield recorder
    await recorder.close()
