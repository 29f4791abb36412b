"""`collate worker` where there is nothing to join, and what it is told to listen for."""

import pytest

from prompts.cli.main import main


def test_on_a_file_it_says_that_experiments_are_asked_by_one_process_and_how_to_share_them(capsys):
    assert main(["worker"]) == 2
    said = capsys.readouterr().err
    assert "The record is a file of this computer" in said
    assert "COLLATE_DATABASE_URL" in said


@pytest.mark.parametrize("names", ["nobody", "openai,nobody", "ollama@elsewhere"])
def test_a_provider_that_this_machine_does_not_know_is_refused_by_name(capsys, names):
    assert main(["worker", "--only", names]) == 2
    assert f"--only names {names.rpartition(',')[2]}" in capsys.readouterr().err
