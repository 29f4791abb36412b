"""A key is added to the user's file, and nothing in it is lost."""

from __future__ import annotations

import stat
import tomllib
from pathlib import Path

import pytest

from providers.config.secrets_file import SecretsFileError, home_secrets, save_key
from providers.secrets import Secret

KEY = Secret('planted-"0123456789\\')


def test_a_file_is_made_that_only_its_owner_reads(tmp_path: Path) -> None:
    file = tmp_path / ".streamlit" / "secrets.toml"
    save_key(file, "OPENAI_API_KEY", KEY)
    assert tomllib.loads(file.read_text()) == {"OPENAI_API_KEY": KEY.reveal()}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_a_key_goes_before_the_tables_and_everything_else_stays(tmp_path: Path) -> None:
    file = tmp_path / "secrets.toml"
    before = '# mine\nOTHER = "x"\n\n[auth]\ncookie_secret = "y"\n'
    file.write_text(before)
    save_key(file, "OPENAI_API_KEY", KEY)
    assert file.read_text().endswith(before)
    assert tomllib.loads(file.read_text())["OPENAI_API_KEY"] == KEY.reveal()


def test_a_byte_order_mark_is_read_past(tmp_path: Path) -> None:
    file = tmp_path / "secrets.toml"
    file.write_bytes(b'\xef\xbb\xbfOTHER = "x"\n')
    save_key(file, "OPENAI_API_KEY", KEY)
    assert tomllib.loads(file.read_text()) == {"OTHER": "x", "OPENAI_API_KEY": KEY.reveal()}


def test_a_broken_file_is_named_with_its_line_and_not_quoted(tmp_path: Path) -> None:
    file = tmp_path / "secrets.toml"
    file.write_text('A = "1"\nOTHER = planted-value\n')
    with pytest.raises(SecretsFileError, match=r"secrets\.toml, line 2 \(OTHER\)") as caught:
        save_key(file, "OPENAI_API_KEY", KEY)
    assert "planted-value" not in str(caught.value)


@pytest.mark.parametrize("before", ['\ufeffOPENAI_API_KEY = "old"\n', 'OPENAI_API_KEY = "old"\n', "not toml ["])
def test_what_is_there_already_or_cannot_be_read_is_left_alone(tmp_path: Path, before: str) -> None:
    file = tmp_path / "secrets.toml"
    file.write_text(before)
    with pytest.raises(SecretsFileError):
        save_key(file, "OPENAI_API_KEY", KEY)
    assert file.read_text() == before


def test_it_is_a_file_that_collate_reads(home: Path) -> None:
    assert home_secrets() == home / ".streamlit" / "secrets.toml"
