"""What a run may cost, and whether it fits, before it is sent."""

from __future__ import annotations

from dashboard.engine import Engine
from prompts.runner import Connections
from prompts.targets import Target
from providers.interface import Attachment


def forecasts(
    core: Engine, connections: Connections, targets: list[Target], files: tuple[Attachment, ...], rounds: int
) -> list[str]:
    """In sentences."""
    return []
