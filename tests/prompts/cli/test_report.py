"""`collate report`: a file from the record, or a sentence on why there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from prompts.cli.main import main

PLAN = """
name = "Words"
targets = ["builtin:ngram-3", "builtin:ngram-2"]
[settings]
max_output_tokens = 4
[[prompt]]
name = "plain"
prompt = "Say: {{text}}"
[[check]]
kind = "contains"
value = "e"
[[cases.row]]
text = "A class"
[[cases.row]]
text = "A list"
"""


@pytest.fixture
def ran(home: Path) -> Path:
    (home / "plan.toml").write_text(PLAN)
    assert main(["run", str(home / "plan.toml"), "--quiet", "--yes"]) == 0
    return home


def test_a_report_is_written_and_its_answer_printed(ran: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = ran / "choice.html"
    assert main(["report", "Words", "-o", str(file), "--weights", "5,3,2", "--local"]) == 0
    said = capsys.readouterr().out
    assert f"Written: {file}" in said
    text = file.read_text("utf-8")
    assert "Must have: local only." in text
    assert "builtin:ngram-3" in text
    assert main(["report", "Words", "-o", str(ran / "choice.md")]) == 0
    assert (ran / "choice.md").read_text("utf-8").startswith("# Which model for: Words")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["Nobody asked this"], "Nothing on record says anything about"),
        (["Words", "-o", "choice.pdf"], "is neither .html nor .md"),
        (["Words", "--weights", "much"], "write three whole numbers"),
        (["Words", "-o", "/no/such/folder/choice.md"], "cannot be written"),
    ],
)
def test_what_cannot_be_done_is_said(
    ran: Path, words: list[str], why: str, capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    assert main(["report", *words]) == 2
    assert why in capsys.readouterr().err
