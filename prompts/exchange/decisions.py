"""Export and import of decisions.

With the whole record all decisions are exported, else those based on an experiment of which a run is in the file.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import sqlalchemy as sa

from prompts.record.decision_tables import decisions
from prompts.record.run_rows import Row
from prompts.record.writes import either


def decision_rows(connection: sa.Connection, experiments: frozenset[str] | None) -> list[Row]:
    """The decisions to export with runs of these experiments, oldest first; `None`: all decisions."""
    query = decisions.select().order_by(decisions.c.decided_at, decisions.c.id)
    return [
        {str(name): value for name, value in row.items()}
        for row in connection.execute(query).mappings()
        if experiments is None or experiments & {each["id"] for each in row["evidence"].get("experiments", ())}
    ]


def join(connection: sa.Connection, rows: Sequence[Row], known_as: Callable[[str | None], str | None]) -> int:
    """Import those that are not on record yet; returns how many. Those on record stay as they are."""
    insert = either(connection, decisions).on_conflict_do_nothing().returning(decisions.c.id)
    return sum(
        len(connection.execute(insert, {**row, "person": known_as(row.get("person"))}).all()) for row in rows
    )  # fmt: skip
