"""Reads what inference servers write in their own formats, when asked for Chat Completions through a gateway. Pure.

Owns the pieces of Workers AI, Text Generation Inference, llama.cpp and KoboldCpp, each converted to the chunk it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from providers.adapters.plain_events import mapping


def as_chunk(said: Mapping[str, object], *, whole: bool) -> Mapping[str, object]:
    """A piece as a chunk with one choice; as it is if it is none. `whole`: it is the whole answer."""
    results = said.get("results") or said.get("outputs")
    if isinstance(results, list) and results:  # KoboldCpp in one piece, Mistral at Amazon
        first = mapping(cast(list[object], results)[0])
        said = {**said, **first, "generated_text": first.get("text")}
    text = _text(said)
    if text is None:
        return said
    details = mapping(said.get("details"))
    choice = {
        "index": 0,
        "message" if whole else "delta": {"content": text},
        "finish_reason": _first(said.get("finish_reason"), said.get("stop_reason"), details.get("finish_reason"))
        or _stop(said),
    }
    return {**said, "choices": [choice], "usage": said.get("usage") or _counts(said, details)}


def _first(*values: object) -> object:
    return next(filter(None, values), None)


def _text(said: Mapping[str, object]) -> str | None:
    token = said.get("token")
    if fields := mapping(token):
        return "" if fields.get("special") else _if_text(fields.get("text"))
    for value in (token, said.get("response"), said.get("generated_text")):
        if isinstance(value, str):
            return value
    return _if_text(said.get("content")) if isinstance(said.get("stop"), bool) else None


def _if_text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _stop(said: Mapping[str, object]) -> str | None:
    """The reason in llama.cpp's last piece."""
    if said.get("stop") is not True:
        return None
    return "length" if said.get("stop_type") == "limit" or said.get("stopped_limit") else "stop"


def _counts(said: Mapping[str, object], details: Mapping[str, object]) -> dict[str, object] | None:
    read = said.get("tokens_evaluated", said.get("prompt_tokens", details.get("input_length")))
    written = said.get("tokens_predicted", said.get("completion_tokens", details.get("generated_tokens")))
    found = {"prompt_tokens": read, "completion_tokens": written}
    return found if any(found.values()) else None
