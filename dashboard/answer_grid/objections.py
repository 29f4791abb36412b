"""What a vendor objects to when it refuses a request: one of our settings, or the way in which we ask.

Reads only the failure's message; the request may then be tried again without what it names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from providers.config.connections import Connection
from providers.errors import Failure
from providers.interface import Settings

Switch = Literal["streaming", "stream_options"]
"""A way of asking that can be switched off for a host in `collate.toml`."""
_LINES: Mapping[Switch, str] = {"streaming": "stream = false", "stream_options": "stream_options = false"}
_NO_STREAM = re.compile(
    r"(?:not|n't|cannot|unable|disabled|unsupported|unverified|must be (?:verified|false)).{0,80}\bstream(?:ing|ed)?\b"
    r"|\bstream(?:ing|ed)?\b.{0,80}(?:not|n't|cannot|disabled|unsupported|must be (?:verified|false))"
)


def objected_switch(failure: Failure) -> Switch | None:
    """The way of asking that the host's message refuses; `None` if it names none."""
    if failure.kind not in ("bad_request", "permission", "not_found", "server", "protocol"):
        return None
    words = f"{failure.parameter or ''} {failure.message}".lower()
    if "stream_options" in words or "include_usage" in words:
        return "stream_options"
    return "streaming" if failure.parameter == "stream" or _NO_STREAM.search(words) else None


def switch_step(switch: Switch, provider: str) -> str:
    """What to do about it, as a sentence for the screen."""
    what = "without streaming" if switch == "streaming" else "without stream_options"
    return f"Run it {what}. To keep it so, write {_LINES[switch]} under [providers.{provider}] in collate.toml."


def without_switch(connection: Connection, switch: Switch) -> Connection:
    """`connection` with that way of asking switched off."""
    return replace(connection, stream=False) if switch == "streaming" else replace(connection, stream_options=False)


def objected_setting(failure: Failure, settings: Settings) -> str | None:
    """The setting that the vendor's 400 names, if we had set it; otherwise `None`."""
    if failure.kind != "bad_request":
        return None
    words = f"{failure.parameter or ''} {failure.message}".lower()
    for name, spellings in _SPELLINGS.items():
        if getattr(settings, name) and any(spelling in words for spelling in spellings):
            return name
    return None


_SPELLINGS: Mapping[str, tuple[str, ...]] = {
    "temperature": ("temperature",),
    "top_p": ("top_p", "topp", "top p"),
    "seed": ("seed",),
    "stop": ("stop",),
    "effort": ("effort", "reasoning", "thinking"),
    "max_output_tokens": ("max_output_tokens", "max_completion_tokens", "max_tokens", "maxoutputtokens"),
    "system": ("system", "instructions"),
    "num_ctx": ("num_ctx",),
}
