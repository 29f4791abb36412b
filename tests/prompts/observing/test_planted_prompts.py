"""A prompt and an answer are planted, said back in every way that can be driven, and never told to those who run it.

Log lines as JSON, spans and counts, over every provider of `tests/wire/dialects.py`.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from prompts.observing import spans
from prompts.observing.call import call_of
from prompts.observing.counts import Counts
from prompts.observing.logs import JsonLines
from providers.completion import Completion, Cost
from providers.errors import ProviderError, failure
from providers.interface import Delta, Done, Provider, Request, Settings
from providers.measuring.measure import complete
from providers.registry import open_provider
from tests.wire.dialects import DIALECTS, Dialect
from tests.wire.server import Reply, Script, WireServer

PROMPT = "Where does the planted heron sleep tonight"
ANSWER = "beside the planted reeds of the northern lake"
SETTINGS = Settings(system=PROMPT, stop=(PROMPT,))

every_wire = pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)


def unpriced(_: object) -> Cost:
    return Cost("unknown", reason=PROMPT)


def told(done: Completion, caplog: pytest.LogCaptureFixture) -> str:
    """Everything that leaves for those who run Collate."""
    call, counts = call_of(done, "c-1", SETTINGS), Counts()
    counts.tell(call)
    lines = [JsonLines().format(record) for record in caplog.records]
    return "\n".join([*lines, repr(call), str(spans.attributes(call)), counts.text()])


def leaks(text: str) -> list[str]:
    """Runs of three words of the planted texts that stand in `text`."""
    words = [each.split() for each in (PROMPT, ANSWER)]
    return [piece for each in words for at in range(len(each) - 2) if (piece := " ".join(each[at : at + 3])) in text]


def _answer(dialect: Dialect) -> Script:
    return dialect.playing(dialect.answer([ANSWER], ()))


def _broken_off(dialect: Dialect) -> Script:
    return dialect.playing([*dialect.answer([ANSWER], ())[: -dialect.proof], dialect.error_event(f"no {PROMPT}")])


def _page(dialect: Dialect) -> Script:
    async def script(reply: Reply) -> None:
        said = f"<html>{PROMPT} {ANSWER}</html>".encode()
        await reply.body(said, 500, {"x-request-id": PROMPT}, content_type="text/html")

    return script


def _garbled(dialect: Dialect) -> Script:
    async def script(reply: Reply) -> None:
        await reply.head(content_type=dialect.content_type)
        await reply.send(b"".join(dialect.answer([ANSWER], ())[:-2]))
        await reply.raw(f"not a chunk {PROMPT}\r\n".encode())

    return script


WAYS: dict[str, Callable[[Dialect], Script]] = {
    "an answer": _answer, "an error after text": _broken_off, "a page": _page, "a broken stream": _garbled,
}  # fmt: skip


@every_wire
@pytest.mark.parametrize("way", WAYS)
async def test_what_was_asked_and_answered_is_told_to_nobody(
    dialect: Dialect, way: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with WireServer() as server:
        server.routes[dialect.path] = WAYS[way](dialect)
        provider = open_provider(dialect.connect(server.url))
        request = replace(Request.ask(dialect.model, PROMPT), settings=Settings(system=PROMPT))
        done = await complete(provider, request, price=unpriced)
        await provider.aclose()
    assert leaks(repr(done)) != []
    assert leaks(told(done, caplog)) == []


@dataclass
class Raising:
    """A provider whose library raises; the rest is that of a real one."""

    provider: Provider
    raised: Exception

    def __getattr__(self, name: str) -> Any:
        return getattr(self.provider, name)

    async def stream(self, request: Request) -> AsyncGenerator[Delta | Done]:
        del request
        yield Delta("text", ANSWER)
        raise self.raised


RAISED = [
    ValueError(PROMPT), KeyError(PROMPT), OSError(5, PROMPT, PROMPT), RuntimeError({"content": PROMPT}),
    ExceptionGroup(PROMPT, [ValueError(ANSWER)]), ProviderError(failure("server", PROMPT)),
    UnicodeEncodeError("ascii", f"{PROMPT}é", 40, 41, PROMPT),
]  # fmt: skip


@pytest.mark.parametrize("raised", RAISED, ids=lambda raised: type(raised).__name__)
async def test_no_words_of_an_exception_are_told(raised: Exception, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    provider = open_provider(DIALECTS[0].connect("http://127.0.0.1:9"))
    raising: Any = Raising(provider, raised)
    done = await complete(raising, Request.ask(DIALECTS[0].model, PROMPT), price=unpriced)
    await provider.aclose()
    try:
        raise raised
    except Exception:
        logging.getLogger("collate").exception("a defect of Collate itself")
    assert done.error is not None
    assert leaks(told(done, caplog)) == []


def test_the_test_finds_a_leak() -> None:
    assert leaks(f"so {PROMPT}") != []
    assert leaks(f"so {ANSWER[4:]}") != []
