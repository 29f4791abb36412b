"""The adapter of chat completions against a server of the tests."""

from __future__ import annotations

from providers.adapters.openai_chat import OpenAIChat
from providers.completion import Completion
from providers.config.connections import Connection
from providers.interface import Request
from providers.secrets import Secret
from tests.providers.adapters.asking import asked
from tests.wire.server import WireServer

ASK = Request.ask("gpt-5.4", "Say hello.")

HELLO = ["Hel", "lo", " wörld 🌍"]


def adapter(server: WireServer, **fields) -> OpenAIChat:
    return OpenAIChat(
        Connection("groq", "openai", "Groq", f"{server.url}/v1", Secret("gsk_test-key-1234567890"), **fields)
    )


async def ask(script, request: Request = ASK, **options) -> tuple[Completion, WireServer]:
    return await asked(adapter, "/v1/chat/completions", script, request, **options)
