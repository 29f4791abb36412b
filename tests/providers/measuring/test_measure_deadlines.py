"""An answer ends by a budget, by a limit of time, or by being stopped; what arrived is kept."""

import asyncio

import pytest

from providers.config.deadlines import Deadlines
from providers.interface import Delta, Moved, Sign
from providers.measuring.measure import complete
from providers.registry import open_provider
from tests.patience import PATIENCE_S
from tests.providers.measuring.scripted import (
    ASK,
    CHAT,
    END,
    Scripted,
    Wait,
    ask,
    free,
    text,
    thought,
)
from tests.stepped import SteppedClock
from tests.wire.server import WireServer
from tests.wire.slowly import Part, Slowly

pytestmark = pytest.mark.usefixtures("still", "nobody_called_before")


# Budgets and deadlines ------------------------------------------------------------------------------------------------


async def test_text_beyond_its_budget_is_stopped_and_kept() -> None:
    limits = Deadlines(text_bytes=10)
    whole = await ask(Scripted(text("é" * 5), END), deadlines=limits)
    over = await ask(Scripted(text("é" * 5), text("x"), END), deadlines=limits)
    thinking = await ask(Scripted(thought("x" * 11), END), deadlines=limits)
    assert whole.state == "complete"
    for done in (over, thinking):
        assert done.error is not None
        assert (done.state, done.error.kind, done.error.retry) == ("failed", "too_long", "no")
    assert over.text == "ééééé"  # to the byte: one enormous piece must not be kept whole


async def test_a_piece_beyond_its_budget_is_kept_as_far_as_there_is_room_to_a_whole_character() -> None:
    deltas: list[Delta | Moved] = []
    done = await ask(Scripted(text("ab" + "é" * 9000), END), deadlines=Deadlines(text_bytes=7), on_delta=deltas.append)
    assert (done.state, done.text) == ("failed", "abéé")
    assert deltas == [Delta("text", "abéé")]


async def test_too_many_pieces_are_stopped() -> None:
    done = await ask(Scripted(*map(text, "abcd"), END), deadlines=Deadlines(deltas=3))
    assert done.error is not None
    assert (done.error.kind, done.text) == ("too_long", "abcd")


EVENTS = CHAT.answer(["Hel", "lo"], ())
PROOF = b"".join(EVENTS[-CHAT.proof :])
PING = b": ping\n\n"


def seconds_apart(pieces: list[bytes] | None) -> list[Part] | None:
    """Each piece a second after the one before; the headers with the first."""
    return None if pieces is None else [Part(1, piece) for piece in pieces]


LATE = [
    (None, {"first_byte_s": 3}, 3, "unknown", "no answer began within 3 s"),
    (None, {"call_s": 3}, 3, "unknown", "not finished within 3 s"),
    ([], {"no_content_s": 3}, 3, "unknown", "no text for 3 s"),
    ([], {"silence_s": 3}, 3, "unknown", "no sign of life for 3 s"),
    ([PING, PING], {"silence_s": 3}, 5, "incomplete", "no sign of life for 3 s"),
    (EVENTS[:2], {"silence_s": 3}, 5, "incomplete", "no sign of life for 3 s"),
    ([*EVENTS[:2], PING, PING], {"silence_s": 3, "no_content_s": 4}, 6, "incomplete", "no text for 4 s"),
    ([PING, PING], {"no_content_s": 3}, 4, "incomplete", "no text for 3 s"),
    (EVENTS[:2], {"no_content_s": 3}, 5, "incomplete", "no text for 3 s"),
    ([*EVENTS[:2], PING, PING], {"no_content_s": 3}, 5, "incomplete", "no text for 3 s"),
    ([EVENTS[0], *[EVENTS[1]] * 5], {"no_content_s": 3, "call_s": 8}, 8, "incomplete", "not finished within 8 s"),
]


@pytest.mark.parametrize(
    ("pieces", "limits", "due", "state", "words"), LATE,
    ids=["nothing", "nothing at all", "only headers", "silent headers", "pings, then silence", "text, then silence",
         "pings are no text", "only pings", "stalls", "pings after text", "drips"],
)  # fmt: skip
async def test_patience_ends_by_our_own_clock(
    pieces, limits, due: int, state: str, words: str, still, exchanges
) -> None:
    slowly = Slowly(seconds_apart(pieces), CHAT.content_type, ends=False)
    with WireServer(slowly.play) as server:
        provider = open_provider(CHAT.connect(server.url))
        asked = asyncio.create_task(complete(provider, ASK, price=free, clock=still, deadlines=Deadlines(**limits)))
        await slowly.be_heard(asked, still, exchanges)
        still.move(due - len(pieces or ()) - 0.25)
        await still.idle()
        assert not asked.done()
        still.move(0.25)
        done = await asked
        assert await asyncio.to_thread(server.requests[0].disconnected.wait, PATIENCE_S)
        await provider.aclose()
    assert done.error is not None
    assert (done.state, done.error.kind, done.error.retry) == (state, "timeout", "ask")
    assert (done.error.message, done.timings.duration_s) == (words, due)
    assert done.text == "".join("Hel" for piece in pieces or () if piece == EVENTS[1])
    assert server.requests[0].client_left


@pytest.mark.parametrize(
    ("pieces", "limits", "text"),
    [
        ([*[PING] * 10, *EVENTS[: -CHAT.proof], PROOF], {"no_content_s": 13}, "Hello"),
        ([EVENTS[0], *[EVENTS[1]] * 16, PROOF], {"first_byte_s": 1.5, "no_content_s": 3}, "Hel" * 16),
    ],
    ids=["pings and then an answer", "slow text"],
)
async def test_what_is_slow_but_goes_on_is_an_answer(pieces, limits, text: str, still, exchanges) -> None:
    slowly = Slowly(seconds_apart(pieces), CHAT.content_type)
    with WireServer(slowly.play) as server:
        provider = open_provider(CHAT.connect(server.url))
        asked = asyncio.create_task(complete(provider, ASK, price=free, clock=still, deadlines=Deadlines(**limits)))
        await slowly.be_heard(asked, still, exchanges)
        done = await asked
        await provider.aclose()
    assert (done.state, done.text) == ("complete", text)


async def test_pings_are_told_as_signs_of_life_and_text_is_none(still, exchanges) -> None:
    signs: list[Sign] = []
    pieces = [b": OPENROUTER PROCESSING\n\n", PING, *EVENTS[: -CHAT.proof], PROOF]
    slowly = Slowly(seconds_apart(pieces), CHAT.content_type)
    with WireServer(slowly.play) as server:
        provider = open_provider(CHAT.connect(server.url))
        asked = asyncio.create_task(complete(provider, ASK, price=free, clock=still, on_sign=signs.append))
        await slowly.be_heard(asked, still, exchanges)
        done = await asked
        await provider.aclose()
    assert (done.state, done.text) == ("complete", "Hello")
    assert (signs[0].count, signs[0].words) == (1, "OPENROUTER PROCESSING")
    assert [sign.count for sign in signs] == sorted({sign.count for sign in signs})


async def test_what_a_row_sets_wins_over_what_is_set_for_all(still: SteppedClock) -> None:
    class Slow(Scripted):
        deadlines = Deadlines(first_byte_s=2)

    for limits, due in ((Deadlines(), 2), (Deadlines(first_byte_s=1), 2)):
        waiting = asyncio.Event()
        asked = asyncio.create_task(ask(Slow(waiting.set, Wait), clock=still, deadlines=limits))
        await waiting.wait()
        still.move(due)
        done = await asked
        assert done.error is not None
        assert done.error.message == f"no answer began within {due} s"


async def test_preparation_has_an_end_too(still: SteppedClock) -> None:
    waiting = asyncio.Event()

    async def prepare() -> None:
        waiting.set()
        await asyncio.Event().wait()

    asked = asyncio.create_task(ask(Scripted(prepare=prepare), deadlines=Deadlines(call_s=1)))
    await waiting.wait()
    still.move(1)
    done = await asked
    assert done.error is not None
    assert (done.state, done.error.kind) == ("failed", "timeout")
    assert done.error.message == "not ready within 1 s"


async def test_a_time_out_of_the_providers_own_is_told_in_its_words() -> None:
    done = await ask(Scripted(text("a"), TimeoutError("the read timed out")))
    assert done.error is not None
    assert (done.state, done.error.kind, done.error.message) == ("incomplete", "timeout", "the read timed out")


# Stopping -------------------------------------------------------------------------------------------------------------


async def test_cancelling_gives_what_has_arrived() -> None:
    begun = asyncio.Event()
    provider = Scripted(0.5, text("so far\ud83c"), Wait)
    task = asyncio.create_task(ask(provider, on_delta=lambda _: begun.set()))
    await begun.wait()
    task.cancel()
    done = await task
    assert (done.state, done.text, done.error) == ("cancelled", "so far\ufffd", None)
    assert (done.timings.time_to_first_token_s, done.timings.duration_s) == (0.5, 0.5)
    assert done.conditions == ("first_call", "cancelled")
    assert provider.closed
    assert not task.cancelled()


async def test_cancelling_during_preparation_sends_nothing() -> None:
    waiting = asyncio.Event()

    async def prepare() -> None:
        waiting.set()
        await asyncio.Event().wait()

    provider = Scripted(text("a"), END, prepare=prepare)
    task = asyncio.create_task(ask(provider))
    await waiting.wait()
    task.cancel()
    done = await task
    assert (done.state, done.text, provider.asked) == ("cancelled", "", 0)


async def test_the_task_goes_on_after_it_was_cancelled() -> None:
    begun = asyncio.Event()

    async def twice() -> list[str]:
        first = await ask(Scripted(text("a"), Wait), on_delta=lambda _: begun.set())
        second = await ask(Scripted(text("b"), END))
        return [first.state, second.state]

    task = asyncio.create_task(twice())
    await begun.wait()
    task.cancel()
    assert await task == ["cancelled", "complete"]
