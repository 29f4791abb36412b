"""The adapter of Gemini against a server of the tests."""

from __future__ import annotations

from providers.adapters.google import Google
from providers.completion import Completion
from providers.config.connections import Connection
from providers.interface import Request
from providers.secrets import Secret
from tests.providers.adapters.asking import asked
from tests.wire.server import WireServer

KEY = "AIzaSyD-test-key-0123456789abcdef"

ASK = Request.ask("gemini-3.8-flash", "Say hello.")

HELLO = ["Hel", "lo", " wörld 🌍"]


def adapter(server: WireServer, **fields) -> Google:
    connection = Connection(
        "google", "google", "Google", server.url, Secret(KEY), key_variable="GOOGLE_API_KEY", **fields
    )
    return Google(connection)


async def ask(script, request: Request = ASK, **options) -> tuple[Completion, WireServer]:
    return await asked(
        adapter, f"/v1beta/models/{request.model}:streamGenerateContent?alt=sse", script, request, **options
    )
