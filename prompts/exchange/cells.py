"""Cells of a CSV file. Owns the rule that no text in one is a formula to a spreadsheet."""

from __future__ import annotations

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\x00", "＝", "＋", "－", "＠")


def defused(value: str) -> str:
    """`value`, after an apostrophe where a spreadsheet would execute it, also behind blanks."""
    return "'" + value if value.startswith(_FORMULA) or value.lstrip().startswith(_FORMULA) else value
