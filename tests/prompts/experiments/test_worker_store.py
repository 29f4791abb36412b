"""What the record tells of workers."""

from __future__ import annotations

import sqlalchemy as sa

from prompts.experiments import worker_store
from prompts.experiments.worker_store import Listening


def test_a_name_that_no_machine_could_have_is_cut(engine: sa.Engine) -> None:
    endless = "x" * 5000
    with engine.begin() as connection:
        worker_store.beat(connection, "w", Listening("worker", endless, (f"ollama@{endless}", "openai"), 4), None)
        (row,) = worker_store.every(connection)
    assert [len(each) for each in (row.host, *row.providers)] == [64, 64, 6]
    assert row.host.endswith("…")
