"""`collate models` and `collate check` as their users meet them."""

import json

from tests.prompts.cli.commands import CHAT, body, refusing
from tests.wire.dialects import KEY
from tests.wire.openai_chat import listing
from tests.wire.server import WireServer


def test_models_are_listed_live(collate, server: WireServer) -> None:
    done = collate("models", "wire", "builtin")
    assert done.returncode == 0
    assert f"wire  {server.url}/v1" in done.stdout
    for name in ("wire:gpt-5.4", "builtin:ngram-2", "builtin:ngram-3", "builtin:ngram-4"):
        assert name in done.stdout


def test_the_names_that_a_host_gives_its_models_are_text_to_the_terminal(collate, server: WireServer) -> None:
    server.routes[CHAT.listing[0]] = listing("evil\x1b[2J\x9b2J\u202eledom")
    done = collate("models", "wire")
    assert "evil<U+001B>[2J<U+009B>2J<U+202E>ledom" in done.stdout


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
