"""What spreadsheets make of a CSV file. Owns the rule that no text in a cell is a formula, nor ends its line."""

from __future__ import annotations

from unicodedata import category

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\x00", "＝", "＋", "－", "＠")

MARK = "\ufeff"
"""First in the file: without it Excel takes UTF-8 for the encoding of its own country."""
LONGEST_CELL = 32_767
"""What a cell of Excel holds, in units of UTF-16."""
LINE_END = "\r\n"
"""As RFC 4180 has it. Python quotes only what the end of a line is made of: with a line feed alone, a carriage return
within an answer would begin another row, and with it a cell that nobody has defused."""


def defused(value: str) -> str:
    """`value`, after an apostrophe where a spreadsheet would execute it, also behind blanks and what is not seen."""
    seen = next((c for c in value if not c.isspace() and category(c) not in ("Cc", "Cf")), "")
    return "'" + value if value.startswith(_FORMULA) or seen in _FORMULA else value


def too_long(value: str) -> bool:
    """Whether Excel shows only the beginning of `value`."""
    return 2 * len(value) > LONGEST_CELL and len(value.encode("utf-16-le", "surrogatepass")) > 2 * LONGEST_CELL
