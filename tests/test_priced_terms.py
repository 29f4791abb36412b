"""Terms that have a price of their own, from the vendor's bytes to the receipt."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from providers.adapters.anthropic import Anthropic
from providers.adapters.google import Google
from providers.adapters.openai_chat import OpenAIChat
from providers.adapters.openai_responses import OpenAIResponses
from providers.catalogue.pricing import Pricer
from providers.completion import Cost
from providers.config.connections import PRESETS, Connection
from providers.interface import Request
from providers.measuring.measure import complete
from providers.secrets import Secret
from tests.wire import anthropic, google, openai_chat, openai_responses
from tests.wire.server import Reply, WireServer


@dataclass(frozen=True)
class Case:
    """What one vendor sends, and what it costs."""

    adapter: Any
    provider: str
    path: str
    model: str
    stream: list[bytes]
    cost: Cost


def case(adapter: Any, provider: str, path: str, model: str, stream: list[bytes], cost: str, *lines: str) -> Any:
    expected = Cost("amount", Decimal(cost), source=",".join(lines))
    return pytest.param(Case(adapter, provider, path, model, stream, expected), id=f"{provider}-{'-'.join(lines)}")


CHAT = {"prompt_tokens": 9171, "completion_tokens": 113, "total_tokens": 9284}
CASES = [
    case(
        OpenAIResponses, "openai", "/v1", "gpt-5",
        openai_responses.answer(
            ["Hi."], model="gpt-5-2025-08-07", service_tier="priority",
            usage={
                "input_tokens": 100, "input_tokens_details": {"cached_tokens": 0}, "output_tokens": 5000,
                "output_tokens_details": {"reasoning_tokens": 0}, "total_tokens": 5100,
            },
        ),
        "0.10025", "input", "output",
    ),
    case(
        OpenAIChat, "openrouter", "/v1", "anthropic/claude-sonnet-4.5",
        openai_chat.answer(
            ["Hi."],
            usage={**CHAT, "cost": 0, "is_byok": True, "cost_details": {"upstream_inference_cost": 0.0360795}},
        ),
        "0.0360795", "upstream", "fee of the host",
    ),
    case(
        Anthropic, "anthropic", "", "claude-sonnet-5-5",
        anthropic.answer(
            ["Hi."],
            start_usage={
                **anthropic.USAGE, "input_tokens": 1000, "cache_creation_input_tokens": 1000, "inference_geo": "us",
                "cache_creation": {"ephemeral_5m_input_tokens": 400, "ephemeral_1h_input_tokens": 600},
            },
            usage={"output_tokens": 100},
        ),
        "0.00704", "input", "cache write", "cache write (1 h)", "output", "US-only inference",
    ),
    case(
        Google, "google", "", "gemini-2.5-flash",
        google.answer(
            ["Hi."], model="gemini-2.5-flash",
            usage={
                "promptTokenCount": 1000, "candidatesTokenCount": 100, "totalTokenCount": 1100,
                "promptTokensDetails": [
                    {"modality": "TEXT", "tokenCount": 400}, {"modality": "AUDIO", "tokenCount": 600},
                ],
            },
        ),
        "0.00097", "input", "audio input", "output",
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES)
async def test_what_the_vendor_sends_is_what_the_receipt_shows(case: Case) -> None:
    async def script(reply: Reply) -> None:
        await reply.stream(case.stream)

    with WireServer(script) as server:
        kind = PRESETS[case.provider].kind
        connection = Connection(
            case.provider, kind, case.provider, f"{server.url}{case.path}", Secret("sk-test-123456")
        )
        provider = case.adapter(connection)
        try:
            done = await complete(provider, Request.ask(case.model, "Hello?"), price=Pricer(PRESETS))
        finally:
            await provider.aclose()
    assert (done.state, done.cost.kind, done.cost.amount) == ("complete", "amount", case.cost.amount)
    assert ",".join(line.what for line in done.cost.lines) == case.cost.source
