"""What is offered with nothing set, where the files lie, and which deadline holds."""

import os
from pathlib import Path

import pytest

from providers.config.configuration import load
from providers.config.connections import ALWAYS_SHOWN, PRESETS
from providers.config.deadlines import Deadlines
from providers.secrets import Secret
from tests.providers.config.loading import loaded


def test_without_anything_the_usual_providers_are_offered(tmp_path: Path) -> None:
    found = load({"COLLATE_CONFIG": str(tmp_path / "none.toml")}, {})
    assert tuple(found.connections) == tuple(PRESETS)  # any preset can be asked by name
    offered = [c for c in found.connections.values() if c.offered]
    assert tuple(c.name for c in offered) == ALWAYS_SHOWN
    assert [c.name for c in offered if c.usable] == ["builtin", "ollama"]
    assert found.deadlines == Deadlines()
    assert all(connection.problem is None for connection in found.connections.values())


def test_the_real_environment_is_read_when_none_is_given(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    monkeypatch.setenv("MISTRAL_API_KEY", "key-of-mistral")
    found = load()
    assert found.connections["mistral"].key == Secret("key-of-mistral")
    assert found.file == home / "collate.toml"
    assert found.prices == home / "prices.toml"


def test_files_lie_in_the_users_configuration_folder_unless_moved(monkeypatch: pytest.MonkeyPatch) -> None:
    found = load({}, {})
    assert found.file.name == "collate.toml"
    assert found.prices == found.file.parent / "prices.toml"
    assert os.environ["HOME"] in str(found.file)
    assert load({"COLLATE_PRICES": "/x/p.toml"}, {}).prices == Path("/x/p.toml")


@pytest.mark.parametrize(
    ("there", "read"),
    [((), "mine"), (("mine",), "mine"), (("usual",), "usual"), (("mine", "usual"), "mine")],
)
def test_prices_lie_beside_the_file_that_is_named_else_in_the_usual_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, there: tuple[str, ...], read: str
) -> None:
    monkeypatch.setattr("providers.config.configuration.user_config_path", lambda *_, **__: tmp_path / "usual")
    for folder in ("mine", "usual"):
        (tmp_path / folder).mkdir()
    for folder in there:
        (tmp_path / folder / "prices.toml").touch()
    found = load({"COLLATE_CONFIG": str(tmp_path / "mine" / "collate.toml")}, {})
    assert found.prices == tmp_path / read / "prices.toml"


def test_deadlines_come_from_the_environment_before_the_file(tmp_path: Path) -> None:
    text = "[deadlines]\nfirst_byte_s = 10\nsilence_s = 15\nno_content_s = 20.5\ncall_s = 30"
    assert loaded(tmp_path, text).deadlines == Deadlines(10, 15, 20.5, 30)
    environ = {"COLLATE_FIRST_BYTE_S": "1", "COLLATE_NO_CONTENT_S": "2.5", "COLLATE_CALL_S": "3"}
    assert loaded(tmp_path, text, **environ).deadlines == Deadlines(1, 15, 2.5, 3)


def test_a_row_has_limits_of_its_own_and_a_variable_wins_over_them(tmp_path: Path) -> None:
    text = "[providers.openai]\nsilence_s = 900\ncall_s = 1200"
    assert loaded(tmp_path, text).connections["openai"].deadlines == Deadlines(silence_s=900, call_s=1200)
    found = loaded(tmp_path, text, COLLATE_SILENCE_S="60").connections
    assert found["openai"].deadlines == Deadlines(silence_s=60, call_s=1200)
    assert found["groq"].deadlines == Deadlines(silence_s=60)
