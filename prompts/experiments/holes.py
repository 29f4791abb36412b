"""Text with holes, `{{name}}`: which holes there are, and filling them.

Substitution only, in one pass: what is filled in is not looked at again, so a case may contain braces, quotes or
another template's syntax and arrives unchanged. `\\{{name}}` stays `{{name}}`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

_TEMPLATE = re.compile(r"\{\{.{0,200}?\}\}|\{[%#].{0,200}?[%#]\}|\{\{[ \t]*[\w.-]+[ \t]*\}?", re.DOTALL)
"""Syntax that other template languages would act on, and a hole that is not closed."""
_HOLE = re.compile(r"(\\?)\{\{[ \t]*([\w.-]+(?: [\w.-]+)*)[ \t]*\}\}")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a text with holes."""

    text: str
    hole: str | None = None
    """The name of the hole; `None` for plain text."""


def parts(text: str) -> Iterator[Part]:
    """The plain texts and holes in order; the `text` of a hole is its source, with braces."""
    end = 0
    for match in _HOLE.finditer(text):
        if start := text[end : match.start()]:
            yield Part(start)
        yield Part(match[0][1:]) if match[1] else Part(match[0], match[2])
        end = match.end()
    if rest := text[end:]:
        yield Part(rest)


class HoleError(ValueError):
    """Holes that no column fills; the message names them all."""


def holes(*texts: str | None) -> tuple[str, ...]:
    """The names of the holes, in the order in which they first occur."""
    found = (match for text in texts if text for match in _HOLE.finditer(text))
    return tuple(dict.fromkeys(match[2] for match in found if not match[1]))


def sent_as_they_stand(*texts: str | None) -> tuple[str, ...]:
    """What looks like template syntax but is not a hole, such as `{{name | upper}}`; it is sent unchanged."""
    stays = (_HOLE.sub("\0", text) for text in texts if text)
    return tuple(dict.fromkeys(match[0] for text in stays for match in _TEMPLATE.finditer(text)))


def template_note(*texts: str | None) -> str:
    """A sentence about what `sent_as_they_stand` finds; empty if nothing."""
    found = sent_as_they_stand(*texts)
    named = ", ".join(" ".join(each.split())[:60] for each in found[:5]) + (" and more" if len(found) > 5 else "")
    if not found:
        return ""
    return f"Sent as it is written: {named}. A hole is a column's name in double braces and nothing else."


def missing(names: Iterable[str], columns: Iterable[str]) -> tuple[str, ...]:
    """The holes that none of `columns` fills."""
    known = set(columns)
    return tuple(name for name in names if name not in known)


def fill(text: str, values: Mapping[str, str]) -> str:
    """`text` with every hole filled. Raises `HoleError` that names all holes without a value."""
    if absent := missing(holes(text), values):
        raise HoleError(_sentence(absent, values))
    return _HOLE.sub(lambda match: match[0][1:] if match[1] else values[match[2]], text)


def _sentence(absent: tuple[str, ...], values: Mapping[str, str]) -> str:
    named = ", ".join(f"{{{{{name}}}}}" for name in absent)
    have = ", ".join(values) or "none"
    return f"No column fills {named}. Columns: {have}. Name a column like the hole, or choose one for it."
