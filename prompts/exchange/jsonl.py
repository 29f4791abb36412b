"""Runs as JSON Lines: everything on record, so that another installation can import it without loss.

Owns the format. The first line identifies it; then come runs, each preceded by the attachments, pictures and experiment
it refers to and followed by its completions; then ballots, each followed by its votes, and decisions; the last line
says how many of each there should have been. A name that is absent from a line is unknown. State of a process (who is
asking at present) is left out.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from importlib.metadata import version
from typing import Any

import sqlalchemy as sa

from prompts.core.plain_json import one_line
from prompts.exchange.ballots import BallotRows
from prompts.exchange.otel_names import file_name_of
from prompts.record.decision_tables import decisions
from prompts.record.run_rows import CompletionRows, Row, RunRows
from prompts.record.schema import REVISION, attempts, completions, experiments, notes, ratings, runs, tags
from prompts.record.vote_tables import ballots, reveals, votes

FORMAT = 1
"""Increased when the meaning of a line changes. New names do not increase it, but an older version refuses them."""
PARTS: dict[str, sa.Table] = {"attempts": attempts, "ratings": ratings, "notes": notes, "tags": tags}
"""The tables whose rows are nested in the line of their completion."""
NOT_TOLD = frozenset({"recorder_id", "completion_id", "pair", "imported"})
"""Columns that are left out: who is asking at present, the id of the surrounding line, and what can be derived."""
_KEPT_DIGESTS = 100_000  # attachments remembered as written; beyond that one may be written twice, which does no harm


class Writer:
    """Turns the runs for one file into lines."""

    def __init__(
        self, content: Callable[[str], bytes | None], now: datetime,
        picture: Callable[[str], bytes | None] = lambda _: None, beside: Callable[[str, bytes], str] | None = None,
    ) -> None:  # fmt: skip
        """`content` and `picture` return the data of an attachment or a picture by its digest.

        `beside` stores a picture outside of the lines and returns its name; `None`: pictures are in the lines.
        """
        self._content, self._picture, self._now, self._beside = content, picture, now, beside
        self._said = set[str]()
        self._runs = self._completions = self._ballots = self._decisions = 0

    def first(self) -> str:
        """The first line, which identifies the format."""
        return one_line({
            "kind": "collate", "format": FORMAT, "made_by": version("collate"), "schema": REVISION,
            "made_at": self._now.isoformat(),
        })  # fmt: skip

    def run(self, run: RunRows) -> Iterator[str]:
        """What the run refers to, then the run and its completions."""
        for digest in sorted(run.digests):
            if self._new(digest) and (data := self._content(digest)) is not None:
                yield one_line({"kind": "attachment", "sha256": digest, "data": b64encode(data).decode()})
        for digest in sorted(run.drawn):
            if self._new(f"picture {digest}") and (data := self._picture(digest)) is not None:
                yield one_line({"kind": "picture", "sha256": digest, **self._held(digest, data)})
        if run.experiment is not None and self._new(run.experiment["id"]):
            yield one_line({"kind": "experiment", **row_json(experiments, run.experiment)})
        yield one_line({"kind": "run", **row_json(runs, run.row)})
        self._runs += 1
        for completion in run.completions:
            yield one_line({"kind": "completion", **_completion_json(completion)})
            self._completions += 1

    def _held(self, digest: str, data: bytes) -> dict[str, str]:
        return {"data": b64encode(data).decode()} if self._beside is None else {"file": self._beside(digest, data)}

    def ballot(self, ballot: BallotRows) -> Iterator[str]:
        """A ballot, its votes, and who was shown the names; to be written after all runs."""
        yield one_line({"kind": "ballot", **row_json(ballots, ballot.row)})
        yield from (one_line({"kind": "vote", **row_json(votes, row)}) for row in ballot.votes)
        yield from (one_line({"kind": "reveal", **row_json(reveals, row)}) for row in ballot.reveals)
        self._ballots += 1

    def decision(self, row: Row) -> str:
        """A decision; to be written after all runs."""
        self._decisions += 1
        return one_line({"kind": "decision", **row_json(decisions, row)})

    def last(self) -> str:
        """The last line, which proves that the file is complete."""
        more = {"ballots": self._ballots} if self._ballots else {}
        more |= {"decisions": self._decisions} if self._decisions else {}
        return one_line({"kind": "end", "runs": self._runs, "completions": self._completions, **more})

    def _new(self, name: str) -> bool:
        if name in self._said:
            return False
        if len(self._said) >= _KEPT_DIGESTS:
            self._said.clear()
        self._said.add(name)
        return True


def row_json(table: sa.Table, row: Row) -> dict[str, Any]:
    """The known values of a row, under the names that files use."""
    return {
        file_name_of(column.name): _plain(value)
        for column in table.columns
        if column.name not in NOT_TOLD and (value := row[column.name]) is not None
    }


def _completion_json(completion: CompletionRows) -> dict[str, Any]:
    parts = (completion.attempts, completion.ratings, completion.notes, completion.tags)
    said = {
        name: [row_json(table, row) for row in rows]
        for (name, table), rows in zip(PARTS.items(), parts, strict=True)
        if rows
    }
    return {**row_json(completions, completion.row), **said}


def _plain(value: Any) -> Any:
    """JSON for a value; money as text with all its digits and no exponent."""
    if isinstance(value, datetime):
        return value.isoformat()
    return format(value, "f") if isinstance(value, Decimal) else value
