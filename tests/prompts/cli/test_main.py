"""The command line as its users meet it: a process, its output, its exit status."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from prompts.core.child_process import python
from providers.completion import Completion, Timings
from providers.interface import Usage
from tests.patience import PATIENCE_S
from tests.prompts.samples import rows
from tests.wire.dialects import DIALECTS, KEY
from tests.wire.server import Reply, Script, WireServer

ROOT = Path(__file__).parents[3]
CHAT = DIALECTS[1]
COMMAND = python("-m", "prompts.cli.main")


@pytest.fixture
def server(home: Path) -> Iterator[WireServer]:
    """A server that answers, configured as the provider `wire`."""
    with WireServer(CHAT.playing()) as server:
        server.routes[CHAT.listing[0]] = _listing
        (home / "collate.toml").write_text(
            f'[providers.wire]\nbase_url = "{server.url}/v1"\nkey_variable = "WIRE_KEY"\n'
        )
        yield server


async def _listing(reply: Reply) -> None:
    await reply.json(CHAT.listing[1])


def environment(home: Path, **more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "WIRE_KEY": KEY, "PWD": str(home), **more}


@pytest.fixture
def collate(home: Path):
    """Run one command in an empty folder of its own."""

    def run(*arguments: str, typed: str = "", options: tuple[str, ...] = (), **env: str) -> Any:
        done = subprocess.run(
            [COMMAND[0], *options, *COMMAND[1:], *arguments], input=typed.encode(), capture_output=True, cwd=home,
            env=environment(home, **env), timeout=PATIENCE_S, check=False,
        )  # fmt: skip
        return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


def refusing(kind: Any) -> Script:
    async def script(reply: Reply) -> None:
        status, body = CHAT.refusals[kind]
        await reply.body(body, status)

    return script


def body(server: WireServer) -> Any:
    return server.calls(CHAT.path)[0].json


# ask -----------------------------------------------------------------------------------------------------------------


def test_json_is_one_object_per_completion_in_the_words_of_the_glossary(collate) -> None:
    done = collate("ask", "What is it?", "-m", "builtin:ngram-2", "-m", "builtin:ngram-3", "--repeat", "2", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert sorted((line["model"], line["repeat"]) for line in lines) == [
        ("ngram-2", 0), ("ngram-2", 1), ("ngram-3", 0), ("ngram-3", 1),
    ]  # fmt: skip
    assert len({line["run"] for line in lines}) == 1
    assert len({line["id"] for line in lines}) == 4
    for line in lines:
        assert list(line) == ["run", "id", "repeat", *(field.name for field in fields(Completion))]
        assert list(line["timings"]) == [field.name for field in fields(Timings)]
        assert list(line["usage"]) == [field.name for field in fields(Usage)]
        assert line["timings"]["time_to_first_token_s"] >= 0
        assert line["cost"]["kind"] == "local"
        assert line["state"] in ("complete", "cut")
        assert line["text"]


def test_the_answer_of_a_host_arrives_exactly(collate, server: WireServer) -> None:
    server.script = CHAT.playing(CHAT.answer(['"é\u2028', "\x1b[31m🌍\n"], ()))
    done = collate("ask", "Say hello.", "-m", "wire:gpt-5.4", "--json")
    (line,) = map(json.loads, done.stdout.splitlines())
    assert (line["provider"], line["text"], line["state"]) == ("wire", '"é\u2028\x1b[31m🌍\n', "complete")
    assert done.returncode == 0


def test_settings_reach_the_model(collate, server: WireServer) -> None:
    collate(
        "ask", "Say hello.", "-m", "wire:m", "--system", "Be brief.", "--temperature", "0", "--top-p", "0.9",
        "--max-tokens", "5", "--seed", "7", "--stop", "END", "--stop", "FIN", "--effort", "low", "--json",
    )  # fmt: skip
    assert body(server) == {
        "model": "m", "stream": True, "stream_options": {"include_usage": True},
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Say hello."}],
        "temperature": 0.0, "top_p": 0.9, "max_tokens": 5, "seed": 7, "stop": ["END", "FIN"],
        "reasoning_effort": "low",
    }  # fmt: skip


def test_unset_settings_are_not_sent(collate, server: WireServer) -> None:
    collate("ask", "Say hello.", "-m", "wire:gpt-5.4", "--json")
    assert body(server) == CHAT.bare


def test_a_prompt_is_read_from_standard_input(collate, server: WireServer) -> None:
    prompt = "é🌍\n\tsecond line\n" + "x" * 200_000
    done = collate("ask", "-", "-m", "wire:m", "--json", typed=prompt)
    assert done.returncode == 0
    assert body(server)["messages"][-1]["content"] == prompt


def test_the_terminal_shows_each_answer_whole_and_then_one_table(collate, server: WireServer) -> None:
    done = collate("ask", "Say hello.", "-m", "wire:gpt-5.4", "-m", "wire:gpt-4o", "--repeat", "2")
    assert done.returncode == 0
    assert done.stdout.count("Hello wörld 🌍") == 4
    assert done.stdout.count("(repeat 2)") == 2
    table = done.stdout[done.stdout.rindex("Hello wörld 🌍") :]
    for word in (
        "first token",
        "duration",
        "tokens/s",
        "cost",
        "complete",
        "wire:gpt-5.4",
        "wire:gpt-4o",
        "GPT",
        "21",
        "34",
    ):
        assert word in table


def test_what_is_not_sent_is_said(collate) -> None:
    done = collate("ask", "Say hello.", "-m", "builtin:ngram-2", "--effort", "high")
    assert "effort: n-gram models do not think; not sent" in done.stderr


NASTY = "a\x1b[2J\x1b]0;title\x07b\rc\x08d\x9b31me\x7f\x00f"


def test_control_characters_do_not_reach_the_terminal(collate, server: WireServer) -> None:
    server.script = CHAT.playing(CHAT.answer([NASTY[:2], NASTY[2:], "\tfine\n"], ()))
    done = collate("ask", "Say hello.", "-m", "wire:m")
    assert re.findall(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", done.stdout + done.stderr) == []
    assert "a<U+001B>[2J<U+001B>]0;title<U+0007>b<U+000D>c" in done.stdout
    assert "\tfine" in done.stdout


def test_control_characters_of_an_error_do_not_reach_the_terminal(collate, server: WireServer) -> None:
    async def script(reply: Reply) -> None:
        await reply.json({"error": {"message": NASTY + "\u202e", "code": "\x1b[2J"}}, status=400)

    server.script = script
    done = collate("ask", "Say hello.", "-m", "wire:m")
    assert done.returncode == 1
    assert re.findall(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", done.stdout + done.stderr) == []
    assert "[bad_request] a<U+001B>[2J" in done.stdout


@pytest.mark.parametrize("kind", ["auth", "rate_limit", "server", "context_length"])
def test_a_failed_completion_is_status_1_and_one_request(kind: str, collate, server: WireServer) -> None:
    server.script = refusing(kind)
    done = collate("ask", "Say hello.", "-m", "wire:m", "-m", "builtin:ngram-2", "--json")
    lines = {line["provider"]: line for line in map(json.loads, done.stdout.splitlines())}
    assert done.returncode == 1
    assert (lines["wire"]["state"], lines["wire"]["error"]["kind"]) == ("failed", kind)
    assert lines["wire"]["timings"]["time_to_first_token_s"] is None
    assert lines["builtin"]["state"] in ("complete", "cut")
    assert len(server.requests) == 1


def test_a_key_is_in_no_output_and_no_record(collate, server: WireServer, home: Path) -> None:
    async def script(reply: Reply) -> None:
        await reply.json({"error": {"message": f"Incorrect key {KEY}", "param": KEY}}, 401, {"x-request-id": KEY})

    server.script = script
    outputs = [collate("ask", "Say hello.", "-m", "wire:m", *more) for more in ((), ("--json",))]
    assert KEY in server.requests[0].headers["authorization"]
    assert all(done.returncode == 1 and KEY not in done.stdout + done.stderr for done in outputs)
    kept = b"".join(file.read_bytes() for file in home.glob("collate.db*"))
    assert b"Incorrect key ***" in kept
    assert KEY.encode() not in kept


def test_a_missing_key_names_the_variable(collate, server: WireServer) -> None:
    done = collate("ask", "Say hello.", "-m", "wire:m", WIRE_KEY="")
    assert done.returncode == 1
    assert "WIRE_KEY" in done.stdout
    assert server.requests == []


WRONG = {
    "an unknown provider": (["ask", "Hi", "-m", "nobody:gpt-5.4"], "'nobody' is not set up as a provider; known: "),
    "no provider": (["ask", "Hi", "-m", "gpt-5.4"], "'gpt-5.4' is not a target; write provider:model"),
    "an empty prompt": (["ask", "", "-m", "builtin:ngram-2"], "The prompt is empty. Write what you want to ask."),
    "a blank prompt": (["ask", " \n", "-m", "builtin:ngram-2"], "The prompt is empty."),
    "nothing on standard input": (["ask", "-", "-m", "builtin:ngram-2"], "The prompt is empty."),
    "no command": ([], "the following arguments are required: command"),
    "no prompt": (["ask"], "the following arguments are required: prompt"),
    "no repeats": (["ask", "Hi", "--repeat", "0"], "must be 1 or more"),
    "no tokens": (["ask", "Hi", "--max-tokens", "-1"], "must be 1 or more"),
    "a word for a number": (["ask", "Hi", "--temperature", "warm"], "invalid float value: 'warm'"),
    "an unknown effort": (["ask", "Hi", "--effort", "some"], "invalid choice: 'some'"),
    "models of nobody": (["models", "nobody"], "'nobody' is not set up as a provider"),
    "a check of nobody": (["check", "nobody:x"], "'nobody' is not set up as a provider"),
}


@pytest.mark.parametrize(("arguments", "sentence"), WRONG.values(), ids=WRONG.keys())
def test_wrong_usage_is_status_2_with_a_sentence(arguments: list[str], sentence: str, collate, home: Path) -> None:
    done = collate(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert not (home / "collate.db").exists()


BROKEN = [
    (
        "collate.toml",
        '[providers.wire]\nbase_url = "http://x/v1"\nlabel = 3',
        "collate.toml: [providers.wire] label must be text",
    ),
    ("collate.toml", "a = 1\n[providers.x", "collate.toml, line 2 cannot be read"),
    ("collate.toml", "\ufeff[deadlines]\ncall_s = 0", "collate.toml: [deadlines] call_s is 0"),
    ("prices.toml", '["a:b"]\ninput = -1\noutput = 1', 'prices.toml: ["a:b"]: input is -1'),
    (".streamlit/secrets.toml", 'PATH_X = "C:\\Users"', "secrets.toml, line 1 (PATH_X) cannot be read"),
]


@pytest.mark.parametrize(("file", "content", "sentence"), BROKEN)
def test_a_file_that_cannot_be_followed_is_named_and_stops_only_what_it_is_about(
    file: str, content: str, sentence: str, collate, home: Path, tmp_path: Path
) -> None:
    (home / file).parent.mkdir(exist_ok=True)
    (home / file).write_text(content, "utf-8")
    done = collate("ask", "Hi", "-m", "builtin:ngram-2", "--max-tokens", "3", HOME=str(tmp_path))
    assert done.returncode == 0
    assert "ngram-2" in done.stdout
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert (home / file).read_text() == content


@pytest.mark.parametrize(("file", "content", "sentence"), BROKEN[:3])
def test_whoever_is_stopped_by_a_broken_file_is_sent_nothing(
    file: str, content: str, sentence: str, collate, server: WireServer, home: Path
) -> None:
    (home / file).write_text(content.replace("wire", "openai"))
    done = collate("ask", "Hi", "-m", "openai:gpt-5.4", OPENAI_API_KEY=KEY)
    assert (done.returncode, done.stdout) == (2, "")
    assert sentence.replace("wire", "openai") in done.stderr
    assert "openai cannot be asked until that is corrected. Nothing was sent." in done.stderr
    assert server.requests == []


def test_a_damaged_record_is_named(collate, home: Path) -> None:
    (home / "collate.db").write_text("this is not a database, but some text")
    done = collate("ask", "Hi", "-m", "builtin:ngram-2")
    assert (done.returncode, done.stdout) == (2, "")
    assert "collate.db is damaged" in done.stderr
    assert (home / "collate.db").read_text() == "this is not a database, but some text"


def test_what_was_changed_of_an_address_is_said(collate, server: WireServer, home: Path) -> None:
    (home / "collate.toml").write_text(f'\ufeff[providers.wire]\nbase_url = "{server.url}/v1/chat/completions"\n')
    done = collate("ask", "Hi", "-m", "wire:gpt-5.4", "--json")
    assert (done.returncode, len(server.requests)) == (0, 1)
    assert f"was read as {server.url}/v1" in done.stderr


def test_a_record_that_cannot_be_made_says_how_to_go_without(collate, home: Path) -> None:
    elsewhere = f"sqlite:///{home}/collate.toml/no/folder.db"
    (home / "collate.toml").write_text("")
    done = collate("ask", "Hi", "-m", "builtin:ngram-2", COLLATE_DATABASE_URL=elsewhere)
    assert (done.returncode, done.stdout) == (2, "")
    assert "--no-record" in done.stderr
    assert "Traceback" not in done.stderr
    assert collate("ask", "Hi", "-m", "builtin:ngram-2", "--no-record", COLLATE_DATABASE_URL=elsewhere).returncode == 0


def test_a_run_is_kept_unless_asked_otherwise(collate, home: Path) -> None:
    assert collate("ask", "Hi", "-m", "builtin:ngram-2", "--no-record").returncode == 0
    assert not (home / "collate.db").exists()
    collate("ask", "Hi", "-m", "builtin:ngram-2")
    assert rows(home / "collate.db", "SELECT source, prompt FROM runs") == [("cli", "Hi")]
    ((state, text),) = rows(home / "collate.db", "SELECT state, text FROM completions")
    assert state in ("complete", "cut")
    assert text


@pytest.mark.parametrize("mode", [(), ("--json",)])
def test_any_character_can_be_written_anywhere(mode: tuple[str, ...], collate, server: WireServer) -> None:
    done = collate("ask", "Say hello.", "-m", "wire:m", *mode, PYTHONIOENCODING="ascii", PYTHONUTF8="0", LC_ALL="C")
    assert done.returncode == 0
    assert "Hello wörld 🌍" in done.stdout


@pytest.fixture
def stalling(server: WireServer) -> WireServer:
    async def script(reply: Reply) -> None:
        await reply.stream(CHAT.answer(["Hel", "lo"], ())[:3], end=False)
        await reply.stall()

    server.script = script
    return server


HANG_UP = getattr(signal, "SIGHUP", signal.SIGTERM)  # Windows has none


def _hear_interrupts() -> None:
    """A shell that started the tests in the background, or `nohup`, has told its children to ignore them."""
    for number in (signal.SIGINT, HANG_UP):
        signal.signal(number, signal.SIG_DFL)


def _in_the_background() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")
@pytest.mark.parametrize(
    ("how", "started"),
    [
        (signal.SIGINT, _hear_interrupts), (signal.SIGTERM, _hear_interrupts), (signal.SIGTERM, _in_the_background),
        (HANG_UP, _hear_interrupts),
    ],
)  # fmt: skip
def test_an_interrupt_stops_the_request_and_keeps_what_arrived(
    how: signal.Signals, started: Callable[[], None], stalling: WireServer, home: Path
) -> None:
    with subprocess.Popen(
        [*COMMAND, "ask", "Say hello.", "-m", "wire:m"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=home,
        env=environment(home), preexec_fn=started,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        seen = b""
        while b"Hello" not in seen:
            seen += os.read(process.stdout.fileno(), 4096)
        process.send_signal(how)
        _, errors = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 130
    assert b"Traceback" not in errors
    assert stalling.requests[0].disconnected.wait(PATIENCE_S)
    assert stalling.requests[0].client_left
    assert rows(home / "collate.db", "SELECT state, text FROM completions") == [("cancelled", "Hello")]


def test_a_reader_that_has_seen_enough_ends_the_program_quietly(server: WireServer, home: Path) -> None:
    many = ["word " * 200] * 200
    server.script = CHAT.playing(CHAT.answer(many, ()), gap_s=0.002)
    with subprocess.Popen(
        [*COMMAND, "ask", "Say hello.", "-m", "wire:m"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=home,
        env=environment(home),
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stderr is not None
        os.read(process.stdout.fileno(), 100)
        process.stdout.close()
        errors = process.stderr.read()
        process.wait(PATIENCE_S)
    assert process.returncode == 1
    assert b"Traceback" not in errors


# What is imported ----------------------------------------------------------------------------------------------------

SDKS = {"openai", "anthropic", "google.genai", "ollama"}
HEAVY = SDKS | {"streamlit", "pandas", "httpx", "httpx2", "genai_prices", "alembic"}


def imported(errors: str) -> set[str]:
    """The modules of an `-X importtime` report."""
    names = {line.rpartition("|")[2].strip() for line in errors.splitlines() if line.startswith("import time:")}
    return {heavy for heavy in HEAVY if any(name == heavy or name.startswith(f"{heavy}.") for name in names)}


def test_a_built_in_model_needs_no_sdk_and_no_screen(collate) -> None:
    done = collate("ask", "Hi", "-m", "builtin:ngram-2", "--no-record", "--json", options=("-X", "importtime"))
    assert done.returncode == 0
    assert imported(done.stderr) == set()


def test_a_host_needs_only_its_own_sdk(collate, server: WireServer) -> None:
    done = collate("ask", "Hi", "-m", "wire:m", "--no-record", "--json", options=("-X", "importtime"))
    assert done.returncode == 0
    assert imported(done.stderr) == {"openai", "httpx2", "genai_prices"}


@pytest.mark.parametrize("arguments", [("--help",), ("ask", "--help"), ("--version",)])
def test_help_needs_nothing(arguments: tuple[str, ...], collate) -> None:
    done = collate(*arguments, options=("-X", "importtime"))
    assert done.returncode == 0
    assert done.stdout
    assert imported(done.stderr) == set()
    assert "sqlalchemy" not in done.stderr


def test_the_installed_command_is_this_one() -> None:
    command = Path(sys.executable).with_name("collate")
    done = subprocess.run([command, "--version"], capture_output=True, text=True, check=True)
    assert re.fullmatch(r"collate \d+\.\d+\.\d+\n", done.stdout)


# models and check ----------------------------------------------------------------------------------------------------


def test_models_are_listed_live(collate, server: WireServer) -> None:
    done = collate("models", "wire", "builtin")
    assert done.returncode == 0
    assert f"wire  {server.url}/v1" in done.stdout
    for name in ("wire:gpt-5.4", "builtin:ngram-2", "builtin:ngram-3", "builtin:ngram-4"):
        assert name in done.stdout


def test_models_as_json_carry_their_provider(collate, server: WireServer) -> None:
    done = collate("models", "wire", "openai", "--json")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["id"] for line in lines if line["provider"] == "wire"] == ["gpt-5.4"]
    assert {line["source"] for line in lines if line["provider"] == "openai"} == {"catalogue"}


def test_models_that_nobody_listed_come_from_the_catalogue_with_the_reason(collate) -> None:
    done = collate("models", "openai")
    assert done.returncode == 1
    assert "(OPENAI_API_KEY is not set)" in done.stdout
    assert "from the catalogue" in done.stdout
    assert "retires 2026-12-11" in done.stdout


def test_a_check_passes_step_by_step(collate, server: WireServer) -> None:
    done = collate("check", "wire:gpt-5.4", "builtin")
    assert done.returncode == 0
    assert [line.split()[:2] for line in done.stdout.splitlines() if line.startswith("  ")] == [
        ["key", "ok"], ["host", "ok"], ["models", "ok"], ["answer", "ok"],
        ["key", "–"], ["host", "–"], ["models", "ok"], ["answer", "ok"],
    ]  # fmt: skip
    assert body(server)["model"] == "gpt-5.4"


def test_a_check_that_fails_says_what_to_do_and_is_status_1(collate, server: WireServer) -> None:
    server.routes[CHAT.listing[0]] = refusing("auth")
    done = collate("check", "wire", "--json")
    steps = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1
    assert [(step["provider"], step["name"], step["ok"]) for step in steps] == [
        ("wire", "key", True), ("wire", "host", True), ("wire", "models", False),
    ]  # fmt: skip
    assert "key was not accepted" in steps[-1]["next_step"]
    assert KEY not in done.stdout + done.stderr
