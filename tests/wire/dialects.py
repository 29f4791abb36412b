"""One row for each provider: how to reach it, how it answers, how it fails, in the vendor's own bytes.

The contract suite (`tests/contract/`) runs over these rows; a new provider is tested by adding one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from providers.config.connections import PRESETS, Connection
from providers.errors import Kind
from providers.interface import Usage
from providers.secrets import Secret
from tests.wire import anthropic, google, ollama, openai_chat, openai_responses
from tests.wire.server import Reply, Script

KEY = "Zq8-planted.5d1e7c42/b0"
"""The key every row connects with. It has the shape of no vendor's, so only knowing it can remove it."""

HELLO = ("Hel", "lo", " wörld 🌍")
Answer = Callable[[Sequence[str], Sequence[str]], list[bytes]]
Refusals = Mapping[Kind, tuple[int, bytes]]


@dataclass(frozen=True, slots=True)
class Counted:
    """An answer with tokens from a cache and tokens of thinking, and what they come to."""

    answer: list[bytes]
    usage: Usage
    oracle: tuple[str, str, dict[str, Any]] | None = None
    """Provider, flavour and response for genai-prices' own extraction; `None` where it knows none."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """One provider as the contract suite sees it."""

    name: str
    connect: Callable[[str], Connection]
    """From the server's address to the connection, with `KEY`."""
    model: str
    path: str
    """How the path of a generating request ends."""
    answer: Answer
    """A whole stream of these pieces and thoughts, one event an element."""
    proof: int
    """How many events at the end of `answer` prove it."""
    error_event: Callable[[str], bytes]
    """An error inside the stream."""
    refusals: Refusals
    """What the vendor answers for each kind of failure."""
    counted: Counted
    bare: Mapping[str, Any]
    """The body of a request in which nothing is set; the prompt is "Say hello."."""
    listing: tuple[str, Any]
    """Where the models are listed and what is answered there; `model` is among them."""
    ending: Callable[[Any], list[bytes]]
    """A whole stream of `HELLO` that ends for this reason."""
    whole: Callable[[str], Any]
    """The document of an answer with this text, as it comes where nothing is streamed."""
    content_type: str = "text/event-stream"
    fingerprint: Mapping[str, str] = field(default_factory=dict[str, str])
    """What `answer`, or what is asked beside it, tells of what served it."""
    beside: tuple[str, Any] | None = None
    """Where something is asked beside the request, and what is answered there."""
    counting: Callable[[int, int], list[bytes]] | None = None
    """A stream of `HELLO` that lacks its end and has told by then that so many tokens were read and written; `None`:
    the format counts nothing before the end."""
    last: bytes = HELLO[-1].encode()
    """What the event with the last piece of an answer holds."""

    def playing(self, events: Sequence[bytes] | None = None, **how: Any) -> Script:
        """A server's script that streams `events`: by default a whole answer of `HELLO`."""
        pieces = self.answer(HELLO, ()) if events is None else events

        async def script(reply: Reply) -> None:
            await reply.stream(pieces, content_type=self.content_type, **how)

        return script


def at(name: str, path: str = "", **fields: Any) -> Callable[[str], Connection]:
    """The preset of that name, at a test server's address."""
    return lambda url: replace(PRESETS[name], base_url=url + path, key=Secret(KEY), **fields)


def _json(data: Any) -> bytes:
    return json.dumps(data).encode()


_TOO_LONG = "This model's maximum context length is 128000 tokens, you asked for 250000."

OPENAI_REFUSALS: Refusals = {
    "auth": (401, openai_chat.error_body("Incorrect API key provided.", code="invalid_api_key")),
    "permission": (403, openai_chat.error_body("You may not use this model.")),
    "not_found": (404, openai_chat.error_body("The model does not exist.", code="model_not_found")),
    "bad_request": (400, openai_chat.error_body("Unsupported value.", code="unsupported_value", param="top_p")),
    "context_length": (400, openai_chat.error_body(_TOO_LONG, code="context_length_exceeded")),
    "too_large": (413, openai_chat.error_body("Request too large.")),
    "rate_limit": (429, openai_chat.error_body("Slow down.", "requests", "rate_limit_exceeded")),
    "quota": (429, openai_chat.error_body("No credit.", "insufficient_quota", "insufficient_quota")),
    "server": (500, openai_chat.error_body("The server had an error.", "server_error")),
    "overloaded": (503, openai_chat.error_body("The engine is overloaded.", "server_error")),
    "timeout": (504, b"<html><body>Gateway time-out</body></html>"),
    "filtered": (400, openai_chat.error_body("The response was filtered.", code="content_filter")),
}
ANTHROPIC_REFUSALS: Refusals = {
    "auth": (401, _json(anthropic.error("authentication_error", "invalid bearer token"))),
    "permission": (403, _json(anthropic.error("permission_error", "Not allowed."))),
    "not_found": (404, _json(anthropic.error("not_found_error", "model: nothing"))),
    "bad_request": (400, _json(anthropic.error("invalid_request_error", "top_p: not supported"))),
    "context_length": (400, _json(anthropic.error("invalid_request_error", "prompt is too long: 250000 tokens"))),
    "too_large": (413, _json(anthropic.error("request_too_large", "Request exceeds the maximum size"))),
    "rate_limit": (429, _json(anthropic.error("rate_limit_error", "Slow down."))),
    "quota": (402, _json(anthropic.error("billing_error", "No credit."))),
    "server": (500, _json(anthropic.error("api_error", "Internal server error"))),
    "overloaded": (529, _json(anthropic.error("overloaded_error", "Overloaded"))),
    "timeout": (504, _json(anthropic.error("timeout_error", "Request timed out"))),
    "filtered": (400, _json(anthropic.error("invalid_request_error", "Output blocked by content filtering policy"))),
}
_NO_KEY = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}
_MANY = "The input token count (2000000) exceeds the maximum number of tokens allowed (1048576)."
GOOGLE_REFUSALS: Refusals = {
    "auth": (400, _json(google.error(400, "INVALID_ARGUMENT", "API key not valid.", _NO_KEY))),
    "permission": (403, _json(google.error(403, "PERMISSION_DENIED", "Denied."))),
    "not_found": (404, _json(google.error(404, "NOT_FOUND", "models/nothing is not found."))),
    "bad_request": (400, _json(google.error(400, "INVALID_ARGUMENT", "Unknown name."))),
    "context_length": (400, _json(google.error(400, "INVALID_ARGUMENT", _MANY))),
    "too_large": (413, b"<html>Request entity too large</html>"),
    "rate_limit": (429, _json(google.error(429, "RESOURCE_EXHAUSTED", "Slow down.", google.retry_info("7s")))),
    "server": (500, _json(google.error(500, "INTERNAL", "Internal error."))),
    "overloaded": (503, _json(google.error(503, "UNAVAILABLE", "The model is overloaded."))),
    "timeout": (504, _json(google.error(504, "DEADLINE_EXCEEDED", "Deadline expired."))),
}
OLLAMA_REFUSALS: Refusals = {
    "auth": (401, _json(ollama.error("unauthorized"))),
    "permission": (403, _json(ollama.error("this model requires a subscription"))),
    "not_found": (404, _json(ollama.error("model 'nothing' not found"))),
    "bad_request": (400, _json(ollama.error("invalid options: top_p"))),
    "context_length": (400, _json(ollama.error("the input length exceeds the context length"))),
    "rate_limit": (429, _json(ollama.error("you have reached your hourly limit"))),
    "quota": (402, _json(ollama.error("no credit"))),
    "server": (500, _json(ollama.error("llama runner process has terminated"))),
    "overloaded": (503, _json(ollama.error("server busy, please try again"))),
}


def _chat_usage() -> Counted:
    usage = openai_chat.THOUGHT_USAGE
    response = {"model": openai_chat.MODEL, "usage": usage}
    expected = Usage(21, 34, 16, 4, 10)
    return Counted(openai_chat.answer(HELLO, thoughts=["hm"], usage=usage), expected, ("openai", "chat", response))


def _responses_usage() -> Counted:
    usage = openai_responses.THOUGHT_USAGE
    response = {"model": openai_responses.MODEL, "usage": usage}
    answer = openai_responses.answer(HELLO, thoughts=["hm"], usage=usage)
    return Counted(answer, Usage(21, 34, 16, 4, 10), ("openai", "responses", response))


def _anthropic_usage() -> Counted:
    start = {
        **anthropic.USAGE, "input_tokens": 100, "cache_read_input_tokens": 10, "cache_creation_input_tokens": 20,
        "cache_creation": {"ephemeral_5m_input_tokens": 20, "ephemeral_1h_input_tokens": 0},
    }  # fmt: skip
    end = {"output_tokens": 34, "output_tokens_details": {"thinking_tokens": 9}}
    answer = anthropic.answer(HELLO, thinking=["hm"], start_usage=start, usage=end)
    response = {"model": "claude-sonnet-5-5", "usage": {**start, **end}}
    return Counted(answer, Usage(130, 34, 10, 20, 9), ("anthropic", "default", response))


def _google_usage() -> Counted:
    usage = {**google.counts(prompt=100, candidates=50, thoughts=200), "cachedContentTokenCount": 40}
    response = {"modelVersion": "gemini-3.8-flash", "usageMetadata": usage}
    answer = google.answer(HELLO, thinking=["hm"], usage=usage)
    return Counted(answer, Usage(100, 250, 40, None, 200), ("google", "default", response))


def _chat_answer(pieces: Sequence[str], thoughts: Sequence[str]) -> list[bytes]:
    return openai_chat.answer(pieces, thoughts=thoughts)


def _responses_answer(pieces: Sequence[str], thoughts: Sequence[str]) -> list[bytes]:
    return openai_responses.answer(pieces, thoughts=thoughts)


def _anthropic_answer(pieces: Sequence[str], thoughts: Sequence[str]) -> list[bytes]:
    return anthropic.answer(pieces, thinking=thoughts)


def _google_answer(pieces: Sequence[str], thoughts: Sequence[str]) -> list[bytes]:
    return google.answer(pieces, thinking=thoughts)


def _ollama_answer(pieces: Sequence[str], thoughts: Sequence[str]) -> list[bytes]:
    return ollama.answer(pieces, thinking=thoughts)


_ONE_MODEL = {"object": "list", "data": [{"id": "gpt-5.4", "object": "model", "created": 1, "owned_by": "system"}]}
_ASKED = [{"role": "user", "content": "Say hello."}]

DIALECTS = (
    Dialect(
        "openai, Responses", at("openai", "/v1"), "gpt-5.4", "/responses",
        _responses_answer, 1, lambda message: openai_responses.error_event("server_error", message),
        OPENAI_REFUSALS, _responses_usage(),
        {"model": "gpt-5.4", "input": _ASKED, "stream": True, "store": False}, ("/models", _ONE_MODEL),
        lambda reason: openai_responses.answer(HELLO, end="incomplete", reason=reason), openai_responses.whole,
        fingerprint={"service_tier": "default"},
        counting=lambda read, wrote: openai_responses.counting(HELLO, read, wrote),
    ),
    Dialect(
        "openai, Chat Completions", at("groq", "/v1"), "gpt-5.4", "/chat/completions",
        _chat_answer, 3, openai_chat.error_chunk, OPENAI_REFUSALS, _chat_usage(),
        {"model": "gpt-5.4", "messages": _ASKED, "stream": True, "stream_options": {"include_usage": True}},
        ("/models", _ONE_MODEL), lambda reason: openai_chat.answer(HELLO, stop=reason), openai_chat.whole,
        fingerprint={"system_fingerprint": "fp_44709d6fcb", "service_tier": "default"},
        counting=lambda read, wrote: openai_chat.counting(HELLO, read, wrote),
    ),
    Dialect(
        "anthropic", at("anthropic"), "claude-sonnet-5-5", "/messages",
        _anthropic_answer, 2, lambda message: anthropic.event(anthropic.error("api_error", message)),
        ANTHROPIC_REFUSALS, _anthropic_usage(),
        {"model": "claude-sonnet-5-5", "messages": _ASKED, "stream": True, "max_tokens": 16_384},
        ("/models", anthropic.MODELS), lambda reason: anthropic.answer(HELLO, stop=reason), anthropic.whole,
        fingerprint={"service_tier": "standard"}, counting=lambda read, wrote: anthropic.counting(HELLO, read, wrote),
    ),
    Dialect(
        "google", at("google"), "gemini-3.8-flash", google.PATH,
        _google_answer, 1, lambda message: google.event(google.error(500, "INTERNAL", message)),
        GOOGLE_REFUSALS, _google_usage(),
        {"contents": [{"role": "user", "parts": [{"text": "Say hello."}]}], "generationConfig": {}},
        ("/models", google.MODELS), lambda reason: google.answer(HELLO, stop=reason),
        lambda text: google.chunk(text, stop="STOP", usage=google.counts(candidates=12)),
        counting=lambda read, wrote: google.counting(HELLO, read, wrote),
    ),
    Dialect(
        "ollama", at("ollama"), "llama3.3:latest", "/api/chat",
        _ollama_answer, 1, lambda message: ollama.line(ollama.error(message)),
        OLLAMA_REFUSALS, Counted(ollama.answer(HELLO, thinking=["hm"]), Usage(26, 282)),
        {"model": "llama3.3:latest", "messages": _ASKED, "stream": True, "tools": []},
        ("/api/tags", ollama.tags("llama3.3:latest")),
        lambda reason: ollama.answer(HELLO, stop=reason),
        lambda text: ollama.end() | ollama.part(content=text) | {"done": True},
        ollama.TYPE,
        {"digest": ollama.DIGEST, "quantization": "Q4_K_M"}, ("/api/ps", ollama.ps("llama3.3:latest")),
    ),
)  # fmt: skip
