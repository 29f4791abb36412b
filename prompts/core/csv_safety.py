"""Makes CSV safe for spreadsheets: no text in a cell is run as a formula, and none ends its line."""

from __future__ import annotations

from unicodedata import category

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\x00", "＝", "＋", "－", "＠")

MARK = "\ufeff"
"""Byte order mark at the start of the file: without it Excel assumes a local encoding instead of UTF-8."""
LONGEST_CELL = 32_767
"""The most an Excel cell holds, in UTF-16 code units."""
LINE_END = "\r\n"
"""As in RFC 4180. Python only quotes characters of the line end: with a line feed alone, a carriage return inside an
answer would begin another row, and with it a cell that has not been made safe."""


def defused(value: str) -> str:
    """`value`, prefixed with an apostrophe if a spreadsheet would run it, even after spaces or invisible characters."""
    seen = next((c for c in value if not c.isspace() and category(c) not in ("Cc", "Cf")), "")
    return "'" + value if value.startswith(_FORMULA) or seen in _FORMULA else value


def too_long(value: str) -> bool:
    """Whether Excel would cut off `value`."""
    return 2 * len(value) > LONGEST_CELL and len(value.encode("utf-16-le", "surrogatepass")) > 2 * LONGEST_CELL
