"""Code fences inside code fences: Markdown about Markdown, where the marks of both are equally long.

CommonMark ends the outer fence at the first bare mark. If the outer fence is labelled as Markdown, we read a mark
with a language inside it as an inner fence that must end first, provided that both have an end.
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
"""Columns by which a closing mark may be indented further than its opening one."""


@dataclass(slots=True)
class Nesting:
    """The fences that are open inside a fence."""

    mark: str
    holds_markdown: bool
    depth: int = 0
    longest: int = 0
    """Length of the longest mark inside."""

    @classmethod
    def of(cls, mark: str, info: str) -> Nesting:
        """The (still empty) inside of the fence that this mark opens; `info` is what follows the mark."""
        return cls(mark, bool(_OF_MARKDOWN.match(info)))

    def reads(self, line: str) -> bool:
        """Read one line; returns whether it is a mark that opens or closes a fence inside."""
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
