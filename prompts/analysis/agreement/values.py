"""Numbers and dates in a sentence, in one notation: `1,083 feet`, `$1.5 million`, `4 July 1776`, `in 1889`.

Owns how they are read. A comma before three digits separates thousands, before any other number of digits it is a
decimal comma. A number that only names something is none ("step 3", "Python 3", "1.2.3").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from prompts.analysis.agreement.words import FUNCTION_WORDS, stem

When = tuple[int, int | None, int | None] | tuple[None, int, int]
"""Year (negative: BC), month, day."""


@dataclass(frozen=True, slots=True)
class Value:
    """One number or date and where it stands."""

    kind: Literal["number", "date"]
    key: str
    """Equal for equal values, however they are written."""
    unit: str
    """Of a number: its unit, or the counted noun's stem, or "". Of a date: "date"."""
    start: int
    end: int
    exact: bool
    """Not hedged ("over 300") and not open to another reading (`1.234`)."""
    amount: Decimal | None = None
    when: When | None = None


_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar janvier enero gennaio", "february feb februar février febrero febbraio",
            "march mar märz mars marzo", "april apr avril abril aprile", "may mai mayo maggio",
            "june jun juni juin junio giugno", "july jul juli juillet julio luglio", "august aug août agosto",
            "september sep sept septembre septiembre settembre", "october oct oktober octobre octubre ottobre",
            "november nov novembre noviembre", "december dec dezember décembre diciembre dicembre",
        ), 1,
    )
    for name in names.split()
}  # fmt: skip
"""Also in German, French, Spanish and Italian."""
_MONTH = rf"(?:(?i:{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\b\.?)"
_TH = r"(?:st|nd|rd|th|er|\.)?"
_DATE = re.compile(
    rf"\b(?P<y1>\d{{4}})-(?P<m1>\d\d)-(?P<d1>\d\d)\b"
    rf"|(?P<y2>\d{{4}})年(?:\s?(?P<m2>\d{{1,2}})月(?:\s?(?P<d2>\d{{1,2}})日)?)?"
    rf"|\b(?P<d3>\d{{1,2}}){_TH}(?: of| de)? (?P<m3>{_MONTH})(?:,?(?: de)? (?P<y3>\d{{4}})\b)?"
    rf"|\b(?P<m4>{_MONTH}) (?P<d4>\d{{1,2}}){_TH}\b(?!,\d)(?:,? (?P<y4>\d{{4}})\b)?"
    rf"|\b(?P<m5>{_MONTH}),?(?: de)? (?P<y5>\d{{4}})\b"
)
_NUMBER = re.compile(
    r"(?<![A-Za-z0-9_.,/:À-ɏ])(?P<sign>[-−](?=[\d$€£¥₹]))?(?P<currency>[$€£¥₹]\s?|(?:USD|EUR|GBP)\s)?"
    r"(?P<digits>\d{1,3}(?:[ \u00a0\u202f'’]\d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)*)"
    r"(?P<more>[/:]\d|[A-Za-z]\d)?(?P<magnitude>\s?(?:thousand|million|billion|trillion|bn)\b|(?-i:[kMB])\b)?"
    r"(?P<unit>\s?(?:%|‰|[€£¥₹$](?!\d)|°\s?[CF]?)|[-\s]?[^\W\d_][^\W\d_]*(?:/h\b|²|³)?)?"
    r"|\b(?P<word>two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b(?P<noun>\s[a-z]+)?",
    re.IGNORECASE,
)
_WORDS: tuple[str, ...] = tuple("two three four five six seven eight nine ten eleven twelve".split())
_MAGNITUDES = {
    "thousand": 3, "k": 3, "million": 6, "m": 6, "billion": 9, "bn": 9, "b": 9, "trillion": 12,
}  # fmt: skip
_UNITS = {
    spelling: unit
    for unit, spellings in {
        "%": "% percent", "‰": "‰", "$": "$ usd dollar dollars", "€": "€ eur euro euros", "£": "£ gbp", "¥": "¥ yen",
        "₹": "₹ rupees", "°C": "°c celsius", "°F": "°f fahrenheit", "°": "° degree degrees",
        "mm": "mm millimetre millimetres millimeter millimeters",
        "cm": "cm centimetre centimetres centimeter centimeters", "m": "m metre metres meter meters",
        "km": "km kilometre kilometres kilometer kilometers", "mi": "mi mile miles", "ft": "ft foot feet",
        "inch": "inch inches", "m²": "m²", "km²": "km²", "m³": "m³", "km/h": "km/h kph", "mph": "mph",
        "mg": "mg milligram milligrams", "g": "g gram grams gramme grammes", "kg": "kg kilogram kilograms kilo kilos",
        "t": "tonne tonnes", "ton": "ton tons", "lb": "lb lbs", "oz": "oz ounce ounces",
        "ml": "ml millilitre millilitres milliliter milliliters", "l": "l litre litres liter liters",
        "ms": "ms millisecond milliseconds", "s": "sec secs second seconds", "min": "min mins minute minutes",
        "h": "h hr hrs hour hours", "day": "day days", "week": "week weeks", "month": "month months",
        "year": "year years", "people": "people persons", "KB": "kb", "MB": "mb", "GB": "gb", "TB": "tb", "PB": "pb",
        "KiB": "kib", "MiB": "mib", "GiB": "gib", "TiB": "tib", "Mbps": "mbps mbit/s", "Gbps": "gbps gbit/s",
        "mAh": "mah", "Wh": "wh", "kJ": "kj", "MJ": "mj", "kPa": "kpa", "hPa": "hpa", "dB": "db", "rpm": "rpm",
        "W": "w watt watts", "kW": "kw kilowatt kilowatts", "MW": "mw megawatt megawatts", "kWh": "kwh",
        "Hz": "hz hertz", "kHz": "khz", "MHz": "mhz", "GHz": "ghz", "kcal": "kcal calories",
        "th": "st nd rd th", "decade": "s",
    }.items()
    for spelling in spellings.split()
}  # fmt: skip
UNITS = frozenset(unit for unit in _UNITS.values() if not unit.islower())
"""Units that are written with a capital."""
_ERAS = {"ad": 1, "ce": 1, "bc": -1, "bce": -1}
_IRREGULAR = frozenset("people children men women feet teeth mice data species series".split())
_BEFORE_YEARS = frozenset("in since until till from by during of year circa after before around early late mid".split())  # fmt: skip  # noqa: E501
_LABELS = frozenset(
    """step chapter figure part section option question example phase table item method note tip version stage level
    rule point type tier act scene page line volume grade class room number no no. article appendix lesson problem
    exercise exhibit layer track""".split()
)
_HEDGES = frozenset(
    """about over under than least most nearly almost approximately approx approx. around roughly circa ca ca. c.
    up some ~ estimated exceeding exceeds beyond below above""".split()
)
_MOST_DIGITS = 15
_THOUSANDS, _DIGITS = 3, 3
_GAPS = re.compile(r"[ \u00a0\u202f'’]")
_COMMAS_GROUP = re.compile(r"[1-9]\d{0,2}(,\d{3})+(\.\d+)?")
_DOTS_GROUP = re.compile(r"[1-9]\d{0,2}(\.\d{3}){2,}(,\d+)?|[1-9]\d{0,2}\.\d{3},\d+")
_ONE_DOT_GROUP = re.compile(r"[1-9]\d{0,2}\.\d{3}")
_PLAIN = re.compile(r"\d+([.,]\d+)?")


def values(sentence: str) -> list[Value]:
    """The numbers and dates of `sentence` in order."""
    if not any(c.isdigit() for c in sentence):
        return [v for m in _NUMBER.finditer(sentence) if (v := _counted(m)) is not None]
    dates = [v for m in _DATE.finditer(sentence) if (v := _date(m)) is not None]
    taken = {n for date in dates for n in range(date.start, date.end)}
    numbers = [v for m in _numbers(sentence, dates) if m.start() not in taken and (v := _number(sentence, m))]
    return sorted([*dates, *numbers], key=lambda value: value.start)


def _numbers(sentence: str, dates: list[Value]) -> Iterator[re.Match[str]]:
    """Numbers in what is left between the dates."""
    start = 0
    for date in dates:
        yield from _NUMBER.finditer(sentence, start, date.start)
        start = date.end
    yield from _NUMBER.finditer(sentence, start)


def clash(one: Value, other: Value) -> bool:
    """Whether the two cannot both be right of the same thing: not by rounding, hedging or being less precise."""
    if one.unit != other.unit or not (one.exact and other.exact):
        return False
    if one.when is not None and other.when is not None:
        pairs = zip(one.when, other.when, strict=True)
        return any(a is not None and b is not None and a != b for a, b in pairs)
    if one.amount is None or other.amount is None:
        return False
    return not (_rounds_to(one.amount, other.amount) or _rounds_to(other.amount, one.amount))


def _rounds_to(rough: Decimal, fine: Decimal) -> bool:
    """`68` is `68.2` rounded, `300` is `324`; but `10` is not `12`, because small whole numbers are counted.

    Of thousands with three digits or more, one unit of the last is allowed too: `385,000` stands for `384,400`.
    """
    places = rough.normalize().as_tuple().exponent
    if not isinstance(places, int) or (places > 0 and abs(rough) < 100):
        places = 0
    try:
        fine_enough = len(rough.normalize().as_tuple().digits) >= _DIGITS and places >= _THOUSANDS
        near = fine_enough and abs(fine - rough) < Decimal(1).scaleb(places)
        return near or round(fine, -places) == rough
    except ArithmeticError:  # beyond the precision of a Decimal
        return False


def _date(match: re.Match[str]) -> Value | None:
    part = {name[0]: text for name, text in match.groupdict().items() if text}
    year = int(part["y"]) if "y" in part else None
    month = _month(part["m"]) if "m" in part else None
    day = int(part["d"]) if "d" in part else None
    if not (month is None or 1 <= month <= 12) or not (day is None or 1 <= day <= 31):
        return None
    if year is not None:
        when: When = (year, month, day)
    elif month is not None and day is not None:
        when = (None, month, day)
    else:
        return None
    return _dated(when, match.start(), match.end() - match[0].endswith("."), exact=True)


def _dated(when: When, start: int, end: int, *, exact: bool) -> Value:
    key = "-".join("" if n is None else f"{n:02}" for n in when).rstrip("-")
    return Value("date", f"date {key}", "date", start, end, exact, when=when)


def _month(text: str) -> int:
    if text.isdigit():
        return int(text)
    return _MONTHS[text.lower().rstrip(".")]


def _counted(match: re.Match[str]) -> Value | None:
    """A number written as a word; only before what it counts, for "the two" counts nothing."""
    noun = (match["noun"] or "").strip().lower()
    if not match["word"] or not _is_plural(noun):
        return None
    amount = Decimal(_WORDS.index(match["word"].lower()) + 2)
    unit = _UNITS.get(noun) or stem(noun)
    end = match.end() if noun in _UNITS else match.end("word")
    return Value("number", f"{amount} {unit}", unit, match.start(), end, True, amount)


def _number(sentence: str, match: re.Match[str]) -> Value | None:
    if match["word"]:
        return _counted(match)
    digits = match["digits"]
    read = None if match["more"] else _amount(digits)
    if read is None:
        return None
    before = sentence[max(0, match.start() - 24) : match.start()].split()
    last = before[-1].lower().strip("(\"'“") if before else ""
    unit, end = _unit(match)
    plain = not (match["currency"] or match["magnitude"])
    if (year := _year(match, unit, last)) is not None:
        exact = last not in _HEDGES
        return _dated(
            (year, None, None), match.start("digits"), match.end() if _era(match) else match.end("digits"), exact=exact
        )
    capital = bool(before) and before[-1][0].isupper() and before[-1].isalpha() and last not in FUNCTION_WORDS
    if last in _LABELS or (capital and plain and not unit and last not in _HEDGES):
        return None
    amount, ambiguous = read
    if match["magnitude"]:
        amount = amount.scaleb(_MAGNITUDES[match["magnitude"].strip().lower()])
    if match["sign"]:
        amount = -amount
    if match["currency"]:
        unit = _UNITS[match["currency"].strip().lower()]
    hedged = any(word.lower() in _HEDGES for word in before[-2:]) or sentence[end : end + 1] == "+"
    key = f"{amount.normalize():f} {unit}".strip()
    return Value("number", key, unit, match.start(), end, not (hedged or ambiguous), amount)


def _amount(digits: str) -> tuple[Decimal, bool] | None:
    """The number, and whether it may be read otherwise; `None` for what is none: versions, very long rows of digits."""
    plain = _GAPS.sub("", digits)
    if len(plain) > _MOST_DIGITS:
        return None
    if _COMMAS_GROUP.fullmatch(plain):
        return Decimal(plain.replace(",", "")), False
    if _DOTS_GROUP.fullmatch(plain):
        return Decimal(plain.replace(".", "").replace(",", ".")), False
    if _PLAIN.fullmatch(plain):
        return Decimal(plain.replace(",", ".")), bool(_ONE_DOT_GROUP.fullmatch(plain))
    return None


def _unit(match: re.Match[str]) -> tuple[str, int]:
    """The unit and where the value ends: a known unit is part of it, a counted noun stands after it."""
    written = (match["unit"] or "").strip(" -\u00a0\u202f\n\t")
    known = _UNITS.get(written.lower().replace(" ", ""))
    end = match.end("magnitude") if match["magnitude"] else match.end("digits")
    if known in ("th", "decade") and match["unit"] != written:
        return "", end
    if known:
        return known, match.end()
    return (stem(written.casefold()) if _is_plural(written) else ""), end


def _is_plural(word: str) -> bool:
    """Whether a number before `word` counts it. English only; elsewhere numbers stand without what they count."""
    lower = word.lower()
    ends = lower.endswith("s") and not lower.endswith(("ss", "us", "is")) and len(lower) > 3
    return word.islower() and lower not in FUNCTION_WORDS and (ends or lower in _IRREGULAR)


def _era(match: re.Match[str]) -> int | None:
    return _ERAS.get((match["unit"] or "").strip().lower()) if (match["unit"] or " ")[0] == " " else None


def _year(match: re.Match[str], unit: str, last: str) -> int | None:
    digits = match["digits"]
    if match["currency"] or match["magnitude"] or not digits.isdigit() or len(digits) > 4:
        return None
    if (era := _era(match)) is not None:
        return era * int(digits)
    if len(digits) != 4 or not 1000 <= int(digits) <= 2099:
        return None
    return int(digits) if not unit or (last in _BEFORE_YEARS and unit not in _UNITS.values()) else None
