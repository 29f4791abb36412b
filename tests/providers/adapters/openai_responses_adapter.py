"""The adapter of the Responses API against a server of the tests."""

from __future__ import annotations

from providers.adapters.openai_responses import OpenAIResponses
from providers.completion import Completion
from providers.config.connections import Connection
from providers.interface import Request
from providers.secrets import Secret
from tests.providers.adapters.asking import asked
from tests.wire.server import WireServer

ASK = Request.ask("gpt-5.4", "Say hello.")

HELLO = ["Hel", "lo", " wörld 🌍"]


def adapter(server: WireServer) -> OpenAIResponses:
    key = Secret("sk-test-key-1234567890")
    return OpenAIResponses(Connection("openai", "openai", "OpenAI", f"{server.url}/v1", key, api="responses"))


async def ask(script, request: Request = ASK, **options) -> tuple[Completion, WireServer]:
    return await asked(adapter, "/v1/responses", script, request, **options)
