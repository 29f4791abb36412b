"""Detects whether the server read the whole prompt: Ollama silently drops the beginning of one that is too long.

Works from token counts alone, with bounds that hold for every tokenizer in use, so that a prompt of spaces or Chinese
raises no false alarm: the one of `least_tokens.py`, and that no token is shorter than a byte.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable

from providers.interface import Message, Request, Usage
from providers.measuring.least_tokens import tokens_at_least

SLACK = 0.9
"""A count below this fraction of the minimum for the prompt means that the prompt was cut."""
_FRAME = 60
"""The most tokens that a template adds around a message."""
_REMEMBERED = 256


class PromptCuts:
    """Judges the answers of one server, and remembers the token counts of earlier conversations."""

    def __init__(self) -> None:
        self._read: OrderedDict[int, int] = OrderedDict()

    def judge(self, request: Request, usage: Usage | None, context_tokens: int | None) -> bool:
        """Whether part of the prompt was cut off, before or while answering.

        `context_tokens`: `None` if not reported.
        """
        read = usage.input_tokens if usage else None
        if usage is None or read is None:
            return False
        before = self._read.get(_key(request, request.messages[:-2]))
        self._remember(_key(request, request.messages), read)
        if context_tokens is not None:
            wrote = usage.output_tokens or 0
            pictures = any(message.attachments for message in request.messages)
            if not pictures and most_tokens(request) + wrote <= context_tokens:
                return False
            if read >= context_tokens or read + wrote > context_tokens:
                return True
        grown = (before or 0) + sum(map(tokens_at_least, (message.text for message in request.messages[-2:])))
        return read < SLACK * max(least_tokens(request), grown if before is not None else 0)

    def _remember(self, conversation: int, read: int) -> None:
        self._read[conversation] = read
        self._read.move_to_end(conversation)
        if len(self._read) > _REMEMBERED:
            self._read.popitem(last=False)


def least_tokens(request: Request) -> int:
    """The minimum number of tokens for the request's text, whatever the tokenizer."""
    return sum(map(tokens_at_least, _texts(request)))


def most_tokens(request: Request) -> int:
    """The maximum number of tokens, template included, without pictures."""
    return sum(len(text.encode("utf-8", "replace")) + _FRAME for text in _texts(request))


def _texts(request: Request) -> Iterable[str]:
    return (request.settings.system or "", *(message.text for message in request.messages))


def _key(request: Request, messages: tuple[Message, ...]) -> int:
    return hash((request.model, request.settings.system, messages))
