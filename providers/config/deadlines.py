"""Time and size limits that a person may set, and the defaults.

Owns how long silence is normal: hidden thinking, or reading a long prompt on one's own machine, is silent for minutes.
The limits are enforced by `measuring/deadlines.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import Any, Literal

from providers.interface import Deadlines


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits in force for one request; fields as in `Deadlines`."""

    first_byte_s: float
    silence_s: float
    no_content_s: float
    call_s: float
    text_bytes: int
    deltas: int


Manner = Literal["plain", "thinking", "local", "picture"]

USUAL: dict[Manner, Deadlines] = {
    "plain": Deadlines(first_byte_s=300, silence_s=300, no_content_s=600, call_s=1800),
    "thinking": Deadlines(first_byte_s=900, silence_s=900, no_content_s=1800, call_s=3600),
    "local": Deadlines(first_byte_s=900, silence_s=900, no_content_s=1800, call_s=3600),
    "picture": Deadlines(first_byte_s=900, silence_s=900, no_content_s=900, call_s=1800),
}
"""The usual limits, by the manner of the model. None of them ends a healthy, paid answer after a minute."""

# Models that think by default, mostly without showing it: by family and generation.
_THINKS = re.compile(
    r"(?:^|[/:._-])(?:o[1-9]\d*|gpt-(?:[5-9]|\d\d)|gpt-oss|gemini-(?:2\.5|[3-9]|\d\d)|claude-[a-z]+-(?:[5-9]|\d\d)"
    r"|r1|qwq|grok-[3-9]|magistral|minimax-m\d|qwen-?3|glm-[4-9]|[a-z]*reason[a-z]*|thinking|deep-?research)(?![a-z])",
    re.IGNORECASE,
)


def manner(model: str, effort: str | None, *, local: bool, picture: bool = False) -> Manner:
    """The manner of a model, by which its usual limits are chosen:
    local, drawing, thinking (by request or by default), or plain."""
    if local:
        return "local"
    if picture:
        return "picture"
    if effort == "none":
        return "plain"
    return "thinking" if effort is not None or _THINKS.search(model) else "plain"


def in_force(own: Deadlines, shared: Deadlines, usual: Deadlines) -> Limits:
    """Each limit from the first that sets it: the host's row, `[deadlines]`, or the defaults."""
    found: dict[str, Any] = {}
    for field in fields(Limits):
        told = [getattr(each, field.name) for each in (own, shared, usual)]
        found[field.name] = next(value for value in told if value is not None)
    return Limits(**found | {"text_bytes": shared.text_bytes, "deltas": shared.deltas})
