"""What an Ollama server reports about its models, and what follows from that without asking.

Owns the records of its lists, the memory needed per token of context, how a typed name is read, and advice for each of
its problems. Pure; asking is done by `ollama_models.py`.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from providers.adapters.ollama_listing import full_name
from providers.config.connections import in_cloud
from providers.errors import Failure

CACHE_BYTES = 2
"""Bytes per number in the context cache: f16, Ollama's default unless OLLAMA_KV_CACHE_TYPE is set."""
BATCH, NUMBER_BYTES = 512, 4
"""Tokens computed at once (Ollama's default), and bytes per number during computation."""


@dataclass(frozen=True, slots=True)
class WorkBuffers:
    """The memory for computation besides weights and cache, from the dimensions of the model."""

    width: int
    """How many numbers represent one token."""
    heads: int
    vocabulary: int

    def bytes_at(self, context_tokens: int) -> int:
        """The larger of what one batch needs for attention and for the output vocabulary, in f32.

        In attention every token of the batch is compared with every token of the context, in every head; flash
        attention needs far less, so this is the usual maximum.
        """
        attention = 1 + 4 * self.width + context_tokens * (1 + self.heads)
        words = self.width + self.vocabulary
        return BATCH * NUMBER_BYTES * max(attention, words)


@dataclass(frozen=True, slots=True)
class Details:
    """What `show` reports about a model. `None`: not reported."""

    context_tokens: int | None = None
    """The largest context of the model; Ollama usually loads it with far less."""
    capabilities: tuple[str, ...] | None = None
    cache_bytes_per_token: int | None = None
    """See `cache_bytes_per_token`."""
    work: WorkBuffers | None = None


@dataclass(frozen=True, slots=True)
class Installed:
    """One model in Ollama's list."""

    name: str
    digest: str | None
    size_bytes: int | None
    """On disk."""
    family: str | None = None
    parameters: str | None = None
    quantization: str | None = None
    modified_at: datetime | None = None
    details: Details = Details()

    @property
    def in_cloud(self) -> bool:
        """Whether it runs at ollama.com and only its name is here."""
        return in_cloud(self.name)

    @property
    def answers(self) -> bool:
        """Whether it can be asked; an embedding model cannot."""
        return self.details.capabilities is None or "completion" in self.details.capabilities


@dataclass(frozen=True, slots=True)
class Loaded:
    """One model in memory."""

    name: str
    size_bytes: int | None
    """All of its memory."""
    gpu_bytes: int | None = None
    """The part of it in the memory of graphics cards."""
    context_tokens: int | None = None
    """The context length it was loaded with."""
    expires_at: datetime | None = None
    """When Ollama unloads it unless it is used again; with a time zone."""


@dataclass(frozen=True, slots=True)
class Inventory:
    """The installed models, newest first, and those in memory."""

    installed: tuple[Installed, ...]
    loaded: tuple[Loaded, ...]

    def in_memory(self, name: str) -> Loaded | None:
        """The loaded model with that name, if any."""
        return next((model for model in self.loaded if full_name(model.name) == full_name(name)), None)


@dataclass(frozen=True, slots=True)
class Progress:
    """One line of a pull."""

    status: str
    digest: str | None = None
    """Which part is meant; a model is pulled in several parts, one after another."""
    total_bytes: int | None = None
    completed_bytes: int | None = None
    """`None` until the first byte of the part."""


def wanted(text: str) -> str:
    """The model in a text that was typed or pasted,
    possibly a command or the address of its page; empty if there is none."""
    text = re.sub(r"^(?:ollama\s+(?:run|pull)\s+|https?://(?:www\.)?ollama\.com/(?:library/)?)", "", text.strip())
    return text.rstrip("/") if re.fullmatch(r"[\w.:/@-]+", text) else ""


def cache_bytes_per_token(facts: Mapping[str, object]) -> int | None:
    """Memory needed per token of context: layers x KV heads x (key length + value length) x 2 bytes.

    For full attention in every layer; a model with windowed attention in some layers needs less. `None` if a number is
    not reported, or the cache is of another kind (compressed, or different by layer).
    """
    prefix = f"{facts.get('general.architecture')}."
    if f"{prefix}attention.kv_lora_rank" in facts:
        return None

    def number(key: str) -> int | None:
        value = facts.get(prefix + key)
        return value if isinstance(value, int) and value > 0 else None

    layers, heads = number("block_count"), number("attention.head_count")
    kv_heads = number("attention.head_count_kv") if f"{prefix}attention.head_count_kv" in facts else heads
    width = number("embedding_length")
    usual = width // heads if width is not None and heads is not None else None
    key, value = number("attention.key_length") or usual, number("attention.value_length") or usual
    if layers is None or kv_heads is None or key is None or value is None:
        return None
    return layers * kv_heads * (key + value) * CACHE_BYTES


def work_buffers(facts: Mapping[str, object]) -> WorkBuffers | None:
    """The dimensions of the model in `show`; `None` if a number is not reported, or differs by layer."""
    prefix = f"{facts.get('general.architecture')}."
    width, heads, words = (
        value if isinstance(value := facts.get(prefix + key), int) and value > 0 else None
        for key in ("embedding_length", "attention.head_count", "vocab_size")
    )
    return None if width is None or heads is None or words is None else WorkBuffers(width, heads, words)


_ADVICE = (
    (r"no space left|not enough space|disk (?:is )?full",
     "The disk is full. Delete a model or free some space, then pull again: what has arrived is kept."),
    (r"newer version of ollama|update ollama", "Update Ollama, then pull again."),
    (r"file does not exist|model .*not found|manifest unknown|invalid model name",
     "Check the name and its tag; the library is at ollama.com/library."),
    (r"unauthorized|access denied|forbidden", "This model needs a sign-in: run “ollama signin”, then pull again."),
    (r"no such host|dial tcp|timeout|unreachable|max retries|connection re(?:set|fused)|eof",
     "Ollama could not reach the library. Check the network, then pull again: it continues from what has arrived."),
)  # fmt: skip


def is_this_machine(endpoint: str) -> bool:
    """Whether an address is that of the machine on which Collate runs."""
    host = urlsplit(endpoint).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host in ("localhost", socket.gethostname())


def advice(failed: Failure, endpoint: str) -> str:
    """One line on what to do about a failure."""
    if failed.kind == "local_unavailable":
        if is_this_machine(endpoint):
            return f"Ollama does not answer at {endpoint}: start it with “ollama serve”, or install it from ollama.com."
        return (
            f"Nothing answers at {endpoint}. On that machine start it with “OLLAMA_HOST=0.0.0.0 ollama serve”, so that "
            "it listens to others, and open its port in the firewall."
        )
    if "cannot find the host" in failed.message:
        return f"No machine has the name in {endpoint}. Correct OLLAMA_HOST, or the address in collate.toml."
    if failed.kind == "timeout":
        return f"Ollama at {endpoint} is slow to answer: it may be busy loading a model. Try again in a moment."
    if failed.kind == "connection":
        return "See that Ollama still runs, then try again. A pull continues from what has arrived."
    found = next((said for words, said in _ADVICE if re.search(words, failed.message.lower())), None)
    return found or failed.next_step(provider="Ollama", model="this model", endpoint=endpoint)
