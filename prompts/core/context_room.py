"""How much of a conversation a model can take in, where its server loads it with less than it could.

Owns Ollama's rule: the context that is asked for, else the one it is loaded with, else Ollama's usual one. What does
not fit it drops from the beginning and says nothing, so it is said here.
"""

from __future__ import annotations

from dataclasses import dataclass

from prompts.core import format as text_of
from providers.interface import ModelInfo, Request

USUAL = 4096
"""Tokens that Ollama loads a model with where nobody says otherwise and graphics memory is below 24 GB; with more,
or where OLLAMA_CONTEXT_LENGTH is set, it takes more, and does not tell before the model is loaded."""


@dataclass(frozen=True, slots=True)
class Room:
    """What a prompt and its answer have to fit into."""

    tokens: int | None
    """`None` = not known."""
    assumed: bool = False
    """It is what is usual: nobody has told it of this model."""
    words: str = ""
    """What it is, in the place of "its context window"."""
    advice: str = ""


def loaded_room(request: Request, info: ModelInfo | None, needs_tokens: int) -> Room:
    """What Ollama gives the model of `request`; `info`: what its list says; `needs_tokens`: of the prompt."""
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
    """What to set: the next power of two that leaves as much again for the answer."""
    wanted = _least(1 << (2 * needs_tokens - 1).bit_length(), most)
    return f"; set its context to {text_of.count(wanted)} under Settings" if wanted > needs_tokens else ""


def _least(tokens: int, most: int | None) -> int:
    return tokens if most is None else min(tokens, most)
