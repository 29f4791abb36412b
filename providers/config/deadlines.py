"""The time and size limits that a person may set; watching them is `measuring/deadlines.py`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Deadlines:
    """How long to wait, in seconds, and how much to take. Ours, because no SDK has them all."""

    first_byte_s: float | None = None
    """Until the response begins; `None` = as the provider suggests."""
    no_content_s: float = 60.0
    """Without a non-empty delta, once the response has begun. Pings are not content."""
    call_s: float = 600.0
    text_bytes: int = 4 * 2**20
    deltas: int = 200_000
