"""One row for each way to ask for a picture, as the contract suite sees it: `dialects.py`, for pictures.

A new provider of pictures is tested by adding one. Where the answer is one document it is sent in two pieces, so that
what can befall a stream can befall it too.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from providers.config.connections import Connection, drawing
from providers.interface import Usage
from tests.pictures import picture
from tests.wire import google, ollama, ollama_images, openai_chat, openai_images, webui
from tests.wire.dialects import GOOGLE_REFUSALS, OLLAMA_REFUSALS, OPENAI_REFUSALS, Counted, Dialect, Refusals, at
from tests.wire.faults.fault import DOCUMENT

PNG, PREVIEW = picture("PNG", (64, 48)), picture("JPEG", (16, 12))
IN_BASE64, PREVIEW_IN_BASE64 = b64encode(PNG).decode(), b64encode(PREVIEW).decode()


@dataclass(frozen=True, slots=True)
class PictureDialect(Dialect):
    """One way to a picture."""

    drawn: Callable[[object], list[bytes]] = lambda _: []
    """A whole answer with this, as JSON, in the place where the picture stands in base64."""
    previews: bool = False
    """Previews come before the picture."""
    filtered: tuple[int, bytes, str] = (0, b"", "")
    """How a filter of contents is told: status, body, and the vendor's word for it."""
    sides: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """What is asked beside the request, by path, and what is answered."""


def _halves(document: object) -> list[bytes]:
    body = json.dumps(document).encode()
    return [body[: len(body) // 2], body[len(body) // 2 :]]


def _openai(told: object) -> list[bytes]:
    looks = {"b64_json": told, "usage": openai_images.USAGE, "size": "64x48"}
    preview = openai_images.event("image_generation.partial_image", b64_json=PREVIEW_IN_BASE64, partial_image_index=0)
    return [preview, openai_images.event("image_generation.completed", **looks)]


def _compatible(told: object) -> dict[str, Any]:
    return {"created": 1795305600, "data": [{"b64_json": told}]}


_GOOGLES = "gemini-3.1-flash-image"


def _part(told: object, **more: Any) -> bytes:
    inline = {"inlineData": {"mimeType": "image/png", "data": told}, **more}
    content = {"candidates": [{"index": 0, "content": {"parts": [inline], "role": "model"}}]}
    return google.event(google.chunk(None, model=_GOOGLES) | content)


def _google_end(stop: str = "STOP") -> bytes:
    return google.event(google.chunk(None, stop=stop, usage=google.counts(candidates=1290), model=_GOOGLES))


def _google(told: object) -> list[bytes]:
    return [_part(PREVIEW_IN_BASE64, thought=True), _part(told), _google_end()]


def _google_whole(told: object) -> dict[str, Any]:
    inline = {"inlineData": {"mimeType": "image/png", "data": told}}
    candidate = {"index": 0, "content": {"parts": [inline], "role": "model"}, "finishReason": "STOP"}
    return google.chunk(None, usage=google.counts(candidates=1290), model=_GOOGLES) | {"candidates": [candidate]}


def _ollama_whole(told: object) -> dict[str, Any]:
    return json.loads(ollama_images.end(PNG)) | {"image": told}


def _ollama(told: object) -> list[bytes]:
    return [ollama_images.step(1), ollama_images.step(2), ollama.line(_ollama_whole(told))]


def _webui(told: object) -> dict[str, Any]:
    return webui.answer(PNG) | {"images": [told]}


def _json(document: Any) -> bytes:
    return json.dumps(document).encode()


WEBUI_REFUSALS: Refusals = {
    "auth": (401, _json(webui.error("HTTPException", "Incorrect username or password"))),
    "not_found": (404, _json({"detail": "Not Found"})),
    "bad_request": (404, _json(webui.error("HTTPException", "Sampler not found"))),
    "server": (500, _json(webui.error("OutOfMemoryError", "", "CUDA out of memory."))),
    "timeout": (504, b"<html><body>Gateway time-out</body></html>"),
}


def _row(
    name: str, connect: Callable[[str], Connection], model: str, path: str, *, whole: Callable[[object], Any],
    bare: Mapping[str, Any], listing: tuple[str, Any], error_event: Callable[[str], bytes], refusals: Refusals,
    streamed: Callable[[object], list[bytes]] | None = None, usage: Usage | None = None, last: bytes = b"", **more: Any,
) -> PictureDialect:  # fmt: skip
    drawn = streamed or (lambda told: _halves(whole(told)))
    return PictureDialect(
        name, lambda url: drawing(connect(url)), model, path, lambda _pieces, _thoughts: drawn(IN_BASE64), 1,
        error_event, refusals, Counted(drawn(IN_BASE64), usage or Usage()), bare, listing,
        lambda _reason: drawn(IN_BASE64), lambda _text: whole(IN_BASE64), last=last or drawn(IN_BASE64)[1][:60],
        drawn=drawn, **more,
    )  # fmt: skip


_BLOCKED = "Your request was rejected by the safety system."
_REJECTED = (400, openai_chat.error_body(_BLOCKED, code="moderation_blocked"), _BLOCKED)
_IN_WEBUI = {"prompt": "Say hello.", "override_settings": {"sd_model_checkpoint": webui.MODEL}}

PICTURE_DIALECTS = (
    _row(
        "openai, Images", at("openai", "/v1"), "gpt-image-2.5-sunburst", openai_images.PATH,
        streamed=_openai, whole=_compatible, usage=Usage(14, 1056), last=b"image_generation.completed",
        bare={
            "model": "gpt-image-2.5-sunburst", "prompt": "Say hello.", "n": 1, "stream": True, "partial_images": 3,
        },
        listing=("/models", {"object": "list", "data": [{"id": "gpt-image-2.5-sunburst", "object": "model"}]}),
        error_event=lambda message: openai_images.event("error", error={"code": "server_error", "message": message}),
        refusals=OPENAI_REFUSALS, previews=True, filtered=_REJECTED,
    ),
    _row(
        "compatible host, Images", at("vllm", "/v1"), "flux-1-schnell", openai_images.PATH,
        whole=_compatible, content_type=DOCUMENT,
        bare={"model": "flux-1-schnell", "prompt": "Say hello.", "n": 1, "response_format": "b64_json"},
        listing=("/models", {"object": "list", "data": [{"id": "flux-1-schnell", "object": "model"}]}),
        error_event=lambda message: openai_chat.error_body(message, "server_error"), refusals=OPENAI_REFUSALS,
        filtered=_REJECTED,
    ),
    _row(
        "google, pictures", at("google"), _GOOGLES, google.PATH,
        streamed=_google, whole=_google_whole, usage=Usage(7, 1290), last=IN_BASE64.encode(),
        bare={
            "contents": [{"role": "user", "parts": [{"text": "Say hello."}]}],
            "generationConfig": {"responseModalities": ["TEXT", "IMAGE"]},
        },
        listing=("/models", {"models": [google.MODELS["models"][0] | {"name": f"models/{_GOOGLES}"}]}),
        error_event=lambda message: google.event(google.error(500, "INTERNAL", message)), refusals=GOOGLE_REFUSALS,
        previews=True, filtered=(200, _google_end("IMAGE_SAFETY"), "IMAGE_SAFETY"),
    ),
    _row(
        "ollama, pictures", at("ollama"), ollama_images.MODEL, ollama_images.PATH,
        streamed=_ollama, whole=_ollama_whole, last=b'"image"', content_type=ollama.TYPE,
        bare={"model": ollama_images.MODEL, "prompt": "Say hello.", "stream": True},
        listing=("/api/tags", ollama.tags(ollama_images.MODEL)),
        error_event=lambda message: ollama.line(ollama.error(message)), refusals=OLLAMA_REFUSALS,
        sides={"/api/ps": ollama.ps(), "/api/show": ollama.SHOW | {"capabilities": ["image"]}},
    ),
    _row(
        "webui", at("webui"), webui.MODEL, webui.DRAW, whole=_webui, content_type=DOCUMENT, bare=_IN_WEBUI,
        listing=(webui.LISTING, webui.MODELS), error_event=lambda message: _json(webui.error("Error", "", message)),
        refusals=WEBUI_REFUSALS,
        sides={webui.PROGRESS: webui.progress(), webui.LISTING: webui.MODELS, webui.INTERRUPT: {}},
    ),
)  # fmt: skip
