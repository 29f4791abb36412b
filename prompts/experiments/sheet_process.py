"""Reads one spreadsheet in a separate process: the parser is native code, and a cell far from the table, or one
repeated a million times, can make it use more memory than there is, which kills its process.

The file comes on standard input; the result of `read` goes to standard output as JSON.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import Any

import python_calamine as calamine


def main(most_rows: str, most_memory: str) -> None:
    """Read standard input, write standard output."""
    _bound(int(most_memory))
    json.dump(read(sys.stdin.buffer.read(), int(most_rows)), sys.stdout)


def _bound(most_memory: int) -> None:
    if sys.platform == "win32":
        return
    import resource

    with suppress(ValueError, OSError):  # a system without such a limit, or with a lower one
        resource.setrlimit(resource.RLIMIT_DATA, (most_memory, most_memory))


def read(data: bytes, most_rows: int) -> dict[str, Any]:
    """The first visible sheet: its `rows`, the number of the `first` one, and further facts.

    Or the reason why not: `locked`, `unread` with the parser's message, or `too_many` rows.
    """
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        place = _place(book.sheets_metadata)
        sheet = book.get_sheet_by_index(place)
        if sheet.height > most_rows + 1:
            return {"too_many": sheet.height}
        rows = [[_text(cell) for cell in row] for row in sheet.to_python()]
    except calamine.PasswordError:
        return {"locked": True}
    except calamine.CalamineError as exc:
        return {"unread": str(exc)}
    merged = sheet.merged_cell_ranges or ()
    return {
        "rows": rows, "first": 1 + (sheet.start or (0, 0))[0], "place": place, "sheets": book.sheet_names,
        "merged": sum((bottom - top + 1) * (right - left + 1) - 1 for (top, left), (bottom, right) in merged),
    }  # fmt: skip


def _place(sheets: Sequence[calamine.SheetMetadata]) -> int:
    """The place of the first visible sheet with cells; of the very first if there is none."""
    shown = (
        n for n, each in enumerate(sheets)
        if each.visible == calamine.SheetVisibleEnum.Visible and each.typ == calamine.SheetTypeEnum.WorkSheet
    )  # fmt: skip
    return next(shown, 0)


def _text(cell: object) -> str:
    """A cell as shown on screen: whole numbers without a point, dates in ISO 8601."""
    match cell:
        case None:
            return ""
        case bool():
            return "TRUE" if cell else "FALSE"
        case float() if cell.is_integer() and abs(cell) < 1e15:
            return str(int(cell))
        case datetime() if cell.time() == time():
            return cell.date().isoformat()
        case datetime() | date() | time():
            return cell.isoformat(" ") if isinstance(cell, datetime) else cell.isoformat()
        case timedelta():
            minutes, seconds = divmod(round(cell.total_seconds()), 60)
            return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
        case _:
            return str(cell)


if __name__ == "__main__":
    main(*sys.argv[1:])
