"""What a record of many cells weighs on PostgreSQL, and how fast cells are claimed and written as they grow.

    .venv/bin/python -m tests.benchmarks.scale [CELLS]

Cells are put there by SQL, through the record's own triggers, as what is over: a prompt of about 600 characters a
case, an answer of about 900, figures as of a hosted model. Then the real statements are run against them. The server
is the tests' own, with `fsync` as PostgreSQL ships it; what it and this program share is this machine. The figures
are quoted in `docs/design/scale.md`.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from time import perf_counter
from uuid import uuid4

import sqlalchemy as sa

from prompts.core.targets import Target
from prompts.experiments import cell_store, plan_store
from prompts.experiments.cell_store import START, Place
from prompts.record import leases, writes
from prompts.record.database import open_database
from providers.measuring.measure import utc_now
from tests.benchmarks.report import figure, title
from tests.postgres import serving
from tests.prompts.observing.calls import completion

CELLS, TARGETS = 100_000, 8
WAITING = 2_000
ROOM = 8
"""Cells in a claim, as of a provider with a limit of sixteen at once."""
CLAIMANTS = (1, 2, 4, 8)
TABLES = ("completions", "attempts", "cards", "search", "experiment_cells", "runs")
PLAN = "plan"
"""As in `scale.sql`, as is the number of targets."""

_ONCE, _BLOCK = (
    [statement for statement in part.split(";\n") if statement.strip()]
    for part in Path(__file__).with_suffix(".sql").read_text("utf-8").split("-- Once a block.\n")
)
_WAITING = (sa.text(
    "INSERT INTO completions (id, run_id, position, cell, repeat, provider, model, state, asked_at) "
    "SELECT md5('c' || n), 'run-' || n / 8, n % 8, n % 8, 0, 'openai', 'model-' || n % 8, 'waiting', now() "
    "FROM generate_series(CAST(:since AS int), :last) n"
), sa.text(
    "INSERT INTO experiment_cells (completion_id, plan_id, repeat, row, wording, target) "
    "SELECT md5('c' || n), 'plan', 0, n / 8, 0, n % 8 FROM generate_series(CAST(:since AS int), :last) n"
))  # fmt: skip
_AGAIN = (
    sa.text(
        "DELETE FROM attempts WHERE completion_id IN (SELECT completion_id FROM experiment_cells WHERE row >= :row)"
    ),
    sa.text(
        "UPDATE completions SET state = 'waiting', recorder_id = NULL WHERE id IN "
        "(SELECT completion_id FROM experiment_cells WHERE row >= :row)"
    ),
)


_MOST = Decimal("0.01")
_MEASURES = (
    ("claimed", False, False),
    ("claimed, intent and result written", True, False),
    ("claimed, intent and result written under one budget", True, True),
)


def fill(engine: sa.Engine, cells: int) -> float:
    """That many cells that are over, a block at a time: a plan made for an empty table is no plan for a full one.

    Seconds.
    """
    began, since, size = perf_counter(), 0, 500
    _run(engine, _ONCE, cases=(cells + WAITING) // TARGETS)
    while since < cells:
        last = min(cells, since + size) - 1
        _run(engine, _BLOCK, since=since, last=last)
        _run(engine, ["ANALYZE"])
        since, size = last + 1, min(size * 4, 20_000)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")
    return perf_counter() - began


def _run(engine: sa.Engine, statements: Sequence[str], **values: int) -> None:
    with engine.begin() as connection:
        for statement in map(sa.text, statements):
            connection.execute(statement, {name: values[name] for name in statement._bindparams})


def add_waiting(engine: sa.Engine, since: int) -> None:
    """Cells behind them that wait to be asked."""
    with engine.begin() as connection:
        for statement in _WAITING:
            connection.execute(statement, {"since": since, "last": since + WAITING - 1})


def wait_again(engine: sa.Engine, since: int) -> None:
    """Take back what a round has claimed and written."""
    with engine.begin() as connection:
        for statement in _AGAIN:
            connection.execute(statement, {"row": since // TARGETS})


_SIZE = sa.text("SELECT pg_total_relation_size(CAST(:name AS regclass)), pg_indexes_size(CAST(:name AS regclass))")


def sizes(engine: sa.Engine, cells: int) -> float:
    """Print bytes a cell by table, indexes and long texts included; the sum."""
    total = 0.0
    for table in TABLES:
        with engine.connect() as connection:
            row = connection.exec_driver_sql(
                f"SELECT pg_total_relation_size('{table}'), pg_indexes_size('{table}')"
            ).one()
        total += row[0] / cells
        figure(f"bytes a cell in {table}", row[0] / cells, note=f"of these {row[1] / cells:,.0f} in indexes")
    figure("bytes a cell, all of it", total)
    return total


def claimed_from(engine: sa.Engine, after: Place, claims: int) -> float:
    """Milliseconds of one claim that begins after that place; taken back each time."""
    me, taken = _recorder(engine), 0.0
    for _ in range(claims):
        with engine.connect() as connection:
            began = perf_counter()
            found = cell_store.claim(connection, me, PLAN, list(range(TARGETS)), after, ROOM)
            taken += perf_counter() - began
            assert len(found) == ROOM
            connection.rollback()
    return taken / claims * 1000


@dataclass(frozen=True, slots=True)
class Claimant:
    """One of several that ask together; with `life` it writes each cell's intent and result, perhaps under a budget."""

    engine: sa.Engine
    after: Place
    life: bool
    budget: bool

    def work(self, _: int) -> int:
        """Claim until nothing waits; how many cells that were."""
        me, after, count = _recorder(self.engine), self.after, 0
        while True:
            with self.engine.begin() as connection:
                claim = cell_store.claim(connection, me, PLAN, list(range(TARGETS)), after, ROOM)
            if not claim:
                return count
            after, count = claim[-1].place, count + len(claim)
            for cell in claim if self.life else ():
                self._ask(cell.completion_id, me)

    def _ask(self, id: str, me: str) -> None:
        attempt, address, target = str(uuid4()), "https://api.example.com/v1", Target("openai", "model-0")
        with self.engine.begin() as connection:
            writes.begin_attempt(connection, me, attempt, id, 1, address, target, utc_now())
            if self.budget:
                plan_store.reserve(connection, PLAN, id, _MOST)()
        with self.engine.begin() as connection:
            writes.end(connection, attempt, writes.result(completion(usage=None), utc_now()))
            if self.budget:
                plan_store.settle(connection, PLAN, id, _MOST, _MOST, keep=False)


def rate(claimant: Claimant, claimants: int) -> float:
    """Cells a second that so many of them take together."""
    began = perf_counter()
    with ThreadPoolExecutor(claimants) as threads:
        claimed = sum(threads.map(claimant.work, range(claimants)))
    assert claimed == WAITING
    return claimed / (perf_counter() - began)


def _recorder(engine: sa.Engine) -> str:
    me = leases.enlist()
    with engine.begin() as connection:
        leases.beat(connection, me)
    return me


def main() -> None:
    """Print what grows, with its size."""
    cells = int(sys.argv[1]) if len(sys.argv) > 1 else CELLS
    with serving("-cshared_buffers=256MB", "-cmax_wal_size=4GB") as server, server.database("scale") as url:
        engine = open_database(url)
        title(f"{cells:,} cells that are over")
        figure("rows put there by SQL", cells / fill(engine, cells), " cells/s")
        sizes(engine, cells)
        add_waiting(engine, cells)
        behind = (0, cells // TARGETS - 1, 0, TARGETS - 1)
        title(f"a claim of {ROOM} cells, with {WAITING:,} that wait behind all the others")
        figure("from where the last one ended", claimed_from(engine, behind, 20), " ms")
        figure("from the top, past everything that is over", claimed_from(engine, START, 5), " ms")
        for name, life, budget in _MEASURES:
            title(f"cells {name}, a second, by so many claimants together")
            for claimants in CLAIMANTS:
                figure(str(claimants), rate(Claimant(engine, behind, life, budget), claimants), "/s")
                wait_again(engine, cells)
        engine.dispose()


if __name__ == "__main__":
    main()
