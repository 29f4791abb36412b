"""One row per answer as CSV, and as an Excel workbook that also has the sides, the sentences and the matrix."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from importlib import import_module
from itertools import islice
from typing import Any

from prompts.core.csv_safety import LINE_END, LONGEST_CELL, MARK, defused, too_long
from prompts.core.run_links import MOST_LINKS, experiment_link, run_link
from prompts.core.sanitize import mended
from prompts.experiments.report.contents import Report, Value, answers, headers, shown
from prompts.experiments.results_text import judged_text, notes, per_1000_text, rate_text, spent_text, time_text

_CUT = " … [cut: an Excel cell can hold no more]"
_WIDE, _NARROW, _ID = 50, 12, 37  # in characters
_SIDES = ("side", "passed", "duration", "spent", "1,000 answers", "judges")


def as_csv(report: Report) -> bytes:
    """UTF-8 with a byte order mark for Excel; no cell is a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator=LINE_END)
    writer.writerow(map(defused, headers(report)))
    for row in answers(report):
        writer.writerow([defused(value) if isinstance(value, str) else value for value in row])
    return (MARK + out.getvalue()).encode("utf-8", "replace")


def as_xlsx(report: Report) -> bytes:
    """Three sheets; all text is written as text, and if the dashboard is known each answer links to its run."""
    xlsxwriter: Any = import_module("xlsxwriter")  # its types are too loose to check against; only imported when needed
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    head = book.add_format({"bold": True, "bottom": 1})
    _sheet(book, head, "Sides", _sides(report))
    _sheet(book, head, "Cases", _matrix(report))
    sheet = _sheet(book, head, "Answers", [headers(report), *answers(report)])
    if report.dashboard:
        _link(book, head, sheet, report)
    book.close()
    return out.getvalue()


def _link(book: Any, head: Any, answers_sheet: Any, report: Report) -> None:
    """Add a column of links to runs after the answers, and a link to the experiment beside its sides."""
    link, column = book.get_default_url_format(), len(headers(report))
    answers_sheet.write_string(0, column, "run", head)
    answers_sheet.set_column(column, column, _ID)
    for n, cell in enumerate(islice(shown(report), MOST_LINKS), 1):
        answers_sheet.write_url(n, column, run_link(report.dashboard, cell.run_id), link, cell.run_id)
    sides = book.get_worksheet_by_name("Sides")
    address = experiment_link(report.dashboard, report.experiment.id)
    sides.write_url(0, len(_SIDES), address, link, "Open the experiment")


def _sides(report: Report) -> list[Sequence[Value]]:
    found: list[Sequence[Value]] = [_SIDES]
    for side in report.results.sides:
        found.append((
            mended(side.name), rate_text(side), time_text(side), spent_text(side), per_1000_text(side),
            judged_text(side),
        ))  # fmt: skip
    said = (*report.results.sentences, *notes(report.experiment, report.results.sides))
    return [*found, (), *((mended(sentence),) for sentence in said)]


def _matrix(report: Report) -> list[Sequence[Value]]:
    plan = report.experiment.plan
    found: list[Sequence[Value]] = [
        ["case", *map(mended, plan.cases.columns), *(mended(side.name) for side in report.results.sides)]
    ]
    for row in report.rows:
        marks = [mended(" ".join(filter(None, (box.mark, box.lines)))) for box in row.boxes]
        found.append([row.case + 1, *map(mended, plan.cases.rows[row.case]), *marks])
    return found


def _sheet(book: Any, head: Any, name: str, rows: Sequence[Sequence[Value]]) -> Any:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    for n, header in enumerate(rows[0]):
        sheet.set_column(
            n, n, _WIDE if str(header).startswith(("case:", "answer")) else len(str(header)) + _NARROW // 2
        )
        sheet.write_string(0, n, str(header), head)
    for n, row in enumerate(rows[1:], 1):
        for column, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(n, column, _fitted(value))
            elif value is not None:
                sheet.write_number(n, column, value)
    return sheet


def _fitted(text: str) -> str:
    return text[: LONGEST_CELL // 2 - len(_CUT)] + _CUT if too_long(text) else text
