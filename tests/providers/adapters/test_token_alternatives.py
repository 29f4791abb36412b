"""The alternatives to a first token, through the real SDKs, against servers that speak the vendors' formats."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import pytest

from providers.adapters.token_alternatives import Candidate, NotExposed, Told, ask, candidates, why_not
from providers.catalogue.pricing import Bill, Pricer
from providers.completion import Cost
from providers.config.connections import PRESETS
from providers.errors import Failure
from providers.interface import Deadlines, Request, Usage
from providers.registry import open_provider
from providers.secrets import Secret
from tests.wire import google, ollama, openai_chat, openai_responses
from tests.wire.server import Reply, WireServer

SHARES = (("Blue", 0.75), ("Gr", 0.125), (" sky", 0.0625))
EXPECTED = tuple(Candidate(token, pytest.approx(share)) for token, share in SHARES)
LOGS = [(token, math.log(share)) for token, share in SHARES]


def openai_token(token: str, logprob: float) -> dict[str, Any]:
    return {"token": token, "logprob": logprob, "bytes": list(token.encode())}


def openai_first() -> list[dict[str, Any]]:
    """The first token as both OpenAI formats have it; the chosen one is the second most probable."""
    return [{**openai_token(*LOGS[1]), "top_logprobs": [openai_token(*pair) for pair in LOGS]}]


def chat(first: list[dict[str, Any]] | None) -> dict[str, Any]:
    """A whole `chat.completion`."""
    message = {"role": "assistant", "content": "Gr", "refusal": None, "annotations": []}
    logprobs = {"content": first, "refusal": None} if first else None
    return {
        "id": openai_chat.ID, "object": "chat.completion", "created": 1795305600, "model": openai_chat.MODEL,
        "choices": [{"index": 0, "message": message, "logprobs": logprobs, "finish_reason": "length"}],
        "usage": openai_chat.USAGE, "service_tier": "default", "system_fingerprint": None,
    }  # fmt: skip


def responses(first: list[dict[str, Any]] | None) -> dict[str, Any]:
    """A whole `response` that thought about nothing and reached its limit."""
    text = {"type": "output_text", "annotations": [], "logprobs": first or [], "text": "Green grass"}
    message = {"id": openai_responses.MESSAGE, "type": "message", "status": "incomplete", "content": [text]}
    return openai_responses.response(
        "incomplete", output=[{**message, "role": "assistant"}], usage=openai_responses.USAGE,
        incomplete_details={"reason": "max_output_tokens"},
    )  # fmt: skip


def gemini(told: bool) -> dict[str, Any]:
    body = google.chunk("Gr", stop="MAX_TOKENS", usage=google.counts(candidates=1), model="gemini-2.5-flash")
    entries = [{"token": token, "tokenId": n, "logProbability": log} for n, (token, log) in enumerate(LOGS)]
    if told:
        body["candidates"][0]["logprobsResult"] = {
            "topCandidates": [{"candidates": entries}], "chosenCandidates": [entries[1]],
        }  # fmt: skip
    return body


def local(told: bool) -> dict[str, Any]:
    first = {**openai_token(*LOGS[1]), "top_logprobs": [openai_token(*pair) for pair in LOGS]}
    body = ollama.end("length", prompt_eval_count=7, eval_count=1)
    return {**body, "message": {"role": "assistant", "content": "Gr"}, **({"logprobs": [first]} if told else {})}


@dataclass(frozen=True)
class Host:
    preset: str
    model: str
    path: str
    body: Callable[[bool], dict[str, Any]]
    sent: Mapping[str, Any]
    """What of the request's body asks for the alternatives, and for few tokens."""
    usage: Usage
    base: str = ""


HOSTS = {
    "responses": Host(
        "openai", "gpt-5.4", "/responses", lambda told: responses(openai_first() if told else None),
        {
            "include": ["message.output_text.logprobs"], "top_logprobs": 8, "max_output_tokens": 16,
            "input": [{"role": "user", "content": "The sky is"}], "model": "gpt-5.4", "store": False,
        },
        Usage(21, 34, 16, 4, 0),
    ),
    "chat": Host(
        "groq", "m", "/chat/completions", lambda told: chat(openai_first() if told else None),
        {
            "logprobs": True, "top_logprobs": 5, "max_tokens": 1, "model": "m",
            "messages": [{"role": "user", "content": "The sky is"}],
        },
        Usage(21, 34, 16, 4, 0),
    ),
    "google": Host(
        "google", "gemini-2.5-flash", ":generateContent", gemini,
        {
            "contents": [{"parts": [{"text": "The sky is"}], "role": "user"}],
            "generationConfig": {
                "responseLogprobs": True, "logprobs": 8, "maxOutputTokens": 1, "thinkingConfig": {"thinkingBudget": 0},
            },
        },
        Usage(7, 1),
    ),
    "ollama": Host(
        "ollama", "llama3.3", "/api/chat", local,
        {
            "logprobs": True, "top_logprobs": 8, "options": {"num_predict": 1}, "think": False, "stream": False,
            "model": "llama3.3", "messages": [{"role": "user", "content": "The sky is"}], "tools": [],
        },
        Usage(7, 1),
    ),
}  # fmt: skip
each_host = pytest.mark.parametrize("host", HOSTS.values(), ids=HOSTS)


async def asked(host: Host, body: dict[str, Any], status: int = 200) -> tuple[Any, WireServer, list[Bill]]:
    async def script(reply: Reply) -> None:
        await reply.json(body, status=status)

    with WireServer() as server:
        server.routes[host.path] = script
        server.routes["/api/ps"] = lambda reply: reply.json(ollama.ps("llama3.3:latest"))
        connection = replace(PRESETS[host.preset], base_url=server.url, key=Secret("planted-key-0123456789"))
        provider, bills = open_provider(connection), []

        def price(bill: Bill) -> Cost:
            bills.append(bill)
            return Cost("amount", Decimal("0.001"))

        try:
            outcome = await ask(provider, Request.ask(host.model, "The sky is"), 8, price=price)
        finally:
            await provider.aclose()
    return outcome, server, bills


@each_host
async def test_the_alternatives_arrive_the_likeliest_first_each_once(host: Host) -> None:
    outcome, server, bills = await asked(host, host.body(True))
    assert outcome == Told(EXPECTED, Cost("amount", Decimal("0.001")))
    assert [bill.usage for bill in bills] == [host.usage]
    assert len(server.calls(host.path)) == 1


@each_host
async def test_one_request_asks_for_few_tokens_and_nothing_unasked(host: Host) -> None:
    _, server, _ = await asked(host, host.body(True))
    assert server.calls(host.path)[0].json == host.sent


@each_host
async def test_an_answer_without_them_is_said_to_be_so_with_its_cost(host: Host) -> None:
    outcome, _, _ = await asked(host, host.body(False))
    assert isinstance(outcome, NotExposed)
    assert "came without them" in outcome.sentence
    assert outcome.cost == Cost("amount", Decimal("0.001"))


REFUSALS = {
    "responses": openai_chat.error_body(
        "logprobs are not supported with reasoning models.", code="unsupported_parameter", param="include"
    ),
    "chat": openai_chat.error_body("'logprobs' is not supported with this model.", param="logprobs"),
    "google": json.dumps(google.error(400, "INVALID_ARGUMENT", "Logprobs is not enabled for models/x.")).encode(),
    "ollama": json.dumps(ollama.error("this runner does not support logprobs")).encode(),
}


@pytest.mark.parametrize("name", HOSTS)
async def test_a_refusal_of_them_is_not_a_failure_and_keeps_the_vendors_sentence(name: str) -> None:
    outcome, _, bills = await asked(HOSTS[name], json.loads(REFUSALS[name]), status=400)
    assert isinstance(outcome, NotExposed)
    assert "logprobs" in outcome.sentence.lower()
    assert (outcome.cost, bills) == (None, [])


@each_host
async def test_any_other_refusal_is_a_failure_of_its_kind(host: Host) -> None:
    outcome, server, _ = await asked(host, {"error": {"message": "Slow down."}}, status=429)
    assert isinstance(outcome, Failure)
    assert (outcome.kind, outcome.message) == ("rate_limit", "Slow down.")
    assert len(server.calls(host.path)) == 1


async def test_gemini_three_gets_room_to_think_because_thinking_counts() -> None:
    host = replace(HOSTS["google"], model="gemini-3.8-flash")
    _, server, _ = await asked(host, gemini(True))
    sent = server.requests[0].json["generationConfig"]
    assert sent["maxOutputTokens"] == 256
    assert sent["thinkingConfig"] == {"includeThoughts": True, "thinkingLevel": "LOW"}


async def test_what_a_local_model_thinks_first_is_not_its_next_word() -> None:
    body = local(True)
    body["message"] = {"role": "assistant", "content": "", "thinking": "Hm"}
    outcome, _, _ = await asked(HOSTS["ollama"], body)
    assert isinstance(outcome, NotExposed)


async def test_a_local_server_that_is_not_there_is_said_to_be_so() -> None:
    connection = replace(PRESETS["ollama"], base_url="http://127.0.0.1:9")
    outcome = await ask(open_provider(connection), Request.ask("m", "x"), 8, price=Pricer(PRESETS))
    assert isinstance(outcome, Failure)
    assert outcome.kind == "local_unavailable"


async def test_a_missing_key_is_found_before_anything_is_sent() -> None:
    outcome = await ask(open_provider(PRESETS["openai"]), Request.ask("m", "x"), 8, price=Pricer(PRESETS))
    assert isinstance(outcome, Failure)
    assert outcome.kind == "missing_key"


async def test_a_server_that_says_nothing_is_left_after_the_provider_s_patience() -> None:
    async def silent(reply: Reply) -> None:
        await reply.stall()

    with WireServer(silent) as server:
        connection = replace(PRESETS["groq"], base_url=server.url, key=Secret("planted-key-0123456789"))
        provider = open_provider(connection)
        await provider.warm()
        provider.deadlines = Deadlines(first_byte_s=0.2)
        outcome = await ask(provider, Request.ask("m", "x"), 8, price=Pricer(PRESETS))
        await provider.aclose()
    assert isinstance(outcome, Failure)
    assert (outcome.kind, outcome.message) == ("timeout", "no answer within 0.2 s")


async def test_anthropic_is_never_asked() -> None:
    assert "does not expose" in (why_not(PRESETS["anthropic"]) or "")
    assert [name for name, preset in PRESETS.items() if why_not(preset)] == ["anthropic"]
    outcome = await ask(open_provider(PRESETS["anthropic"]), Request.ask("m", "x"), 8, price=Pricer(PRESETS))
    assert outcome == NotExposed("anthropic does not expose them.")


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ([("a", -9999.0), ("b", 0.0)], {"b": 1.0}),  # OpenAI's word for "very unlikely"
        ([("a", 1e-7)], {"a": 1.0}),  # rounding above certainty
        ([("a", math.nan), ("b", "x"), (None, -1.0), ("c", math.inf)], {}),
        ([("a", math.log(0.25)), ("b", math.log(0.5)), ("a", math.log(0.25))], {"b": 0.5, "a": 0.25}),
        ([("\ud83d", math.log(0.5))], {"\ufffd": 0.5}),
    ],
)
def test_impossible_entries_are_left_out(told: list[tuple[object, object]], found: dict[str, float]) -> None:
    assert {c.token: pytest.approx(c.probability) for c in candidates(told)} == found


def test_no_more_than_twenty_are_kept() -> None:
    assert len(candidates((f"w{n}", -n / 10) for n in range(30))) == 20
