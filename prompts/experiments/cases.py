"""Cases: rows of texts, read from what people have: a pasted table, CSV, TSV, JSON Lines, Parquet, Excel.

Cells stay texts as they were written (`007`, `NA`, `1e5`). Owns the bounds of what is read and the sentences about
what cannot be; a table is read whole or not at all.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, cast

MOST_BYTES = 50 * 2**20
"""Of a file; and four times as much of what it holds unpacked."""
MOST_CASES = 100_000
MOST_COLUMNS = 200
_NAMED = 5  # so many lines are named in a sentence


class CasesError(ValueError):
    """A table that cannot be taken; the message says where and what to do."""


@dataclass(frozen=True, slots=True)
class Cases:
    """A table of cases."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    """As many texts as there are columns."""
    notes: tuple[str, ...] = ()
    """What a person should know of how it was read."""

    def __len__(self) -> int:
        return len(self.rows)

    def values(self, row: int) -> Mapping[str, str]:
        """One case by column."""
        return dict(zip(self.columns, self.rows[row], strict=True))


def read_cases(data: bytes, name: str) -> Cases:
    """The cases of a file called `name`; its ending says what it is. Raises `CasesError`."""
    if len(data) > MOST_BYTES:
        raise CasesError(f"{name} has {len(data) / 2**20:,.0f} MB; at most {MOST_BYTES // 2**20} MB are read.")
    ending = name.rpartition(".")[2].lower()
    if data[:4] == b"PAR1" or ending == "parquet":
        return _parquet(data, name)
    if data[:4] == b"PK\x03\x04" or ending in ("xlsx", "xlsm", "xls", "ods"):
        from prompts.experiments.spreadsheets import read_sheet  # reads with a library that few need

        return _table(read_sheet(data, name, MOST_BYTES, MOST_CASES), name)
    text, notes = decode(data, name)
    if ending in ("jsonl", "ndjson") or (ending == "json" and text.lstrip().startswith("{")):
        return _json_lines(text, name, notes)
    return read_text(text, name, notes)


def read_text(text: str, name: str = "The table", notes: Sequence[str] = ()) -> Cases:
    """A table as text, its first line the names of the columns; tab, comma, semicolon or bar between cells."""
    if "\0" in text:
        raise CasesError(f"{name} holds zero bytes, so it is not a text table. Save it as CSV (UTF-8).")
    separator = _separator(text)
    csv.field_size_limit(MOST_BYTES)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        return _table(_numbered(reader), name, notes)
    except csv.Error as exc:
        said = f"{name}, line {reader.line_num}: {exc}. Is a quotation mark left open, or one not doubled?"
        raise CasesError(said) from None


def made(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Cases:
    """Cases from a grid that was edited on screen. Raises `CasesError`."""
    return _table(((n, list(row)) for n, row in enumerate([columns, *rows], 1)), "The table")


def decode(data: bytes, name: str) -> tuple[str, list[str]]:
    """The text of a file and a note where its encoding had to be guessed. Raises `CasesError`."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            try:
                return data.decode(encoding), []
            except UnicodeDecodeError as exc:
                raise CasesError(f"{name} begins as {encoding}, but byte {exc.start:,} is not. Save it anew.") from None
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError:
        from charset_normalizer import from_bytes  # only for files that are not UTF-8

        best = from_bytes(data[: 2**20]).best()
        if best is None:
            raise CasesError(f"{name} is not text in any known encoding. Save it as CSV (UTF-8).") from None
        try:
            text = data.decode(best.encoding)
        except UnicodeDecodeError:
            raise CasesError(f"{name} mixes encodings. Save it as CSV (UTF-8).") from None
        return text, [f"Read as {best.encoding}, which was guessed: check the accents."]


def _separator(text: str) -> str:
    """Whichever occurs most often in the first line, outside of quotation marks; a comma where none does."""
    first = "".join(text.lstrip("\r\n").split('"')[::2]).split("\n", 1)[0]
    counts = Counter({mark: first.count(mark) for mark in "\t,;|"})
    best, often = counts.most_common(1)[0]
    return best if often else ","


def _numbered(reader: Any) -> Iterator[tuple[int, list[str]]]:
    line = 1
    for row in cast(Iterator[list[str]], reader):
        yield line, row
        line = reader.line_num + 1


def _table(lines: Iterable[tuple[int, list[str]]], name: str, notes: Sequence[str] = ()) -> Cases:
    """Header and rows, each with the number of its line. Raises `CasesError` on whatever does not fit together."""
    found = ((line, row) for line, row in lines if any(cell.strip() for cell in row))
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
            raise CasesError(
                f"{name} has more than {MOST_CASES:,} cases. Take a sample: more cases cost, and few tell."
            )
    if ragged:
        more = f" and {len(ragged) - _NAMED} more" if len(ragged) > _NAMED else ""
        raise CasesError(
            f"{name} has {len(columns)} columns, but {', '.join(ragged[:_NAMED])}{more}. "
            "Put cells that hold the separator or a line break into quotation marks."
        )
    if not rows:
        raise CasesError(f"{name} names columns, but holds no case below them.")
    return Cases(columns, tuple(rows), (*notes, *_doubles(rows)))


def _too_many(name: str) -> CasesError:
    return CasesError(f"{name} has more than {MOST_CASES:,} cases. Take a sample of them.")


def _columns(header: Sequence[str], name: str) -> tuple[str, ...]:
    columns = [cell.strip() for cell in header]
    while columns and not columns[-1]:
        columns.pop()
    if len(columns) > MOST_COLUMNS:
        raise CasesError(f"{name} has {len(columns):,} columns; at most {MOST_COLUMNS} are read.")
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


def _json_lines(text: str, name: str, notes: Sequence[str]) -> Cases:
    """One object a line. Numbers stay as written; lists and objects become JSON; a name that is absent is empty."""
    objects: list[dict[str, Any]] = []
    for line, written in enumerate(text.splitlines(), 1):
        if not written.strip():
            continue
        try:
            read = json.loads(written, parse_int=str, parse_float=str)
        except (json.JSONDecodeError, RecursionError) as exc:
            raise CasesError(f"{name}, line {line} is not JSON: {exc}. One object a line is read.") from None
        if not isinstance(read, dict):
            raise CasesError(f'{name}, line {line} is no object. Write {{"column": "text", …}}, one a line.')
        objects.append(cast(dict[str, Any], read))
        if len(objects) > MOST_CASES:
            raise CasesError(
                f"{name} has more than {MOST_CASES:,} cases. Take a sample: more cases cost, and few tell."
            )
    columns = list(dict.fromkeys(key for each in objects for key in each))
    absent = sum(len(each) < len(columns) for each in objects)
    said = [f"{absent} of {len(objects)} lines lack a name that others have; there it is empty."] if absent else []
    rows = [columns, *([_text(each.get(column)) for column in columns] for each in objects)]
    return _table(enumerate(rows, 1), name, [*notes, *said])


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False, default=str)


def _parquet(data: bytes, name: str) -> Cases:
    arrow: Any = import_module("pyarrow")  # no types of its own; and few need it, so late
    parquet: Any = import_module("pyarrow.parquet")
    try:
        file = parquet.ParquetFile(io.BytesIO(data))
        size = sum(file.metadata.row_group(n).total_byte_size for n in range(file.metadata.num_row_groups))
        if file.metadata.num_rows > MOST_CASES:
            raise _too_many(name)
        if size > 4 * MOST_BYTES:
            raise CasesError(
                f"{name} unpacks to {size / 2**20:,.0f} MB; at most {4 * MOST_BYTES // 2**20} MB are read."
            )
        table = file.read()
    except (arrow.ArrowException, OSError) as exc:
        raise CasesError(f"{name} is not a Parquet file that can be read: {exc}") from None
    rows = [[_text(row[column]) for column in table.column_names] for row in table.to_pylist()]
    return _table(enumerate([list(table.column_names), *rows], 1), name)
