"""The spreadsheet as a spreadsheet reads it: real dates and numbers, a header that stays, text as it was written."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from decimal import Decimal

import openpyxl
import pytest

from prompts.core.csv_safety import LONGEST_CELL
from prompts.core.run_summaries import Filter
from prompts.exchange.export_columns import COLUMNS
from prompts.exchange.exporting import export
from prompts.exchange.formats import Selection
from prompts.exchange.spreadsheet import READ
from prompts.exchange.xlsx import Head, Link, Sheet
from tests.prompts.exchange.recorded import exported, fill
from tests.prompts.samples import FULL, NOW


@pytest.fixture
async def archive(open_archive, tmp_path):
    await fill(f"sqlite:///{tmp_path}/source.db")
    return open_archive(f"sqlite:///{tmp_path}/source.db")


def read(data: bytes):
    return openpyxl.load_workbook(io.BytesIO(data)).active


def made(*rows: list, heads: int = 1):
    sheet = Sheet([Head(f"H{n}") for n in range(heads)], "Answers")
    return read(b"".join(sheet.pieces(rows))), sheet


def test_an_answer_is_a_row_with_a_real_date_and_real_numbers(archive):
    sheet = read(exported(archive, "xlsx"))
    heads = [cell.value for cell in sheet[1]]
    row = dict(zip(heads, (cell.value for cell in sheet[2]), strict=True))
    assert heads == [head.name for _, head in READ]
    assert (sheet.freeze_panes, sheet.auto_filter.ref is not None) == ("A2", True)
    assert row["Asked (UTC)"] == NOW.replace(tzinfo=None, microsecond=row["Asked (UTC)"].microsecond)
    assert row["Answer"] == FULL.text
    assert row["First token (s)"] == 0.2
    assert (row["Stars"], row["Best"], row["Tags"]) == (2.5, True, "German; good")
    assert sheet.max_row == 3  # the warm-up is left out


def test_each_row_opens_its_run_where_the_dashboard_is_known(archive):
    run = archive.page(Filter()).lines[0].id
    linked = read(b"".join(export(archive, Selection(), "xlsx", dashboard="https://collate.example.com/tools")))
    cells = [row[-1] for row in linked.iter_rows(min_row=2)]
    assert [cell.value for cell in cells] == [run, run]
    assert {cell.hyperlink.target for cell in cells} == {f"https://collate.example.com/tools/?run={run}"}
    plain = read(exported(archive, "xlsx"))
    assert [row[-1].hyperlink for row in plain.iter_rows(min_row=2)] == [None, None]


def test_a_link_is_no_formula_whatever_it_says():
    hostile = '=HYPERLINK("http://x")"/><f>1+1</f>'
    sheet, _ = made([Link(hostile, f"https://x/?run={hostile}")])
    assert (sheet["A2"].value, sheet["A2"].data_type) == (hostile, "s")
    assert sheet["A2"].hyperlink.target == f"https://x/?run={hostile}"
    assert sheet["A2"].hyperlink.location is None


def test_links_beyond_what_excel_holds_are_text_and_counted(monkeypatch):
    monkeypatch.setattr("prompts.exchange.xlsx.MOST_LINKS", 1)
    sheet, writer = made([Link("first", "https://x/1")], [Link("second", "https://x/2")])
    assert (sheet["A2"].hyperlink.target, sheet["A3"].value, sheet["A3"].hyperlink) == ("https://x/1", "second", None)
    assert writer.linkless == 1


def test_what_is_read_is_what_other_files_hold():
    assert {name for name, _ in READ} <= {column.name for column in COLUMNS}


@pytest.mark.parametrize(
    "text", ["=1+1", "<b>&\"'", "  two\nlines\t", "Grüße, 你好 🙂", "a\x00b\x1bc", "\ud83d", "e" + "\u0301" * 30]
)
def test_text_is_a_value_and_never_a_formula(text: str):
    sheet, _ = made([text])
    assert sheet["A2"].data_type in ("s", "inlineStr")
    kept = text.replace("\x1b", "").replace("\x00", "\ufffd").replace("\ud83d", "\ufffd")
    assert sheet["A2"].value == kept


def test_numbers_dates_and_the_unknown():
    at = datetime(2026, 11, 29, 12, 30, tzinfo=UTC)
    sheet, _ = made([1, 2.5, Decimal("0.000123456789"), True, None, at], heads=6)
    assert [cell.value for cell in sheet[2]] == [1, 2.5, 0.000123456789, True, None, at.replace(tzinfo=None)]


def test_text_that_is_too_long_is_cut_and_counted():
    sheet, writer = made(["x" * (LONGEST_CELL + 1)], ["y"])
    assert len(sheet["A2"].value) <= LONGEST_CELL
    assert writer.long == 1


def test_columns_beyond_the_alphabet_have_their_letters():
    sheet, _ = made([str(n) for n in range(60)], heads=60)
    assert sheet["BH2"].value == "59"
