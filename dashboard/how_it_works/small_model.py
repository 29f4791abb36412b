"""A real language model on this computer, asked for its next tokens and for continuations with a seed.

Owns how the reader's text is turned into a request, and remembers results, so that nothing is asked twice in a
session. Nothing of this is recorded, since nothing leaves this computer and nothing is paid for.
"""

from __future__ import annotations

import secrets
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import streamlit as st

from dashboard import state
from dashboard.engine import Engine
from prompts.asking.runner import Connections
from prompts.core.targets import Target
from prompts.record.recorder import RecordError
from providers.adapters.token_alternatives import MOST, NotExposed, Told
from providers.builtin import builtin, gguf
from providers.completion import Completion
from providers.config.connections import Connection
from providers.errors import Failure, failure
from providers.interface import Message, Request, Settings

T = TypeVar("T")

WORDS = 16
"""The most tokens of a continuation."""
_ENDS = (".", "?", "!", ":")
_REMEMBERED = 200  # results per session


@dataclass(frozen=True, slots=True)
class Small:
    """One model file, and how to ask it."""

    core: Engine
    connection: Connection
    target: Target

    def following(self, prompt: str, words: Sequence[str]) -> Told | NotExposed | Failure:
        """The tokens that may follow the text and those added to it; an empty token stands for the end of the text."""
        request, known = asked(self.target.model, prompt, "".join(words)), _known()
        if request not in known:
            told = self._call(self.core.reach.next_words(self.connection, request, MOST))
            if not isinstance(told, Told):
                return told
            known[request] = told
        return known[request]

    def drawn(self, prompt: str, words: Sequence[str]) -> str | Failure:
        """One next token, drawn by the model itself; empty if it ends the text."""
        settings = Settings(seed=secrets.randbelow(2**31), temperature=1.0, max_output_tokens=1)
        return self._write(asked(self.target.model, prompt, "".join(words), settings))

    def continuation(self, prompt: str, *, seed: int, temperature: float) -> str | Failure:
        """A continuation of at most `WORDS` tokens; the same each time for the same seed and temperature."""
        settings = Settings(seed=seed, temperature=temperature, max_output_tokens=WORDS)
        request, known = asked(self.target.model, prompt, "", settings), _known()
        if request not in known:
            text = self._write(request)
            if not isinstance(text, str):
                return text
            known[request] = " ".join(text.split())
        return known[request]

    def _write(self, request: Request) -> str | Failure:
        done = self._call(self.core.reach.off_record(self.connection, request))
        return done.error or done.text if isinstance(done, Completion) else done

    def _call(self, question: Coroutine[Any, Any, T]) -> T | Failure:
        try:
            return self.core.call(question)
        except RecordError as exc:  # the asking process cannot be reached
            return failure("local_unavailable", str(exc))


def _known() -> dict[Request, Any]:
    """This session's results by request, without failures; the oldest are dropped."""
    known: dict[Request, Any] = st.session_state.setdefault(state.HOW_KNOWN, {})
    while len(known) > _REMEMBERED:
        del known[next(iter(known))]
    return known


def small(core: Engine, connections: Connections, target: Target) -> Small | None:
    """The model to ask if `target` is a model file on this computer; otherwise `None`."""
    connection = connections[target.provider]
    if connection.kind != "builtin" or target.model in builtin.MODELS:
        return None
    return Small(core, connection, target)


def installed() -> bool:
    """Whether the language model that is installed with pip is there."""
    return gguf.SHIPPED in gguf.files()


def is_question(prompt: str) -> bool:
    """Whether the text is complete, and so is to be answered; otherwise the model continues it."""
    return prompt.rstrip().endswith(_ENDS)


def asked(model: str, prompt: str, added: str, settings: Settings = Settings()) -> Request:
    """The request whose answer continues the text: llama.cpp goes on with the last message of the assistant."""
    if not is_question(prompt):
        return Request(model, (Message("assistant", prompt.rstrip() + added),), settings)
    said = (Message("assistant", added),) if added else ()
    return Request(model, (Message("user", prompt), *said), settings)
