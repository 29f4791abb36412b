"""Foreign text in Streamlit's own labels, captions and messages, which all read Markdown."""

from __future__ import annotations

import re

from prompts.core.printable import visible

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:^@/&])")

_ADDRESS = re.compile(r"https?:(?=//)|www(?=\.)|\w(?=@)", re.IGNORECASE)


def plain(text: str) -> str:
    """`text` so that Markdown shows it letter by letter: no links, images, icons, colours or mathematics."""
    flat = " ".join(text.split())
    shown = visible("".join(c if c.isprintable() else f"<U+{ord(c):04X}>" for c in flat))
    # A bare address becomes a link even when escaped; an invisible joiner inside keeps it text.
    unlinked = _ADDRESS.sub(lambda match: match[0] + "\u2060", shown)
    return _MARKDOWN.sub(r"\\\1", unlinked)
