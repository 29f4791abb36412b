"""`collate ask` as its users meet it: its output, its record, its exit status."""

import json
import re
from dataclasses import fields
from pathlib import Path

import pytest

from prompts.core.reservation import PAID_TWICE
from providers.completion import Completion, Timings
from providers.interface import Usage
from tests.prompts.cli.commands import CHAT, body, refusing
from tests.prompts.samples import rows
from tests.wire.dialects import KEY
from tests.wire.server import Reply, WireServer


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


def test_a_failure_says_what_to_do_next(collate, server: WireServer) -> None:
    server.script = refusing("server")
    done = collate("ask", "Say hello.", "-m", "wire:m")
    said = done.stdout.splitlines()
    [at] = [n for n, line in enumerate(said) if line.startswith("[server] ")]
    assert said[at + 1] == "wire failed on its side. Retry; if it persists, look at its status page."


def test_an_answer_that_broke_off_says_that_asking_again_may_be_paid_twice(collate, server: WireServer) -> None:
    async def script(reply: Reply) -> None:
        await reply.stream(CHAT.answer(["Half an "], ())[:2], end=False)
        reply.reset()

    server.script = script
    done = collate("ask", "Say hello.", "-m", "wire:m")
    assert done.returncode == 1
    assert PAID_TWICE in done.stdout


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


def test_what_was_changed_of_an_address_is_said(collate, server: WireServer, home: Path) -> None:
    (home / "collate.toml").write_text(f'\ufeff[providers.wire]\nbase_url = "{server.url}/v1/chat/completions"\n')
    done = collate("ask", "Hi", "-m", "wire:gpt-5.4", "--json")
    assert (done.returncode, len(server.requests)) == (0, 1)
    assert f"was read as {server.url}/v1" in done.stderr


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
