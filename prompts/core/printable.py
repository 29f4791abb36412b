"""Foreign text on a terminal: what a model, a file or a vendor wrote may not steer it."""

from __future__ import annotations

from unicodedata import category


def printable(text: str) -> str:
    """Without control and direction characters, which could rewrite the terminal or what it seems to say."""
    return "".join(c if c.isprintable() or c in _HARMLESS or category(c) == "Zs" else f"<U+{ord(c):04X}>" for c in text)


_HARMLESS = "\n\t\u200c\u200d"  # the joiners of emoji and of many scripts
