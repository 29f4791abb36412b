"""Whether two numbers or dates contradict each other, or give the same thing more or less exactly."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from prompts.analysis.agreement.value import Value
from prompts.analysis.agreement.values import MEASURES, SIZES

_NEAR = Decimal("0.05")
"""Relative tolerance when both values are hedged with "about"; twice that where only one is."""
_ROUNDING = Decimal("0.01")
"""Relative tolerance for rounding to a whole number: 19.6 % is not 20 %."""
_THOUSANDS, _DIGITS = 3, 3


def alike(one: Value, other: Value) -> tuple[Value, Value]:
    """Both in one unit where their units measure the same thing: 4 cm and 40 mm, a week and 7 days.

    Converted values are "about" so much, as 12,500 feet are given for 3,800 metres.
    """
    if one.unit == other.unit:
        return one, other
    ours, theirs = SIZES.get(one.unit), SIZES.get(other.unit)
    if not ours or not theirs or ours[0] != theirs[0]:
        return one, other
    return _converted(one, *ours), _converted(other, *theirs)


def _converted(value: Value, unit: str, size: Decimal) -> Value:
    amount, high = (None if each is None else each * size for each in (value.amount, value.high))
    return replace(value, unit=unit, amount=amount, high=high, hedge=value.hedge or "about", ambiguous=False)


def same_measure(one: Value, other: Value) -> bool:
    """Whether the two can be compared: they have the same unit or label, or both are counts."""
    one, other = alike(one, other)
    if one.kind != other.kind or one.unit == other.unit or one.kind == "label":
        return one.kind == other.kind and one.unit == other.unit
    return not (one.unit in MEASURES or other.unit in MEASURES)


def clash(one: Value, other: Value) -> bool:
    """Whether the two cannot both be right about the same thing, even allowing for rounding, hedging and precision."""
    one, other = alike(one, other)
    if not same_measure(one, other) or one.ambiguous != other.ambiguous:
        return False  # where both are ambiguous in the same way, the other reading of both differs just as much
    if one.when and other.when:
        pairs = zip(one.when, other.when, strict=True)
        differ = any(a is not None and b is not None and a != b for a, b in pairs)
        return differ and "about" not in (one.hedge, other.hedge)
    if one.amount is None or other.amount is None:
        return not (f"{one.key}." in f"{other.key}." or f"{other.key}." in f"{one.key}.")
    if one.limit * other.limit < 0:
        return one.amount == other.amount  # "under 12" and "over 65" may speak of two groups
    if (one.hedge == "bound") != (other.hedge == "bound"):
        return False
    if one.high and other.high:
        apart = one.high < other.amount or other.high < one.amount
        return apart if one.hedge or other.hedge else (one.amount, one.high) != (other.amount, other.high)
    if high := one.high or other.high:
        low, point = (one.amount, other.amount) if one.high else (other.amount, one.amount)
        return not (low <= point <= high) and not one.hedge and not other.hedge
    if "about" in (one.hedge, other.hedge):
        near = _NEAR if one.hedge == other.hedge else 2 * _NEAR
        return abs(one.amount - other.amount) > near * max(abs(one.amount), abs(other.amount))
    if one.unit == "clock":
        return one.amount != other.amount
    return not (_rounds_to(one.amount, other.amount) or _rounds_to(other.amount, one.amount))


def _rounds_to(rough: Decimal, fine: Decimal) -> bool:
    """Whether `rough` is `fine` rounded: 68 for 68.2, 300 for 324; not 10 for 12, as small whole numbers are counted.

    For thousands with three or more digits, one unit of the last digit is allowed too: 385,000 stands for 384,400.
    """
    places = rough.normalize().as_tuple().exponent
    if not isinstance(places, int) or (places > 0 and abs(rough) < 100):
        places = 0
    if abs(fine - rough) > abs(fine) * (_ROUNDING if places <= 0 else 2 * _NEAR):
        return False
    try:
        fine_enough = len(rough.normalize().as_tuple().digits) >= _DIGITS and places >= _THOUSANDS
        near = fine_enough and abs(fine - rough) < Decimal(1).scaleb(places)
        return near or abs(fine - rough) < Decimal(5).scaleb(places - 1)
    except ArithmeticError:  # beyond the precision of a Decimal
        return False
