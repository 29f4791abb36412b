"""What is kept in the record and for how long, as the user set it."""

import re
from pathlib import Path

import pytest

from providers.config.keep_rules import RecordRules
from tests.providers.config.loading import loaded


@pytest.mark.parametrize("text", ["[providers", "[provider.x]", "[record]\nkept = 3"])
def test_while_the_rules_of_the_record_are_not_known_nothing_is_kept_and_nothing_deleted(
    text: str, tmp_path: Path
) -> None:
    assert loaded(tmp_path, text).record == RecordRules("nothing", None)
    assert loaded(tmp_path, text, COLLATE_KEEP="figures").record == RecordRules("figures", None)


def test_the_record_keeps_everything_for_ever_unless_told_otherwise(tmp_path: Path) -> None:
    assert loaded(tmp_path).record == RecordRules("everything", None)
    assert loaded(tmp_path, '[record]\nkeep = "figures"\nkeep_days = 30\n').record == RecordRules("figures", 30)


def test_variables_of_the_record_win_over_the_file(tmp_path: Path) -> None:
    found = loaded(
        tmp_path, '[record]\nkeep = "figures"\nkeep_days = 30\n', COLLATE_KEEP="nothing", COLLATE_KEEP_DAYS="7"
    )
    assert found.record == RecordRules("nothing", 7)
    assert loaded(tmp_path, COLLATE_KEEP="", COLLATE_KEEP_DAYS="").record == RecordRules()


@pytest.mark.parametrize(
    ("text", "environ", "message"),
    [
        ('[record]\nkeep = "some"\n', {}, r"\[record\] keep is 'some'; write one of everything, figures, nothing"),
        ("[record]\nkeep = true\n", {}, r"\[record\] keep is True"),
        ("", {"COLLATE_KEEP": "Nothing"}, "COLLATE_KEEP is 'Nothing'"),
        ("[record]\nkeep_days = 0\n", {}, r"\[record\] keep_days is 0; write a whole number of days from 1"),
        ("[record]\nkeep_days = -1\n", {}, "keep_days is -1"),
        ("[record]\nkeep_days = 1.5\n", {}, "keep_days is 1.5"),
        ("[record]\nkeep_days = true\n", {}, "keep_days is True"),
        ('[record]\nkeep_days = "30"\n', {}, "keep_days is '30'"),
        ("", {"COLLATE_KEEP_DAYS": "-1"}, "COLLATE_KEEP_DAYS is '-1'"),
        ("", {"COLLATE_KEEP_DAYS": "³"}, "COLLATE_KEEP_DAYS is '³'"),
        ("", {"COLLATE_KEEP_DAYS": "99999999"}, "COLLATE_KEEP_DAYS is 99999999"),
        ("[record]\nkept = 3\n", {}, r"\[record\] kept is not a setting. Did you mean 'keep'\? Known: keep, keep_days"),
        ("record = 3\n", {}, "record must be a table"),
    ],
)
def test_a_mistake_about_the_record_is_named_and_nothing_is_guessed(
    tmp_path: Path, text: str, environ: dict[str, str], message: str
) -> None:
    found = loaded(tmp_path, text, **environ)
    [said] = found.mistakes
    assert re.search(message, said)
    assert found.record.keep_days is None
    assert all(connection.problem is None for connection in found.connections.values())
