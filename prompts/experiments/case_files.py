"""Files of cases as people have them: pasted text, CSV, TSV, JSON Lines, Parquet, Excel.

Cells stay texts as they were written (`007`, `NA`, `1e5`). Every reader raises `CasesError`; a file is read whole or
not at all.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any, cast

from prompts.experiments.cases import MOST_BYTES, MOST_CASES, Cases, CasesError, table, too_many, unread
from prompts.experiments.encodings import decode
from prompts.experiments.spreadsheets import read_sheet


def read_cases(data: bytes, name: str, encoding: str | None = None) -> Cases:
    """The cases of a file called `name`; its ending says what it is. Raises `CasesError`.

    `encoding`: how a text table is to be read; `None`: as it says itself, else as is guessed and noted.
    """
    if len(data) > MOST_BYTES:
        raise CasesError(f"{name} has {len(data) / 2**20:,.0f} MB; at most {MOST_BYTES // 2**20} MB are read.")
    ending = name.rpartition(".")[2].lower()
    if data[:4] == b"PAR1" or ending == "parquet":
        return _parquet(data, name)
    if data[:4] == b"PK\x03\x04" or ending in ("xlsx", "xlsm", "xls", "ods"):
        return table(read_sheet(data, name, MOST_BYTES, MOST_CASES), name)
    text, notes = decode(data, name, encoding)
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
        return table(_numbered(reader), name, notes)
    except csv.Error as exc:
        said = f"{name}, line {reader.line_num}: {exc}. Is a quotation mark left open, or one not doubled?"
        raise CasesError(said) from None


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
            raise too_many(name)
    columns = list(dict.fromkeys(key for each in objects for key in each))
    absent = sum(len(each) < len(columns) for each in objects)
    said = [f"{absent} of {len(objects)} lines lack a name that others have; there it is empty."] if absent else []
    rows = [columns, *([_text(each.get(column)) for column in columns] for each in objects)]
    return table(enumerate(rows, 1), name, [*notes, *said])


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False, default=str)


def _parquet(data: bytes, name: str) -> Cases:
    parquet: Any = import_module("pyarrow.parquet")  # no types of its own; and few need it, so late
    try:
        file = parquet.ParquetFile(io.BytesIO(data))
        size = sum(file.metadata.row_group(n).total_byte_size for n in range(file.metadata.num_row_groups))
        if file.metadata.num_rows > MOST_CASES:
            raise too_many(name)
        if size > 4 * MOST_BYTES:
            raise CasesError(
                f"{name} unpacks to {size / 2**20:,.0f} MB; at most {4 * MOST_BYTES // 2**20} MB are read."
            )
        read = file.read()
        lines = read.to_pylist()
    except CasesError:
        raise
    except Exception as exc:  # noqa: BLE001 -- foreign bytes: also dates that Python has none for
        raise unread(name, "Parquet file", exc) from None
    rows = [[_text(row[column]) for column in read.column_names] for row in lines]
    return table(enumerate([list(read.column_names), *rows], 1), name)
