"""The built-in provider: the n-gram models of `ngram.py`, and model files if llama.cpp is installed.

A model file is asked through `embedded.py`. Owns the names of the n-grams, the settings they cannot take, and their
stream: nothing leaves this process, and nothing is slowed down to look like a larger model; each word is sent as soon
as it is drawn. System prompt and all messages are read and counted as one text; an n-gram remembers its last one to
three known words and continues from them.
"""

from __future__ import annotations

import asyncio
import math
import sys
from collections import deque
from collections.abc import AsyncGenerator, Iterable, Iterator, Mapping
from contextlib import aclosing
from random import Random
from typing import TYPE_CHECKING

from providers import errors
from providers.builtin import gguf, ngram
from providers.config.connections import Connection
from providers.interface import (
    CONTEXT_IS_FIXED,
    Adjustment,
    Condition,
    Delta,
    Done,
    ModelInfo,
    Request,
    Settings,
    Stop,
    Usage,
)
from providers.pictures import Drawn, Step

if TYPE_CHECKING:
    from providers.adapters.token_alternatives import NextWords
    from providers.builtin.embedded import Embedded

LABEL = "built-in n-gram, for trying the dashboard"
MODELS: Mapping[str, int] = {f"ngram-{order}": order for order in ngram.ORDERS}
"""Maps model names to their order."""
DEFAULT_TOKENS = 256
"""The maximum of tokens if none is set, as a model of three words may never end by itself."""
_READ_AT_ONCE = 500  # tokens of the prompt between two turns of the event loop: less than a millisecond
_TAIL = 64  # how many tokens at the end of the prompt are searched for known words


class Builtin:
    """Implements `Provider`; token counts of n-grams are those of `ngram.tokens`."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._files = _embedded(connection)
        self.name, self.endpoint, self.local = connection.name, connection.endpoint, True
        self.deadlines, self.thinking_tags = connection.deadlines, False

    def versions(self) -> Mapping[str, str]:
        """The version of Python, which supplies the text that the n-grams learn from,
        and of llama.cpp if it is used."""
        used = gguf.version_in_use() if self._files else dict[str, str]()
        return {"python": "{}.{}.{}".format(*sys.version_info), **used}

    def adjustments(self, request: Request) -> tuple[Adjustment, ...]:
        """See `Provider.adjustments`."""
        if embedded := self._files.get(request.model):
            return embedded.adjustments(request)
        return tuple(_adjustments(request))

    async def warm(self) -> None:
        """Read the training text; a model itself is trained when `prepare` names it."""
        await asyncio.to_thread(ngram.paragraphs)

    async def prepare(self, request: Request) -> tuple[Condition, ...]:
        """Load or train the model before anything is timed.

        Raises `not_found`, or `bad_request` for an impossible setting.
        """
        if embedded := self._files.get(request.model):
            return await embedded.prepare(request)
        order = _order(request.model)
        _check(request.settings)
        await asyncio.to_thread(ngram.trained, order)
        return ()

    async def learn(self, request: Request, done: Done) -> Done:
        """See `Provider.learn`. These models report everything in the answer."""
        return done

    async def stream(self, request: Request) -> AsyncGenerator[Delta | Drawn | Step | Done]:
        """See `Provider.stream`. An n-gram yields to the event loop after every word."""
        if embedded := self._files.get(request.model):
            async with aclosing(embedded.stream(request)) as items:
                async for item in items:
                    yield item
            return
        model, settings = ngram.trained(_order(request.model)), request.settings
        tail, read = deque[str](maxlen=_TAIL), 0
        for token in _prompt_tokens(request):
            tail.append(token)
            read += 1
            if read % _READ_AT_ONCE == 0:
                await asyncio.sleep(0)
        history, chance, held = model.history(tail), Random(settings.seed), ngram.Held(settings.stop)
        generated, before, stop_reason = 0, None, "length"
        while generated < (settings.max_output_tokens or DEFAULT_TOKENS):
            shares = _next_shares(model, history, settings, first=generated == 0)
            word = chance.choices(range(len(shares)), shares)[0]
            token = model.words[word]
            if token == ngram.END:
                stop_reason = "end"
                break
            history.append(word)
            generated += 1
            if text := held.add(ngram.written(token, before)):
                yield Delta("text", text)
            if held.stopped:
                stop_reason = "stop"
                break
            before = token
            await asyncio.sleep(0)
        if text := held.rest():
            yield Delta("text", text)
        yield _done(request.model, stop_reason, read, generated)

    async def models(self) -> tuple[ModelInfo, ...]:
        """All models; no network is needed."""
        ngrams = (ModelInfo(name, f"{LABEL} ({order - 1}-word memory)") for name, order in MODELS.items())
        return (*gguf.infos({name: each.process.path for name, each in self._files.items()}), *ngrams)

    async def next_words(self, request: Request, k: int) -> NextWords:
        """See `token_alternatives.Teller`, for model files; n-grams are asked by `next_words` below."""
        if embedded := self._files.get(request.model):
            return await embedded.next_words(request, k)
        raise errors.error("not_found", f"{request.model} is not a model file")

    async def aclose(self) -> None:
        """End the processes of model files."""
        for embedded in self._files.values():
            await embedded.aclose()


def _embedded(connection: Connection) -> dict[str, Embedded]:
    files = gguf.files(connection.model_files)
    if not files:
        return {}
    from providers.builtin.embedded import Embedded  # imports an adapter, which n-grams do not need

    return {name: Embedded(connection, name, path) for name, path in files.items()}


def next_words(
    model: str, prompt: str, k: int, settings: Settings = Settings(), *, answer: str = ""
) -> tuple[ngram.NextWord, ...]:
    """The `k` words that `model` finds most probable after `prompt` and the `answer` so far; may include `ngram.END`.

    These are the probabilities that `Builtin.stream` samples from. Trains the model if needed; raises `not_found` and
    `bad_request` as `Builtin.prepare` does.
    """
    order = _order(model)
    _check(settings)
    trained = ngram.trained(order)
    history = trained.history(deque(ngram.tokens(prompt), _TAIL), ngram.tokens(answer))
    return trained.likeliest(_next_shares(trained, history, settings, first=not answer), k)


def _next_shares(model: ngram.NGram, history: Iterable[int], settings: Settings, *, first: bool) -> list[float]:
    return model.next_shares(history, temperature=settings.temperature, top_p=settings.top_p, first=first)


def _order(model: str) -> int:
    if model not in MODELS:
        known = ", ".join((*gguf.files(), *MODELS))
        hint = "" if gguf.available() else "; model files need llama.cpp, the extra 'embedded'"
        raise errors.error("not_found", f"there is no built-in model {model!r}; there are {known}{hint}")
    return MODELS[model]


def _check(settings: Settings) -> None:
    temperature, top_p, limit = settings.temperature, settings.top_p, settings.max_output_tokens
    if temperature is not None and not (math.isfinite(temperature) and temperature >= 0):
        raise _refused("temperature", "must be 0 or more")
    if top_p is not None and not 0 <= top_p <= 1:
        raise _refused("top_p", "must be between 0 and 1")
    if limit is not None and limit < 1:
        raise _refused("max_output_tokens", "must be 1 or more")
    if "" in settings.stop:
        raise _refused("stop", "must not be empty text")


def _refused(parameter: str, rule: str) -> errors.ProviderError:
    return errors.ProviderError(errors.failure("bad_request", f"{parameter} {rule}", parameter=parameter))


def _adjustments(request: Request) -> Iterator[Adjustment]:
    settings = request.settings
    if settings.effort not in (None, "none"):
        yield Adjustment("effort", "n-gram models do not think")
    if settings.num_ctx is not None:
        yield Adjustment("num_ctx", CONTEXT_IS_FIXED)
    if any(message.attachments for message in request.messages):
        yield Adjustment("attachments", "n-gram models read text only")


def _prompt_tokens(request: Request) -> Iterator[str]:
    for text in (request.settings.system or "", *(message.text for message in request.messages)):
        yield from ngram.tokens(text)


def _done(model: str, stop_reason: str, read: int, generated: int) -> Done:
    stop: Stop = "length" if stop_reason == "length" else "stop"
    return Done(
        stop, stop_reason, Usage(read, generated, reasoning_tokens=0),
        raw_usage={"input_tokens": read, "output_tokens": generated}, response_model=model,
    )  # fmt: skip
