"""How a number is written: `1,083`, `1.234,5`, `1 000`, `1½`, `二十五`."""

from __future__ import annotations

import re
from decimal import Decimal

MOST_DIGITS = 15
_FRACTIONS = {"¼": "0.25", "½": "0.5", "¾": "0.75", "⅓": "0.333", "⅔": "0.667", "⅛": "0.125"}
DIGITS = (
    r"\d{1,3}(?:[ \u00a0\u202f'’]\d{3})+(?!\d)(?:[.,]\d+)?"
    rf"|\d+ \d/\d(?![\d/])|\d*[{''.join(_FRACTIONS)}]|\d+(?:[.,]\d+)*"
)
"""A pattern for a number in digits."""
_UNITS = {sign: number for number, row in enumerate(["〇零", "一", "二两兩", *"三四五六七八九"]) for sign in row}
_TENS = {"十": 10, "百": 100, "千": 1000}
HAN = rf"[{''.join(_UNITS)}{''.join(_TENS)}]+"
"""A pattern for a number in Chinese signs."""
_GAPS = re.compile(r"[ \u00a0\u202f'’]")
_COMMAS_GROUP = re.compile(r"[1-9]\d{0,2}(,\d{3})+(\.\d+)?")
_DOTS_GROUP = re.compile(r"[1-9]\d{0,2}(\.\d{3}){2,}(,\d+)?|[1-9]\d{0,2}\.\d{3},\d+")
_ONE_DOT_GROUP = re.compile(r"[1-9]\d{0,2}\.\d{3}")
_PART = re.compile(rf"(\d*) ?(?:(\d)/(\d)|([{''.join(_FRACTIONS)}]))")
_PLAIN = re.compile(r"\d+([.,]\d+)?")


def number(digits: str) -> tuple[Decimal, bool] | None:
    """The number and whether it is ambiguous; `None` for versions and very long runs of digits."""
    if part := _PART.fullmatch(digits):
        whole, upper, lower, sign = part.groups()
        fraction = Decimal(_FRACTIONS[sign]) if sign else round(Decimal(upper) / (int(lower) or 1), 3)
        return Decimal(whole or 0) + fraction, False
    plain = _GAPS.sub("", digits)
    if len(plain) > MOST_DIGITS:
        return None
    if _COMMAS_GROUP.fullmatch(plain):
        return Decimal(plain.replace(",", "")), False
    if _DOTS_GROUP.fullmatch(plain):
        return Decimal(plain.replace(".", "").replace(",", ".")), False
    if _PLAIN.fullmatch(plain):
        return Decimal(plain.replace(",", ".")), bool(_ONE_DOT_GROUP.fullmatch(plain))
    return None


def whole_number(signs: str) -> int:
    """The number written with Chinese signs: `二十五` is 25."""
    whole, last = 0, 0
    for sign in signs:
        if sign in _UNITS:
            last = _UNITS[sign]
        else:
            whole, last = whole + (last or 1) * _TENS[sign], 0
    return whole + last
