"""What is written of names and texts that others chose: read back as it was, and nothing of it is taken for more."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from urllib.parse import quote
from xml.etree import ElementTree

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dashboard.answer_grid.offered_files import offer, routes
from prompts.core import format as text_of
from prompts.experiments import plan_file
from prompts.experiments.cases import made
from prompts.experiments.library.prompt import Prompt, Version
from prompts.experiments.library.prompt_file import read_version, write_version
from prompts.experiments.plan import Wording
from prompts.experiments.plan_writer import dumps
from prompts.experiments.report.contents import Report, report_of
from prompts.experiments.report.formats import FORMATS, file_name
from tests.prompts.experiments.asked_cells import PLAN, asked

ODD = (
    "if", "null", "__proto__", "datum['x']", "a.b[0]", "=1+1", "\t=1+1", "＝1+1", "@SUM(A1)", "'''", '"""', "\\", "a\\",
    "</script><script>alert(1)</script>", "]]>", "<!--", "|a|b|", "`" * 5, "../../etc/passwd", "CON", "lpt1", "a\r\nb",
    "a\rb", "a\nb\n", "\n", "\x00\x1b[31m\x7f\x85", "\u2028", "\u202egnp.exe", "\ud800", "e" + "\u0301" * 40, "🌍",
    "{{x}}",
)  # fmt: skip
WORDS = st.one_of(st.sampled_from(ODD), st.text(max_size=30))
cases = settings(
    max_examples=40, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
WHOLE = WORDS.filter(lambda text: text.strip() and not re.search("[\ud800-\udfff]|{{|}}", text))


@cases
@given(WHOLE, WHOLE, WHOLE)
def test_an_experiment_is_saved_and_opened_as_it_was(name: str, prompt: str, case: str) -> None:
    plan = replace(
        PLAN, name=name.strip(), wordings=(Wording(name.strip(), prompt + "{{mail}}"),), cases=made(["mail"], [[case]])
    )
    again = plan_file.loads(dumps(plan), ["openai", "ollama"], _no_file, _no_prompt)
    assert (again.name, again.wordings, again.cases.rows) == (plan.name, plan.wordings, plan.cases.rows)


def _no_file(path: str) -> bytes:
    raise AssertionError(path)


def _no_prompt(reference: str) -> Wording:
    raise AssertionError(reference)


@cases
@given(WHOLE, WHOLE, WHOLE)
def test_a_prompt_is_saved_and_found_as_it_was(name: str, text: str, notes: str) -> None:
    version = Version("a", 1, Prompt(name, text, "general", system=notes, samples=({text: name},), notes=notes), True)
    again = read_version(write_version(version), "a", "a.toml", own=True)
    assert again.prompt == replace(
        version.prompt, name=_ended(name), prompt=_ended(text), system=_ended(notes), notes=_ended(notes),
        samples=({text: _ended(name)},),
    )  # fmt: skip


def _ended(text: str) -> str:
    """With the line ends of the file, and what no file of text holds replaced."""
    return text.replace("\r\n", "\n").replace("\0", "\ufffd")


@cases
@given(WORDS, WORDS.filter(str.strip), WORDS)
def test_nothing_that_others_wrote_means_something_in_a_report(name: str, case: str, text: str) -> None:
    report = _report(name, case, text)
    ElementTree.fromstring(FORMATS["JUnit"].make(report))  # noqa: S314 -- our own, a moment ago
    rows = list(csv.reader(io.StringIO(FORMATS["CSV"].make(report).decode("utf-8-sig"), newline="")))
    assert {len(row) for row in rows} == {len(rows[0])}
    assert [cell for row in rows for cell in row if re.match(r"\s*[=+@＝＋＠]", cell)] == []
    page = FORMATS["HTML"].make(report).decode()
    assert "<script" not in page.lower()
    lines = FORMATS["Markdown"].make(report).decode().splitlines()
    table = [line for line in lines[lines.index("## Sides") :] if line.startswith("|")][:4]
    assert {len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) for line in table} == {6}


def _report(name: str, case: str, text: str) -> Report:
    experiment, cells = asked("+- -!", "++ .?")
    plan = replace(
        experiment.plan, name=name, cases=made(["mail"], [[case], ["plain"]]), wordings=(Wording(name, "{{mail}}"),)
    )
    said = [
        replace(cell, completion=replace(cell.completion, text=text)) if cell.completion and cell.answered else cell
        for cell in cells
    ]
    return report_of(replace(experiment, plan=plan), said)


@cases
@given(WORDS)
@example("con")
def test_the_name_of_a_file_is_one_that_every_system_takes(name: str) -> None:
    names = [text_of.file_stem(name, "votes"), file_name(_report(name, "x", "y"), "CSV")]
    for each in names:
        assert re.fullmatch(r"[^\W_][\w.-]*", each)
        assert len(each.encode()) < 255
        assert not re.fullmatch("(?i)(con|prn|aux|nul|conin|conout|(com|lpt)[0-9])", each.partition(".")[0])


@cases
@given(WHOLE, WORDS)
def test_a_file_is_offered_under_any_name_and_at_no_other_address(name: str, guess: str) -> None:
    with TestClient(Starlette(routes=routes())) as client:
        file = offer(lambda: "x", name, "text/csv")
        assert client.get(f"/{file.url}").status_code == 200
        assert client.get(f"/api/v1/files/{quote(guess.encode('utf-8', 'replace'), safe='')}").status_code == 404
