"""What `collate results` prints: quality, the table, then times and money, and what holds for all of them once."""

from __future__ import annotations

import pytest

from prompts.analysis.statistics.verdicts import CHANCE
from prompts.cli.results import chosen, print_results
from prompts.core.targets import TargetError
from tests.prompts.experiments.asked_cells import asked

TWENTY = " ".join("+" * 20)


def test_times_and_money_stand_below_the_table_and_what_they_share_is_said_once(
    capsys: pytest.CaptureFixture[str],
) -> None:
    status = print_results(*asked(TWENTY, TWENTY), as_json=False, quiet=False)
    lines = capsys.readouterr().out.splitlines()
    [faster] = [n for n, line in enumerate(lines) if line.startswith("openai:gpt-x is faster than ollama:llama: 2")]
    [row] = [n for n, line in enumerate(lines) if line.startswith("openai:gpt-x  ")]
    assert (status, row < faster) == (0, True)
    assert [line for line in lines if "equal models" in line] == [f"Faster and cheaper: c{CHANCE[1:]}"]


def test_the_last_of_no_experiment_says_that_there_is_none() -> None:
    with pytest.raises(TargetError, match=r"No experiment is on record yet\. Try: collate run --example"):
        chosen([], "last")
