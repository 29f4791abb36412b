"""Reads files of cases: pasted text, CSV, TSV, JSON Lines, Parquet, Excel.

Cells stay text as written (`007`, `NA`, `1e5`). Every reader raises `CasesError`; a file is read completely or not at
all.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any, cast

from prompts.experiments.cases import MOST_BYTES, MOST_CASES, Cases, CasesError, table, too_many, unread
from prompts.experiments.encodings import decode
from prompts.experiments.json_cases import cell, read_json
from prompts.experiments.spreadsheets import read_sheet

_NO_TABLES = {
    b"\x1f\x8b": "packed (gzip). Unpack it first.",
    b"%PDF-": "a PDF document. Save its table as CSV (UTF-8).",
    b"\x89PNG": "a picture. Write its table as CSV (UTF-8).",
    b"\xff\xd8\xff": "a picture. Write its table as CSV (UTF-8).",
}
"""Files of other kinds, by their first bytes."""
_NAMED_SEPARATOR = re.compile(r"sep=([\t,;|])\r?\n", re.IGNORECASE)
"""The first line with which Excel names the separator."""
_WEB_PAGE = re.compile(r"\s*<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_MOST_UNPACKED = 4 * MOST_BYTES


def read_cases(data: bytes, name: str, encoding: str | None = None) -> Cases:
    """The cases of a file called `name`, in the format of its ending. Raises `CasesError`.

    `encoding`: how to read a text table; `None`: as its byte order mark says, else UTF-8, else a guess that is noted.
    """
    if len(data) > MOST_BYTES:
        raise CasesError(
            f"{name} has {len(data) / 2**20:,.0f} MB; at most {MOST_BYTES // 2**20} MB are read. Take a sample of it."
        )
    ending = name.rpartition(".")[2].lower()
    if data[:4] == b"PAR1" or ending == "parquet":
        _says_itself(name, encoding)
        return _parquet(data, name)
    if data[:4] == b"PK\x03\x04" or ending in ("xlsx", "xlsm", "xls", "ods"):
        _says_itself(name, encoding)
        lines, said = read_sheet(data, name, MOST_BYTES, MOST_CASES)
        return table(lines, name, said)
    if no_table := next((said for sign, said in _NO_TABLES.items() if data.startswith(sign)), ""):
        raise CasesError(f"{name} is {no_table}")
    text, notes = decode(data, name, encoding)
    if ending in ("json", "jsonl", "ndjson"):
        return read_json(text, name, notes)
    return read_text(text, name, notes)


def _says_itself(name: str, encoding: str | None) -> None:
    if encoding is not None:
        raise CasesError(f"{name} states its own encoding. Leave the encoding {encoding!r} out.")


def read_text(text: str, name: str = "The table", notes: Sequence[str] = ()) -> Cases:
    """A table given as text, with column names in the first line, separated by tab, comma, semicolon or bar."""
    if "\0" in text:
        raise CasesError(f"{name} contains zero bytes, so it is not a text table. Save it as CSV (UTF-8).")
    if _WEB_PAGE.match(text):
        raise CasesError(f"{name} is a web page, not a table. Download the table itself, perhaps after logging in.")
    named = _NAMED_SEPARATOR.match(text)
    separator = named[1] if named else _separator(text)
    csv.field_size_limit(MOST_BYTES)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        if named:
            next(reader)
        return table(_numbered(reader), name, notes)
    except csv.Error as exc:
        said = f"{name}, line {reader.line_num}: {exc}. Is a quotation mark left open, or one not doubled?"
        raise CasesError(said) from None


def _separator(text: str) -> str:
    """The separator that occurs most often in the first line, outside quotation marks; a comma if none does."""
    first = "".join(text.lstrip("\r\n").split('"')[::2]).split("\n", 1)[0]
    counts = Counter({mark: first.count(mark) for mark in "\t,;|"})
    best, often = counts.most_common(1)[0]
    return best if often else ","


def _numbered(reader: Any) -> Iterator[tuple[int, list[str]]]:
    line = reader.line_num + 1
    for row in cast(Iterator[list[str]], reader):
        yield line, row
        line = reader.line_num + 1


def _parquet(data: bytes, name: str) -> Cases:
    parquet: Any = import_module("pyarrow.parquet")  # has no types of its own; rarely needed, so imported late
    try:
        file = parquet.ParquetFile(io.BytesIO(data))
        if file.metadata.num_rows > MOST_CASES:
            raise too_many(name)
        columns: list[str] = file.schema_arrow.names
        rows = [[_text(row[each], each, name) for each in columns] for row in _parquet_rows(file, name)]
    except CasesError:
        raise
    except Exception as exc:  # noqa: BLE001 -- foreign bytes; also dates that Python lacks
        raise unread(name, "Parquet file", exc) from None
    return table(enumerate([columns, *rows], 1), name)


def _parquet_rows(file: Any, name: str) -> Iterator[dict[str, Any]]:
    """A few rows at a time: Parquet stores a repeated text once,
    so the size of the file says little about its content."""
    groups = [file.metadata.row_group(n).total_byte_size for n in range(file.metadata.num_row_groups)]
    if sum(groups) > _MOST_UNPACKED:
        raise _too_large(sum(groups), name)
    size = 0
    for batch in file.iter_batches(batch_size=max(1, min(1024, 4 * _MOST_UNPACKED // max(1, *groups, 1)))):
        size += batch.nbytes
        if size > _MOST_UNPACKED:
            raise _too_large(size, name)
        yield from batch.to_pylist()


def _too_large(size: int, name: str) -> CasesError:
    limit = f"at most {_MOST_UNPACKED // 2**20} MB are read"
    return CasesError(f"{name} unpacks to {size / 2**20:,.0f} MB or more; {limit}.")


def _text(value: object, column: str, name: str) -> str:
    if not isinstance(value, bytes):
        return cell(value)
    try:
        return value.decode()
    except UnicodeDecodeError:
        raise CasesError(f"{name}: the column {column!r} contains bytes that are not text. Leave it out.") from None
