"""A run, ballot or decision as read from a file, before it is recorded."""

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
    """One run, ballot or decision, with what precedes it in the file because it refers to it first."""

    run: Row = field(default_factory=dict[str, Any])
    completions: list[CompletionRows] = field(default_factory=list[CompletionRows])
    experiments: list[Row] = field(default_factory=list[Row])
    attachments: dict[str, bytes] = field(default_factory=dict[str, bytes])
    pictures: dict[str, bytes] = field(default_factory=dict[str, bytes])
    """Contents by the digest under which they will be kept."""
    ballot: Row = field(default_factory=dict[str, Any])
    """Set instead of `run`, together with votes and reveals."""
    votes: list[Row] = field(default_factory=list[Row])
    reveals: list[Row] = field(default_factory=list[Row])
    decision: Row = field(default_factory=dict[str, Any])
    """Set instead of `run`."""
    size: int = 0
    """The size of its lines in bytes."""

    @property
    def rows(self) -> RunRows | None:
        """The run as rows for the record; `None` if this is a ballot or decision."""
        return RunRows(self.run, None, tuple(self.completions)) if self.run else None

    @property
    def ballot_rows(self) -> BallotRows | None:
        """The ballot as rows for the record; `None` if this is a run or decision."""
        return BallotRows(self.ballot, tuple(self.votes), tuple(self.reveals)) if self.ballot else None

    @property
    def whole(self) -> bool:
        """Whether it holds a run, ballot or decision, so that the next one may begin."""
        return bool(self.run or self.ballot or self.decision)


def over(row: Mapping[str, Any], asked: bool, *, cost: bool = True) -> dict[str, Any]:
    """The values that replace those of an answer that was still
    being asked when the file was made, as nobody asks it here."""
    if row["state"] not in UNFINISHED:
        return {}
    state = "unknown" if asked or row["state"] not in ("waiting", "queued") else "cancelled"
    return {"state": state, **({"cost_kind": "unknown", "cost": {"reason": _LATE}} if cost and asked else {})}
