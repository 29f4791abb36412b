"""A run, ballot or decision as it stands in a file, on its way to the record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from prompts.exchange.ballots import BallotRows
from prompts.record.rows import UNFINISHED
from prompts.record.run_rows import CompletionRows, Row, RunRows

_LATE = "exported before the answer had ended; it may have been charged"


@dataclass(slots=True)
class Found:
    """A run from the file, and what stands before it because it names it first."""

    run: Row = field(default_factory=dict[str, Any])
    completions: list[CompletionRows] = field(default_factory=list[CompletionRows])
    experiments: list[Row] = field(default_factory=list[Row])
    attachments: dict[str, bytes] = field(default_factory=dict[str, bytes])
    pictures: dict[str, bytes] = field(default_factory=dict[str, bytes])
    """By the digests under which they will be kept."""
    ballot: Row = field(default_factory=dict[str, Any])
    """In place of a run, with its votes and reveals."""
    votes: list[Row] = field(default_factory=list[Row])
    reveals: list[Row] = field(default_factory=list[Row])
    decision: Row = field(default_factory=dict[str, Any])
    """In place of a run."""
    size: int = 0
    """Bytes of its lines."""

    @property
    def rows(self) -> RunRows | None:
        """The run as the record takes it; `None`: this is a ballot."""
        return RunRows(self.run, None, tuple(self.completions)) if self.run else None

    @property
    def ballot_rows(self) -> BallotRows | None:
        """The ballot as the record takes it; `None`: this is a run."""
        return BallotRows(self.ballot, tuple(self.votes), tuple(self.reveals)) if self.ballot else None

    @property
    def whole(self) -> bool:
        """Something that may be followed by another run, ballot or decision."""
        return bool(self.run or self.ballot or self.decision)


def over(row: Mapping[str, Any], asked: bool, *, cost: bool = True) -> dict[str, Any]:
    """What an answer becomes that was still being asked for when the file was made: nobody here is asking."""
    if row["state"] not in UNFINISHED:
        return {}
    state = "unknown" if asked or row["state"] not in ("waiting", "queued") else "cancelled"
    return {"state": state, **({"cost_kind": "unknown", "cost": {"reason": _LATE}} if cost and asked else {})}
