"""Checks by a number: a number in the answer, its length, readability, cost, time, or outcome."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from prompts.core.format import number_of
from prompts.experiments.checks.check import Check, CheckError, Finding, Subject, short

_NUMBER = re.compile(r"(?<![\w.])[-−+]?(?:\d{1,3}(?:[,\u202f\u00a0']\d{3})+|\d+)(?:\.\d+)?(?:[eE][-+]?\d+)?(?!\w)")
_WORD = re.compile(r"\w+(?:['’\-]\w+)*")
_SYLLABLE = re.compile(r"[aeiouy]+")


def number(subject: Subject, check: Check) -> Finding:
    """Whether the answer's last number equals `value` within `tolerance`, or lies between the bounds.

    The last one, because answers with reasoning end with their result. `1,000` is one thousand.
    """
    found = list(_NUMBER.finditer(subject.text))
    if not found:
        return Finding(False, f"No number in {short(subject.text)}.")
    seen = _decimal(found[-1][0])
    assert seen is not None  # noqa: S101 -- the pattern only matches numbers
    span = found[-1].span()
    if check.value.strip():
        wanted = _decimal(check.value)
        if wanted is None:
            raise CheckError(f"{short(check.value)} is not a number.")
        passed = abs(seen - wanted) <= Decimal(repr(check.tolerance or 0.0))
        within = f" ± {check.tolerance:g}" if check.tolerance else ""
        return Finding(passed, f"{seen} against {wanted}{within}.", span=span)
    return bounded(float(seen), check, f"{seen}", span)


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(re.sub(r"[,\u202f\u00a0'\s]", "", text).replace("−", "-"))
    except InvalidOperation:
        return None


def bounded(value: float, check: Check, shown: str, span: tuple[int, int] | None = None) -> Finding:
    """Whether `value` lies between the check's bounds; `shown` is how the reason writes it."""
    if check.at_least is not None and value < check.at_least:
        return Finding(False, f"{shown}, at least {check.at_least:g} was asked for.", span=span)
    if check.at_most is not None and value > check.at_most:
        return Finding(False, f"{shown}, at most {check.at_most:g} was asked for.", span=span)
    return Finding(True, f"{shown}.", span=span)


def words(subject: Subject, check: Check) -> Finding:
    """Checks the number of words."""
    count = len(_WORD.findall(subject.text))
    return bounded(count, check, number_of(count, "word"))


def characters(subject: Subject, check: Check) -> Finding:
    """Checks the number of characters, without white space around the answer."""
    count = len(subject.text.strip())
    return bounded(count, check, number_of(count, "character"))


def readability(subject: Subject, check: Check) -> Finding:
    """Checks the US school grade needed for an English text, by the Flesch-Kincaid formula with rule-based syllables.

    0.39 words per sentence + 11.8 syllables per word - 15.59 (J. P. Kincaid and others, 1975).
    """
    found = _WORD.findall(subject.text)
    if len(found) < 30:
        return Finding(None, f"Only {len(found)} words: too few for a grade.")
    sentences = max(1, len(re.findall(r"[.!?]+(?:\s|$)", subject.text)))
    grade = 0.39 * len(found) / sentences + 11.8 * sum(map(_syllables, found)) / len(found) - 15.59
    return bounded(grade, check, f"Grade {grade:.1f} (rough)")


def _syllables(word: str) -> int:
    count = len(_SYLLABLE.findall(word.lower()))
    if word.lower().endswith("e") and not word.lower().endswith("le") and count > 1:
        count -= 1
    return max(1, count)


def cost(subject: Subject, check: Check) -> Finding:
    """Checks the cost in US dollars; an unknown cost gives no verdict."""
    if subject.cost is None:
        return Finding(None, "The cost is not known.")
    return bounded(subject.cost, check, f"${subject.cost:.6g}")


def latency(subject: Subject, check: Check) -> Finding:
    """Checks the seconds from just before the request to the end; only for answers asked for this experiment."""
    if not subject.fresh:
        return Finding(None, "Reused from the record: its time was not measured in this experiment.")
    if subject.duration_s is None:
        return Finding(None, "No duration was measured.")
    return bounded(subject.duration_s, check, f"{subject.duration_s:.2f} s")


def outcome(subject: Subject, check: Check) -> Finding:
    """Whether the answer's outcome is one of `values`, such as `complete` or `refused`."""
    passed = subject.state in {each.strip().lower() for each in check.values}
    return Finding(passed, f"Ended as {subject.state}.", label=subject.state)


def validate_bounds(check: Check) -> None:
    """Require a bound, as a check without one always passes."""
    if check.at_least is None and check.at_most is None:
        raise CheckError("Say at least how much, at most how much, or both.")
    if check.at_least is not None and check.at_most is not None and check.at_least > check.at_most:
        raise CheckError(f"At least {check.at_least:g} and at most {check.at_most:g} cannot both be true.")


def validate_number(check: Check) -> None:
    """Require a value or a bound."""
    if not check.value.strip():
        validate_bounds(check)
    elif not check.holes and _decimal(check.value) is None:
        raise CheckError(f"{short(check.value)} is not a number.")
