"""Excel and OpenDocument files as lines of texts, with the size of what they unpack to known before it is read."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zipfile import ZipFile

from prompts.experiments.cases import CasesError, unread

_FORMULA = re.compile(rb"<f[ >/](?:(?!</c>).)*?</c>", re.DOTALL)
_VALUE = re.compile(rb"<v>[^<]")


def read_sheet(data: bytes, name: str, most_bytes: int, most_rows: int) -> Iterator[tuple[int, list[str]]]:
    """The lines of the first sheet, with their numbers. Raises `CasesError`."""
    import python_calamine as calamine

    _check_size(data, name, 4 * most_bytes)
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheet = book.get_sheet_by_index(0)
        if sheet.height > most_rows + 1:
            raise CasesError(f"{name} has {sheet.height:,} rows; at most {most_rows:,} cases are read. Take a sample.")
        for number, row in enumerate(sheet.iter_rows(), 1):
            yield number, [_text(cell) for cell in row]
    except calamine.PasswordError:
        raise CasesError(f"{name} is protected by a password. Save it without one.") from None
    except calamine.CalamineError as exc:
        raise unread(name, "spreadsheet", exc) from None


def _check_size(data: bytes, name: str, most_bytes: int) -> None:
    """Refuse a file that unpacks to more than it should, and formulas that hold no value."""
    if not data.startswith(b"PK"):
        return  # the old binary format unpacks to its own size
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            if sum(item.file_size for item in archive.infolist()) > most_bytes:
                raise CasesError(f"{name} unpacks to more than {most_bytes // 2**20} MB. Save a smaller sheet.")
            sheets = [item for item in archive.infolist() if item.filename.startswith("xl/worksheets/sheet")]
            empty = 0
            for sheet in sheets[:1]:
                empty += sum(_VALUE.search(cell) is None for cell in _FORMULA.findall(archive.read(sheet)))
    except CasesError:
        raise
    except Exception as exc:  # noqa: BLE001 -- a broken archive makes zipfile raise whatever its bytes lead it to
        raise unread(name, "spreadsheet", exc) from None
    if empty:
        raise CasesError(
            f"{name} has {empty} formula{'s' if empty > 1 else ''} without a stored value, which would read as empty. "
            "Open it in a spreadsheet program and save it, or paste the values."
        )


def _text(cell: object) -> str:
    """A cell as it is read on screen: whole numbers without a point, dates as ISO 8601."""
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
            return str(cell)
        case _:
            return str(cell)
