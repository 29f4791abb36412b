"""Whether people must log in is read from the files of secrets, whole or spoiled."""

from __future__ import annotations

from pathlib import Path

import pytest
import streamlit as st
from streamlit.runtime.secrets import Secrets

from dashboard.login_setup import login_is_set_up, login_is_spoiled

WELL = '[auth]\nclient_id = "collate"\n'
SECRETS = {
    "none": ({}, False, False),
    "nothing of it": ({"here": 'OPENAI_API_KEY = "x"'}, False, False),
    "set up": ({"here": WELL}, True, False),
    "set up at home": ({"home": WELL}, True, False),
    "empty": ({"here": "[auth]"}, True, True),
    "broken after it": ({"here": WELL + "[x"}, True, True),
    "broken in it": ({"here": "[auth\nclient_id ="}, True, True),
    "a table of it": ({"here": "[auth.google]\nclient_id ="}, True, True),
    "dotted": ({"here": 'auth.client_id = "x'}, True, True),
    "quoted": ({"here": '["auth"]\nx ='}, True, True),
    "another file is broken": ({"home": "x =", "here": WELL}, True, True),
    "broken without it": ({"here": "OPENAI_API_KEY = x"}, False, False),
    "in a remark": ({"here": "# [auth]\nx ="}, False, False),
}


@pytest.mark.parametrize(("files", "asked", "spoiled"), SECRETS.values(), ids=SECRETS)
def test_who_may_log_in_is_not_forgotten_by_a_mistake_in_a_file(
    files: dict[str, str], asked: bool, spoiled: bool, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for place, text in files.items():
        folder = (home if place == "home" else tmp_path) / ".streamlit"
        folder.mkdir()
        (folder / "secrets.toml").write_text(text, "utf-8")
    monkeypatch.setattr(st, "secrets", Secrets())
    assert login_is_set_up() is asked
    assert login_is_spoiled() is spoiled
