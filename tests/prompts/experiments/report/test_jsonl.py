"""An experiment as JSON Lines comes back as it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from prompts.experiments.report.contents import report_of
from prompts.experiments.report.jsonl import ReportError, as_jsonl, loads
from prompts.experiments.results import results
from tests.prompts.experiments.asked_cells import asked
from tests.prompts.samples import NOW


def test_what_was_written_is_read_back_with_the_same_results() -> None:
    experiment, cells = asked("+- -! .?", "++ ~+ +-")
    cells[0] = replace(cells[0], taken_from=NOW - timedelta(days=3), note="dated")
    again, read = loads(as_jsonl(report_of(experiment, cells)))
    assert again == experiment
    assert {cell.cell: cell for cell in read} == {cell.cell: cell for cell in cells}
    assert results(again, read) == results(experiment, cells)


@pytest.mark.parametrize("data", [b"", b"not json", b"{}\n", b"[]", b'{"collate_experiment": 99}', b"\xff\xfe\x00"])
def test_what_is_no_experiment_is_refused_with_the_line(data: bytes) -> None:
    with pytest.raises(ReportError, match="Line 1"):
        loads(data)


def test_a_broken_line_in_the_middle_is_named() -> None:
    data = as_jsonl(report_of(*asked("+ +", "+ +"))).splitlines()
    with pytest.raises(ReportError, match="Line 3"):
        loads(b"\n".join([*data[:2], b'{"case": 1}', *data[3:]]))
