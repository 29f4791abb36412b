"""An engine and an archive on each database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from prompts.history.archive import Archive
from prompts.record.database import open_database


@pytest.fixture
def engine(record_url: str) -> Iterator[sa.Engine]:
    engine = open_database(record_url)
    yield engine
    engine.dispose()


@pytest.fixture
def archive(engine: sa.Engine) -> Archive:
    return Archive(engine)
