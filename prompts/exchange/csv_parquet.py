"""Runs as a CSV or Parquet table with one row per completion, written piece by piece."""

# pyarrow has no types of its own for us to check against
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportMissingTypeStubs=false

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from prompts.core.csv_safety import LINE_END, LONGEST_CELL, MARK, defused, too_long
from prompts.exchange.export_columns import COLUMNS, Column, Entry, Kind, Value
from prompts.exchange.formats import Note
from prompts.record.run_rows import RunRows

if TYPE_CHECKING:
    import pyarrow as pa

_ROWS = 2_000
_CHARACTERS = 8_000_000
"""A row group of a Parquet file ends after so many rows or characters."""
_MONEY = (38, 18)  # digits in all, and after the decimal point


def csv_pieces(runs: Iterable[RunRows], note: Note) -> Iterator[bytes]:
    """The header, then each run's rows. At the end `note` is called with what Excel will not show."""
    out = io.StringIO(MARK)
    out.seek(0, io.SEEK_END)
    writer = csv.writer(out, lineterminator=LINE_END)
    writer.writerow([column.name for column in COLUMNS])
    long = 0
    yield out.getvalue().encode()
    for run in runs:
        out.seek(out.truncate(0))
        for entry in _entries(run):
            cells = [_cell(column.value(entry)) for column in COLUMNS]
            long += sum(isinstance(cell, str) and too_long(cell) for cell in cells)
            writer.writerow(cells)
        yield out.getvalue().encode()
    if long:
        cells = "1 cell is" if long == 1 else f"{long:,} cells are"
        note(f"{cells} longer than the {LONGEST_CELL:,} characters that an Excel cell shows; the file has them whole.")


def _entries(run: RunRows) -> Iterator[Entry]:
    return (Entry(run, completion) for completion in run.completions)


def _cell(value: Value) -> str | int | float:
    """A cell for CSV: text that a spreadsheet would execute is made safe; numbers stay numbers."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return defused(value)
        case list():
            return json.dumps(value, ensure_ascii=False)
        case datetime():
            return value.isoformat()
        case Decimal():
            return format(value, "f")
        case _:
            return value


def parquet_pieces(runs: Iterable[RunRows]) -> Iterator[bytes]:
    """A compressed Parquet file in row groups, which can be read one by one."""
    import pyarrow.parquet as pq  # takes a third of a second, so only imported when needed

    sink, schema = _Sink(), _schema()
    with pq.ParquetWriter(sink, schema, compression="zstd") as writer:
        for rows in _parts(runs):
            writer.write_table(_table(rows, schema))
            yield sink.take()
    yield sink.take()


def _parts(runs: Iterable[RunRows]) -> Iterator[list[Entry]]:
    part, characters = list[Entry](), 0
    for run in runs:
        for entry in _entries(run):
            part.append(entry)
            characters += len(entry.row["text"] or "") + len(run.row["prompt"])
            if len(part) >= _ROWS or characters >= _CHARACTERS:
                yield part
                part, characters = [], 0
    if part:
        yield part


def _table(rows: list[Entry], schema: pa.Schema) -> pa.Table:
    import pyarrow as pa

    columns = [
        pa.array([_exact(column, entry) for entry in rows], field.type)
        for column, field in zip(COLUMNS, schema, strict=True)
    ]
    return pa.Table.from_arrays(columns, schema=schema)


def _exact(column: Column, entry: Entry) -> Value:
    value = column.value(entry)
    return round(value, _MONEY[1]) if isinstance(value, Decimal) else value


def _schema() -> pa.Schema:
    import pyarrow as pa

    types: Mapping[Kind, pa.DataType] = {
        "text": pa.string(), "texts": pa.list_(pa.string()), "whole": pa.int64(), "number": pa.float64(),
        "money": pa.decimal128(*_MONEY), "instant": pa.timestamp("us", tz="UTC"), "truth": pa.bool_(),
    }  # fmt: skip
    told = [{"description": column.meaning, "unit": column.unit} for column in COLUMNS]
    fields = [pa.field(each.name, types[each.kind], metadata=said) for each, said in zip(COLUMNS, told, strict=True)]
    return pa.schema(fields)


class _Sink(io.RawIOBase):
    """A write-only file whose content is taken away as it is written."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces, self._at = list[bytes](), 0

    def writable(self) -> bool:
        """Always true."""
        return True

    def tell(self) -> int:
        """The total number of bytes written, from which Parquet computes offsets."""
        return self._at

    def write(self, data: Any) -> int:
        """Keep `data` until it is taken."""
        piece = bytes(data)
        self._pieces.append(piece)
        self._at += len(piece)
        return len(piece)

    def take(self) -> bytes:
        """What was written since the last call."""
        piece, self._pieces = b"".join(self._pieces), []
        return piece
