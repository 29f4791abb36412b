"""Cases as people have them: cells stay what was written, and what cannot be read says where and why."""

from __future__ import annotations

import gzip
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from prompts.experiments import case_files, cases
from prompts.experiments.case_files import read_cases, read_text
from prompts.experiments.cases import CasesError, made
from prompts.experiments.encodings import NAMES, known


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
        ("sep=;\nmail;label\nHi, you;spam\n", (("Hi, you", "spam"),)),
        ("SEP=,\r\nmail,label\r\nHi; you,spam\r\n", (("Hi; you", "spam"),)),
        ("sep=;\nmail\nHi\n", (("Hi",),)),
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
        ("안녕하세요 주문이 어디에 있나요", "cp949"), ("환불 주세요", "cp949"), ("退款 订单", "gb18030"),
        ("退款", "big5"),
        ("Teşekkür ederim", "cp1254"), ("não está", "cp1252"), ("Köszönöm megőrült", "cp1250"),
        ("Ačiū už užsakymą", "cp1257"), ("Für den Ärger über Öl öffnen", "mac_roman"),
    ],
)  # fmt: skip
def test_of_equally_good_guesses_the_one_that_most_programs_write_is_taken(text: str, encoding: str) -> None:
    read = read_cases(f"mail\n{text}\n".encode(encoding), "c.csv")
    assert "\n".join(row[0] for row in read.rows) == text
    assert read.notes[0].startswith(f"Read as {NAMES[encoding]}, which was guessed")


def test_a_guess_from_few_letters_shows_what_else_the_line_may_be() -> None:
    read = read_cases("mail,label\n退款,billing\n".encode("gb18030"), "c.csv")
    assert read.notes == (
        "Read as Chinese (GB 18030), which was guessed from few letters. Line 2 reads “退款,billing”; cp949 makes it "
        "“藁운,billing”; big5 makes it “豖遴,billing”; cp1251 makes it “НЛїо,billing”.",
    )


def test_a_guess_from_many_letters_is_said_and_nothing_else() -> None:
    read = read_cases(("mail\n" + "".join(f"Где мой заказ {n}?\n" for n in range(9))).encode("cp1251"), "c.csv")
    assert read.notes == ("Read as Cyrillic (Windows-1251), which was guessed: check the letters.",)


def test_a_guess_looks_at_the_letters_wherever_in_the_file_they_are() -> None:
    data = b"mail\n" + b"".join(b"plain %d\n" % n for n in range(20_000)) + "주문 취소\n".encode("cp949")
    assert read_cases(data, "c.csv").rows[-1] == ("주문 취소",)


def test_a_line_that_is_longer_than_what_is_looked_at_may_be_cut_within_a_letter() -> None:
    text = "退款订单" * 20_000
    for before in ("", "x"):
        assert read_cases(f"mail\n{before}{text}\n".encode("gb18030"), "c.csv").rows == ((before + text,),)


@pytest.mark.parametrize("name", ["gb18030", "GBK", "Shift_JIS", "latin1", "windows-1254", "UTF8", "utf-32", "cp037"])
def test_an_encoding_may_be_named_as_people_call_it(name: str) -> None:
    assert read_cases("mail\nabc\n".encode(name), "c.csv", known(name)).rows == (("abc",),)


@pytest.mark.parametrize("name", ["gb18303", "rot13", "hex", "zip", "idna", "unicode_escape", "", "\0", "x" * 9999])
def test_what_is_no_encoding_of_text_is_refused_with_those_that_are(name: str) -> None:
    with pytest.raises(CasesError, match="is not known") as raised:
        known(name)
    assert "There are: utf-8, utf-16, cp1252" in str(raised.value)
    assert ("Did you mean 'gb18030'?" in str(raised.value)) == (name == "gb18303")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030"])
def test_a_mark_at_the_beginning_is_no_part_of_the_first_column(encoding: str) -> None:
    data = ("" if encoding in ("utf-8-sig", "utf-16") else "\ufeff").encode(encoding) + "mail\né\n".encode(encoding)
    assert read_cases(data, "c.csv", encoding).columns == ("mail",)


@pytest.mark.parametrize(
    ("data", "name", "encoding", "sentence"),
    [
        ("mail\né\n".encode("utf-8-sig"), "c.csv", "cp1252", "c.csv says by its first bytes that it is UTF-8, not"),
        (b"mail\nabc"[:8], "c.csv", "utf-32", "c.csv is not utf-32: line"),
        (b"abc", "c.csv", "utf-16", "c.csv is not utf-16: line 1"),
        (b"PAR1", "c.parquet", "cp1252", "c.parquet states its own encoding. Leave the encoding"),
        (b"PK\x03\x04", "c.xlsx", "cp1252", "c.xlsx states its own encoding. Leave the encoding"),
        (b"mail\na\n", "c.csv", "cp12520", "The encoding 'cp12520' is not known. Did you mean 'cp1252'?"),
    ],
)
def test_an_encoding_that_cannot_be_is_refused(data: bytes, name: str, encoding: str, sentence: str) -> None:
    with pytest.raises(CasesError) as raised:
        read_cases(data, name, encoding)
    assert sentence in str(raised.value)


def test_how_a_file_is_read_can_be_said() -> None:
    data = "mail\nTeşekkür\n".encode("cp1254")
    read = read_cases(data, "c.csv", "cp1254")
    assert (read.rows, read.notes) == ((("Teşekkür",),), ("Read as Turkish (Windows-1254), as was chosen.",))
    with pytest.raises(
        CasesError, match=r"c\.csv is not Chinese \(GB 18030\): line 2 cannot be decoded. Choose another"
    ):
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


def _parquet(**columns: Any) -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.table(columns), file)
    return file.getvalue()


def test_parquet_cells_become_texts() -> None:
    data = _parquet(
        id=["007", "x"], n=[1, None], day=[date(2026, 11, 30), None],
        at=[datetime(2026, 11, 30, 9, 5, tzinfo=UTC), None],
        usd=[Decimal("1.10"), None], bytes=["né".encode(), b""], list=[[1, 2], None],
    )  # fmt: skip
    assert read_cases(data, "c.parquet").rows == (
        ("007", "1", "2026-11-30", "2026-11-30 09:05:00+00:00", "1.10", "né", "[1, 2]"), ("x", "", "", "", "", "", ""),
    )  # fmt: skip


def test_parquet_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(CasesError, match="column 'raw' contains bytes that are not text"):
        read_cases(_parquet(raw=[b"\xff"]), "c.parquet")


def test_parquet_that_stores_one_text_for_all_rows_is_refused_by_what_it_unpacks_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(case_files, "_MOST_UNPACKED", 2**16)
    with pytest.raises(CasesError, match=r"c\.parquet unpacks to .* MB or more"):
        read_cases(_parquet(a=["x" * 2**10] * 1000), "c.parquet")


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"", "c.csv", "c.csv is empty"),
        (b"a,b\n", "c.csv", "has no case"),
        (b"a,b\n1,2\n1\n1,2,3\n", "c.csv", "2 columns, but line 3 has 1, line 4 has 3"),
        (b"a,,b\n1,2,3\n", "c.csv", "column 2 has no name"),
        (b"a,a\n1,2\n", "c.csv", "more than one column named 'a'"),
        (b'a,b\n"1,2\n', "c.csv", "quotation mark left open"),
        (b"a\0b\n1\n", "c.csv", "zero bytes"),
        (b"PAR1broken", "c.parquet", "not a readable Parquet file: .+ Save it again, or as CSV"),
        (b"no archive", "c.xlsx", "not a readable spreadsheet: .+ Save it again, or as CSV"),
        (gzip.compress(b"a\n1\n", mtime=0), "c.csv", r"c.csv is packed \(gzip\). Unpack it first."),
        (b"%PDF-1.7\n%\xe2\xe3\n", "c.csv", "c.csv is a PDF document. Save its table as CSV"),
        (b"\x89PNG\r\n\x1a\n\0", "c.csv", "c.csv is a picture. Write its table as CSV"),
        (b'"hello"', "c.json", "c.json, line 1 is not an object"),
        (b"<!DOCTYPE html>\n<html><p>Log in</html>", "c.csv", "c.csv is a web page, not a table"),
        (b"\n<html>\n", "c.tsv", "c.tsv is a web page, not a table"),
        (b"sep=;\na;b\n1\n", "c.csv", "2 columns, but line 3 has 1"),
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
    with pytest.raises(CasesError, match="is not a readable Parquet file"):
        read_cases(_parquet(when=pa.array([10**17], pa.timestamp("ms"))), "a.parquet")
