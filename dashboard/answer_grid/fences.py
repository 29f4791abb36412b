"""A fence within a fence: Markdown about Markdown, where the marks of both are equally long.

CommonMark ends the outer one at the first bare mark. Where the outer one is said to hold Markdown, a mark with a
language inside it opens another that ends first, provided that both have an end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_LANGUAGES = "markdown|md|mdx"
_MARK = r"(?P<mark>`{3,}|~{3,})[ \t]*(?P<info>[^`\n]*)$"
_INSIDE = re.compile(rf"[ \t>]*{_MARK}")
_OPENING = re.compile(rf"(?:[ \t>]*(?:[-+*]|\d{{1,9}}[.)])[ \t]+)*[ \t>]*{_MARK}")
_OF_MARKDOWN = re.compile(rf"(?:{_LANGUAGES})\b", re.IGNORECASE)
_ANY_OF_MARKDOWN = re.compile(rf"(?:`{{3}}|~{{3}})[ \t]*(?:{_LANGUAGES})\b", re.IGNORECASE)
_FURTHER_IN = 3
"""Columns by which an end may stand further in than its beginning."""


@dataclass(slots=True)
class Nesting:
    """What is open inside a fence."""

    mark: str
    holds_markdown: bool
    depth: int = 0
    longest: int = 0
    """The longest mark inside."""

    @classmethod
    def of(cls, mark: str, info: str) -> Nesting:
        """Inside the fence that this mark opens."""
        return cls(mark, bool(_OF_MARKDOWN.match(info)))

    def reads(self, line: str) -> bool:
        """Whether the line is a mark that belongs to the inside: it opens a fence there, or closes one."""
        found = _INSIDE.match(line.rstrip()) if self.holds_markdown else None
        if found is None or found["mark"][0] != self.mark[0] or not (found["info"].strip() or self.depth):
            return False
        self.depth += 1 if found["info"].strip() else -1
        self.longest = max(self.longest, len(found["mark"]))
        return True


def lengthened(markdown: str) -> str:
    """`markdown` with longer marks around each fence of Markdown that holds others, so that CommonMark sees both."""
    if not _ANY_OF_MARKDOWN.search(markdown):
        return markdown
    lines = markdown.split("\n")
    n = 0
    while n < len(lines):
        if opening := _OPENING.match(lines[n].rstrip()):
            start, (n, inner) = n, _end(lines, n, opening)
            if inner:
                longer = opening["mark"][0] * (inner + 1)
                for place in (start, n):
                    lines[place] = lines[place].replace(opening["mark"], longer, 1)
        n += 1
    return "\n".join(lines)


def _end(lines: list[str], start: int, opening: re.Match[str]) -> tuple[int, int]:
    """The line that ends the fence at `start`, and how long the longest mark inside is; 0 where none is inside.

    Where not all that opens inside has an end, it is the first bare mark, as CommonMark has it, or the last line.
    """
    mark, nesting = opening["mark"], Nesting.of(opening["mark"], opening["info"])
    first: int | None = None
    for n in range(start + 1, len(lines)):
        found = _INSIDE.match(lines[n].rstrip())
        inside = nesting.reads(lines[n])
        if found is None or found["info"].strip() or not found["mark"].startswith(mark):
            continue
        if found.start("mark") > opening.start("mark") + _FURTHER_IN:
            continue
        first = n if first is None else first
        if not inside:
            return n, nesting.longest
    return len(lines) - 1 if first is None else first, 0
