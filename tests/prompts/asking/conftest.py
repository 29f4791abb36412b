"""The runner's record: what it writes when is the same on each database, so one is enough."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from prompts.record.recorder import Recorder


@pytest.fixture
async def recorder(tmp_path: Path) -> AsyncIterator[Recorder]:
    """A recorder that writes to `tmp_path / "collate.db"`."""
    recorder = await Recorder.open(f"sqlite:///{tmp_path}/collate.db")
    yield recorder
    await recorder.close()
