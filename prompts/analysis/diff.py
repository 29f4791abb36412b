"""What two texts share and where they differ: first by lines, then by words inside the lines that changed.

The alignment is a longest common subsequence. Its cost depends on the lengths alone, so no content can make it slow. A
passage beyond the budget is not compared, and the result says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from rapidfuzz.distance import LCSseq

from prompts.analysis.diff_units import LINE, WORD, Unit, count_words, units

BUDGET = 200_000_000
"""How many pairs of units one difference may compare:
enough for two texts of some 14,000 words, with 25 MB of memory."""

Kind = Literal["kept", "deleted", "inserted"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text. Kept and deleted pieces together give the base text; kept and inserted ones the other text."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """How `other` differs from `base`. Words are counted without punctuation."""

    pieces: tuple[Piece, ...]
    shared_words: int
    """Words in the kept pieces: present in both texts, in the same order."""
    base_words: int
    other_words: int
    not_compared: int
    """How many passages were too long to be compared word by word; they count as deleted and inserted whole."""

    @property
    def same(self) -> bool:
        """Whether the texts are equal, character by character."""
        return all(piece.kind == "kept" for piece in self.pieces)

    @property
    def share(self) -> float | None:
        """Shared words as a fraction of all words of both texts, 0 to 1; `None` if neither has words."""
        words = self.base_words + self.other_words
        return 2 * self.shared_words / words if words else None


def difference(base: str, other: str, budget: int = BUDGET) -> Difference:
    """Compare two texts."""
    work = _Work(budget)
    pieces = tuple(_joined(_trimmed(_readable(list(work.by_lines(base, other))))))
    kept, deleted, inserted = (
        sum(count_words(piece.text) for piece in pieces if piece.kind == kind)
        for kind in ("kept", "deleted", "inserted")
    )
    return Difference(pieces, kept, kept + deleted, kept + inserted, work.not_compared)


class _Work:
    """One comparison, and what is left of its budget."""

    def __init__(self, budget: int) -> None:
        self._left = budget
        self.not_compared = 0

    def by_lines(self, a: str, b: str) -> Iterator[Piece]:
        """Compare whole lines first, so that changes within one line do not misalign the next."""
        yield from self._compare(units(a, LINE), units(b, LINE), words=False)

    def _compare(self, a: Sequence[Unit], b: Sequence[Unit], *, words: bool) -> Iterator[Piece]:
        at_a = at_b = 0
        pairs = self._pairs([unit.text for unit in a], [unit.text for unit in b], words=words)
        for i, j in [*pairs, (len(a), len(b))]:
            yield from self._gap(a[at_a:i], b[at_b:j], words=words)
            if i < len(a):
                yield Piece("kept", a[i].text)
                yield from _replaced(a[i].space, b[j].space)
            at_a, at_b = i + 1, j + 1

    def _gap(self, a: Sequence[Unit], b: Sequence[Unit], *, words: bool) -> Iterator[Piece]:
        space = a[-1].space if a and b and a[-1].space == b[-1].space else ""
        text_a, text_b = ("".join(u.text + u.space for u in units).removesuffix(space) for units in (a, b))
        if words or not a or not b:
            yield from _replaced(text_a, text_b)
        else:
            yield from self._compare(units(text_a, WORD), units(text_b, WORD), words=True)
        if space:
            yield Piece("kept", space)

    def _pairs(self, a: Sequence[str], b: Sequence[str], *, words: bool) -> Iterator[tuple[int, int]]:
        """Places (in `a`, in `b`) of equal units, in order:
        common ends first, then as many as possible between them."""
        shortest = min(len(a), len(b))
        start = next((n for n in range(shortest) if a[n] != b[n]), shortest)
        end = next((n for n in range(shortest - start) if a[-1 - n] != b[-1 - n]), shortest - start)
        yield from ((n, n) for n in range(start))
        middle_a, middle_b = a[start : len(a) - end], b[start : len(b) - end]
        cost = len(middle_a) * len(middle_b)
        if cost > self._left:
            self.not_compared += words  # lines that were not compared are passed again as words
        else:
            self._left -= cost
            yield from ((start + i, start + j) for i, j in longest_common(middle_a, middle_b))
        yield from ((len(a) - n, len(b) - n) for n in range(end, 0, -1))


def longest_common(a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int]]:
    """Places (in `a`, in `b`) of a longest common subsequence, in order."""
    numbers: dict[str, int] = {}  # rapidfuzz compares hashes; small integers are their own hash
    ours, theirs = ([numbers.setdefault(unit, len(numbers)) for unit in units] for units in (a, b))
    blocks = LCSseq.opcodes(ours, theirs).as_matching_blocks()
    return [(block.a + n, block.b + n) for block in blocks for n in range(block.size)]


def _replaced(a: str, b: str) -> Iterator[Piece]:
    if a == b:
        yield from [Piece("kept", a)] if a else ()
        return
    if a:
        yield Piece("deleted", a)
    if b:
        yield Piece("inserted", b)


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Merge pieces so that at most one deleted and one inserted piece stand between two kept ones."""
    for kept, run in groupby(pieces, key=lambda piece: piece.kind == "kept"):
        parts = list(run)
        kinds: tuple[Kind, ...] = ("kept",) if kept else ("deleted", "inserted")
        for kind in kinds:
            if text := "".join(piece.text for piece in parts if piece.kind == kind):
                yield Piece(kind, text)


def _readable(pieces: Sequence[Piece]) -> list[Piece]:
    """Drop tiny kept pieces: a chance "the" between two long changes tells nothing and breaks both apart."""
    runs = list(_joined(pieces))
    done: list[Piece] = []
    before = 0  # how many words the change at the end of `done` has
    for n, piece in enumerate(runs):
        if piece.kind != "kept":
            before = max(before, count_words(piece.text))
            done.append(piece)
            continue
        after = max((count_words(p.text) for p in runs[n + 1 : n + 3] if p.kind != "kept"), default=0)
        if done and n + 1 < len(runs) and 2 * count_words(piece.text) < min(before, after) and "\n\n" not in piece.text:
            done += [Piece("deleted", piece.text), Piece("inserted", piece.text)]
            before += count_words(piece.text)
        else:
            done.append(piece)
            before = 0
    return list(_joined(done))


def _trimmed(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Keep the white space that a deleted and an inserted piece both end with."""
    space = 0
    for piece, following in zip(pieces, [*pieces[1:], None], strict=False):
        if piece.kind == "deleted" and following and following.kind == "inserted":
            space = _common_space(piece.text, following.text)
            yield Piece("deleted", piece.text[: len(piece.text) - space])
            continue
        end = len(piece.text) - space
        yield Piece(piece.kind, piece.text[:end])
        yield Piece("kept", piece.text[end:])
        space = 0


def _common_space(a: str, b: str) -> int:
    shortest = min(len(a), len(b))
    return next((n for n in range(shortest) if a[-1 - n] != b[-1 - n] or not a[-1 - n].isspace()), shortest)
