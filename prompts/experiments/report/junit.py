"""The answers as JUnit XML for continuous integration: one suite per side, one test case per case and repeat."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

from prompts.experiments.asked import AskedCell
from prompts.experiments.checks.check import Check
from prompts.experiments.matrix import check_name
from prompts.experiments.report.contents import Report
from prompts.experiments.results import Side, what_failed

# What XML 1.0 cannot contain, even as a reference: most control characters, and lone surrogates.
_IMPOSSIBLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LONGEST_NAME = 80


def as_junit(report: Report) -> bytes:
    """A failed answer is a failure, a call without an answer an error, an answer without a verdict is skipped."""
    suites = Element("testsuites", name=_text(report.experiment.plan.name))
    for n, side in enumerate(report.results.sides):
        _suite(suites, report, n, side)
    for name in ("tests", "failures", "errors", "skipped"):
        suites.set(name, str(sum(int(suite.get(name, "0")) for suite in suites)))
    body: bytes = tostring(suites, encoding="utf-8", xml_declaration=True)
    return body


def _suite(suites: Element, report: Report, n: int, side: Side) -> None:
    suite = SubElement(
        suites, "testsuite", name=_text(side.name), timestamp=f"{report.experiment.created_at:%Y-%m-%dT%H:%M:%S}"
    )
    for row in report.rows:
        for cell in row.boxes[n].cells:
            _case(suite, report, side, cell)
    suite.set("tests", str(len(suite)))
    for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(name, str(sum(case.find(tag) is not None for case in suite)))


def _case(suite: Element, report: Report, side: Side, cell: AskedCell) -> None:
    plan = report.experiment.plan
    label = " ".join(" · ".join(plan.cases.rows[cell.cell.case]).split())[:_LONGEST_NAME]
    name = f"case {cell.cell.case + 1}: {label}" + (f" [repeat {cell.cell.repeat + 1}]" if plan.repeats > 1 else "")
    case = SubElement(suite, "testcase", classname=_text(side.name), name=_text(name))
    done = cell.completion
    if done is not None and done.timings.duration_s is not None and cell.taken_from is None:
        case.set("time", f"{done.timings.duration_s:.3f}")
    if reason := what_failed(cell):
        message = done.error.message if done and done.error else reason
        SubElement(case, "error", type=reason, message=_text(message))
    elif cell.verdict is None or cell.verdict.passed is None:
        SubElement(case, "skipped", message="not asked" if done is None else "no check gave a verdict")
    elif not cell.verdict.passed:
        said = _failing(plan.checks, cell)
        failure = SubElement(case, "failure", type="check", message=_text(said[0] if said else "did not pass"))
        failure.text = _text("\n".join([*said, "", "Answer:", done.text if done else ""]))


def _failing(checks: Sequence[Check], cell: AskedCell) -> list[str]:
    findings = cell.verdict.findings if cell.verdict else ()
    return [
        f"{check_name(check)}: {finding.reason}"
        for check, finding in zip(checks, findings, strict=False)
        if check.counts and finding.passed is False
    ]


def _text(text: str) -> str:
    return _IMPOSSIBLE.sub("\ufffd", text)
