"""Names and limits of files."""

from datetime import date
from types import SimpleNamespace

import pytest

from prompts.core.run_summaries import Filter
from prompts.exchange.exporting import batches
from prompts.exchange.formats import FORMATS, Selection, file_name

DAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("form", "runs", "run_id", "name"),
    [
        ("csv", 12, "", "collate-2026-11-24-12-runs.csv"),
        ("jsonl", 1, "0a1b2c3d-4e5f", "collate-2026-11-24-run-0a1b2c3d.jsonl"),
        ("html", 1, "../../etc/passwd\r\n", "collate-2026-11-24-run-ecad.html"),
        ("markdown", 1, "", "collate-2026-11-24-1-runs.md"),
    ],
)  # fmt: skip
def test_a_file_is_named_by_day_and_what_it_holds(form, runs, run_id, name):
    assert file_name(form, runs, DAY, run_id) == name


def test_only_files_for_reading_are_bounded():
    assert {name for name, form in FORMATS.items() if form.most_runs} == {"markdown", "html"}


def test_a_run_on_both_sides_of_a_pages_end_is_meant_once(empty, monkeypatch):
    pages = {None: (("a", "b"), "0.2"), "0.2": (("b", "c"), None)}

    def page(_: Filter, after: str | None, __: int) -> SimpleNamespace:
        ids, more = pages[after]
        return SimpleNamespace(lines=[SimpleNamespace(id=each) for each in ids], after=more)

    monkeypatch.setattr(empty, "page", page)
    assert [each for ids in batches(empty, Selection()) for each in ids] == ["a", "b", "c"]
