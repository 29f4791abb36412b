"""Checks of answers that should be or contain XML: well-formed, by expat; nothing is fetched, no entity is expanded.

A document type declaration is refused: it could declare entities that grow without bound.
"""

from __future__ import annotations

import re
from itertools import islice
from xml.parsers import expat

from prompts.experiments.checks.check import Check, Finding, Subject, short

_FENCE = re.compile(r"\A\s*```[\w-]*\s*\n(.*?)\n?\s*```\s*\Z", re.DOTALL)
_OPENING = re.compile(r"<([A-Za-z_][\w.:-]*)")
_MOST_PLACES = 100  # places in an answer where XML is looked for
_LONGEST = 1_000_000  # in characters


def valid(subject: Subject, _: Check) -> Finding:
    """Whether the whole answer is well-formed XML, apart from a fenced code block around it."""
    fenced = _FENCE.match(subject.text)
    wrong = _wrong((fenced[1] if fenced else subject.text).strip())
    return Finding(wrong is None, wrong or "Well-formed XML.")


def inside(subject: Subject, _: Check) -> Finding:
    """Whether the answer contains a well-formed element."""
    text = subject.text
    for opening in islice(_OPENING.finditer(text), _MOST_PLACES):
        for ending in (f"</{opening[1]}>", "/>"):
            end = text.rfind(ending, opening.end())
            piece = text[opening.start() : end + len(ending)]
            if end >= 0 and _wrong(piece) is None:
                return Finding(True, f"Holds {short(piece)}.", span=(opening.start(), end + len(ending)))
    return Finding(False, "No well-formed XML in the answer.")


def _wrong(text: str) -> str | None:
    """Why a text is not well-formed; `None` if it is."""
    if len(text) > _LONGEST:
        return f"More than {_LONGEST:,} characters are not read as XML."
    parser = expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise ValueError("Not read: it declares a document type.")

    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(text.encode("utf-8", "replace"), True)
    except expat.ExpatError as exc:
        return f"Not XML: {expat.ErrorString(exc.code)} at line {exc.lineno} of {short(text)}."
    except ValueError as exc:
        return str(exc)
    return None
