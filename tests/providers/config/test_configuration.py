"""What the user set, in the file, the environment and secrets.toml; and mistakes that name their place."""

import json
import os
import re
from pathlib import Path

import pytest

from providers.config import configuration
from providers.config.configuration import Configuration, load, read_secrets
from providers.config.connections import ALWAYS_SHOWN, BUILTIN_ENDPOINT, ENVIRONMENT, PRESETS, Connection
from providers.config.deadlines import Deadlines
from providers.config.keep_rules import RecordRules
from providers.secrets import Secret, redact


def loaded(tmp_path: Path, text: str = "", secrets: dict[str, str] | None = None, **environ: str) -> Configuration:
    """The configuration of a `collate.toml` with that text."""
    file = tmp_path / "collate.toml"
    file.write_text(text)
    return load({"COLLATE_CONFIG": str(file), **environ}, secrets or {})


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


KEYED = [preset for preset in PRESETS.values() if preset.key_variable]


@pytest.mark.parametrize("preset", KEYED, ids=lambda preset: preset.name)
def test_every_key_variable_makes_its_provider_usable(preset: Connection, tmp_path: Path) -> None:
    for value in ("key-in-the-environment", " key-in-the-environment\n"):
        found = loaded(tmp_path, **{preset.key_variable: value}).connections[preset.name]
        assert found.key == Secret("key-in-the-environment")
        assert found.usable
        assert found.endpoint == preset.endpoint


@pytest.mark.parametrize("value", ["", "  ", "\n"])
def test_an_empty_variable_is_not_set(value: str, tmp_path: Path) -> None:
    found = loaded(tmp_path, OPENAI_API_KEY=value, OPENAI_BASE_URL=value.strip())
    assert found.connections["openai"].key is None
    assert not found.connections["openai"].usable
    assert found.connections["openai"].endpoint == PRESETS["openai"].endpoint


def test_addresses_and_versions_of_the_environment_are_honoured(tmp_path: Path) -> None:
    found = loaded(
        tmp_path, OPENAI_BASE_URL="http://127.0.0.1:8000/v1", ANTHROPIC_BASE_URL="https://proxy.example/a",
        GOOGLE_GEMINI_BASE_URL="https://proxy.example/g", GOOGLE_GENAI_API_VERSION="v1", OLLAMA_HOST="10.0.0.5",
        GEMINI_API_KEY="key-of-gemini",
    ).connections  # fmt: skip
    assert (found["openai"].endpoint, found["openai"].api) == ("http://127.0.0.1:8000/v1", "chat")
    assert found["anthropic"].endpoint == "https://proxy.example/a"
    assert found["google"].endpoint == "https://proxy.example/g"
    assert (found["google"].api_version, found["google"].key) == ("v1", Secret("key-of-gemini"))
    assert (found["ollama"].endpoint, found["ollama"].local) == ("http://10.0.0.5:11434", True)


def test_no_variable_of_a_vendor_is_forgotten() -> None:
    named = {
        "OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GOOGLE_API_KEY", "GEMINI_API_KEY", "OLLAMA_API_KEY", "MISTRAL_API_KEY",
        "GROQ_API_KEY", "TOGETHER_API_KEY", "FIREWORKS_API_KEY", "OPENROUTER_API_KEY", "META_API_KEY",
        "OPENAI_BASE_URL", "ANTHROPIC_BASE_URL", "GOOGLE_GEMINI_BASE_URL", "GOOGLE_GENAI_API_VERSION", "OLLAMA_HOST",
    }  # fmt: skip
    assert named <= set(ENVIRONMENT)


@pytest.mark.parametrize(
    ("text", "environ", "api"),
    [
        ("", {}, "responses"),
        ('[providers.openai]\napi = "chat"', {}, "chat"),
        ("", {"COLLATE_OPENAI_API": "chat"}, "chat"),
        ('[providers.openai]\nbase_url = "http://127.0.0.1:8000/v1"', {}, "chat"),
        ('[providers.openai]\nbase_url = "http://127.0.0.1:8000/v1"\napi = "responses"', {}, "responses"),
        ("", {"OPENAI_BASE_URL": "http://127.0.0.1:8000/v1", "COLLATE_OPENAI_API": "responses"}, "responses"),
    ],
)
def test_the_api_follows_the_address_unless_forced(
    text: str, environ: dict[str, str], api: str, tmp_path: Path
) -> None:
    assert loaded(tmp_path, text, **environ).connections["openai"].api == api


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


def test_a_proxy_is_taken_by_all_and_only_when_given(tmp_path: Path) -> None:
    text = '[network]\nproxy = "http://proxy.example:3128"'
    assert {c.proxy for c in loaded(tmp_path, text).connections.values()} == {"http://proxy.example:3128"}
    assert {c.proxy for c in loaded(tmp_path, COLLATE_PROXY="http://p:1").connections.values()} == {"http://p:1"}
    assert {c.proxy for c in loaded(tmp_path, HTTPS_PROXY="http://p:1").connections.values()} == {None}


def test_a_companys_certificates_come_from_all_places_that_are_named(tmp_path: Path) -> None:
    for name in ("a.pem", "b.pem", "c.pem"):
        (tmp_path / name).write_text("")
    found = loaded(
        tmp_path, '[network]\nca_file = "c.pem"', SSL_CERT_FILE=str(tmp_path / "a.pem"),
        SSL_CERT_DIR=f"{tmp_path}{os.pathsep}{tmp_path}", REQUESTS_CA_BUNDLE=str(tmp_path / "b.pem"),
    )  # fmt: skip
    places = tuple(str(tmp_path / name) for name in ("a.pem", "", "b.pem", "c.pem"))
    assert {connection.authorities for connection in found.connections.values()} == {places}
    assert found.mistakes == ()


@pytest.mark.parametrize(
    ("text", "environ"),
    [('[network]\nca_file = "none.pem"', {}), ("", {"SSL_CERT_FILE": "/none.pem"}), ("[network]\nca_file = 3", {})],
)
def test_certificates_that_are_not_there_stop_what_is_encrypted(text: str, environ: dict, tmp_path: Path) -> None:
    found = loaded(tmp_path, text, OPENAI_API_KEY="key-of-mine", **environ)
    [said] = found.mistakes
    assert "ca_file" in said or "SSL_CERT_FILE" in said
    assert found.connections["openai"].problem == said
    assert found.connections["ollama"].usable
    assert found.connections["builtin"].usable


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
    "no name of a header": ('[providers.lab.headers]\n"a b" = "x"', "is not a name of a header"),
    "a line break": ('[providers.lab.headers]\nX-A = "planted\\nkey"', "X-A holds a character that no header may hold"),
    "no text": ("[providers.lab.headers]\nX-A = 5", "X-A must be text"),
    "no table": ("[providers.lab]\nbody = 5", "providers.lab.body must be a table"),
    "a date": ("[providers.lab.body]\nwhen = 2026-01-01", "holds a date or a time"),
    "no switch": ('[providers.lab]\nstream = "no"', "write true or false"),
}


@pytest.mark.parametrize(("text", "words"), WRONG_ROWS.values(), ids=WRONG_ROWS.keys())
def test_a_wrong_addition_stops_its_host_only_and_is_not_quoted(text: str, words: str, tmp_path: Path) -> None:
    found = loaded(tmp_path, '[providers.lab]\nbase_url = "http://x/v1"\n' + text.removeprefix("[providers.lab]\n"))
    assert words in (found.connections["lab"].problem or "")
    assert "planted" not in str(found.mistakes)
    assert found.connections["builtin"].usable
    assert found.connections["ollama"].usable


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


MISTAKES = {
    "not TOML": ("[providers", "cannot be read"),
    "an unknown table": ("[provider.x]", "provider is not a setting"),
    "providers is no table": ("providers = 3", "providers must be a table"),
    "a provider is no table": ("[providers]\nopenai = 3", "providers.openai must be a table"),
    "an own row is no table": ("[providers]\nmine = 3", "providers.mine must be a table"),
    "an unknown key": ('[providers.openai]\nurl = "x"', "[providers.openai] url is not a setting"),
    "an unknown key of a row": (
        '[providers.x]\nbase_url = "http://x"\nkey = "sk"',
        "[providers.x] key is not a setting",
    ),
    "no address": ('[providers.x]\nlabel = "X"', "[providers.x] needs a base_url or a preset"),
    "an empty address": ('[providers.x]\nbase_url = ""', "[providers.x] needs a base_url or a preset"),
    "an unknown preset": ('[providers.x]\npreset = "grok"', "[providers.x] preset is 'grok'"),
    "an unknown preset beside an address": (
        '[providers.x]\npreset = "grok"\nbase_url = "http://x/v1"',
        "[providers.x] preset is 'grok'",
    ),
    "an impossible name": ('[providers."My Host"]\nbase_url = "http://x"', "[providers.My Host]"),
    "an unknown api": ('[providers.openai]\napi = "completions"', "[providers.openai] api is 'completions'"),
    "api is no text": ("[providers.openai]\napi = 3", "[providers.openai] api must be text"),
    "an address is no text": ("[providers.openai]\nbase_url = 3", "[providers.openai] base_url must be text"),
    "local is no truth": ('[providers.x]\nbase_url = "http://x"\nlocal = "no"', "[providers.x] local is 'no'"),
    "no seconds": ("[providers.openai]\nfirst_byte_s = 0", "[providers.openai] first_byte_s is 0"),
    "seconds in words": ('[deadlines]\ncall_s = "long"', "[deadlines] call_s is 'long'"),
    "seconds as a truth": ("[deadlines]\ncall_s = true", "[deadlines] call_s is True"),
    "endless": ("[deadlines]\ncall_s = inf", "[deadlines] call_s is inf"),
    "not a number": ("[deadlines]\nno_content_s = nan", "[deadlines] no_content_s is nan"),
    "an unknown deadline": ("[deadlines]\ntotal_s = 3", "[deadlines] total_s is not a setting"),
    "an unknown network key": ('[network]\nproxies = "x"', "[network] proxies is not a setting"),
    "a proxy is no text": ("[network]\nproxy = 3128", "[network] proxy must be text"),
}


@pytest.mark.parametrize(("text", "place"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_names_the_file_and_the_key(text: str, place: str, tmp_path: Path) -> None:
    [said] = loaded(tmp_path, text).mistakes
    assert str(tmp_path / "collate.toml") in said
    assert place in said


@pytest.mark.parametrize("variable", ["COLLATE_FIRST_BYTE_S", "COLLATE_NO_CONTENT_S", "COLLATE_CALL_S"])
@pytest.mark.parametrize("value", ["0", "-1", "soon", "nan", "inf"])
def test_a_mistake_in_a_variable_names_the_variable(variable: str, value: str, tmp_path: Path) -> None:
    found = loaded(tmp_path, **{variable: value})
    assert [variable in said for said in found.mistakes] == [True]
    assert found.deadlines == Deadlines()


OF_ALL = ["[providers", "providers = 3", "[provider.x]", '[network]\nproxies = "x"', "[deadlines]\ncall_s = -1"]
OF_ONE = [text for text, place in MISTAKES.values() if "[providers" in place or "providers." in place]


@pytest.mark.parametrize("text", OF_ALL)
def test_a_mistake_about_all_hosts_stops_all_hosts_and_nothing_that_needs_none(text: str, tmp_path: Path) -> None:
    found = loaded(tmp_path, text, OPENAI_API_KEY="key-of-mine", LAB_KEY="a\nb")
    usable = [name for name, connection in found.connections.items() if connection.usable]
    assert usable == ["builtin"]
    assert {found.connections[name].problem for name in ("openai", "ollama", "groq")} == set(found.mistakes)


@pytest.mark.parametrize("text", OF_ONE)
def test_a_mistake_about_one_host_stops_that_host(text: str, tmp_path: Path) -> None:
    found = loaded(tmp_path, text, ANTHROPIC_API_KEY="key-of-mine")
    stopped = [connection for connection in found.connections.values() if connection.problem]
    assert [connection.problem for connection in stopped] == list(found.mistakes)
    assert not any(connection.usable for connection in stopped)
    assert found.connections["anthropic"].usable
    assert found.connections["ollama"].usable
    assert stopped[0].endpoint != BUILTIN_ENDPOINT


@pytest.mark.parametrize("text", ["[providers", "[provider.x]", "[record]\nkept = 3"])
def test_while_the_rules_of_the_record_are_not_known_nothing_is_kept_and_nothing_deleted(
    text: str, tmp_path: Path
) -> None:
    assert loaded(tmp_path, text).record == RecordRules("nothing", None)
    assert loaded(tmp_path, text, COLLATE_KEEP="figures").record == RecordRules("figures", None)


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


def test_a_wrong_address_spoils_only_its_own_provider(tmp_path: Path) -> None:
    found = loaded(tmp_path, OPENAI_BASE_URL="api.example.com", OPENAI_API_KEY="key-of-mine").connections
    assert found["openai"].problem
    assert found["builtin"].usable


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
        ("[record]\nkept = 3\n", {}, r"\[record\] kept is not a setting; known: keep, keep_days"),
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
