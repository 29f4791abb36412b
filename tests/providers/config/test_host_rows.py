"""What a provider's row of the file sets, and what it adds to each request."""

import json
from pathlib import Path

import pytest

from providers.config.connections import PRESETS, Connection, drawing
from providers.config.deadlines import Deadlines
from providers.secrets import Secret, redact
from tests.providers.config.loading import loaded


def test_a_preset_appears_with_its_key_or_with_a_row(tmp_path: Path) -> None:
    assert not loaded(tmp_path).connections["groq"].offered
    assert loaded(tmp_path, GROQ_API_KEY="key-of-groq").connections["groq"].offered
    assert loaded(tmp_path, "[providers.vllm]").connections["vllm"].offered


def test_a_host_is_a_row_of_the_file(tmp_path: Path) -> None:
    text = """
    [providers.my-host]
    base_url = "https://llm.example.com/v1/"
    label = "My host"
    key_variable = "MY_HOST_KEY"
    first_byte_s = 90
    """
    found = loaded(tmp_path, text, MY_HOST_KEY="key-of-my-host").connections["my-host"]
    assert found == Connection(
        "my-host", "openai", "My host", "https://llm.example.com/v1", Secret("key-of-my-host"), "MY_HOST_KEY",
        needs_key=True, api="chat", deadlines=Deadlines(first_byte_s=90), customised=True,
    )  # fmt: skip
    assert found.usable
    assert not loaded(tmp_path, text).connections["my-host"].usable


def test_a_host_without_a_key_variable_needs_no_key(tmp_path: Path) -> None:
    found = loaded(tmp_path, '[providers.box]\nbase_url = "http://box:8000/v1"\nlocal = true').connections["box"]
    assert (found.usable, found.local, found.label, found.endpoint) == (True, True, "box", "http://box:8000/v1")


def test_a_row_may_start_from_a_preset(tmp_path: Path) -> None:
    text = '[providers.team]\npreset = "groq"\n[providers.gpu]\npreset = "ollama"\nbase_url = "http://gpu:11434"'
    found = loaded(tmp_path, text, GROQ_API_KEY="key-of-groq").connections
    team, gpu = found["team"], found["gpu"]
    assert (team.kind, team.endpoint, team.key) == ("openai", PRESETS["groq"].endpoint, Secret("key-of-groq"))
    assert (gpu.kind, gpu.endpoint, gpu.local) == ("ollama", "http://gpu:11434", True)


def test_a_row_changes_only_what_it_names(tmp_path: Path) -> None:
    found = loaded(tmp_path, "[providers.ollama]\nfirst_byte_s = 900").connections["ollama"]
    assert (found.deadlines, found.endpoint) == (Deadlines(first_byte_s=900), PRESETS["ollama"].endpoint)


def test_another_key_variable_replaces_the_usual_one(tmp_path: Path) -> None:
    text = '[providers.openai]\nkey_variable = "TEAM_KEY"'
    found = loaded(tmp_path, text, OPENAI_API_KEY="key-of-mine", TEAM_KEY="key-of-team").connections["openai"]
    assert (found.key, found.key_variable) == (Secret("key-of-team"), "TEAM_KEY")


ROW = """
[providers.lab]
base_url = "https://gateway.example.com/v1"
stream = false
stream_options = false
thinking_tags = false
[providers.lab.headers]
CF-AIG-Authorization = "Bearer ${GATEWAY_KEY}"
X-Title = "Collate"
X-Api-Key = "Zq8plantedheader"
[providers.lab.body]
enable_thinking = false
options = { num_ctx = 8192, seeds = [1, 2.5] }
session_token = "Zq8-planted.body.51"
"""


def test_a_row_says_how_a_host_is_asked_and_what_is_added_to_each_request(tmp_path: Path) -> None:
    lab = loaded(tmp_path, ROW, GATEWAY_KEY="Zq8-planted.gateway").connections["lab"]
    assert (lab.stream, lab.stream_options, lab.thinking_tags) == (False, False, False)
    assert lab.headers == (
        ("cf-aig-authorization", "Bearer Zq8-planted.gateway"),
        ("x-title", "Collate"),
        ("x-api-key", "Zq8plantedheader"),
    )
    assert json.loads(lab.body) == {
        "enable_thinking": False, "options": {"num_ctx": 8192, "seeds": [1, 2.5]},
        "session_token": "Zq8-planted.body.51",
    }  # fmt: skip


def test_what_is_secret_in_a_row_is_shown_nowhere_and_plain_words_are(tmp_path: Path) -> None:
    lab = loaded(tmp_path, ROW, GATEWAY_KEY="Zq8-planted.gateway").connections["lab"]
    said = redact("Zq8-planted.gateway Zq8plantedheader Zq8-planted.body.51 Collate")
    assert said == "*** *** *** Collate"
    assert "planted" not in repr(lab)


WRONG_ROWS = {
    "an unset variable": (
        '[providers.lab.headers]\nX-Key = "${NOT_SET_HERE}"',
        "names ${NOT_SET_HERE}, which is not set",
    ),
    "a header of ours": ('[providers.lab.headers]\nHost = "x"', "Host is set by Collate"),
    "no name of a header": ('[providers.lab.headers]\n"a b" = "x"', "is not a valid name of a header"),
    "a line break": (
        '[providers.lab.headers]\nX-A = "planted\\nkey"',
        "X-A contains a character that a header must not contain",
    ),
    "no text": ("[providers.lab.headers]\nX-A = 5", "X-A must be text"),
    "no table": ("[providers.lab]\nbody = 5", "providers.lab.body must be a table"),
    "a date": ("[providers.lab.body]\nwhen = 2026-01-01", "contains a date or a time"),
    "no switch": ('[providers.lab]\nstream = "no"', "write true or false"),
}


@pytest.mark.parametrize(("text", "words"), WRONG_ROWS.values(), ids=WRONG_ROWS.keys())
def test_a_wrong_addition_stops_its_host_only_and_is_not_quoted(text: str, words: str, tmp_path: Path) -> None:
    found = loaded(tmp_path, '[providers.lab]\nbase_url = "http://x/v1"\n' + text.removeprefix("[providers.lab]\n"))
    assert words in (found.connections["lab"].problem or "")
    assert "planted" not in str(found.mistakes)
    assert found.connections["builtin"].usable
    assert found.connections["ollama"].usable


def test_a_webui_is_one_row_for_pictures_alone(tmp_path: Path) -> None:
    text = '[providers.webui]\n[providers.forge]\npreset = "webui"\nbase_url = "http://10.0.0.5:7860/sdapi/v1/txt2img"'
    found = loaded(tmp_path, text).connections
    assert (found["webui"].base_url, found["webui"].local) == ("http://127.0.0.1:7860", True)
    assert (found["forge"].base_url, found["forge"].usable) == ("http://10.0.0.5:7860", True)
    for name in ("webui", "forge"):
        assert (found[name].offered, found[name].listed, drawing(found[name]).listed) == (True, False, True)
