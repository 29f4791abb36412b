"""Keys of secrets.toml: which file is nearest, and what a mistake in one stops."""

from pathlib import Path

import pytest

from providers.config import configuration
from providers.config.configuration import load, read_secrets
from providers.secrets import Secret
from tests.providers.config.loading import loaded


def test_secrets_are_below_the_environment(tmp_path: Path) -> None:
    secrets = {"OPENAI_API_KEY": "key-of-the-file", "ANTHROPIC_API_KEY": "key-of-the-file"}
    found = loaded(tmp_path, "", secrets, OPENAI_API_KEY="key-of-the-environment", ANTHROPIC_API_KEY="").connections
    assert found["openai"].key == Secret("key-of-the-environment")
    assert found["anthropic"].key == Secret("key-of-the-file")


def test_secrets_of_the_project_go_before_the_users(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = Path(configuration.__file__).parent.parent
    for folder, value in ((home, "key-of-the-user"), (project, "key-of-the-project")):
        (folder / ".streamlit").mkdir(parents=True)
        (folder / ".streamlit" / "secrets.toml").write_text(
            f'OPENAI_API_KEY = "{value}"\nNUMBER = 3\n[table]\nGROQ_API_KEY = "no"'
        )
    monkeypatch.chdir(home)
    assert read_secrets() == ({"OPENAI_API_KEY": "key-of-the-user"}, ())  # the working folder is the nearest
    monkeypatch.chdir(project)
    assert read_secrets() == ({"OPENAI_API_KEY": "key-of-the-project"}, ())
    assert load().connections["openai"].key == Secret("key-of-the-project")


BROKEN = 'PATH_X = "C:\\Users\\me"\nOPENAI_API_KEY = "key-of-mine'


def secrets_in(folder: Path, text: str) -> Path:
    file = folder / ".streamlit" / "secrets.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


def test_a_mistake_in_another_programs_secrets_stops_nothing_and_is_said_where_a_key_is_missing(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    file = secrets_in(home, BROKEN)
    monkeypatch.setenv("ANTHROPIC_API_KEY", "key-of-another")
    found = load()
    assert found.mistakes == ()
    assert all(connection.problem is None for connection in found.connections.values())
    assert found.connections["anthropic"].notes == found.connections["ollama"].notes == ()
    [note] = found.connections["openai"].notes
    assert f"{file}, line 1 (PATH_X)" in note
    assert "key-of-mine" not in str(found)


def test_a_mistake_in_our_own_secrets_is_said_and_keys_from_elsewhere_still_work(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    secrets_in(home, 'MISTRAL_API_KEY = "key-of-another"')
    file = secrets_in(tmp_path, BROKEN)
    found = load()
    assert [str(file) in said for said in found.mistakes] == [True]
    assert found.connections["mistral"].key == Secret("key-of-another")
    assert "key-of-mine" not in str(found)
