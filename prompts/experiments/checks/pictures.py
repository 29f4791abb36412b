"""Checks of pictures by facts alone: their size, their aspect ratio, the type of the file received.

No check here looks at what a picture shows; a judge that can see may (`judge`).
"""

from __future__ import annotations

import re
from collections.abc import Callable

from prompts.experiments.checks.check import Check, CheckError, Finding, Subject, short
from providers.pictures import Picture

_SIZE = re.compile(r"\s*(\d{1,6})\s*[x×X]\s*(\d{1,6})\s*")
_RATIO = re.compile(r"\s*(\d{1,6}(?:\.\d+)?)(?:\s*[:/]\s*(\d{1,6}(?:\.\d+)?))?\s*")
TYPES = ("png", "jpeg", "webp", "gif")


def size(subject: Subject, check: Check) -> Finding:
    """Whether every picture has the size `value` in pixels, such as `1024x1024`."""
    width, height = _pair(check.value)
    return _each(subject, lambda drawn: ((drawn.width, drawn.height) == (width, height), _pixels(drawn)))


def aspect(subject: Subject, check: Check) -> Finding:
    """Whether every picture has the aspect ratio `value` (`16:9`, `1.5`), within `tolerance`.

    Without a tolerance, it may be off by rounding to whole pixels: a width off by one pixel.
    """
    wanted = _ratio(check.value)

    def look(drawn: Picture) -> tuple[bool, str]:
        seen = drawn.width / drawn.height
        within = check.tolerance if check.tolerance is not None else 1 / drawn.height
        give = f" ± {check.tolerance:g}" if check.tolerance is not None else ""
        return abs(seen - wanted) <= within + 1e-9, f"{_pixels(drawn)} is {seen:.4g}, against {wanted:.4g}{give}"

    return _each(subject, look)


def file_type(subject: Subject, check: Check) -> Finding:
    """Whether every picture arrived as one of the types in `values`,
    such as `png`; it may be stored as another type."""
    wanted = {_named(each) for each in check.values}

    def look(drawn: Picture) -> tuple[bool, str]:
        came = drawn.arrived_type.removeprefix("image/")
        return came in wanted, f"It came as {came}"

    return _each(subject, look)


def _each(subject: Subject, look: Callable[[Picture], tuple[bool, str]]) -> Finding:
    """The finding for the first picture that fails, else for the first of all."""
    if not subject.pictures:
        return Finding(False, f"No picture came: the answer ended as {subject.state}.")
    said = [look(each) for each in subject.pictures]
    passed, reason = next((each for each in said if not each[0]), said[0])
    return Finding(passed, f"{reason}.")


def _pixels(drawn: Picture) -> str:
    return f"{drawn.width} × {drawn.height}"


def _pair(text: str) -> tuple[int, int]:
    found = _SIZE.fullmatch(text)
    if found is None or not int(found[1]) or not int(found[2]):
        raise CheckError(f"{short(text)} is not a size; write width x height in pixels, such as 1024x1024.")
    return int(found[1]), int(found[2])


def _ratio(text: str) -> float:
    found = _RATIO.fullmatch(text)
    if found is None or not float(found[1]) or (found[2] is not None and not float(found[2])):
        raise CheckError(f"{short(text)} is not an aspect ratio; write width:height, such as 16:9.")
    return float(found[1]) / float(found[2] or 1)


def _named(text: str) -> str:
    name = text.strip().lower().removeprefix("image/").removeprefix(".")
    return "jpeg" if name == "jpg" else name


def validate_size(check: Check) -> None:
    """Require a size, or a hole for one."""
    if not check.holes:
        _pair(check.value)


def validate_aspect(check: Check) -> None:
    """Require an aspect ratio, or a hole for one, and a tolerance that is not negative."""
    if not check.holes:
        _ratio(check.value)
    if check.tolerance is not None and check.tolerance < 0:
        raise CheckError("A tolerance must not be negative.")


def validate_types(check: Check) -> None:
    """Require known types of pictures."""
    if unknown := [each for each in check.values if "{{" not in each and _named(each) not in TYPES]:
        raise CheckError(f"{short(unknown[0])} is not a type of picture; there are {', '.join(TYPES)}.")
