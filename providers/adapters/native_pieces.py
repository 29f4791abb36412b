"""Reads what inference servers write in their own formats, when asked for Chat Completions through a gateway. Pure.

Owns where Workers AI, Text Generation Inference, llama.cpp, KoboldCpp, the models at Amazon and Google's older API have
their text, their end and their counts. Each piece is converted to the chunk it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from providers.adapters.plain_events import mapping

_TEXTS = (
    ("token", "text"), ("token",), ("response",), ("generated_text",), ("results", "text"), ("outputs", "text"),
    ("outputText",), ("results", "outputText"), ("generation",), ("output",),
    ("contentBlockDelta", "delta", "text"), ("message", "content", "text"),
    ("predictions",), ("candidates", "output"), ("candidates", "content"),
)  # fmt: skip
_THOUGHTS = (
    ("contentBlockDelta", "delta", "reasoningContent", "text"),
    ("message", "content", "reasoningContent", "reasoningText", "text"),
)
_REASONS = (
    ("finish_reason",), ("stop_reason",), ("details", "finish_reason"), ("outputs", "stop_reason"),
    ("completionReason",), ("results", "completionReason"), ("messageStop", "stopReason"), ("stopReason",),
)  # fmt: skip
_USAGES = (("usage",), ("metadata", "usage"))
_READ = (
    ("tokens_evaluated",), ("prompt_tokens",), ("results", "prompt_tokens"), ("details", "input_length"),
    ("inputTextTokenCount",), ("prompt_token_count",), ("metadata", "tokenMetadata", "inputTokenCount", "totalTokens"),
)  # fmt: skip
_WRITTEN = (
    ("tokens_predicted",), ("completion_tokens",), ("results", "completion_tokens"), ("details", "generated_tokens"),
    ("totalOutputTextTokenCount",), ("results", "tokenCount"), ("generation_token_count",),
    ("metadata", "tokenMetadata", "outputTokenCount", "totalTokens"),
)  # fmt: skip
_CONVERSE = frozenset({"messageStart", "messageStop", "metadata"})
"""Pieces of Amazon's Converse without text."""


def as_chunk(said: Mapping[str, object], *, whole: bool, plain: bool) -> Mapping[str, object]:
    """A piece as a chunk with one choice; as it is if it is none.

    `whole`: it is the whole answer. `plain`: a field that is only called text or content is its text.
    """
    text, thought = _text(said, plain=plain), _first(said, *_THOUGHTS)
    if text is None and thought is None and _CONVERSE.isdisjoint(said):
        return said
    counts = {"prompt_tokens": _first(said, *_READ), "completion_tokens": _first(said, *_WRITTEN)}
    choice = {
        "index": 0,
        "message" if whole else "delta": {"content": text, "reasoning": thought},
        "finish_reason": _first(said, *_REASONS) or _stop(said),
    }
    return {**said, "choices": [choice], "usage": _first(said, *_USAGES) or (counts if any(counts.values()) else None)}


def _text(said: Mapping[str, object], *, plain: bool) -> str | None:
    if mapping(said.get("token")).get("special"):
        return ""
    own = (("text",), ("content",)) if plain else (("content",),) if isinstance(said.get("stop"), bool) else ()
    return next((text for path in (*_TEXTS, *own) if isinstance(text := _at(said, *path), str)), None)


def _first(said: Mapping[str, object], *paths: tuple[str, ...]) -> object:
    return next((told for path in paths if (told := _at(said, *path))), None)


def _at(value: object, *path: str) -> object:
    """What is at `path`, through the first item of each list that has it. A list of texts is one text."""
    if isinstance(value, list):
        items = cast(list[object], value)
        if not path:
            return "".join(cast(list[str], items)) if all(isinstance(each, str) for each in items) else None
        return next((found for each in items if (found := _at(each, *path)) is not None), None)
    return _at(mapping(value).get(path[0]), *path[1:]) if path else value


def _stop(said: Mapping[str, object]) -> str | None:
    """The reason in llama.cpp's last piece."""
    if said.get("stop") is not True:
        return None
    return "length" if said.get("stop_type") == "limit" or said.get("stopped_limit") else "stop"
