"""A comparison packed into a link: the prompt, the targets, and their settings.

Owns the form. A link may come from a stranger: it is bounded, checked and only fills in the page, never sends anything.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from dataclasses import dataclass
from typing import cast

from prompts.core import presets
from prompts.core.presets import Choice, ChoiceError

LONGEST_LINK = 16_000
"""In characters; servers and chat programs cut longer addresses."""
MOST_REPEATS = 20
_LONGEST = 1_000_000  # in characters of the unpacked text


class ShareError(ValueError):
    """The comparison does not fit into a link, or a link cannot be read; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Shared:
    """What a link contains. Never a key, an answer or an attachment."""

    prompt: str
    choice: Choice
    repeats: int = 1
    fair: bool = False
    local_only: bool = False


def to_link(shared: Shared) -> str:
    """The value of `ask=` in the link. Raises `ShareError` if it would be too long."""
    data = {
        "v": 1, "prompt": shared.prompt, **presets.to_json(shared.choice), "repeats": shared.repeats,
        "fair": shared.fair, "local_only": shared.local_only,
    }  # fmt: skip
    packed = zlib.compress(json.dumps(data, separators=(",", ":")).encode(), 9)
    text = base64.urlsafe_b64encode(packed).decode().rstrip("=")
    if len(text) > LONGEST_LINK:
        raise ShareError("The prompt is too long for a link. Save the comparison as a file instead.")
    return text


def from_link(text: str) -> Shared:
    """The comparison that `to_link` packed. Raises `ShareError`."""
    try:
        if len(text) > 2 * LONGEST_LINK:
            raise ShareError("it is too long")
        unpacker = zlib.decompressobj()
        raw = unpacker.decompress(base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True), _LONGEST)
        if unpacker.unconsumed_tail or not unpacker.eof:
            raise ShareError("it is cut off or too large")
        return _shared(json.loads(raw))
    except (ShareError, ChoiceError, binascii.Error, zlib.error, ValueError, RecursionError) as exc:
        raise ShareError(f"This link cannot be read ({exc}). Ask for it again.") from exc


def _shared(data: object) -> Shared:
    if not isinstance(data, dict):
        raise ShareError("it contains no comparison")
    fields = cast(dict[str, object], data)
    prompt, repeats = fields.get("prompt"), fields.get("repeats", 1)
    if fields.get("v") != 1:
        raise ShareError("a newer Collate made it")
    if not isinstance(prompt, str) or not isinstance(repeats, int) or not 1 <= repeats <= MOST_REPEATS:
        raise ShareError("its prompt or its repeats are missing")
    choice = presets.from_json(fields)
    return Shared(prompt, choice, repeats, fields.get("fair") is True, fields.get("local_only") is True)
