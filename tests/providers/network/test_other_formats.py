"""Which format an answer looks like, beside the one that was asked for."""

from __future__ import annotations

import pytest

from providers.network.other_formats import other_format

CHUNK = b'data: {"id": "x", "object": "chat.completion.chunk", "choices": []}\n\n'


def test_it_says_which_and_what_to_write() -> None:
    told = other_format("/v1/messages", CHUNK)
    assert told is not None
    assert "Chat Completions" in told
    assert told.endswith('write preset = "openai", api = "chat" in its row')


@pytest.mark.parametrize(
    ("path", "head"),
    [
        ("/v1/chat/completions", CHUNK), ("/openai/deployments/x/chat/completions", CHUNK), ("/v1/messages", b""),
        ("/v1/messages", b"<html>choices</html>"),
        ("/api/generate", b'{"model": "x", "completed": 1, "total": 4, "done": false}\n'),
    ],
)  # fmt: skip
def test_nothing_is_said_of_its_own_format_or_of_none(path: str, head: bytes) -> None:
    assert other_format(path, head) is None
