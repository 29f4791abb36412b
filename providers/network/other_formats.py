"""Recognises a stream in another format than the expected one, and says which setting to change.

Owns the signs of the five formats, in their paths and in the first bytes of their answers.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class _Format(NamedTuple):
    name: str
    path: str
    """What the path of a request in it contains."""
    sign: re.Pattern[bytes]
    """What an answer in it has at its beginning, somewhere in its first event."""
    setting: str


_FORMATS = (
    _Format(
        "Anthropic's Messages API", "/messages",
        re.compile(rb'"type"\s*:\s*"(?:message_start|content_block_(?:start|delta))"'), 'preset = "anthropic"',
    ),
    _Format("OpenAI's Responses API", "/responses", re.compile(rb'"type"\s*:\s*"response\.\w'), 'api = "responses"'),
    _Format("the Gemini API", "enerateContent", re.compile(rb'"candidates"\s*:\s*\['), 'preset = "google"'),
    _Format("Ollama's own API", "/api/", re.compile(rb'"done"\s*:\s*(?:true|false)'), 'preset = "ollama"'),
    _Format(
        "Chat Completions", "/chat/completions", re.compile(rb'"object"\s*:\s*"chat\.completion|"choices"\s*:\s*\['),
        'preset = "openai", api = "chat"',
    ),
)  # fmt: skip


def other_format(path: str, head: bytes) -> str | None:
    """A sentence about an answer to a request at `path` that begins with `head`; `None` if nothing is odd."""
    found = next((each for each in _FORMATS if each.sign.search(head)), None)
    if found is None or found.path in path:
        return None
    setting = found.setting
    if "/chat/" in found.path and "/responses" in path:  # the same host, with its other API
        setting = 'api = "chat"'
    return (
        f"the host answers in the format of {found.name}, not in the one that was asked for: write {setting} in its row"
    )
