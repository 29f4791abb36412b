"""Escapes untrusted text for Streamlit's labels, captions and messages, which all render Markdown."""

from __future__ import annotations

import re

from prompts.core.printable import visible

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:^@/&])")

_ADDRESS = re.compile(r"https?:(?=//)|www(?=\.)|\w(?=@)", re.IGNORECASE)


def plain(text: str) -> str:
    """`text` on one line, escaped so that Markdown shows it literally: no links, images, icons, colours or formulas."""
    flat = " ".join(text.split())
    shown = visible("".join(c if c.isprintable() else f"<U+{ord(c):04X}>" for c in flat))
    # A bare address becomes a link even when escaped; an invisible word joiner inside prevents that.
    unlinked = _ADDRESS.sub(lambda match: match[0] + "\u2060", shown)
    return _MARKDOWN.sub(r"\\\1", unlinked)
