"""Spreadsheets as they look: what would read otherwise is said or refused, and none takes the process with it."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest

from prompts.experiments import cases
from prompts.experiments.case_files import read_cases
from prompts.experiments.cases import Cases, CasesError


def _file(*rows: list[Any], change: Callable[[Any], None] = lambda _: None) -> bytes:
    book: Any = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    change(book)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def _read(*rows: list[Any], change: Callable[[Any], None] = lambda _: None) -> Cases:
    return read_cases(_file(*rows, change=change), "c.xlsx")


def test_a_spreadsheet_reads_as_it_looks() -> None:
    read = _read(
        ["id", "n", "when", "yes", "for"], ["007", 7, None, True, timedelta(hours=30)],
        ["x", 1.5, date(2026, 11, 30), None, timedelta(seconds=90)],
    )  # fmt: skip
    assert read.rows == (("007", "7", "", "TRUE", "30:00:00"), ("x", "1.5", "2026-11-30", "", "0:01:30"))
    assert read.notes == ()


def _more_sheets(book: Any) -> None:
    book.active.title, book.active.sheet_state = "Old", "hidden"
    book.create_chartsheet("Chart", 0)
    book.create_sheet("Cases").append(["mail"])
    book["Cases"].append(["Hi"])


def test_the_first_sheet_that_is_not_hidden_is_read_and_the_others_are_named() -> None:
    read = _read(["secret"], ["x"], change=_more_sheets)
    assert (read.columns, read.rows) == (("mail",), (("Hi",),))
    assert read.notes == ("Only the sheet “Cases” is read, not “Chart”, “Old”.",)


def test_merged_cells_and_errors_which_read_as_empty_are_said() -> None:
    read = _read(["mail", "label"], ["a", "bug"], ["b"], ["c", "#N/A"], change=lambda b: b.active.merge_cells("B2:B3"))
    assert read.rows == (("a", "bug"), ("b", ""), ("c", ""))
    assert read.notes == (
        "Of merged cells only the first contains the text: 1 read as empty.",
        "1 cell with an error, such as #N/A, read as empty.",
    )


def test_lines_are_named_as_the_sheet_numbers_them() -> None:
    def below(book: Any) -> None:
        for place, text in (("B5", "mail"), ("B6", "a"), ("B7", "b"), ("C7", "c")):
            book.active[place] = text

    with pytest.raises(CasesError, match="1 column, but line 7 has 2"):
        _read(change=below)


def test_a_formula_without_a_value_is_not_read_as_empty() -> None:
    with pytest.raises(CasesError, match="1 formula without a stored value"):
        _read(["a", "b"], ["x", "=1+1"])


def test_a_formula_that_gives_an_empty_text_has_a_value() -> None:
    stored = _changed(_file(["a", "b"], ["x", '=""']), b'<c r="B2">', b'<c r="B2" t="str">')
    assert read_cases(stored, "c.xlsx").rows == (("x", ""),)


def test_formulas_of_other_sheets_do_not_matter() -> None:
    assert _read(["a"], ["x"], change=lambda book: book.create_sheet("sums").append(["=1+1"])).rows == (("x",),)


def _changed(data: bytes, old: bytes, new: bytes) -> bytes:
    """The file with something replaced in its first sheet."""
    changed = io.BytesIO()
    with ZipFile(io.BytesIO(data)) as before, ZipFile(changed, "w") as after:
        for name in before.namelist():
            content = before.read(name)
            if name == "xl/worksheets/sheet1.xml":
                assert old in content
                content = content.replace(old, new)
            after.writestr(name, content)
    return changed.getvalue()


def test_a_cell_at_the_far_end_of_the_sheet_ends_no_process_but_its_own() -> None:
    def far(book: Any) -> None:
        book.active["XFD1048576"] = "x"

    with pytest.raises(CasesError, match="Delete cells far from the table"):
        _read(["a"], ["x"], change=far)


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    data = io.BytesIO()
    with ZipFile(data, "w", ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (5 * cases.MOST_BYTES))
    with pytest.raises(CasesError, match="unpacks to more than"):
        read_cases(data.getvalue(), "c.xlsx")


def test_what_is_no_spreadsheet_is_said() -> None:
    with pytest.raises(CasesError, match="not a readable spreadsheet"):
        read_cases(b"PK\x03\x04broken", "c.xlsx")


def test_what_a_broken_archive_is_said_to_hold_is_cut() -> None:
    file = io.BytesIO()
    with ZipFile(file, "w") as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"x" * 5000)
    broken = file.getvalue().replace(b"\x18\x00", b"\xff\x0f", 1)
    with pytest.raises(CasesError) as refused:
        read_cases(broken, "a.xlsx")
    assert len(str(refused.value)) < 400
