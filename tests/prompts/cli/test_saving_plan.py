"""`collate run --save-as`: a plan becomes another kind of file, and nothing is sent."""

from __future__ import annotations

from pathlib import Path

import pytest

from prompts.cli.main import main
from prompts.experiments.plan_source import load_plan

CONFIG = """
prompts: ["Sort {{mail}}"]
providers: [builtin:ngram-3]
tests: [{vars: {mail: [a, b]}, assert: [{type: equals, value: x}, {type: javascript, value: y}]}]
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "promptfooconfig.yaml"
    file.write_text(CONFIG)
    return file


def test_promptfoos_file_becomes_ours_and_back(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ours, theirs = config.with_name("plan.toml"), config.with_name("again.yaml")
    assert main(["run", str(config), "--save-as", str(ours)]) == 0
    said = capsys.readouterr()
    assert "Nothing was sent." in said.out
    assert "Not imported: javascript: it runs a program (cases 1, 2)" in said.err
    assert main(["run", str(ours), "--save-as", str(theirs)]) == 0
    plans = [load_plan(file, ["builtin"]).plan for file in (config, ours, theirs)]
    assert plans[0].cases.rows == plans[1].cases.rows == plans[2].cases.rows
    assert plans[0].checks == plans[1].checks == plans[2].checks


def test_a_file_that_is_there_is_not_overwritten(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", str(config), "--save-as", str(config)]) == 2
    assert "already exists" in capsys.readouterr().err
    assert config.read_text() == CONFIG
    assert main(["run", str(config), "--save-as", str(config.with_suffix(".txt"))]) == 2
    assert "ends neither in .toml nor in .yaml" in capsys.readouterr().err
