"""Names and limits of files."""

from datetime import date

import pytest

from prompts.exchange.formats import FORMATS, file_name

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
