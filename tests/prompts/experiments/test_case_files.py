"""Cases as people have them: cells stay what was written, and what cannot be read says where and why."""

from __future__ import annotations

import io
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from prompts.experiments import cases
from prompts.experiments.case_files import read_cases, read_text
from prompts.experiments.cases import CasesError, made
from prompts.experiments.encodings import NAMES


def test_cells_stay_as_they_were_written() -> None:
    read = read_cases(b"id,word,number\n007,NA,1e5\n,null,  x \n", "c.csv")
    assert read.columns == ("id", "word", "number")
    assert read.rows == (("007", "NA", "1e5"), ("", "null", "  x "))
    assert read.values(0) == {"id": "007", "word": "NA", "number": "1e5"}


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("mail\tlabel\nHi, you\tspam", (("Hi, you", "spam"),)),
        ("mail;label\r\nHi, you;spam\r\n", (("Hi, you", "spam"),)),
        ("mail|label\nHi|spam", (("Hi", "spam"),)),
        ("mail\nHi; you\nYou", (("Hi; you",), ("You",))),
        ('mail,label\n"line 1\nline 2, ""quoted""",spam', (('line 1\nline 2, "quoted"', "spam"),)),
        ("mail,label,,\nHi,spam,,\n\n,,\n", (("Hi", "spam"),)),
    ],
)
def test_a_pasted_table_is_read_whatever_separates_its_cells(text: str, rows: tuple[tuple[str, ...], ...]) -> None:
    assert read_text(text).rows == rows


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_that_say_what_they_are(encoding: str) -> None:
    read = read_cases("name\nZoë 東京\n".encode(encoding), "c.csv")
    assert (read.rows, read.notes) == ((("Zoë 東京",),), ())


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Grüße aus Köln\nÄrger über Öl", "cp1252"), ("café", "cp1252"), ("It’s “fine” – really… 5 €", "cp1252"),
        ("Zażółć gęślą jaźń dziękuję", "cp1250"), ("Καλημέρα σας πού είναι η παραγγελία;", "cp1253"),
        ("niño año", "cp1252"), ("Привет", "cp1251"), ("Хочу вернуть", "cp1251"), ("Где мой заказ?", "koi8_r"),
        ("Где мой заказ?", "cp866"), ("Ευχαριστώ", "cp1253"), ("תודה רבה", "cp1255"), ("退款", "gb18030"),
        ("ありがとう", "cp932"), ("日本語のメールです。よろしくお願いします。", "cp932"),
        ("안녕하세요 주문이 어디에 있나요", "euc_kr"),
    ],
)  # fmt: skip
def test_of_equally_good_guesses_the_one_that_most_programs_write_is_taken(text: str, encoding: str) -> None:
    read = read_cases(f"mail\n{text}\n".encode(encoding), "c.csv")
    assert "\n".join(row[0] for row in read.rows) == text
    assert read.notes == (f"Read as {NAMES[encoding]}, which was guessed: check the letters.",)


def test_how_a_file_is_read_can_be_said() -> None:
    data = "mail\nTeşekkür\n".encode("cp1254")
    read = read_cases(data, "c.csv", "cp1254")
    assert (read.rows, read.notes) == ((("Teşekkür",),), ("Read as Turkish (Windows-1254), as was chosen.",))
    with pytest.raises(CasesError, match=r"c\.csv is not Chinese \(GB 18030\): line 2 is none"):
        read_cases(b"mail\n\xff\n", "c.csv", "gb18030")


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("mail,label\na,b\n,\n  ,\nc,d\n", ("2 empty rows are left out (lines 3 to 4).",)),
        ("mail,label\na,b\n\n,\nc,d\n,\n", ("1 empty row is left out (line 4).",)),
        (",\nmail,label\na,b\n,\n,\n", ()),
    ],
)
def test_empty_rows_between_cases_are_left_out_and_said(text: str, notes: tuple[str, ...]) -> None:
    assert read_text(text).notes == notes


def test_a_line_that_is_not_utf_8_like_the_others_is_named() -> None:
    data = "mail\ncafé über\n".encode() + "Köln".encode("latin-1")
    with pytest.raises(CasesError, match="is UTF-8, but line 3 is not"):
        read_cases(data, "c.csv")


def test_a_guessed_encoding_is_said() -> None:
    text = "name,text\n" + "Jürgen,Die Straße führt über die Brücke zum Café\n" * 5
    read = read_cases(text.encode("cp1252"), "c.csv")
    assert "Straße" in read.rows[0][1]
    assert "guessed" in read.notes[0]


def test_json_lines_keep_numbers_and_nest_as_json() -> None:
    read = read_cases(b'{"a": 1e5, "b": [1, "x"], "c": null}\n\n{"a": "007", "d": true}\n', "c.jsonl")
    assert read.columns == ("a", "b", "c", "d")
    assert read.rows == (("1e5", '["1", "x"]', "", ""), ("007", "", "", "true"))
    assert "2 of 2 lines lack a name" in read.notes[0]


def test_a_spreadsheet_reads_as_it_looks() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["id", "n", "when", "yes"])
    sheet.append(["007", 7, None, True])
    sheet.append(["x", 1.5, None, None])
    data = io.BytesIO()
    book.save(data)
    assert read_cases(data.getvalue(), "c.xlsx").rows == (("007", "7", "", "TRUE"), ("x", "1.5", "", ""))


def test_a_formula_without_a_value_is_not_read_as_empty() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["a", "b"])
    sheet.append(["x", "=1+1"])
    data = io.BytesIO()
    book.save(data)
    with pytest.raises(CasesError, match="1 formula without a stored value"):
        read_cases(data.getvalue(), "c.xlsx")


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    data = io.BytesIO()
    with ZipFile(data, "w", ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (5 * cases.MOST_BYTES))
    with pytest.raises(CasesError, match="unpacks to more than"):
        read_cases(data.getvalue(), "c.xlsx")


def test_parquet_cells_become_texts(tmp_path: Path) -> None:
    pq.write_table(pa.table({"id": ["007", "x"], "n": [1, None]}), tmp_path / "c.parquet")
    assert read_cases((tmp_path / "c.parquet").read_bytes(), "c.parquet").rows == (("007", "1"), ("x", ""))


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"", "c.csv", "c.csv is empty"),
        (b"a,b\n", "c.csv", "holds no case"),
        (b"a,b\n1,2\n1\n1,2,3\n", "c.csv", "2 columns, but line 3 has 1, line 4 has 3"),
        (b"a,,b\n1,2,3\n", "c.csv", "column 2 has no name"),
        (b"a,a\n1,2\n", "c.csv", "more than one column named 'a'"),
        (b'a,b\n"1,2\n', "c.csv", "quotation mark left open"),
        (b"a\0b\n1\n", "c.csv", "zero bytes"),
        (b"{\n", "c.jsonl", "line 1 is not JSON"),
        (b"[1]\n", "c.jsonl", "line 1 is no object"),
        (b"PK\x03\x04broken", "c.xlsx", "not a spreadsheet"),
        (b"PAR1broken", "c.parquet", "not a Parquet file"),
    ],
)
def test_what_cannot_be_read_says_where_and_what_to_do(data: bytes, name: str, sentence: str) -> None:
    with pytest.raises(CasesError, match=sentence):
        read_cases(data, name)


def test_a_table_of_too_many_cases_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cases, "MOST_CASES", 3)
    with pytest.raises(CasesError, match="more than 3 cases"):
        read_cases(b"a\n1\n2\n3\n4\n", "c.csv")


def test_cases_that_repeat_are_counted() -> None:
    assert made(["a"], [["x"], ["x"], ["y"]]).notes == ("1 case repeats another word for word.",)


def test_a_parquet_date_that_python_has_none_for_is_refused() -> None:
    file = io.BytesIO()
    pq.write_table(pa.table({"when": pa.array([10**17], pa.timestamp("ms"))}), file)
    with pytest.raises(CasesError, match="is not a Parquet file that can be read"):
        read_cases(file.getvalue(), "a.parquet")


def test_what_a_broken_archive_is_said_to_hold_is_cut() -> None:
    file = io.BytesIO()
    with ZipFile(file, "w") as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"x" * 5000)
    broken = file.getvalue().replace(b"\x18\x00", b"\xff\x0f", 1)
    with pytest.raises(CasesError) as refused:
        read_cases(broken, "a.xlsx")
    assert len(str(refused.value)) < 400
