"""How much of a conversation fits into a model, if its server loads it with a smaller context than it could have.

Owns Ollama's rule: the context length requested, else the one the model is loaded with, else Ollama's default. Ollama
drops what does not fit from the beginning without saying so, so it is said here.
"""

from __future__ import annotations

from dataclasses import dataclass

from prompts.core import format as text_of
from providers.interface import ModelInfo, Request

USUAL = 4096
"""Ollama's default context in tokens with less than 24 GB of graphics memory. With more, or with
OLLAMA_CONTEXT_LENGTH set, it is larger, which cannot be known before the model is loaded."""


@dataclass(frozen=True, slots=True)
class Room:
    """The context that a prompt and its answer have to fit into."""

    tokens: int | None
    """In tokens; `None` if not known."""
    assumed: bool = False
    """Whether it is only the default, as nothing is reported for this model."""
    words: str = ""
    """Words for it, instead of "its context window"."""
    advice: str = ""


def loaded_room(request: Request, info: ModelInfo | None, needs_tokens: int) -> Room:
    """The context Ollama gives the model of `request`; `info`:
    its entry in the live list; `needs_tokens`: the prompt's size."""
    most = info.context_tokens if info else None
    asked, served = request.settings.num_ctx, info.served_tokens if info else None
    told = asked or served
    tokens = _least(told or USUAL, most)
    count = text_of.count(tokens)
    if most is not None and tokens == most:
        return Room(tokens)
    if asked:
        words = f"the context of {count} tokens that is set"
    elif served:
        words = f"the {count} tokens of context that Ollama gives it"
    else:
        words = f"the {count} tokens of context that Ollama usually gives a model"
    return Room(
        tokens, told is None, words, f" Ollama would drop the beginning and not say so{_more(needs_tokens, most)}."
    )


def _more(needs_tokens: int, most: int | None) -> str:
    """Advice to set the next power of two that leaves as much again for the answer, at most `most`; else empty."""
    wanted = _least(1 << (2 * needs_tokens - 1).bit_length(), most)
    return f"; set its context to {text_of.count(wanted)} under Parameters" if wanted > needs_tokens else ""


def _least(tokens: int, most: int | None) -> int:
    return tokens if most is None else min(tokens, most)
