"""Cuts an answer into blocks while it arrives: a finished block is rendered once, the open end again and again.

A cut is made only where CommonMark must begin a new top-level block, so that the blocks joined together equal a
rendering of the whole text; where it is not certain that a list or fence has ended, there is no cut. The cuts
depend on the text alone, not on the pieces in which it came, so a viewer can resume by counting blocks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from dashboard.answer_grid.colours import code_block
from dashboard.answer_grid.fences import Nesting
from dashboard.answer_grid.markdown import LONGEST, plain, render

_TAIL_LONGEST = 8_000
"""Longest open block, in characters, that is rendered at every look; a longer one is plain text until it closes."""
_SPILL = 4_000
"""Size, in characters, of the pieces in which a block that is too long to render is handed over as plain text."""

_MARKER = re.compile(r"(?P<indent> *)(?P<mark>[-+*]|\d{1,9}[.)])(?P<gap> +|$)")
_FENCE = re.compile(r"(?P<lead>(?: *(?:[-+*]|\d{1,9}[.)])(?= ))* *)(?P<fence>`{3,}(?=[^`]*$)|~{3,})(?P<info>.*)")
_ENDS_LIST = re.compile(r" *(?:#{1,6}(?: |$)|>|([-*_])(?: *\1){2,} *$|`{3}|~{3})")
_UNDECIDED = (" \t\r", " \t\r-+*0123456789")
"""Characters at whose sight alone a line may still belong to the block above: outside a list, and inside one."""
_ONLY_MARKS = re.compile(r"[-=*_+#>|`~:\s]+|\s*\d{1,3}[.)]\s*")


@dataclass(frozen=True, slots=True)
class _Fence:
    mark: str
    inside: int
    """The indent of the list item around it, in columns; 0 outside lists."""
    first: bool
    """It is the first line of its block."""
    language: str
    nesting: Nesting

    def closed_by(self, line: str, indent: int) -> bool:
        bare = line.strip(" \r")
        return bare.startswith(self.mark) and not bare.strip(self.mark[0]) and (self.inside > 0 or indent < 4)


class Blocks:
    """The blocks of one answer. `closed` holds the HTML of the finished ones and only grows."""

    def __init__(self) -> None:
        self.closed: list[str] = []
        self._lines: list[str] = []
        self._size = 0
        self._rest = ""
        self._after_blank = False
        self._after_bare = False  # the last line cannot be continued without an indent: no paragraph is open
        self._item = 0  # columns that the content of the current top-level list item is indented; 0 = no list
        self._fence: _Fence | None = None
        self._too_long = False

    def feed(self, text: str) -> None:
        """Take the next piece of the answer."""
        *lines, self._rest = (self._rest + text).split("\n")
        for line in lines:
            self._take(line)
        if self._after_blank and not self._fence and self._rest and self._rest[0] not in _UNDECIDED[self._item > 0]:
            self._close()
        while len(self._rest) > LONGEST:
            self._add(self._rest[:LONGEST])
            self._rest = self._rest[LONGEST:]

    def finish(self) -> None:
        """The answer has ended: close the block that was open."""
        if self._rest:
            rest, self._rest = self._rest, ""
            self._take(rest)
        self._close()

    def tail_html(self) -> str:
        """The HTML of the open block as far as it has come; the next `feed` may change it."""
        text = "".join(self._lines)
        if self._too_long or (len(text) + len(self._rest) > _TAIL_LONGEST and not (self._fence and self._fence.first)):
            return plain(text + self._rest)
        if self._fence and self._fence.first and self._lines:
            return code_block("".join(self._lines[1:]) + self._rest, self._fence.language, coloured=False)
        text += self._rest if self._fence else _mended(self._rest, bool(self._lines))
        return render(text, coloured=False) if text.strip() else ""

    def _take(self, line: str) -> None:
        wide = line.expandtabs(4)
        blank = not wide.strip(" \r")
        indent = len(wide) - len(wide.lstrip(" "))
        if self._fence and (blank or indent >= self._fence.inside):
            self._add(line + "\n")
            if not self._fence.nesting.reads(line) and self._fence.closed_by(wide, indent):
                at_top, self._fence = self._fence.inside == 0, None
                if at_top:
                    self._close()
            return
        if self._fence:  # a line outside its list item ends a fence too, and the list unless it is the next item
            self._fence, self._after_bare = None, True
        if not blank:
            self._open(wide, indent)
        self._after_blank = blank
        self._add(line + "\n")

    def _open(self, line: str, indent: int) -> None:
        """Find out what a line begins, and close the block before it where its end is certain."""
        marker = _MARKER.match(line)
        fence = _FENCE.match(line)
        starts_fence = fence is not None and not fence["lead"]
        if indent == 0 and (starts_fence or (self._after_blank and not (self._item and marker))):
            self._close()
        if marker and marker.end() == len(line) and self._lines and not (self._item or self._after_blank):
            marker = None  # a lone mark cannot interrupt a paragraph
        if marker and indent < min(self._item or 4, 4):
            gap = len(marker["gap"])
            self._item = marker.end("mark") + (gap if 1 <= gap <= 4 else 1)
        elif indent < self._item and (self._after_blank or self._after_bare or _ENDS_LIST.match(line)):
            self._item = 0
        self._after_bare = marker is not None and marker.end() == len(line)
        if fence and (indent < 4 or self._item):
            inside = self._item if marker or indent >= self._item else 0
            language = (fence["info"].split() or [""])[0]
            self._fence = _Fence(
                fence["fence"], inside, starts_fence, language, Nesting.of(fence["fence"], fence["info"].strip())
            )

    def _add(self, text: str) -> None:
        self._lines.append(text)
        self._size += len(text)
        if self._size > (_SPILL if self._too_long else LONGEST):
            self._too_long = True
            self._emit()

    def _close(self) -> None:
        self._emit()
        self._too_long = self._after_blank = False
        self._item = 0

    def _emit(self) -> None:
        text = "".join(self._lines)
        if text.strip():
            self.closed.append(plain(text) if self._too_long else render(text))
        self._lines.clear()
        self._size = 0


def whole(text: str) -> str:
    """The HTML of a complete answer, as the live view ends with it."""
    blocks = Blocks()
    blocks.feed(text)
    blocks.finish()
    return "".join(blocks.closed)


def _mended(line: str, follows: bool) -> str:
    """An unfinished line without what would flicker: marks still without words, emphasis still without its end."""
    if follows and _ONLY_MARKS.fullmatch(line):
        return ""
    if line.count("`") % 2:
        return line + "`"
    if line.count("**") % 2:
        bare = line.rstrip("* ")
        return bare if bare.count("**") % 2 == 0 else bare + "**"
    return line
