"""Foreign text in Streamlit's own labels, captions and messages, which all read Markdown."""

from __future__ import annotations

import re

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:^@/&])")


def plain(text: str) -> str:
    """`text` so that Markdown shows it letter by letter: no links, images, icons, colours or mathematics."""
    flat = " ".join(text.split())
    visible = "".join(c if c.isprintable() else f"<U+{ord(c):04X}>" for c in flat)
    return _MARKDOWN.sub(r"\\\1", visible)
