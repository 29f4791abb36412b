"""How the pictures of one run differ in the way they were drawn: size, steps and quality.

Compares only what is known: the size as it came; steps and quality as the server reported them, else the steps as
they were sent. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from prompts.analysis.best import listed
from prompts.analysis.spread import askings, names
from prompts.core.answer import Answer
from prompts.core.run import Run
from providers.catalogue.catalogue import find
from providers.pictures import Picture


def unlike_drawings(run: Run) -> str:
    """A sentence that names the differences; empty if none is known. Previews do not count."""
    sides = askings(run)
    told = [_said(what, _values(sides, read)) for what, read in _FACTS.items()]
    said = "; ".join(filter(None, told))
    return f"Not drawn alike, so compare with care: {said}." if said else ""


def _values(
    sides: Sequence[Sequence[Answer]], read: Callable[[Answer, Picture], str | None]
) -> Mapping[str, list[str]]:
    """The names of those with each value; a model whose repeats differ has several."""
    found = dict[str, list[str]]()
    for name, answers in zip(_labels(sides), sides, strict=True):
        drawn = ((answer, each) for answer in answers for each in answer.pictures if not each.partial)
        for value in dict.fromkeys(read(answer, each) for answer, each in drawn):
            if value is not None:
                found.setdefault(value, []).append(name)
    return found


def _labels(sides: Sequence[Sequence[Answer]]) -> list[str]:
    """Names as the columns show them, if that tells the models apart."""
    targets = [answers[0].target for answers in sides]
    known = [find(target.provider, target.model) for target in targets]
    short = [each.label if each else target.model for each, target in zip(known, targets, strict=True)]
    return short if len(set(short)) == len(short) else names(sides)


def _said(what: str, found: Mapping[str, list[str]]) -> str:
    if len(found) < 2:
        return ""
    return f"{what} {', '.join(f'{value} by {listed(who)}' for value, who in found.items())}"


def _size(_: Answer, picture: Picture) -> str:
    return f"{picture.width} × {picture.height}"


def _steps(answer: Answer, picture: Picture) -> str | None:
    if (told := picture.drawn_with.get("steps")) is not None:
        return told
    asked = answer.target.settings.picture
    dropped = any(each.setting == "steps" for each in answer.adjustments)
    return None if asked is None or asked.steps is None or dropped else str(asked.steps)


def _quality(_: Answer, picture: Picture) -> str | None:
    return picture.drawn_with.get("quality")


_FACTS: Mapping[str, Callable[[Answer, Picture], str | None]] = {"size": _size, "steps": _steps, "quality": _quality}
