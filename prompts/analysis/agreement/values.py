"""Numbers and dates in a sentence, normalised: `1,083 feet`, `$1.5 million`, `4–6 hours`, `4 July 1776`.

A comma before three digits separates thousands; before any other number of digits it is a decimal comma. A number after
a name is a label that tells which one is meant ("Python 3.13", "Article 6"); a number that only gives a place in the
text is ignored ("step 3").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from prompts.analysis.agreement import lexicon
from prompts.analysis.agreement.numerals import DIGITS, HAN, MOST_DIGITS, number, whole_number
from prompts.analysis.agreement.value import Hedge, Value, When
from prompts.analysis.agreement.words import FUNCTION_WORDS, NEGATORS, denies, stem

MONTHS = lexicon.table("months")
UNITS = lexicon.table("units")
SIZES = {
    unit: (group, Decimal(size))
    for group in ("lengths", "weights", "volumes", "times", "powers", "bytes")
    for unit, size in lexicon.table(group).items()
}
"""For each unit that can be converted what it measures, and its size."""
_WORDS, _MAGNITUDES, _ERAS = lexicon.table("numbers"), lexicon.table("magnitudes"), lexicon.table("eras")
_HALF = "|".join(word for word, number in _WORDS.items() if number == "0.5")
_ABOUT, _BOUNDS = lexicon.words("about"), lexicon.words("bounds")
_LEAST, _MOST = lexicon.words("at_least"), lexicon.words("at_most")
_BETWEEN_LIMIT = (FUNCTION_WORDS | {"than", "que"}) - _LEAST - _MOST
_TURNING = lexicon.words("turning")
_BEFORE, _FAR, _DENIED = re.compile(r"[^\W\d_]+(?:['’]t)?"), 60, 8
"""A word before a number, in how many characters before it a limit is looked for, in how many words its denial."""
_ORDERS = lexicon.words("orders")
_PLACES, _LABELS = lexicon.words("places"), lexicon.words("labels")
_BEFORE_YEARS, _PLURALS = lexicon.words("before_years"), lexicon.words("plurals")
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
_UNSPACED_UNIT = re.compile(
    "|".join(sorted((re.escape(unit) for unit in UNITS if _UNSPACED.match(unit)), key=len, reverse=True))
)
"""Units at the start of the text after a number when no space separates them."""
_UNSPACED_LIMIT = re.compile(f"(?:{'|'.join(filter(_UNSPACED.match, _LEAST | _MOST))})$")
MEASURES = frozenset(UNITS.values()) | {"date", "clock"}
"""Units that are only comparable with themselves; counted nouns are not included."""
_ENGLISH = frozenset(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen twenty thirty forty "
    "fifty sixty hundred".split()
)
_MONTH = rf"(?:(?i:{'|'.join(sorted(MONTHS, key=len, reverse=True))})\b\.?)"
_TH = r"(?:st|nd|rd|th|er|\.)?"
_DATE = re.compile(
    rf"\b(?P<y1>\d{{4}})-(?P<m1>\d\d)-(?P<d1>\d\d)\b"
    rf"|(?P<y2>\d{{4}})年(?:\s?(?P<m2>\d{{1,2}})月(?:\s?(?P<d2>\d{{1,2}})日)?)?"
    rf"|\b(?P<d3>\d{{1,2}}){_TH}(?: of| de)? (?P<m3>{_MONTH})(?:,?(?: de)? (?P<y3>\d{{4}})\b)?"
    rf"|\b(?P<m4>{_MONTH}) (?P<d4>\d{{1,2}}){_TH}\b(?!,\d)(?:,? (?P<y4>\d{{4}})\b)?"
    rf"|\b(?P<m5>{_MONTH}),?(?: de)? (?P<y5>\d{{4}})\b"
    rf"|(?<![\d.])(?P<d6>\d{{1,2}})\.(?P<m6>\d{{1,2}})\.(?P<y6>\d{{4}})\b"
    rf"|(?<!\d)(?P<m7>\d{{1,2}})月\s?(?P<d7>\d{{1,2}})日"
)
_CLOCK = re.compile(
    r"(?<![\d:.,/])(?P<hour>[01]?\d|2[0-3])"
    r"(?:(?::|\.(?=\d\d\sUhr))(?P<minute>[0-5]\d)(?![\d:])(?:\s?(?:Uhr|h)\b)?|\s?Uhr\b(?:\s(?P<past>[0-5]\d)\b)?|(?=\s?[ap]\.?m\b))"
    r"(?:\s?(?P<half>[ap])\.?m\b\.?)?",
    re.IGNORECASE,
)
"""A time of day: `9:30`, `9 am`, `9 Uhr 30`."""
_NUMBER = re.compile(
    r"(?=[^A-Za-z\s]|[UEG])(?:(?<![A-Za-z0-9_.,/:À-ɏ])|(?<=[A-Z]/))(?P<sign>[-−](?=[\d$€£¥₹]))?"
    r"(?P<currency>[$€£¥₹]\s?|(?:USD|EUR|GBP)\s)?"
    rf"(?P<digits>{DIGITS})(?P<more>[/:]\d|[A-Za-z]\d)?"
    rf"(?P<magnitude>\s?(?:{'|'.join(each for each in _MAGNITUDES if len(each) > 1)})\b"
    r"(?:(?<=mio|mrd)\.)?|(?-i:[kMB])\b|[万萬亿億])?"
    r"(?P<unit>\s?(?:%|‰|[€£¥₹$](?!\d)|°\s?[CF]?|℃|℉)|[-\s]?[^\W\d_][^\W\d_]*(?:/h\b|²|³)?)?"
    rf"|\b(?P<word>{'|'.join(_WORDS)})\b(?!\s(?:{_HALF})\b)(?:\san?\b)?(?P<noun>\s[^\W\d_]+)?(?=(?P<second>\s[^\W\d_]+)?)"
    rf"|(?P<han>{HAN})(?P<counted>{_UNSPACED_UNIT.pattern})",
    re.IGNORECASE,
)
_RANGE = re.compile(r"\s?[-–—~～〜]\s?|\s(?:to|bis|à|a|and)\s|至|到", re.IGNORECASE)

_TOGETHER = re.compile(r",?\s?(?:(?:and|und|et|y|e|en)\s)?", re.IGNORECASE)


def values(sentence: str) -> list[Value]:
    """The numbers and dates of `sentence` in order; a range is one value."""
    dates: list[Value] = []
    if any(map(str.isdigit, sentence)):
        dates = [_limited(v, sentence) for m in _DATE.finditer(sentence) if (v := _date(m)) is not None]
        times = [_limited(_time(m), sentence) for m in _CLOCK.finditer(sentence)]
        free = [t for t in times if not any(d.start < t.end and t.start < d.end for d in dates)]
        dates = sorted([*dates, *free], key=lambda each: each.start)
    numbers = [_limited(v, sentence) for m in _numbers(sentence, dates) if (v := _number(m)) is not None]
    found: list[Value] = []
    for value in sorted([*dates, *numbers], key=lambda each: each.start):
        if found and (joined := _range(sentence, found[-1], value) or _sum(sentence, found[-1], value)):
            found[-1] = joined
        else:
            found.append(value)
    return found


def _numbers(sentence: str, dates: list[Value]) -> Iterator[re.Match[str]]:
    """Matches for numbers in the text between the dates."""
    start = 0
    for date in dates:
        yield from _NUMBER.finditer(sentence, start, date.start)
        start = date.end
    yield from _NUMBER.finditer(sentence, start)


def _range(sentence: str, low: Value, high: Value) -> Value | None:
    """`4 to 6 hours` as one value, else `None`; "and" makes a range only after "between"."""
    if low.unit not in ("", high.unit) or low.high or high.high or not (low.amount and high.amount):
        return None
    between = sentence[low.end : high.start]
    if low.amount >= high.amount or not _RANGE.fullmatch(between) or (low.unit and between.strip().isalpha()):
        return None  # "from 0 °C to 20 °C" gives two values
    if between.strip().lower() == "and" and not re.search(r"(?i)\bbetween\s*$", sentence[: low.start]):
        return None
    least = low.amount * 60 if high.unit == "clock" != low.unit else low.amount  # 9 to 17 Uhr
    key = f"{least.normalize():f}..{high.key}"
    return replace(low, key=key, unit=high.unit, end=high.end, amount=least, high=high.amount)


def _sum(sentence: str, large: Value, small: Value) -> Value | None:
    """`1 hour 30 minutes` as 90 minutes, else `None`."""
    (group, size), (other, unit) = SIZES.get(large.unit, ("", 1)), SIZES.get(small.unit, ("", 1))
    together = _TOGETHER.fullmatch(sentence, large.end, small.start)
    if not group or group != other or size <= unit or not together or large.high or small.high:
        return None
    if not large.amount or not small.amount:
        return None
    amount = large.amount * size / unit + small.amount
    key = f"{amount.normalize():f} {small.unit}"
    return replace(large, key=key, unit=small.unit, end=small.end, amount=amount)


def _date(match: re.Match[str]) -> Value | None:
    part = {name[0]: text for name, text in match.groupdict().items() if text}
    year = int(part["y"]) if "y" in part else None
    month = int(MONTHS.get(part["m"].lower().rstrip("."), part["m"])) if "m" in part else None
    day = int(part["d"]) if "d" in part else None
    if not (month is None or 1 <= month <= 12) or not (day is None or 1 <= day <= 31):
        return None
    end = match.end() - match[0].endswith(".")
    if year is not None:
        return _dated((year, month, day), match.start(), end)
    return _dated((None, month, day), match.start(), end) if month and day else None


def _time(match: re.Match[str]) -> Value:
    """A time of day, in minutes after midnight."""
    hour, minute = int(match["hour"]), int(match["minute"] or match["past"] or 0)
    if half := match["half"]:
        hour = hour % 12 + 12 * (half in "pP")
    key, amount = f"{hour:02}:{minute:02}", Decimal(60 * hour + minute)
    return Value("number", key, "clock", match.start(), match.end(), amount=amount)


def _dated(when: When, start: int, end: int, hedge: Hedge = "") -> Value:
    key = "-".join("" if n is None else f"{n:02}" for n in when).rstrip("-")
    return Value("date", f"date {key}", "date", start, end, hedge, when=when)


def _number(match: re.Match[str]) -> Value | None:
    if match["word"]:
        return _counted(match)
    if match["han"]:
        amount, unit = whole_number(match["han"]), UNITS[match["counted"]]
        return Value("number", f"{amount} {unit}", unit, match.start(), match.end(), "", Decimal(amount))
    sentence, digits, start = match.string, match["digits"], match.start()
    before = [each.strip("(\"'“") for each in sentence[max(0, start - 24) : start].split()]
    last = before[-1].lower().rstrip("/-") if before else ""
    unit, end = _unit(match)
    plain = not (match["currency"] or match["magnitude"] or match["more"])
    hedge = _hedge(before, sentence[end : end + 1])
    if plain and (year := _year(match, unit, last)) is not None:
        stop = match.end() if _era(match) else match.end("digits")
        return _dated((year, None, None), match.start("digits"), stop, hedge)
    if last in _PLACES or len(digits) > MOST_DIGITS:
        return None
    if plain and unit not in MEASURES and before and _names(before[-1].rstrip("/-"), digits, sentence):
        return Value("label", f"{last} {digits.rstrip('.,')}", last, start, match.end("digits"))
    read = None if match["more"] else number(digits)
    if read is None:
        return None
    amount, ambiguous = read
    if match["magnitude"]:
        amount = amount.scaleb(int(_MAGNITUDES[match["magnitude"].strip(" .").lower()]))
    if match["currency"]:
        unit = UNITS[match["currency"].strip().lower()]
    amount = -amount if match["sign"] else amount
    key = f"{amount.normalize():f} {unit}".strip()
    return Value("number", key, unit, start, end, hedge, amount, ambiguous=ambiguous)


def _counted(match: re.Match[str]) -> Value | None:
    """A number written as a word; only before a noun that it counts, as "the two" is not a value."""
    noun, word = (match["noun"] or "").strip().lower(), match["word"].lower()
    known, english = UNITS.get(noun), word in _ENGLISH
    if _WORDS[word] in ("0.5", "1") and not known:
        return None
    plural = _is_plural(noun) or _is_plural((match["second"] or "").strip().lower())  # "four minor versions"
    if not noun or noun in FUNCTION_WORDS or (english and not known and not plural):
        return None
    unit = known or (stem(noun) if english and _is_plural(noun) else "")
    end = match.end() if known else match.end("word")
    hedge = _hedge(match.string[max(0, match.start() - 24) : match.start()].split(), "")
    return Value("number", f"{_WORDS[word]} {unit}".strip(), unit, match.start(), end, hedge, Decimal(_WORDS[word]))


def _hedge(before: list[str], after: str) -> Hedge:
    near = {word.lower() for word in before[-2:]}
    return "bound" if after == "+" or near & _BOUNDS else "about" if near & _ABOUT else ""


def _limited(value: Value, sentence: str) -> Value:
    """`value` with the limit that the words before it make it; "not more than" is one, and denies nothing."""
    begin = max(0, value.start - _FAR)
    if found := _UNSPACED_LIMIT.search(sentence, begin, value.start):
        return replace(value, hedge="bound", limit=1 if found[0] in _LEAST else -1, spoken=(found.span(),))
    before = list(_BEFORE.finditer(sentence, begin, value.start))
    while before and before[-1][0].lower() in _BETWEEN_LIMIT:
        before.pop()
    denied = before.pop() if before and before[-1][0].lower() in NEGATORS else None
    word = before.pop() if before else None
    side = 0 if word is None else 1 if word[0].lower() in _LEAST else -1 if word[0].lower() in _MOST else 0
    if word is None or not side:
        return value
    turned = bool(before) and before[-1][0].lower() in _TURNING
    denied = denied or next((each for each in before[:-_DENIED:-1] if denies(each[0].lower())), None)
    side = side if turned == bool(denied) else -side
    spoken = ((word.start(), value.start), *([denied.span()] if denied else ()))
    return replace(value, hedge="bound", limit=side, spoken=spoken)


def _names(word: str, digits: str, sentence: str) -> bool:
    """Whether the number after `word` is a label that says which one is meant.

    The capital that begins a sentence proves nothing ("Use 307"), except before "3.13" and in "PEP 703".
    """
    if word.lower() in _LABELS:
        return True
    begins = word.istitle() and digits.isdigit() and sentence.lstrip("(\"'“").startswith(f"{word} {digits}")
    small = word.lower() in FUNCTION_WORDS | _ABOUT | _BOUNDS | _ORDERS
    return word.isalpha() and any(map(str.isupper, word)) and not begins and not small


def _unit(match: re.Match[str]) -> tuple[str, int]:
    """The unit and where the value ends: a known unit is part of the value, a counted noun follows it."""
    written = (match["unit"] or "").strip(" -\u00a0\u202f\n\t")
    known = UNITS.get(written.lower().replace(" ", ""))
    end = match.end("magnitude") if match["magnitude"] else match.end("digits")
    if unspaced := _UNSPACED_UNIT.match(written):
        return UNITS[unspaced[0]], match.start("unit") + match["unit"].index(unspaced[0]) + len(unspaced[0])
    if known in ("th", "decade") and match["unit"] != written:
        return "", end
    if known:
        return known, match.end()
    return (stem(written.casefold()) if _is_plural(written) else ""), end


def _is_plural(word: str) -> bool:
    """Whether `word` is a plural, and so counted by the number before it. English only."""
    ends = word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3
    return word.islower() and word not in FUNCTION_WORDS and (ends or word in _PLURALS)


def _era(match: re.Match[str]) -> str | None:
    return _ERAS.get((match["unit"] or "").strip().lower()) if (match["unit"] or " ")[0] == " " else None


def _year(match: re.Match[str], unit: str, last: str) -> int | None:
    digits = match["digits"]
    if not digits.isdigit() or len(digits) > 4:
        return None
    if era := _era(match):
        return int(era) * int(digits)
    if not unit and _UNSPACED.match(match["unit"] or ""):
        return None  # the noun it counts follows without a space
    if len(digits) != 4 or not 1000 <= int(digits) <= 2099 or last in _LABELS:
        return None
    return int(digits) if not unit or (last in _BEFORE_YEARS and unit not in MEASURES) else None
