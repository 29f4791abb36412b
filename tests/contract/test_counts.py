"""Token counts are read wherever hosts put them, and as whatever kind of number they are written."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from providers.interface import Usage
from tests.contract.asking import ask, every_wire
from tests.wire import openai_chat as chat
from tests.wire.dialects import DIALECTS, HELLO, Dialect

chats = pytest.mark.parametrize(
    "dialect",
    [dialect for dialect in DIALECTS if dialect.path == "/chat/completions"],
    ids=lambda dialect: dialect.name,
)
COUNT = re.compile(rb'("\w*(?:[Tt]okens?(?:Count)?|eval_count)"):\s?(\d+)')
COUNTED = {"prompt_tokens": 1000, "completion_tokens": 3, "total_tokens": 1003}
ZEROS = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}


def last(**fields: Any) -> bytes:
    """The chunk that tells the end, with more in its choice."""
    return chat.chunk(chat.choice({}, "stop") | fields)


def at_the_end(usage: Mapping[str, object]) -> list[bytes]:
    return [last(), chat.chunk(usage=usage)]


@every_wire
async def test_a_count_with_a_point_and_nothing_behind_it_is_that_number(dialect: Dialect) -> None:
    events = dialect.answer(HELLO, ())
    done = await ask(dialect, dialect.playing([COUNT.sub(rb"\1:\2.0", event) for event in events]))
    plain = await ask(dialect, dialect.playing(events))
    assert (done.usage, done.flags) == (plain.usage, plain.flags)


READ = re.compile(
    rb'("(?:input_tokens|prompt_tokens|promptTokenCount|prompt_eval_count|cached_tokens|cache_\w+_tokens)"):\s?\d+'
)
WRITTEN = re.compile(
    rb'("(?:output_tokens|completion_tokens|candidatesTokenCount|thoughtsTokenCount|eval_count)"):\s?\d+'
)


@every_wire
async def test_no_prompt_is_read_as_nothing_and_no_text_written_as_nothing(dialect: Dialect) -> None:
    """Where a proxy does not count it says 0, and the answer would cost nothing."""
    events = dialect.answer(HELLO, ())
    plain = await ask(dialect, dialect.playing(events))
    assert plain.usage is not None
    unread = await ask(dialect, dialect.playing([READ.sub(rb"\1:0", event) for event in events]))
    unwritten = await ask(dialect, dialect.playing([WRITTEN.sub(rb"\1:0", event) for event in events]))
    for done, known in ((unread, plain.usage.output_tokens), (unwritten, plain.usage.input_tokens)):
        assert done.usage is not None
        assert sorted((done.usage.input_tokens, done.usage.output_tokens), key=bool) == [None, known]
        assert (done.state, done.text) == ("complete", plain.text)
    assert "usage_invalid" in unread.flags


PLACES: dict[str, Callable[[], list[bytes]]] = {
    "usage in the choice": lambda: [last(usage=COUNTED)],
    "usage in the choice and at the end": lambda: [last(usage=COUNTED), chat.chunk(usage=COUNTED)],
    "usage in the delta": lambda: [chat.chunk(chat.choice({"usage": COUNTED}, "stop"))],
    "usage in x_groq": lambda: [chat.chunk(chat.choice({}, "stop"), x_groq={"id": "req_1", "usage": COUNTED})],
    "usage with the reason": lambda: [chat.chunk(chat.choice({}, "stop"), usage=COUNTED)],
    "zeros at the end": lambda: [*at_the_end(COUNTED), chat.chunk(usage=ZEROS)],
    "zeros in the choice": lambda: [*at_the_end(COUNTED), chat.chunk(chat.choice({}) | {"usage": ZEROS})],
    "nulls at the end": lambda: [*at_the_end(COUNTED), chat.chunk(usage=dict.fromkeys(ZEROS))],
    "as the newer API names them": lambda: at_the_end({"input_tokens": 1000, "output_tokens": 3}),
}


@chats
@pytest.mark.parametrize("place", PLACES)
async def test_counts_are_found_where_hosts_put_them(dialect: Dialect, place: str) -> None:
    done = await ask(dialect, dialect.playing([chat.ROLE, *map(chat.text, HELLO), *PLACES[place](), chat.DONE]))
    assert (done.usage, done.state) == (Usage(1000, 3), "complete")
    assert "usage_missing" not in done.flags


CACHES: dict[str, Mapping[str, object]] = {
    "DeepSeek": {"prompt_cache_hit_tokens": 900, "prompt_cache_miss_tokens": 100},
    "Moonshot": {"cached_tokens": 900},
    "OpenAI": {"prompt_tokens_details": {"cached_tokens": 900}},
    "both": {"cached_tokens": 0, "prompt_tokens_details": {"cached_tokens": 900}},
}


@chats
@pytest.mark.parametrize("host", CACHES)
async def test_what_the_cache_gave_is_found_where_hosts_put_it(dialect: Dialect, host: str) -> None:
    usage = {**COUNTED, **CACHES[host]}
    for ending in (at_the_end(usage), [last(usage=usage)]):
        done = await ask(dialect, dialect.playing([chat.ROLE, *map(chat.text, HELLO), *ending, chat.DONE]))
        assert done.usage == Usage(1000, 3, 900)
        assert json.loads(json.dumps(done.raw_usage)) == usage
