"""Length and form of an answer: what can be counted without judging it.

Words are those of prose, headings, lists and tables; code is counted in blocks, not words, and formulas are not
counted. In a script without spaces each character counts as a word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from prompts.analysis.agreement.markup import Line, bare, lines, paragraphs
from prompts.analysis.agreement.sentences import split

WORDS_PER_MINUTE = 238
"""Silent reading speed for English non-fiction: the mean of 190 studies, Brysbaert 2019."""

_WORD = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"
    r"|[^\W_](?:[^\W\u3040-\u30ff\u3400-\u9fff_]|(?<=\w)['’.,-](?=\w))*"
)
_ADDRESS = re.compile(r"https?://(?=\S)")
_ADDRESSED = frozenset({"prose", "item", "heading", "table"})


@dataclass(frozen=True, slots=True)
class Form:
    """Counts for one answer."""

    words: int
    sentences: int
    headings: int
    lists: int
    items: int
    code_blocks: int
    tables: int
    links: int

    @property
    def reading_s(self) -> float:
        """Seconds to read the words at `WORDS_PER_MINUTE`; code takes none."""
        return self.words * 60 / WORDS_PER_MINUTE


def form(text: str) -> Form:
    """Count what is in `text`, read as Markdown."""
    found = lines(text)
    read = [line for line in found if line.kind in _ADDRESSED]
    return Form(
        words=sum(len(_WORD.findall(bare(line.text))) for line in read),
        sentences=sum(1 for paragraph in paragraphs(found) for _ in split(paragraph)),
        headings=sum(line.kind == "heading" for line in found),
        lists=_lists(found),
        items=sum(line.kind == "item" for line in found),
        code_blocks=sum(line.kind == "fence" for line in found),
        tables=sum(line.kind == "table_rule" for line in found),
        links=sum(len(_ADDRESS.findall(line.text)) for line in read),
    )


def _lists(found: list[Line]) -> int:
    """The number of lists. A blank line,
    code or indented prose between two items does not split a list; other lines do."""
    kinds = [line.kind for line in found if line.kind in _ADDRESSED and not line.indented]
    return sum(now == "item" and before != "item" for before, now in pairwise(["prose", *kinds]))
