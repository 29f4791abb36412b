"""A host that answers in another vendor's format than it was asked in is told so, whichever two they are."""

from __future__ import annotations

import pytest

from tests.contract.asking import ask, every_wire
from tests.wire.dialects import DIALECTS, HELLO, Dialect
from tests.wire.server import Reply

NAMES = {
    "/responses": "OpenAI's Responses API", "/chat/completions": "Chat Completions",
    "/messages": "Anthropic's Messages", ":streamGenerateContent": "the Gemini API", "/api/chat": "Ollama's own API",
}  # fmt: skip
STREAMS = {dialect.path: dialect for dialect in DIALECTS if dialect.path in NAMES}


@pytest.mark.parametrize("other", STREAMS.values(), ids=STREAMS)
@every_wire
async def test_an_answer_in_another_format_is_named(dialect: Dialect, other: Dialect) -> None:
    async def script(reply: Reply) -> None:
        await reply.stream(other.answer(HELLO, ()))

    done = await ask(dialect, script)
    if dialect.path == other.path:
        assert (done.state, done.text, done.error) == ("complete", "".join(HELLO), None)
    else:
        assert done.error is not None
        assert (done.error.kind, done.error.retry) == ("protocol", "ask")
        assert f"in the format of {NAMES[other.path]}" in done.error.message
