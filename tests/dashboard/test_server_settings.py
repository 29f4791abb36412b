"""Which settings of the server are in force: ours wherever it is started, unless the user's files say otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit import config

from dashboard.server_settings import SHIPPED, _read, _variable, flags, ignored, overruled


@pytest.fixture
def folder(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder the user stands in; it is not their home folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder: Path, text: str) -> None:
    (folder / ".streamlit").mkdir(exist_ok=True)
    (folder / ".streamlit" / "config.toml").write_text(text, "utf-8")


def test_every_shipped_setting_is_one_that_streamlit_knows() -> None:
    assert [name for name in _read(SHIPPED) if name not in config._config_options_template] == []


def test_what_is_shipped_is_safe() -> None:
    shipped = _read(SHIPPED)
    assert shipped["server.address"] == "127.0.0.1"
    assert shipped["server.allowedHosts"] == ["localhost", "127.0.0.1", "::1"]
    assert shipped["browser.gatherUsageStats"] is False
    assert shipped["client.showErrorDetails"] == "type"


def test_without_files_of_the_user_nothing_is_overruled(folder: Path) -> None:
    assert overruled({}) == {}


def test_the_nearest_file_of_the_user_wins_and_what_is_not_ours_is_left_to_streamlit(folder: Path, home: Path) -> None:
    write(home, '[server]\naddress = "0.0.0.0"\nmaxUploadSize = 3\n')
    write(folder, '[server]\naddress = "::1"\nbaseUrlPath = "collate"\n[browser]\ngatherUsageStats = false\n')
    assert overruled({}) == {"server.address": "::1", "server.maxUploadSize": 3}


def test_the_environment_goes_before_the_files(folder: Path) -> None:
    write(folder, '[server]\naddress = "0.0.0.0"\nallowedHosts = ["example.com"]\n')
    assert overruled({"STREAMLIT_SERVER_ADDRESS": "::1", "STREAMLIT_SERVER_ALLOWED_HOSTS": "x"}) == {}


def test_the_variable_of_a_setting_is_streamlits() -> None:
    templates = config._config_options_template
    assert {name: _variable(name) for name in _read(SHIPPED)} == {n: templates[n].env_var for n in _read(SHIPPED)}


def test_a_value_may_stand_in_a_variable(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HERE", "10.0.0.5")
    write(folder, '[server]\naddress = "env:HERE"\n')
    assert overruled({}) == {"server.address": "10.0.0.5"}


def test_a_colour_for_both_schemes_goes_before_ours_for_each(folder: Path) -> None:
    write(folder, '[theme]\nprimaryColor = "red"\n[theme.dark]\nprimaryColor = "blue"\n')
    assert overruled({}) == {"theme.light.primaryColor": "red", "theme.dark.primaryColor": "blue"}


def test_a_file_that_cannot_be_read_overrules_nothing(folder: Path) -> None:
    write(folder, '[server\naddress = "0.0.0.0"')
    assert overruled({}) == {}


def test_settings_become_flags() -> None:
    said = {"server.allowedHosts": ["a", "b"], "theme.light.x": ["#1", "#2"], "client.y": True, "server.z": 5}
    assert flags(said) == [
        "--server.allowedHosts", "a", "--server.allowedHosts", "b", "--theme.light.x", '["#1", "#2"]',
        "--client.y", "true", "--server.z", "5",
    ]  # fmt: skip


def test_what_another_way_of_starting_does_not_follow_is_named(folder: Path) -> None:
    write(folder, '[server]\naddress = "::1"\nallowedHosts = ["a"]\n[client]\nshowErrorLinks = true\n')
    in_force = {"server.address": "127.0.0.1", "server.allowedHosts": ("a",), "client.showErrorLinks": "true"}
    assert ignored(in_force.__getitem__) == ["server.address"]
