"""The types for what is asked of a model and what streams back, shared by all packages.

Owns the glossary's words as frozen dataclasses, and the `Provider` protocol. No behaviour: nothing here reads a clock,
opens a connection or knows a vendor.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, Protocol

from providers.pictures import Drawn, PictureSettings, Step

Effort = Literal["none", "minimal", "low", "medium", "high", "xhigh", "max"]
EFFORTS: tuple[Effort, ...] = ("none", "minimal", "low", "medium", "high", "xhigh", "max")

Stop = Literal[
    "stop",  # the model had finished
    "length",  # a limit of tokens was reached
    "filter",  # the vendor withheld the answer or its rest
    "refusal",
    "tool",  # the model asked for a tool, though none was offered
    "pause",  # the vendor stopped for now; the answer is unfinished
    "error",  # the vendor broke the answer off
    "other",  # no reason was given, or one that is not known here
]

Condition = Literal[
    "first_call",  # first measured call through this connection in this process
    "new_connection",  # the time includes opening the connection
    "cold_load",  # a local model was loaded into memory first
    "cache_hit",  # part of the prompt came from the vendor's prompt cache
    "retried",  # an earlier attempt failed
    "cancelled",
    "contended",  # other work shared this machine's processor, so a shown time may exceed its stated accuracy
]

Flag = Literal[
    "repaired",  # undecodable characters were replaced by U+FFFD
    "end_marker_missing",  # a stop reason arrived, but not the protocol's own end marker
    "stop_reason_unknown",  # the end marker arrived without a stop reason, or with one that is not known here
    "tool_asked",  # the answer stops where the model asked for a tool
    "paused",  # the vendor paused the answer before its end
    "prompt_cut",  # the server dropped part of a prompt that was longer than its context
    "not_streamed",  # the answer came in one piece, so nothing of its speed is known
    "text_repeated",  # deltas repeated earlier text: it is kept as it arrived, and its rates mean nothing
    "usage_missing",
    "counted_so_far",  # it broke off, and the counts are those told before: tokens out are not known
    "usage_invalid",  # the vendor's counts were impossible and are shown as unknown
    "other_model",  # another model answered than the one that was asked
    "thinking_hidden",  # thinking tokens were counted, but no thinking was streamed
    "thinking_in_tags",  # the thinking was inside the answer text, between tags, and was separated from it
    "key_masked",  # the host's response contained a key of this computer, which was masked
    "glimpse_unreadable",  # a partial picture could not be read and was left out
    "drawn_otherwise",  # the picture says another seed, or other steps or guidance, than were asked for
    "uploaded",  # made elsewhere and uploaded by a person, so nothing about its making was measured
    "rate_includes_thinking",  # the tokens, and the tokens/s if there are any, cannot be split from thinking
]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file sent along with a message."""

    name: str
    media_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation."""

    role: Literal["user", "assistant"]
    text: str
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """How to answer. `None` (or an empty `stop`): not sent, so that the vendor's default applies."""

    system: str | None = None
    temperature: float | None = None
    top_p: float | None = None
    max_output_tokens: int | None = None
    seed: int | None = None
    stop: tuple[str, ...] = ()
    effort: Effort | None = None
    num_ctx: int | None = None
    """The context length, in tokens, to load a model with, where that can be set per request: Ollama."""
    picture: PictureSettings | None = None
    """A picture is wanted, with these settings; `None`: text."""


@dataclass(frozen=True, slots=True)
class Request:
    """Everything that one model is asked, independent of who serves it."""

    model: str
    messages: tuple[Message, ...]
    settings: Settings = Settings()

    @classmethod
    def ask(cls, model: str, prompt: str, settings: Settings = Settings()) -> Request:
        """One prompt, no history."""
        return cls(model, (Message("user", prompt),), settings)


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A setting that a provider cannot take as given. Shown before the run and marked on the result."""

    setting: str
    reason: str
    sent: str | None = None
    """What is sent instead; `None` if nothing is."""


CONTEXT_IS_FIXED = "only Ollama can load a model with another context length for a request"
"""Why `num_ctx` is not sent elsewhere."""


@dataclass(frozen=True, slots=True)
class Delta:
    """One streamed piece of text: part of a token, one, or many. Never counted as tokens."""

    kind: Literal["text", "thinking"]
    text: str


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign of life from the server while no text arrives."""

    at: float
    """A reading of the measurement's clock, in seconds."""
    count: int
    """The number of network reads since the request, including this one."""
    words: str = ""
    """The server's own words, if any: a comment, the name of an event."""


@dataclass(frozen=True, slots=True)
class Moved:
    """All answer text so far has turned out to be thinking: its closing tag arrived without an opening one."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Token counts, inclusive as in OpenTelemetry; the parts are subsets of the totals. `None`: not reported."""

    input_tokens: int | None = None
    """Everything read, including cache reads and writes."""
    output_tokens: int | None = None
    """Everything generated, including thinking."""
    cache_read_tokens: int | None = None
    cache_write_tokens: int | None = None
    reasoning_tokens: int | None = None

    @property
    def answer_tokens(self) -> int | None:
        """Output without thinking; `None` if the output is unknown."""
        if self.output_tokens is None:
            return None
        return self.output_tokens - (self.reasoning_tokens or 0)


@dataclass(frozen=True, slots=True)
class ServerTimings:
    """The server's own timings, in seconds. Shown as "server says", never mixed with ours."""

    load_s: float | None = None
    prompt_s: float | None = None
    eval_s: float | None = None
    queue_s: float | None = None
    """Waiting before the work began:
    as reported, or the total minus load, prompt and eval, so with overheads (Ollama)."""
    total_s: float | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """The vendor's proof that the answer has ended, and what it reports about it. Exactly one per stream, last."""

    stop: Stop
    stop_reason: str | None = None
    """The vendor's own word for `stop`."""
    usage: Usage | None = None
    raw_usage: Mapping[str, object] | None = None
    """The vendor's usage object as sent."""
    response_model: str | None = None
    response_id: str | None = None
    server_timings: ServerTimings | None = None
    reported_cost: Decimal | None = None
    """US dollars, if the provider reports the cost of the call itself."""
    flags: tuple[Flag, ...] = ()
    conditions: tuple[Condition, ...] = ()
    """Conditions that the server itself reports."""
    fingerprint: Mapping[str, str] = field(default_factory=dict[str, str])
    """What served the answer, in the vendor's words; what is not reported is absent.

    `system_fingerprint` (OpenAI's formats), `digest` and `quantization` (Ollama's file): these change when another
    version is behind the same model name. `service_tier` (OpenAI, Anthropic), `inference_geo` and `speed` (Anthropic):
    how and where it ran.
    """
    why: str = ""
    """The vendor's explanation of `stop_reason`, in a sentence; empty if there is none."""


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """A model that a provider can serve, as far as it reports. `None`: not reported."""

    id: str
    label: str | None = None
    context_tokens: int | None = None
    """The largest context of the model."""
    served_tokens: int | None = None
    """The context its server gives it, if it loads models with less: as loaded now, or as its own file sets it."""
    capabilities: tuple[str, ...] | None = None
    """What its server says it can do, in the server's words."""
    max_output_tokens: int | None = None
    size_bytes: int | None = None
    quantization: str | None = None
    parameters: str | None = None
    retires_on: str | None = None
    """ISO date."""
    source: Literal["live", "catalogue"] = "live"


@dataclass(frozen=True, slots=True)
class Deadlines:
    """How long to wait, in seconds, and how much to accept. `None`: the default for such a model."""

    first_byte_s: float | None = None
    """Until the response begins."""
    silence_s: float | None = None
    """Without any sign of life once the response has begun: no text, ping, comment or byte."""
    no_content_s: float | None = None
    """Without text or thinking once the response has begun, despite signs of life."""
    call_s: float | None = None
    """For the whole answer."""
    text_bytes: int = 4 * 2**20
    deltas: int = 200_000


class Provider(Protocol):
    """One way to reach models. Implementations import their SDK when used, not when defined."""

    name: str
    """The provider's name, as in `provider:model`."""
    endpoint: str
    """The effective address, without credentials, to which the text is sent."""
    local: bool
    """Whether it runs on this machine or network: there is no fee, and one request at a time."""
    deadlines: Deadlines
    """The limits that its row sets; others are those for all hosts, or the defaults."""

    thinking_tags: bool
    """Whether text between thinking tags in the answer counts as thinking."""

    def versions(self) -> Mapping[str, str]:
        """Names and versions of the SDK in use."""
        ...

    def adjustments(self, request: Request) -> tuple[Adjustment, ...]:
        """What of `request` cannot be sent as given. Needs no network."""
        ...

    async def warm(self) -> None:
        """Import, build and exercise whatever would slow down the first call, without using the network. Idempotent."""
        ...

    async def prepare(self, request: Request) -> tuple[Condition, ...]:
        """Prepare everything that must not be timed; returns the conditions known already."""
        ...

    async def learn(self, request: Request, done: Done) -> Done:
        """`done` with what can only be learnt after the answer, untimed; usually unchanged. Raises nothing."""
        ...

    def stream(self, request: Request) -> AsyncGenerator[Delta | Drawn | Step | Done]:
        """Send exactly one request and yield what arrives, then exactly one `Done`, last; no `Done` if the end is
        unproved.

        For text: deltas. For a picture: the picture, previews and steps, as far as the server sends them.
        """
        ...

    async def models(self) -> tuple[ModelInfo, ...]:
        """The live list. Raises `ProviderError`."""
        ...

    async def aclose(self) -> None:
        """Close connections."""
        ...
