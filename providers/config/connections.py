"""Where models are reached: one `Connection` per provider, from presets, configuration and environment.

Owns the table of presets and the environment variables that each SDK would read by itself: they are
read here once and passed on explicitly. An OpenAI-compatible host is a row, never a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal
from urllib.parse import urlsplit

from providers.config.addresses import Query, address
from providers.config.deadlines import Deadlines
from providers.config.pasted import bare_key, misfit
from providers.secrets import Secret, redact

Kind = Literal["builtin", "openai", "anthropic", "google", "ollama", "webui"]
Api = Literal["responses", "chat"]

BUILTIN_ENDPOINT = "this computer"


@dataclass(frozen=True, slots=True)
class Connection:
    """One way to reach one provider."""

    name: str
    """The provider's word in `provider:model`."""
    kind: Kind
    """Whose wire format is spoken; `openai` covers every compatible host."""
    label: str
    base_url: str = field(default="", repr=False)
    """As sent: it may hold credentials; `endpoint` is for people."""
    key: Secret | None = None
    key_variable: str = ""
    """The environment variable that holds the key; empty where none is used."""
    needs_key: bool = True
    local: bool = False
    """On the user's own machine: no fee is asked, and targets take turns so that timings stay clean."""
    api: Api = "chat"
    """For kind `openai`: which of the two APIs. Responses for OpenAI itself, Chat Completions elsewhere."""
    api_version: str | None = None
    """For kind `google`: the path of the API version; `None` = v1beta, which also serves previews."""
    proxy: str | None = field(default=None, repr=False)
    authorities: tuple[str, ...] = ()
    """Files and folders of certificates that are trusted beside the system's."""
    deadlines: Deadlines = Deadlines()
    """What its row sets."""
    at_once: int | None = None
    """Calls to it at the same time, of all processes that share a record; `None`: no limit was set."""
    per_minute: int | None = None
    """Calls to it a minute, likewise."""
    stream: bool = True
    """`False`: the host is asked for the answer in one piece, because it cannot or may not stream."""
    stream_options: bool = True
    """`False`: that field is left out, because the host refuses it; tokens may then not be counted."""
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    """Added to every request; they may hold secrets."""
    body: str = field(default="", repr=False)
    """Fields added to every request for an answer, as JSON; they may hold secrets."""
    thinking_tags: bool = True
    """Thinking that stands in the answer text between tags is thinking; `False`: such text is left alone."""
    customised: bool = False
    """The address is not the vendor's own, so list prices may not be what is charged."""
    offered: bool = True
    """Whether it is listed for choosing; any preset can be asked by name."""
    query: Query = field(default=(), repr=False)
    """Sent with every request; it may hold credentials."""
    problem: str | None = None
    """Why this connection cannot be used as configured, in a sentence."""
    key_refused: bool = False
    """Whether `problem` is about the key."""
    model_files: tuple[tuple[str, str], ...] = ()
    """For kind `builtin`: the user's own GGUF files, name and path."""
    draws: bool = False
    """It is asked for pictures, not for text: another adapter, and other models; see `drawing`."""
    notes: tuple[str, ...] = ()
    """What was changed of address and key as they were written, a sentence each."""

    @property
    def usable(self) -> bool:
        """Whether a request could be sent, as far as is known without asking."""
        return self.problem is None and (self.key is not None or not self.needs_key)

    @property
    def writes(self) -> bool:
        """Whether text can be asked of it: the WebUI's API is for pictures alone."""
        return self.kind != "webui"

    @property
    def listed(self) -> bool:
        """Whether its models are listed for choosing, for what is to be asked of it: text or pictures."""
        return self.offered and (self.draws or self.writes)

    def stays_local(self, model: str) -> bool:
        """Whether what is asked of `model` stays on this machine or network; Ollama passes its cloud models on."""
        return self.local and not (self.kind == "ollama" and in_cloud(model))

    @property
    def endpoint(self) -> str:
        """The address without credentials, for people to read."""
        if not self.base_url:
            return BUILTIN_ENDPOINT if self.kind == "builtin" else "an unknown address"
        return _shown(self.base_url)


@lru_cache(maxsize=256)
def _shown(url: str) -> str:
    """Without what is secret in it: name and password, query, a key in the path."""
    parts = urlsplit(url)
    return redact(parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl())


def _hosted(name: str, label: str, base_url: str, key_variable: str) -> Connection:
    return Connection(name, "openai", label, base_url, key_variable=key_variable)


def _local(name: str, label: str, base_url: str) -> Connection:
    return Connection(name, "openai", label, base_url, needs_key=False, local=True)


PRESETS: Mapping[str, Connection] = {
    preset.name: preset
    for preset in (
        Connection("builtin", "builtin", "Built-in", needs_key=False, local=True),
        Connection(
            "openai", "openai", "OpenAI", "https://api.openai.com/v1", key_variable="OPENAI_API_KEY", api="responses"
        ),
        Connection(
            "anthropic", "anthropic", "Anthropic", "https://api.anthropic.com", key_variable="ANTHROPIC_API_KEY"
        ),
        Connection(
            "google", "google", "Google", "https://generativelanguage.googleapis.com", key_variable="GOOGLE_API_KEY"
        ),
        # A local model may have to be loaded first, which takes minutes rather than seconds.
        Connection(
            "ollama", "ollama", "Ollama", "http://127.0.0.1:11434", key_variable="OLLAMA_API_KEY",
            needs_key=False, local=True,
        ),
        _hosted("mistral", "Mistral AI", "https://api.mistral.ai/v1", "MISTRAL_API_KEY"),
        _hosted("groq", "Groq", "https://api.groq.com/openai/v1", "GROQ_API_KEY"),
        _hosted("together", "Together AI", "https://api.together.xyz/v1", "TOGETHER_API_KEY"),
        _hosted("fireworks", "Fireworks AI", "https://api.fireworks.ai/inference/v1", "FIREWORKS_API_KEY"),
        _hosted("openrouter", "OpenRouter", "https://openrouter.ai/api/v1", "OPENROUTER_API_KEY"),
        _hosted("meta", "Meta", "https://api.meta.ai/v1", "META_API_KEY"),
        _local("vllm", "vLLM", "http://127.0.0.1:8000/v1"),
        _local("lmstudio", "LM Studio", "http://127.0.0.1:1234/v1"),
        _local("llamacpp", "llama.cpp", "http://127.0.0.1:8080/v1"),
        Connection(
            "webui", "webui", "Stable Diffusion WebUI", "http://127.0.0.1:7860", needs_key=False, local=True,
        ),
    )
}  # fmt: skip

ALWAYS_SHOWN = ("builtin", "openai", "anthropic", "google", "ollama", "mistral")
"""Providers that are offered even when nothing is configured; the others appear with their key or a row."""

_ADDRESS_VARIABLES: Mapping[str, str] = {
    "openai": "OPENAI_BASE_URL",
    "anthropic": "ANTHROPIC_BASE_URL",
    "google": "GOOGLE_GEMINI_BASE_URL",
    "ollama": "OLLAMA_HOST",
}
ENVIRONMENT: tuple[str, ...] = (
    *(preset.key_variable for preset in PRESETS.values() if preset.key_variable),
    "GEMINI_API_KEY",
    *_ADDRESS_VARIABLES.values(),
    "GOOGLE_GENAI_API_VERSION",
)
"""Every variable of the vendors that is honoured."""

AUTHORITY_VARIABLES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE")
"""Where other programs are told of a company's certificates."""


DRAWING: tuple[Kind, ...] = ("builtin", "openai", "google", "ollama", "webui")
"""The formats in which pictures can be asked for."""


def drawing(connection: Connection) -> Connection:
    """The same way to the same provider, to ask it for pictures. Raises `ValueError` in words for people."""
    if connection.kind not in DRAWING:
        raise ValueError(f"{connection.label} draws no pictures.")
    return connection if connection.draws else replace(connection, draws=True)


def in_cloud(model: str) -> bool:
    """Whether an Ollama model runs at ollama.com and only its name is here: its tag ends with `cloud`."""
    tag = model.rpartition(":")[2]
    return tag == "cloud" or tag.endswith("-cloud")


def configured(
    base: Connection, *, environ: Mapping[str, str], key: Secret | None = None, base_url: str | None = None,
    api: Api | None = None,
) -> Connection:  # fmt: skip
    """`base` with its address and key: from `environ` first, then from the arguments."""
    found = replace(base, key=key) if key else _with_key_of(base, environ)
    if base.kind == "google":
        found = replace(found, api_version=environ.get("GOOGLE_GENAI_API_VERSION") or base.api_version)
    if text := environ.get(_ADDRESS_VARIABLES.get(base.name, "")) or base_url:
        found = _at(found, text)
    if base.kind == "ollama" and not _is_near(found.base_url):
        found = replace(found, local=False)
    return replace(found, api=api) if api else found


def with_key(base: Connection, text: str, place: str) -> Connection:
    """`base` with the key that was written or pasted as `text` in `place`, as far as it can be one."""
    value = bare_key(text)
    if not value:
        return base
    Secret(text)  # known from here on, also where it is refused
    if (odd := misfit(value)) is not None:
        said = f"{place} holds {odd} inside, which no key has. Copy the key again."
        return replace(base, key=None, problem=said, key_refused=True)
    note = f"{place}: what stood around the key was left out."
    notes = (*base.notes, note) if value != text.strip() else base.notes
    problem = None if base.key_refused else base.problem
    return replace(base, key=Secret(value), problem=problem, key_refused=False, notes=notes)


def _with_key_of(base: Connection, environ: Mapping[str, str]) -> Connection:
    names = [base.key_variable, "GEMINI_API_KEY"] if base.kind == "google" else [base.key_variable]
    name = next((name for name in names if bare_key(environ.get(name, ""))), None)
    return with_key(base, environ[name], name) if name else base


def _at(base: Connection, text: str) -> Connection:
    """`base` at another address; Chat Completions where that is not the vendor's own host."""
    usual = PRESETS[base.name].base_url if base.name in PRESETS else ""
    found = address(text, base.kind, usual=usual, always=base.local and base.kind == "openai")
    if found.problem:
        return replace(base, base_url=found.url, problem=found.problem, key_refused=False)
    same = urlsplit(found.url).hostname == urlsplit(usual).hostname
    return replace(
        base, base_url=found.url, query=found.query, api_version=base.api_version or found.api_version,
        api=base.api if same else "chat", customised=not same, notes=(*base.notes, *found.notes),
    )  # fmt: skip


def _is_near(url: str) -> bool:
    """Not the vendor's cloud: whoever runs the server asks no fee."""
    host = urlsplit(url).hostname or ""
    return host != "ollama.com" and not host.endswith(".ollama.com")
