"""An experiment as JSON Lines comes back as it was."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from prompts.experiments.report.contents import report_of
from prompts.experiments.report.jsonl import ReportError, as_jsonl, is_report, loads
from prompts.experiments.results import results
from tests.prompts.experiments.asked_cells import asked
from tests.prompts.samples import NOW


def test_what_was_written_is_read_back_with_the_same_results() -> None:
    experiment, cells = asked("+- -! .?", "++ ~+ +-")
    cells[0] = replace(cells[0], taken_from=NOW - timedelta(days=3), note="dated")
    again, read, _ = loads(as_jsonl(report_of(experiment, cells)))
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


def changed(line: int, **values: object) -> bytes:
    """A report with something else in one line; a name with dots goes into what it holds."""
    lines = [json.loads(each) for each in as_jsonl(report_of(*asked("+ +", "+ +"))).splitlines()]
    for name, value in values.items():
        *path, last = name.split("__")
        place = lines[line]
        for part in path:
            place = place[part]
        place[last] = value
    return "\n".join(map(json.dumps, lines)).encode()


@pytest.mark.parametrize(
    ("line", "values"),
    [
        (0, {"plan__repeats": "many"}),
        (0, {"plan__repeats": 10**9}),
        (0, {"plan__wordings": [{"name": "a", "prompt": 7}]}),
        (0, {"plan__cases": {"columns": ["mail"], "rows": [[1]], "notes": []}}),
        (0, {"plan__surprise": 1}),
        (0, {"stage": "imagined"}),
        (0, {"created_at": "yesterday"}),
        (1, {"case": 99}),
        (1, {"case": -1}),
        (1, {"target": 5}),
        (1, {"state": "perfect"}),
        (1, {"completion": None}),
        (1, {"completion__timings": {"duration_s": "quick"}}),
        (1, {"completion__timings": {"duration_s": -1}}),
        (1, {"completion__cost": {"kind": "amount", "amount": "NaN"}}),
        (1, {"completion__cost": {"kind": "free", "amount": None}}),
        (1, {"completion__text": ["a"]}),
        (1, {"findings": [{"reason": "x", "span": [1]}]}),
        (1, {"findings": "all good"}),
    ],
)  # fmt: skip
def test_a_line_of_another_shape_is_named_whatever_is_wrong_with_it(line: int, values: dict[str, object]) -> None:
    with pytest.raises(ReportError, match=f"Line {line + 1} is not part of an experiment"):
        loads(changed(line, **values))


def test_a_cell_that_stands_twice_and_a_line_that_is_nested_without_end_are_refused() -> None:
    data = as_jsonl(report_of(*asked("+ +", "+ +")))
    with pytest.raises(ReportError, match="same cell"):
        loads(data + data.splitlines()[1])
    with pytest.raises(ReportError, match="Line 1"):
        loads(b"[" * 100_000)


def test_only_a_report_is_taken_for_one() -> None:
    assert is_report(as_jsonl(report_of(*asked("+ +", "+ +"))))
    assert not is_report(b'{"kind": "collate", "format": 1}\n{"text": "collate_experiment"}')
