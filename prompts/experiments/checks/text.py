"""Checks that compare words: equals, contains, starts and ends with; and classification labels."""

from __future__ import annotations

import re

from prompts.experiments.checks.check import Check, CheckError, Finding, Fold, Subject, short

_EDGES = re.compile(r"^\W+|\W+$")


def folded(text: str, fold: frozenset[Fold]) -> str:
    """`text` without the differences to be ignored."""
    if "punctuation" in fold:
        text = "".join(c for c in text if c.isalnum() or c.isspace())
    if "space" in fold:
        text = " ".join(text.split())
    return text.casefold() if "case" in fold else text


def equals(subject: Subject, check: Check) -> Finding:
    """Whether the whole answer is the text, apart from white space around it."""
    passed = folded(subject.text.strip(), check.fold) == folded(check.value.strip(), check.fold)
    said = "The answer is" if passed else f"Expected {short(check.value)}, got"
    return Finding(passed, f"{said} {short(subject.text)}.")


def contains(subject: Subject, check: Check) -> Finding:
    """Whether the text occurs anywhere in the answer."""
    return _found(subject, check, (check.value,), every=True)


def contains_any(subject: Subject, check: Check) -> Finding:
    """Whether at least one of the texts occurs."""
    return _found(subject, check, check.values, every=False)


def contains_all(subject: Subject, check: Check) -> Finding:
    """Whether all of the texts occur."""
    return _found(subject, check, check.values, every=True)


def _found(subject: Subject, check: Check, wanted: tuple[str, ...], *, every: bool) -> Finding:
    answer = folded(subject.text, check.fold)
    absent = [text for text in wanted if folded(text, check.fold) not in answer]
    present = [text for text in wanted if text not in absent]
    passed = not absent if every else bool(present)
    if passed:
        return Finding(True, f"Holds {', '.join(map(short, present))}.", span=_span(subject.text, present[:1]))
    return Finding(False, f"Lacks {', '.join(map(short, absent))}.", score=len(present) / len(wanted))


def _span(text: str, found: list[str]) -> tuple[int, int] | None:
    at = text.casefold().find(found[0].casefold()) if found else -1
    return (at, at + len(found[0])) if at >= 0 else None


def starts_with(subject: Subject, check: Check) -> Finding:
    """Whether the answer starts with the text, apart from leading white space."""
    passed = folded(subject.text.lstrip(), check.fold).startswith(folded(check.value, check.fold))
    return Finding(passed, f"Starts with {short(subject.text.lstrip()[: len(check.value) + 20])}.")


def ends_with(subject: Subject, check: Check) -> Finding:
    """Whether the answer ends with the text, apart from trailing white space."""
    passed = folded(subject.text.rstrip(), check.fold).endswith(folded(check.value, check.fold))
    return Finding(passed, f"Ends with {short(subject.text.rstrip()[-len(check.value) - 20 :])}.")


def label(subject: Subject, check: Check) -> Finding:
    """Which of the labels in `values` the answer gives; passes if that is `value`, or if `value` is empty.

    An answer that is only a label (apart from case, quotes and punctuation around it) gives it; otherwise the only
    label that occurs in it as a whole word. With none, or several, the check fails.
    """
    alone = _EDGES.sub("", subject.text).casefold()
    given = [each for each in check.values if each.casefold() == alone] or [
        each
        for each in check.values
        if re.search(rf"(?<!\w){re.escape(each.casefold())}(?!\w)", subject.text.casefold())
    ]
    if len(given) != 1:
        said = f"names {len(given)} labels" if given else "names none of the labels"
        return Finding(False, f"The answer {said}: {short(subject.text)}.")
    passed = not check.value or given[0].casefold() == check.value.strip().casefold()
    said = f"Label {given[0]}" + ("." if passed else f", expected {check.value.strip()}.")
    return Finding(passed, said, label=given[0])


def validate_labels(check: Check) -> None:
    """Require at least two different labels."""
    if len({each.strip().casefold() for each in check.values if each.strip()}) < 2:
        raise CheckError("Write at least two different labels.")
