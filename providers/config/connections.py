"""Where models are reached: one `Connection` per provider, from presets, configuration and environment.

Owns the table of presets and the environment variables that each SDK would read by itself: they are read here once and
passed on explicitly. An OpenAI-compatible host is a row, never a file.
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
    """The provider's name, as in `provider:model`."""
    kind: Kind
    """The wire format; `openai` covers every compatible host."""
    label: str
    base_url: str = field(default="", repr=False)
    """The address used for requests, which may contain credentials; `endpoint` is for people."""
    key: Secret | None = None
    key_variable: str = ""
    """The environment variable that holds the key; empty if none is used."""
    needs_key: bool = True
    local: bool = False
    """On the user's own machine or network: there is no fee, and targets take turns so that times are undisturbed."""
    api: Api = "chat"
    """For kind `openai`: which of the two APIs. Responses for OpenAI itself, Chat Completions elsewhere."""
    api_version: str | None = None
    """For kind `google`: the API version in the path; `None`: v1beta, which also serves previews."""
    proxy: str | None = field(default=None, repr=False)
    authorities: tuple[str, ...] = ()
    """Files and folders of certificates that are trusted in addition to the system's."""
    deadlines: Deadlines = Deadlines()
    """The limits that its row sets."""
    at_once: int | None = None
    """Calls to it at the same time, by all processes that share a record; `None`: no limit is set."""
    per_minute: int | None = None
    """Calls to it per minute, by all processes that share a record; `None`: no limit is set."""
    stream: bool = True
    """`False`: the host is asked for answers in one piece, because it cannot or must not stream."""
    stream_options: bool = True
    """`False`: this field is omitted, because the host refuses it; tokens may then not be counted."""
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    """Headers added to every request; may contain secrets."""
    body: str = field(default="", repr=False)
    """Fields added to every request for an answer, as JSON; may contain secrets."""
    thinking_tags: bool = True
    """Whether text between thinking tags counts as thinking; `False`: such text is left in the answer."""
    customised: bool = False
    """Whether the address is not the vendor's own, so that list prices may not apply."""
    offered: bool = True
    """Whether it is listed for selection; any preset can be asked by name."""
    query: Query = field(default=(), repr=False)
    """Query parameters sent with every request; may contain credentials."""
    problem: str | None = None
    """Why this connection cannot be used as configured, in a sentence."""
    key_refused: bool = False
    """Whether `problem` is about the key."""
    model_files: tuple[tuple[str, str], ...] = ()
    """For kind `builtin`: the user's own GGUF files as (name, path)."""
    draws: bool = False
    """Whether it is asked for pictures instead of text, with another adapter and other models; see `drawing`."""
    notes: tuple[str, ...] = ()
    """What was changed in address and key as written, in sentences."""

    @property
    def usable(self) -> bool:
        """Whether a request could be sent, as far as is known without trying."""
        return self.problem is None and (self.key is not None or not self.needs_key)

    @property
    def writes(self) -> bool:
        """Whether it can be asked for text; the WebUI's API is for pictures only."""
        return self.kind != "webui"

    @property
    def listed(self) -> bool:
        """Whether its models are listed for selection, for the present mode (text or pictures)."""
        return self.offered and (self.draws or self.writes)

    def stays_local(self, model: str) -> bool:
        """Whether requests for `model` stay on this machine or network; Ollama forwards those for its cloud models."""
        return self.local and not (self.kind == "ollama" and in_cloud(model))

    @property
    def endpoint(self) -> str:
        """The address without credentials, for display."""
        if not self.base_url:
            return BUILTIN_ENDPOINT if self.kind == "builtin" else "an unknown address"
        return _shown(self.base_url)


@lru_cache(maxsize=256)
def _shown(url: str) -> str:
    """An address without secrets: name and password, query, a key in the path."""
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
"""Providers listed even if nothing is configured; the others appear with their key or a row."""

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
"""Every vendor's environment variable that is used."""

AUTHORITY_VARIABLES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE")
"""Variables in which other programs look for a company's certificates."""


DRAWING: tuple[Kind, ...] = ("builtin", "openai", "google", "ollama", "webui")
"""The wire formats in which pictures can be requested."""


def drawing(connection: Connection) -> Connection:
    """The connection for requesting pictures from the same provider. Raises `ValueError` with a message for people."""
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
    Secret(text)  # registered as a secret, even if it is refused
    if (odd := misfit(value)) is not None:
        said = f"{place} contains {odd}, which no key has. Copy the key again."
        return replace(base, key=None, problem=said, key_refused=True)
    note = f"{place}: the characters around the key were left out."
    notes = (*base.notes, note) if value != text.strip() else base.notes
    problem = None if base.key_refused else base.problem
    return replace(base, key=Secret(value), problem=problem, key_refused=False, notes=notes)


def _with_key_of(base: Connection, environ: Mapping[str, str]) -> Connection:
    names = [base.key_variable, "GEMINI_API_KEY"] if base.kind == "google" else [base.key_variable]
    name = next((name for name in names if bare_key(environ.get(name, ""))), None)
    return with_key(base, environ[name], name) if name else base


def _at(base: Connection, text: str) -> Connection:
    """`base` at another address; uses Chat Completions if that is not the vendor's own host."""
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
    """Whether it is not the vendor's cloud, so that no fee is charged."""
    host = urlsplit(url).hostname or ""
    return host != "ollama.com" and not host.endswith(".ollama.com")
