"""Whether two numbers or dates contradict each other, or are the same thing told more or less exactly."""

from __future__ import annotations

from decimal import Decimal

from prompts.analysis.agreement.values import MEASURES, Value

_NEAR = Decimal("0.05")
"""By how much of itself a value that is said to be "about" right may be off; twice that where only one says so."""
_ROUNDING = Decimal("0.01")
"""By how much of itself a value may be off by rounding to a whole number: 19.6 % is not 20 %."""
_THOUSANDS, _DIGITS = 3, 3


def same_measure(one: Value, other: Value) -> bool:
    """Whether the two can be compared: the same unit or name, or both count something."""
    if one.kind != other.kind or one.unit == other.unit or one.kind == "label":
        return one.kind == other.kind and one.unit == other.unit
    return not (one.unit in MEASURES or other.unit in MEASURES)


def clash(one: Value, other: Value) -> bool:
    """Whether the two cannot both be right of the same thing: not by rounding, hedging or being less precise."""
    if not same_measure(one, other) or one.ambiguous != other.ambiguous:
        return False  # of two that are open to the same other reading, both readings differ
    if one.when and other.when:
        pairs = zip(one.when, other.when, strict=True)
        differ = any(a is not None and b is not None and a != b for a, b in pairs)
        return differ and "about" not in (one.hedge, other.hedge)
    if one.amount is None or other.amount is None:
        return not (f"{one.key}." in f"{other.key}." or f"{other.key}." in f"{one.key}.")
    if (one.hedge == "bound") != (other.hedge == "bound"):
        return False
    if one.high and other.high:
        return (one.amount, one.high) != (other.amount, other.high)
    if high := one.high or other.high:
        low, point = (one.amount, other.amount) if one.high else (other.amount, one.amount)
        return not (low <= point <= high) and not one.hedge and not other.hedge
    if "about" in (one.hedge, other.hedge):
        near = _NEAR if one.hedge == other.hedge else 2 * _NEAR
        return abs(one.amount - other.amount) > near * max(abs(one.amount), abs(other.amount))
    return not (_rounds_to(one.amount, other.amount) or _rounds_to(other.amount, one.amount))


def _rounds_to(rough: Decimal, fine: Decimal) -> bool:
    """`68` is `68.2` rounded, `300` is `324`; but `10` is not `12`, because small whole numbers are counted.

    Of thousands with three digits or more, one unit of the last is allowed too: `385,000` stands for `384,400`.
    """
    places = rough.normalize().as_tuple().exponent
    if not isinstance(places, int) or (places > 0 and abs(rough) < 100):
        places = 0
    if places <= 0 and abs(fine - rough) > abs(fine) * _ROUNDING:
        return False
    try:
        fine_enough = len(rough.normalize().as_tuple().digits) >= _DIGITS and places >= _THOUSANDS
        near = fine_enough and abs(fine - rough) < Decimal(1).scaleb(places)
        return near or abs(fine - rough) < Decimal(5).scaleb(places - 1)
    except ArithmeticError:  # beyond the precision of a Decimal
        return False
