"""Gemini's `streamGenerateContent?alt=sse`, byte for byte: CRLF, camelCase, counts on every chunk."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

PATH = ":streamGenerateContent"


def event(data: Any) -> bytes:
    """One server-sent event, as Google ends its lines."""
    return f"data: {json.dumps(data, ensure_ascii=False)}\r\n\r\n".encode()


def counts(*, prompt: int = 7, candidates: int | None = None, thoughts: int | None = None) -> dict[str, Any]:
    """Cumulative counts; what is zero is left out, as protobuf does."""
    total = prompt + (candidates or 0) + (thoughts or 0)
    known = {"promptTokenCount": prompt, "candidatesTokenCount": candidates, "totalTokenCount": total}
    known |= {"promptTokensDetails": [{"modality": "TEXT", "tokenCount": prompt}], "thoughtsTokenCount": thoughts}
    return {name: value for name, value in known.items() if value is not None}


def chunk(
    text: str | None, *, thought: bool = False, stop: str | None = None, usage: Any = None,
    model: str = "gemini-3.8-flash",
) -> dict[str, Any]:  # fmt: skip
    """One response; text `None` means no content at all, as when a filter takes it away."""
    candidate: dict[str, Any] = {"index": 0}
    if text is not None:
        part = {"text": text} | ({"thought": True} if thought else {})
        candidate["content"] = {"parts": [part], "role": "model"}
    if stop:
        candidate["finishReason"] = stop
    return {
        "candidates": [candidate], "usageMetadata": usage if usage is not None else counts(),
        "modelVersion": model, "responseId": "mLrZaKSVLvDjvdIP4Z2q0Qk",
    }  # fmt: skip


def answer(
    pieces: Sequence[str], *, thinking: Iterable[str] = (), stop: str | None = "STOP", usage: Any = None,
    model: str = "gemini-3.8-flash",
) -> list[bytes]:  # fmt: skip
    """A whole stream, one event an element; the last piece brings the finish reason and the final counts."""
    final = counts(candidates=12) if usage is None else usage
    *body, last = pieces
    return [
        *(event(chunk(text, thought=True, model=model)) for text in thinking),
        *(event(chunk(text, usage=counts(candidates=4), model=model)) for text in body),
        event(chunk(last, stop=stop, usage=final, model=model)),
    ]


def counting(pieces: Iterable[str], read: int, wrote: int) -> list[bytes]:
    """A stream without its end."""
    return [event(chunk(piece, usage=counts(prompt=read, candidates=wrote))) for piece in pieces]


def blocked(reason: str = "PROHIBITED_CONTENT") -> list[bytes]:
    """A prompt that was not let through: no candidates."""
    rating = {"category": "HARM_CATEGORY_HARASSMENT", "probability": "HIGH"}
    feedback = {"blockReason": reason, "safetyRatings": [rating]}
    return [event({"promptFeedback": feedback, "usageMetadata": counts(), "modelVersion": "gemini-3.8-flash"})]


def error(code: int, status: str, message: str, *details: dict[str, Any]) -> dict[str, Any]:
    """The body of an error response, and the data of an error inside a stream."""
    return {"error": {"code": code, "message": message, "status": status, "details": list(details)}}


def retry_info(delay: str) -> dict[str, Any]:
    """How Google says when to come back: in the body, not in a header."""
    return {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": delay}


MODELS = {
    "models": [
        {
            "name": "models/gemini-3.8-flash", "version": "3.8", "displayName": "Gemini 3.8 Flash",
            "description": "Fast", "inputTokenLimit": 1_048_576, "outputTokenLimit": 65_536, "temperature": 1,
            "supportedGenerationMethods": ["generateContent", "countTokens"], "topP": 0.95, "topK": 64,
            "maxTemperature": 2, "thinking": True,
        },
        {
            "name": "models/gemini-embedding-001", "version": "001", "displayName": "Gemini Embedding 001",
            "inputTokenLimit": 2048, "outputTokenLimit": 1, "supportedGenerationMethods": ["embedContent"],
        },
    ]
}  # fmt: skip
