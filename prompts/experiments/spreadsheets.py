"""Excel and OpenDocument files as lines of texts; their unpacked size is checked before they are read.

Owns the messages on files that would be read differently from how they look; the cells are read by `sheet_process`.
"""

from __future__ import annotations

import io
import json
import re
import subprocess
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

from prompts.core.child_process import python
from prompts.core.printable import printable
from prompts.experiments.cases import CasesError, unread

MOST_MEMORY = 2 * 2**30
"""The most bytes of memory for reading one."""
_FORMULA = re.compile(rb"<c\b([^>]*)>\s*<f[ >/](?:(?!</c>).)*?</c>", re.DOTALL)
_VALUE = re.compile(rb"<v>[^<]")
_TEXT, _ERROR = re.compile(rb"""\bt=["']str["']"""), re.compile(rb"""<c\b[^>]*\bt=["']e["']""")
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_NAMED = 5  # how many sheets a sentence names


def read_sheet(
    data: bytes, name: str, most_bytes: int, most_rows: int
) -> tuple[list[tuple[int, list[str]]], list[str]]:  # fmt: skip
    """The lines of the first visible sheet, with their numbers, and notes. Raises `CasesError`."""
    _check_size(data, name, 4 * most_bytes)
    found = _read_apart(data, name, most_rows)
    notes = [*_other_sheets(found), *_merged(found)]
    if data.startswith(b"PK"):
        notes += _check_cells(data, name, found["place"])
    rows: list[list[str]] = found["rows"]
    return list(enumerate(rows, found["first"])), notes


def _check_size(data: bytes, name: str, most_bytes: int) -> None:
    """Refuse a file that unpacks to more than `most_bytes`."""
    if not data.startswith(b"PK"):
        return  # the old binary format is not compressed
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            size = sum(item.file_size for item in archive.infolist())
    except Exception as exc:  # noqa: BLE001 -- a broken archive makes zipfile raise whatever its bytes lead it to
        raise unread(name, "spreadsheet", exc) from None
    if size > most_bytes:
        raise CasesError(f"{name} unpacks to more than {most_bytes // 2**20} MB. Save a smaller sheet.")


def _read_apart(data: bytes, name: str, most_rows: int) -> Mapping[str, Any]:
    """The result of `sheet_process.read`. Raises `CasesError` with the reason if there is one, or if it dies."""
    command = python("-m", "prompts.experiments.sheet_process", str(most_rows), str(MOST_MEMORY))
    done = subprocess.run(command, input=data, capture_output=True, check=False)  # noqa: S603 -- our own program
    if done.returncode:
        raise CasesError(
            f"{name} cannot be read: it is broken, or would take more than {MOST_MEMORY // 2**30} GB of memory. "
            "Delete cells far from the table, or save the table as CSV (UTF-8)."
        )
    found: dict[str, Any] = json.loads(done.stdout)
    if "locked" in found:
        raise CasesError(f"{name} is protected by a password. Save it without one.")
    if "unread" in found:
        raise unread(name, "spreadsheet", ValueError(found["unread"]))
    if "too_many" in found:
        rows = found["too_many"]
        raise CasesError(f"{name} has {rows:,} rows; at most {most_rows:,} cases are read. Take a sample.")
    return found


def _other_sheets(found: Mapping[str, Any]) -> list[str]:
    sheets: list[str] = list(found["sheets"])
    if len(sheets) < 2:
        return []
    read = sheets.pop(found["place"])
    named = ", ".join(f"“{each}”" for each in sheets[:_NAMED])
    more = f" and {len(sheets) - _NAMED} more" if len(sheets) > _NAMED else ""
    return [printable(f"Only the sheet “{read}” is read, not {named}{more}.")]


def _merged(found: Mapping[str, Any]) -> list[str]:
    empty = found["merged"]
    return [f"Of merged cells only the first contains the text: {empty:,} read as empty."] if empty else []


def _check_cells(data: bytes, name: str, place: int) -> list[str]:
    """Refuse formulas without a stored value, and note error values: both would be read as empty."""
    try:
        with ZipFile(io.BytesIO(data)) as archive:
            sheet = archive.read(_path(archive, place))
    except KeyError:
        return []  # OpenDocument, or Excel's binary format, which store the value of each formula
    except Exception as exc:  # noqa: BLE001 -- as above
        raise unread(name, "spreadsheet", exc) from None
    empty = sum(not _VALUE.search(cell[0]) and not _TEXT.search(cell[1]) for cell in _FORMULA.finditer(sheet))
    if empty:
        raise CasesError(
            f"{name} has {empty} formula{'s' if empty > 1 else ''} without a stored value, which would read as empty. "
            "Open it in a spreadsheet program and save it, or paste the values."
        )
    errors = len(_ERROR.findall(sheet))
    return [f"{errors:,} cell{'s' if errors > 1 else ''} with an error, such as #N/A, read as empty."] if errors else []


def _path(archive: ZipFile, place: int) -> str:
    """The path of the sheet at this place of the workbook. Raises `KeyError`."""
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 -- no entity is followed far by expat
    ids = [each.get(_ID) for each in book.iter() if each.tag.endswith("}sheet")]
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 -- as above
    targets = {each.get("Id"): each.get("Target") or "" for each in relations}
    target = targets[ids[place]] if place < len(ids) else ""
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
