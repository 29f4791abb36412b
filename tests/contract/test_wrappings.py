"""A piece of an answer is read in whatever it is wrapped: in base64, in an envelope, in an event that is not closed."""

import json
from base64 import b64encode
from codecs import BOM_UTF8
from collections.abc import Callable, Mapping

import pytest

from providers.interface import Usage
from tests.contract.asking import TEXT, ask, every_wire
from tests.contract.test_shapes import documents, framed
from tests.wire.dialects import DIALECTS, HELLO, Dialect


def packed(document: object) -> str:
    return b64encode(json.dumps(document).encode()).decode()


WRAPPINGS: Mapping[str, Callable[[object], object]] = {
    "base64": lambda piece: {"bytes": packed(piece), "p": "abcdefg"},
    "base64 in a chunk": lambda piece: {"chunk": {"bytes": packed(piece)}},
    "an envelope": lambda piece: {"data": piece, "event": "message"},
    "an envelope around a text": lambda piece: {"id": 1, "result": json.dumps(piece)},
}


@every_wire
@pytest.mark.parametrize("wrap", WRAPPINGS.values(), ids=WRAPPINGS)
async def test_pieces_in_a_wrapping_are_the_answer(dialect: Dialect, wrap: Callable[[object], object]) -> None:
    events = dialect.answer(HELLO, ())
    plain = await ask(dialect, dialect.playing(events))
    done = await ask(dialect, dialect.playing([framed(dialect, wrap(piece)) for piece in documents(events)]))
    assert (done.state, done.text, done.error) == ("complete", TEXT, None)
    assert (done.usage, done.stop_reason) == (plain.usage, plain.stop_reason)


@every_wire
async def test_a_piece_in_broken_base64_is_never_left_out(dialect: Dialect) -> None:
    pieces = [framed(dialect, {"bytes": packed(piece)}) for piece in documents(dialect.answer(HELLO, ()))]
    pieces[len(pieces) // 2] = framed(dialect, {"bytes": "not base64"})
    done = await ask(dialect, dialect.playing(pieces))
    assert done.error is not None
    assert done.error.kind == "protocol"


@every_wire
async def test_a_byte_order_mark_before_each_event_is_no_part_of_it(dialect: Dialect) -> None:
    done = await ask(dialect, dialect.playing([BOM_UTF8 + event for event in dialect.answer(HELLO, ())]))
    assert (done.state, done.text, done.error) == ("complete", TEXT, None)


@every_wire
async def test_a_last_event_that_nothing_closes_still_counts(dialect: Dialect) -> None:
    *events, last = (event for event in dialect.answer(HELLO, ()) if b"{" in event)
    done = await ask(dialect, dialect.playing([*events, last.rstrip()]))
    assert (done.state, done.text, done.error) == ("complete", TEXT, None)
    assert done.usage is not None
    assert done.usage.output_tokens is not None


NAMES = {
    "OpenAI": {"prompt_tokens": 100, "completion_tokens": 3, "prompt_tokens_details": {"cached_tokens": 90}},
    "Anthropic": {"input_tokens": 10, "output_tokens": 3, "cache_read_input_tokens": 90},
    "Google": {"promptTokenCount": 100, "candidatesTokenCount": 3, "cachedContentTokenCount": 90},
    "Google in snake case": {"prompt_token_count": 100, "candidates_token_count": 3, "cached_content_token_count": 90},
    "Amazon": {"inputTokens": 10, "outputTokens": 3, "cacheReadInputTokens": 90},
}  # fmt: skip
PLACES = {"usage", "usageMetadata"}
counting = [dialect for dialect in DIALECTS if dialect.name != "ollama"]


def recounted(piece: object, place: str, told: Mapping[str, object]) -> object:
    """A piece whose counts, wherever it has some, are `told` at `place`; nothing of its own is left."""
    if not isinstance(piece, dict):
        return piece
    inner = {name: recounted(value, place, told) for name, value in piece.items() if name not in PLACES}
    return inner | ({place: told} if any(piece.get(name) for name in PLACES) else {})


@pytest.mark.parametrize("place", ["usage", "usageMetadata", "usage_metadata"])
@pytest.mark.parametrize("told", NAMES.values(), ids=NAMES)
@pytest.mark.parametrize("dialect", counting, ids=lambda dialect: dialect.name)
async def test_counts_are_read_by_every_vendors_names(dialect: Dialect, told: Mapping[str, object], place: str) -> None:
    pieces = [recounted(piece, place, told) for piece in documents(dialect.answer(HELLO, ()))]
    done = await ask(dialect, dialect.playing([framed(dialect, piece) for piece in pieces]))
    assert done.state == "complete"
    assert done.usage == Usage(100, 3, 90)
