"""An experiment as a file: nothing in it runs, nothing is lost, and what CI reads is what happened."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from xml.etree import ElementTree

import openpyxl
import pytest

from prompts.core.csv_safety import MARK
from prompts.experiments.asked import AskedCell, Experiment
from prompts.experiments.cases import made
from prompts.experiments.checks.check import Check
from prompts.experiments.plan import Wording
from prompts.experiments.report.contents import Report, report_of
from prompts.experiments.report.formats import FORMATS, file_name
from tests.prompts.experiments.asked_cells import PLAN, asked

HOSTILE = '=HYPERLINK("http://x") <script>alert(1)</script> ![x](http://x/y.png) | ```\x07\ud800 </pre>'


def hostile() -> Report:
    """Everything that can be foreign is: name, case, wording, answer, reason."""
    experiment, cells = asked("+- -!", "++ .?")
    rows = made(["mail"], [[HOSTILE], ["plain"]])
    wordings = (Wording("short " + HOSTILE, HOSTILE.replace("\ud800", "") + " {{mail}}"),)
    plan = replace(experiment.plan, name="Mail " + HOSTILE, cases=rows, wordings=wordings)
    return report_of(replace(experiment, plan=plan), [with_text(cell, HOSTILE) for cell in cells])


def with_text(cell: AskedCell, text: str) -> AskedCell:
    if cell.completion is None or not cell.answered:
        return cell
    return replace(cell, completion=replace(cell.completion, text=text))


def made_as(name: str, report: Report) -> bytes:
    return FORMATS[name].make(report)


@pytest.mark.parametrize("name", list(FORMATS))
def test_every_format_can_be_made_of_anything(name: str) -> None:
    assert made_as(name, hostile())
    experiment, _ = asked("+", "+")
    assert made_as(name, report_of(experiment, []))


def test_the_page_shows_foreign_markup_as_text_and_forbids_everything_else() -> None:
    page = made_as("HTML", hostile()).decode()
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "default-src 'none'" in page
    assert "src=" not in page


def test_the_page_says_what_the_screen_says() -> None:
    page = made_as("HTML", report_of(*asked("+ " * 30, "- " * 29 + "!"))).decode()
    assert "openai:gpt-x is better than ollama:llama: 100 % against 0 %" in page
    assert "100 % (89 to 100 %) of 30 cases" in page
    assert "1 of 30 unanswered (1 rate limit); if all were failures the rate would be 0 %." in page
    assert "⚠ rate limit" in page


def test_each_answer_in_excel_opens_its_run_where_the_dashboard_is_known() -> None:
    report = replace(hostile(), dashboard="https://collate.example.com")
    book = openpyxl.load_workbook(io.BytesIO(made_as("Excel", report)))
    heads, *rows = book["Answers"].iter_rows()
    assert heads[-1].value == "run"
    runs = [cell.run_id for row in report.rows for box in row.boxes for cell in box.cells]
    assert [row[-1].value for row in rows] == runs
    assert [row[-1].hyperlink.target for row in rows] == [f"https://collate.example.com/?run={run}" for run in runs]
    opened = [cell.hyperlink.target for cell in book["Sides"][1] if cell.hyperlink]
    assert opened == [f"https://collate.example.com/experiments?experiment={report.experiment.id}"]
    assert "run" not in [
        cell.value for cell in openpyxl.load_workbook(io.BytesIO(made_as("Excel", hostile())))["Answers"][1]
    ]


def test_csv_has_a_row_an_answer_and_no_formula() -> None:
    text = made_as("CSV", hostile()).decode()
    assert text.startswith(MARK)
    head, *rows = list(csv.reader(io.StringIO(text.removeprefix(MARK), newline="")))
    assert len(rows) == 8
    assert head[:6] == ["case", "case:mail", "wording", "target", "repeat", "state"]
    first = dict(zip(head, rows[0], strict=True))
    assert first["case:mail"].startswith("'=HYPERLINK")
    assert (first["passed"], first["check:contains"], first["duration_s"], first["cost_usd"]) == (
        "passed", "passed", "1.0", "0.001",
    )  # fmt: skip
    failed = next(dict(zip(head, row, strict=True)) for row in rows if row[5] == "failed")
    assert (failed["passed"], failed["error"], failed["message"]) == ("", "rate limit", "slow down")


def test_checks_of_one_kind_have_columns_of_their_own() -> None:
    plan = replace(PLAN, checks=(Check("contains", "a"), Check("contains", "b"), Check("equals", "c", name="same")))
    head = made_as("CSV", report_of(*asked(".", ".", plan=plan))).decode().splitlines()[0]
    assert "check:contains 1,check:contains 1 reason,check:contains 2,check:contains 2 reason,check:same" in head


def test_the_workbook_holds_sides_cases_and_answers_as_texts() -> None:
    book = openpyxl.load_workbook(io.BytesIO(made_as("Excel", hostile())))
    assert book.sheetnames == ["Sides", "Cases", "Answers"]
    cell = book["Cases"]["B2"]
    assert cell.data_type == "s"
    assert str(cell.value).startswith("=HYPERLINK")
    assert book["Answers"].max_row == 9


def test_an_answer_longer_than_a_cell_of_excel_is_cut_and_says_so() -> None:
    experiment, cells = asked("+", "+")
    report = report_of(experiment, [with_text(cell, "x" * 40_000) for cell in cells])
    sheet = openpyxl.load_workbook(io.BytesIO(made_as("Excel", report)))["Answers"]
    texts = [str(cell.value) for cell in sheet[2] if isinstance(cell.value, str)]
    assert any(text.endswith("[cut: an Excel cell can hold no more]") for text in texts)


def junit(experiment: Experiment, cells: list[AskedCell]) -> ElementTree.Element:
    return ElementTree.fromstring(made_as("JUnit", report_of(experiment, cells)))  # noqa: S314 -- we wrote it


def test_junit_has_a_suite_a_side_and_a_case_for_every_repeat() -> None:
    root = junit(*asked("+- !?", "++ .~"))
    assert [suite.get("name") for suite in root] == ["openai:gpt-x", "ollama:llama"]
    assert [root.get(name) for name in ("tests", "failures", "errors", "skipped")] == ["8", "1", "2", "2"]
    failure = root.find("./testsuite/testcase/failure")
    assert failure is not None
    assert failure.get("message") == "contains: Seen -."
    error = root.find("./testsuite/testcase/error")
    assert error is not None
    assert (error.get("type"), error.get("message")) == ("rate limit", "slow down")


def test_junit_is_xml_whatever_an_answer_holds() -> None:
    report = hostile()
    ElementTree.fromstring(made_as("JUnit", report))  # noqa: S314 -- we wrote it
    assert b"\x07" not in made_as("JUnit", report)


def test_markdown_cannot_be_taken_over_by_what_it_reports() -> None:
    text = made_as("Markdown", hostile()).decode()
    assert "<script>" not in text.replace("```", "").split("## Prompts")[0]
    assert "\\<script\\>" in text
    assert "````\n" in text  # the fence around a prompt is longer than the one in it


def test_a_file_has_a_name_that_every_system_takes() -> None:
    report = hostile()
    assert file_name(report, "HTML").endswith("-2026-11-20.html")
    assert set(file_name(report, "Excel")) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.")
