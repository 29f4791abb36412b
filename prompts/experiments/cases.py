"""Cases: rows of texts under named columns.

Owns the limits of a table and the messages about inconsistent ones; a table is accepted completely or not at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from prompts.core.printable import printable

MOST_BYTES = 50 * 2**20
"""The size of a file; its unpacked content may have four times as much."""
MOST_CASES = 100_000
MOST_COLUMNS = 200
_NAMED = 5  # how many lines a message names

_LONGEST_REASON = 200


class CasesError(ValueError):
    """A table that cannot be used; the message says where and what to do."""


@dataclass(frozen=True, slots=True)
class Cases:
    """A table of cases."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    """Each has as many texts as there are columns."""
    notes: tuple[str, ...] = ()
    """What a person should know about how it was read."""

    def __len__(self) -> int:
        return len(self.rows)

    def values(self, row: int) -> Mapping[str, str]:
        """The texts of one case, by column."""
        return dict(zip(self.columns, self.rows[row], strict=True))


def made(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Cases:
    """Cases from a grid edited on screen. Raises `CasesError`."""
    return table(((n, list(row)) for n, row in enumerate([columns, *rows], 1)), "The table")


def table(lines: Iterable[tuple[int, list[str]]], name: str, notes: Sequence[str] = ()) -> Cases:
    """Cases from lines with their line numbers, the first of which is the header.

    Raises `CasesError` for inconsistent lines.
    """
    empty: list[int] = []
    found = _filled(lines, empty)
    header = next(found, None)
    if header is None:
        raise CasesError(f"{name} is empty. Its first line names the columns, each further line is a case.")
    columns = _columns(header[1], name)
    rows: list[tuple[str, ...]] = []
    ragged: list[str] = []
    for line, row in found:
        while len(row) > len(columns) and not row[-1].strip():
            row = row[:-1]
        if len(row) != len(columns):
            ragged.append(f"line {line} has {len(row)}")
        rows.append(tuple(row))
        if len(rows) > MOST_CASES:
            raise too_many(name)
    if ragged:
        more = f" and {len(ragged) - _NAMED} more" if len(ragged) > _NAMED else ""
        plural = "s" if len(columns) > 1 else ""
        raise CasesError(
            f"{name} has {len(columns)} column{plural}, but {', '.join(ragged[:_NAMED])}{more}. "
            "Put cells that contain the separator or a line break into quotation marks."
        )
    if not rows:
        raise CasesError(f"{name} names columns, but has no case below them.")
    return Cases(columns, tuple(rows), (*notes, *_left_out(empty), *_doubles(rows)))


def _filled(lines: Iterable[tuple[int, list[str]]], empty: list[int]) -> Iterator[tuple[int, list[str]]]:
    """The lines that are not empty; the numbers of lines with only empty cells between them are added to `empty`."""
    blank: list[int] = []
    begun = False
    for line, row in lines:
        if any(cell.strip() for cell in row):
            empty += blank if begun else ()
            blank, begun = [], True
            yield line, row
        elif row:
            blank.append(line)


def _left_out(empty: Sequence[int]) -> list[str]:
    if not empty:
        return []
    lines = f"lines {empty[0]} to {empty[-1]}" if len(empty) > 1 else f"line {empty[0]}"
    return [f"{len(empty):,} empty row{'s are' if len(empty) > 1 else ' is'} left out ({lines})."]


def unread(name: str, kind: str, exc: Exception) -> CasesError:
    """The error for a file that is not a valid `kind`, with the reader's message, cut, as that may quote the file."""
    said = printable(str(exc))
    said = said if len(said) <= _LONGEST_REASON else f"{said[:_LONGEST_REASON]}…"
    return CasesError(f"{name} is not a readable {kind}: {said.removesuffix('.')}. Save it again, or as CSV (UTF-8).")


def too_many(name: str) -> CasesError:
    """The error for a table with more than `MOST_CASES` cases."""
    return CasesError(
        f"{name} has more than {MOST_CASES:,} cases. Take a sample: more cases cost money and rarely change the result."
    )


def _columns(header: Sequence[str], name: str) -> tuple[str, ...]:
    columns = [cell.strip() for cell in header]
    while columns and not columns[-1]:
        columns.pop()
    if len(columns) > MOST_COLUMNS:
        raise CasesError(
            f"{name} has {len(columns):,} columns; at most {MOST_COLUMNS} are read. Leave out what is not asked about."
        )
    unnamed = [str(n) for n, column in enumerate(columns, 1) if not column]
    if unnamed:
        raise CasesError(f"{name}: column {', '.join(unnamed)} has no name in the first line. Name it, or delete it.")
    twice = [column for column, often in Counter(columns).items() if often > 1]
    if twice:
        raise CasesError(f"{name} has more than one column named {', '.join(map(repr, twice))}. Rename all but one.")
    return tuple(columns)


def _doubles(rows: Sequence[tuple[str, ...]]) -> list[str]:
    again = len(rows) - len(set(rows))
    if not again:
        return []
    return [f"{again} case{'s' if again > 1 else ''} repeat{'' if again > 1 else 's'} another word for word."]
