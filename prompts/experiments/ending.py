"""How a pump ended."""

from __future__ import annotations

from dataclasses import dataclass

from prompts.experiments.asked import Stage
from prompts.record.database_errors import RecordError


@dataclass(frozen=True, slots=True)
class Ending:
    """How a pump ended."""

    stage: Stage
    reason: str = ""
    money: bool = False
    """The budget would be passed."""
    ours: bool = False
    """Only this process asks no longer; where several ask, the others go on."""


class OverError(RecordError):
    """The experiment is no longer asked: somebody paused or stopped it, or it is gone."""
