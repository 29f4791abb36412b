"""Cases as JSON: an object a line or a list of them, their numbers as they were written."""

from __future__ import annotations

import pytest

from prompts.experiments import cases, json_cases
from prompts.experiments.case_files import read_cases
from prompts.experiments.cases import CasesError


def test_numbers_stay_as_written_also_within_lists_and_objects() -> None:
    read = read_cases(b'{"a": 1e5, "b": [1.10, "x", {"n": 007.5}], "c": null}'.replace(b"007", b"7"), "c.jsonl")
    assert read.rows == (("1e5", '[1.10, "x", {"n": 7.5}]', ""),)


def test_a_name_that_is_absent_is_empty_and_said() -> None:
    read = read_cases(b'{"a": "007"}\n\n{"b": true}\n', "c.jsonl")
    assert (read.columns, read.rows) == (("a", "b"), (("007", ""), ("", "true")))
    assert read.notes == ("2 of 2 cases lack a name that others have; there it is empty.",)


@pytest.mark.parametrize("mark", ["\u2028", "\u2029", "\x85"])
def test_only_line_ends_end_a_line(mark: str) -> None:
    written = f'{{"a": "x{mark}y"}}'
    assert read_cases(f"{written}\r\n{written}".encode(), "c.jsonl").rows == ((f"x{mark}y",),) * 2


@pytest.mark.parametrize("text", ['[{"a": 1.0}, {"a": "x"}]', '\n[\n  {"a": 1.0},\n  {"a": "x"}\n]\n'])
def test_a_list_of_objects_is_read_too(text: str) -> None:
    assert read_cases(text.encode(), "c.json").rows == (("1.0",), ("x",))


def test_a_cell_may_be_a_hundred_levels_deep() -> None:
    written = "[" * 101 + "]" * 101
    assert read_cases(f'{{"a": {written}}}\n'.encode(), "c.jsonl").rows == ((written,),)


def test_too_many_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_cases, "MOST_CASES", 1)
    assert cases.MOST_CASES > 1
    with pytest.raises(CasesError, match="has more than"):
        read_cases(b'{"a": 1}\n{"a": 2}\n', "c.jsonl")


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"{\n", "c.jsonl", "line 1 is not JSON"),
        (b'{"a": 1}\n[1]\n', "c.jsonl", "line 2 is not an object"),
        (b'{"a": 1}\n{"a": 1, "b": 2, "a": 3}\n', "c.jsonl", "line 2 is not JSON: 'a' occurs twice"),
        (b'[{"a": 1}, 2]', "c.json", "number 2 is not an object"),
        (b'[{"a": 1}', "c.json", "c.json is not JSON"),
        (b'{"a": ' + b"[" * 102 + b"]" * 102 + b"}", "c.jsonl", "line 1 is nested too deeply. At most 100 levels"),
        (b"[]", "c.json", "c.json has no case. Write"),
        (b"[{}, {}]", "c.json", "c.json has no case. Write"),
        (b"\n\n", "c.jsonl", "c.jsonl has no case. Write"),
        (b'{"a": "x"}\n{"": "y"}', "c.jsonl", "c.jsonl, case 2: a name is empty. Write"),
        (b'{"a": ' + b"[" * 9000 + b"]" * 9000 + b"}", "c.jsonl", "line 1 is nested too deeply"),
    ],
)
def test_what_is_no_case_is_said_with_its_place(data: bytes, name: str, sentence: str) -> None:
    with pytest.raises(CasesError, match=sentence):
        read_cases(data, name)
