"""One stream into one completion: the moment of each mark, the deadlines, and the boundary nothing passes."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from providers import errors
from providers.catalogue.pricing import Bill
from providers.completion import Completion, Cost, Timings
from providers.config.deadlines import Deadlines
from providers.interface import Adjustment, Condition, Delta, Done, Moved, Request, Sign, Usage
from providers.measuring import measure
from providers.measuring.loop_lag import LATE_S
from providers.measuring.measure import complete
from providers.network.exchange import exchange
from providers.registry import open_provider
from tests.patience import PATIENCE_S
from tests.stepped import SteppedClock
from tests.wire.dialects import DIALECTS
from tests.wire.server import WireServer
from tests.wire.slowly import Part, Slowly

ASK = Request.ask("model", "Say hello.")
USAGE = Usage(10, 9)
END = Done("stop", "end", USAGE, {"total": 19}, "model", "r-1")
CHAT = DIALECTS[1]


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 512.0

    def __call__(self) -> float:
        return self.now


class Wait:
    """A step that never ends by itself."""


class Scripted:
    """A provider that plays steps: a number moves the clock, an exception is raised, the rest is yielded."""

    name, endpoint, local = "scripted", "http://scripted", False
    thinking_tags, deadlines = True, Deadlines(first_byte_s=60)

    def __init__(self, *steps: Any, clock: Clock | None = None, **instead: Callable[..., Any]) -> None:
        self.steps, self.clock, self.instead = steps, clock or Clock(), instead
        self.asked, self.closed = 0, False

    def versions(self) -> Mapping[str, str]:
        return self.instead["versions"]() if "versions" in self.instead else {"scripted": "1"}

    def adjustments(self, request: Request) -> tuple[Adjustment, ...]:
        return self.instead["adjustments"](request) if "adjustments" in self.instead else ()

    async def prepare(self, request: Request) -> tuple[Condition, ...]:
        self.clock.now += 8.0  # whatever this takes is on no clock
        return await self.instead["prepare"]() if "prepare" in self.instead else ()

    async def learn(self, request: Request, done: Done) -> Done:
        self.clock.now += 8.0  # likewise
        return await self.instead["learn"](done) if "learn" in self.instead else done

    async def stream(self, _: Request) -> AsyncGenerator[Delta | Done]:
        self.asked += 1
        try:
            for step in self.steps:
                if isinstance(step, float):
                    self.clock.now += step
                elif isinstance(step, BaseException):
                    raise step
                elif step is Wait:
                    await asyncio.Event().wait()
                elif callable(step):
                    step()
                else:
                    yield step
        finally:
            self.closed = True


def text(piece: str) -> Delta:
    return Delta("text", piece)


def thought(piece: str) -> Delta:
    return Delta("thinking", piece)


def evenly(pieces: int) -> list[float | Delta]:
    """So many pieces of two characters, each a quarter of a second after the one before."""
    return [step for _ in range(pieces) for step in (0.25, text("ab"))]


async def ask(provider: Any, **options: Any) -> Completion:
    clock = getattr(provider, "clock", None)
    return await complete(provider, ASK, **{"price": free, "clock": clock or measure.monotonic, **options})


def free(_: Bill) -> Cost:
    return Cost("amount", Decimal(0))


@pytest.fixture(autouse=True)
def nobody_called_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measure, "_called", set())


@pytest.fixture(autouse=True)
def still(clock: SteppedClock) -> SteppedClock:
    """The time of the loop: no machine is so slow that a deadline passes, or that the loop seems to have paused."""
    return clock


# Times ---------------------------------------------------------------------------------------------------------------


async def test_every_time_is_exact_and_preparation_has_its_own() -> None:
    provider = Scripted(0.5, *evenly(17), 0.5, Done("stop", usage=Usage(10, 34)))
    done = await ask(provider)
    assert done.timings == Timings(
        time_to_first_chunk_s=0.75, time_to_first_token_s=0.75, duration_s=5.25,
        output_tokens_per_s=32 / 4.0, output_characters_per_s=32 / 4.0,
        time_to_last_token_s=4.75, prepare_s=8.0,
    )  # fmt: skip
    assert (done.state, done.text, done.thinking) == ("complete", "ab" * 17, "")
    assert done.attempts[0].duration_s == 5.25


async def test_thinking_comes_before_the_first_token_and_outside_of_its_rate() -> None:
    end = Done("stop", usage=Usage(10, 45, reasoning_tokens=11))
    done = await ask(Scripted(0.25, thought("hm"), 0.5, *evenly(17), end))
    assert (done.timings.time_to_first_chunk_s, done.timings.time_to_first_token_s) == (0.25, 1.0)
    assert done.timings.output_tokens_per_s == 32 / 4.0
    assert (done.text, done.thinking, done.flags) == ("ab" * 17, "hm", ())


async def test_a_rate_that_includes_thinking_says_so() -> None:
    done = await ask(Scripted(0.25, thought("hm"), *evenly(16), Done("stop", usage=Usage(10, 34))))
    assert done.timings.output_tokens_per_s == 32 / 4.0
    assert done.flags == ("rate_includes_thinking",)


async def test_the_first_token_is_the_first_character_that_can_be_seen() -> None:
    blank = [0.25, text("\n\n"), 0.25, text(" \ufeff\u200b"), 0.25, text("\x1b")]
    done = await ask(Scripted(*blank, 0.5, text("\nHello"), 0.5, text(" "), END))
    assert (done.timings.time_to_first_chunk_s, done.timings.time_to_first_token_s) == (0.25, 1.25)
    assert done.timings.time_to_last_token_s == 1.75
    nothing = await ask(Scripted(*blank, END))
    assert (nothing.timings.time_to_first_chunk_s, nothing.timings.time_to_first_token_s) == (0.25, None)


async def test_empty_deltas_are_nothing() -> None:
    shown: list[Delta] = []
    provider = Scripted(0.25, text(""), thought(""), 0.25, text("a"), 0.5, text("b"), 0.5, text(""), END)
    done = await ask(provider, on_delta=shown.append)
    assert done.timings.time_to_first_chunk_s == 0.5
    assert done.timings.time_to_last_token_s == 1.0
    assert shown == [text("a"), text("b")]


async def test_the_duration_includes_the_end_of_the_stream_after_its_last_event() -> None:
    done = await ask(Scripted(0.5, text("a"), END, 0.25))
    assert done.timings.duration_s == 0.75


async def test_what_breaks_after_the_end_spoils_neither_answer_nor_time() -> None:
    done = await ask(Scripted(0.5, text("a"), END, 4.0, RuntimeError("late")))
    assert (done.state, done.error, done.timings.duration_s) == ("complete", None, 0.5)


async def test_what_lingers_after_the_end_spoils_neither_answer_nor_time(still: SteppedClock) -> None:
    lingering = asyncio.Event()
    asked = asyncio.create_task(ask(Scripted(0.5, text("a"), END, 4.0, lingering.set, Wait)))
    await lingering.wait()
    still.move(measure._DRAIN_S)
    done = await asked
    assert (done.state, done.error, done.timings.duration_s) == ("complete", None, 0.5)


async def test_a_rate_goes_by_the_reads_of_the_network_and_not_by_when_we_came_to_look() -> None:
    def read(after: float) -> Callable[[], None]:
        def mark() -> None:
            seen = exchange.get()
            assert seen is not None
            seen.read_at, seen.waited_s = seen.clock(), seen.waited_s + after

        return mark

    pieces = [step for _ in range(16) for step in (0.25, text("ab"))]
    end = Done("stop", usage=Usage(10, 34))
    together = await ask(Scripted(0.25, text("ab"), read(0.0), *pieces, end))
    apart = await ask(
        Scripted(read(0.25), text("ab"), *(s for n in range(16) for s in (0.25, read(0.25), text("ab"))), end)
    )
    assert (together.timings.output_tokens_per_s, together.timings.output_characters_per_s) == (None, None)
    assert (apart.timings.output_tokens_per_s, apart.timings.output_characters_per_s) == (8.0, 8.0)


async def test_network_marks_count_from_the_same_start() -> None:
    def mark() -> None:
        seen = exchange.get()
        assert seen is not None
        seen.connected_at, seen.sent_at, seen.headers_at = (seen.clock() + after for after in (0.125, 0.25, 0.375))

    done = await ask(Scripted(mark, 0.5, text("a"), END))
    assert (done.timings.connected_s, done.timings.sent_s, done.timings.headers_s) == (0.125, 0.25, 0.375)


async def test_what_never_happened_has_no_time() -> None:
    done = await ask(Scripted(0.5, errors.error("server", "broken")))
    assert done.timings == Timings(duration_s=0.5, prepare_s=8.0)

    async def fail() -> None:
        raise errors.error("missing_key", "no key")

    done = await ask(Scripted(prepare=fail))
    assert done.timings == Timings(prepare_s=8.0)
    assert done.attempts[0].duration_s is None


# What arrives --------------------------------------------------------------------------------------------------------


async def test_what_the_end_says_is_kept() -> None:
    done = await ask(Scripted(text("a"), END))
    assert (done.usage, done.raw_usage, done.stop_reason) == (USAGE, {"total": 19}, "end")
    assert (done.response_model, done.response_id) == ("model", "r-1")
    assert (done.provider, done.model, done.endpoint) == ("scripted", "model", "http://scripted")
    assert done.versions["scripted"] == "1"


async def test_halves_of_characters_are_joined_and_what_is_left_is_repaired() -> None:
    shown: list[str] = []
    provider = Scripted(text("a\ud83c"), text("\udf0d"), text("b\ud83c"), END)
    done = await ask(provider, on_delta=lambda delta: shown.append(delta.text))
    assert done.text == "".join(shown) == "a🌍b\ufffd"
    assert done.flags == ("repaired",)


@pytest.mark.parametrize(
    ("stop", "piece", "state"),
    [
        ("stop", "a", "complete"), ("stop", " \n", "empty"), ("stop", "", "empty"), ("other", "a", "complete"),
        ("length", "", "cut"), ("length", "a", "cut"), ("filter", "", "filtered"), ("refusal", "a", "refused"),
    ],
)  # fmt: skip
async def test_a_proved_end_has_its_state(stop, piece: str, state: str) -> None:
    done = await ask(Scripted(text(piece), Done(stop, usage=USAGE)))
    assert (done.state, done.error) == (state, None)


async def test_an_end_without_proof_is_incomplete_and_keeps_the_text() -> None:
    done = await ask(Scripted(text("so far")))
    assert done.error is not None
    assert (done.state, done.text, done.error.kind, done.error.retry) == ("incomplete", "so far", "connection", "ask")


async def test_nothing_after_the_first_end_counts() -> None:
    done = await ask(Scripted(text("a"), END, text("b"), Done("length")))
    assert (done.state, done.text) == ("complete", "a")


# The boundary --------------------------------------------------------------------------------------------------------


ANY = [
    RuntimeError("broken"), ValueError(), KeyError("x"), RecursionError(), MemoryError(), AssertionError(),
    OSError(5, "io"), UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"), ExceptionGroup("all", [ValueError("one")]),
    StopAsyncIteration(), NotImplementedError(), TimeoutError(), ConnectionResetError("gone"),
]  # fmt: skip


@pytest.mark.parametrize("exc", ANY, ids=[type(exc).__name__ for exc in ANY])
async def test_whatever_a_provider_raises_becomes_a_completion(exc: Exception) -> None:
    async def prepare() -> None:
        raise exc

    for provider, kept in (
        (Scripted(prepare=prepare), ""),
        (Scripted(exc), ""),
        (Scripted(text("so far"), exc), "so far"),
    ):
        done = await ask(provider)
        assert done.error is not None
        assert done.error.message
        assert done.state in ("failed", "incomplete")
        assert done.text == kept


def raising(*_: object) -> Any:
    raise RuntimeError("broken")


@pytest.mark.parametrize("part", ["versions", "adjustments"])
async def test_a_provider_that_cannot_even_describe_itself_still_gives_a_completion(part: str) -> None:
    done = await ask(Scripted(text("a"), END, **{part: raising}))
    assert done.text in ("", "a")
    assert done.attempts


async def test_a_stream_that_is_none_is_a_failure() -> None:
    class Wrong(Scripted):
        def stream(self, _: Request) -> Any:
            return None

    done = await ask(Wrong())
    assert (done.state, done.error and done.error.kind) == ("failed", "protocol")


@pytest.mark.parametrize("item", ["text", None, 5, b"bytes", {"text": "a"}])
async def test_what_is_no_delta_is_a_failure(item: object) -> None:
    done = await ask(Scripted(text("so far"), item, END))
    assert done.error is not None
    assert (done.state, done.text) == ("failed", "so far")


async def test_a_reader_that_breaks_does_not_break_the_measurement() -> None:
    done = await ask(Scripted(text("a"), text("b"), END), on_delta=raising)
    assert done.state == "failed"
    assert done.text


async def test_a_price_that_cannot_be_computed_loses_nothing(caplog: pytest.LogCaptureFixture) -> None:
    done = await ask(Scripted(text("a"), END), price=raising)
    assert (done.state, done.text, done.usage) == ("complete", "a", USAGE)
    assert (done.cost.kind, done.cost.amount) == ("unknown", None)
    assert "RuntimeError" in (done.cost.reason or "")
    assert "no price" in caplog.text


async def test_a_failed_completion_is_priced_as_far_as_it_is_known() -> None:
    bills: list[Bill] = []
    await ask(Scripted(text("a")), price=lambda bill: bills.append(bill) or Cost("unknown"))
    await ask(Scripted(text("a"), END), price=lambda bill: bills.append(bill) or Cost("unknown"))
    assert [bill.usage for bill in bills] == [None, USAGE]
    assert [bill.provider for bill in bills] == ["scripted", "scripted"]


async def test_a_defect_is_logged_and_a_failure_of_the_world_is_not(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    await ask(Scripted(errors.error("rate_limit", "slow down")))
    assert caplog.records == []
    await ask(Scripted(KeyError("a bug")))
    assert "unexpected" in caplog.text


async def test_an_answer_that_had_begun_is_never_asked_again_unasked() -> None:
    before, after = (
        await ask(Scripted(errors.error("overloaded", "x"))),
        await ask(Scripted(text("a"), errors.error("overloaded", "x"))),
    )
    assert before.error is not None
    assert after.error is not None
    assert (before.error.retry, after.error.retry) == ("yes", "ask")


async def test_the_stream_is_closed_whatever_happens() -> None:
    for steps in ([text("a"), END], [text("a"), RuntimeError()], [text("a")], [text("a"), "no delta"]):
        provider = Scripted(*steps)
        await ask(provider)
        assert provider.closed
        assert provider.asked == 1
        assert exchange.get() is None


# Budgets and deadlines -----------------------------------------------------------------------------------------------


async def test_text_beyond_its_budget_is_stopped_and_kept() -> None:
    limits = Deadlines(text_bytes=10)
    whole = await ask(Scripted(text("é" * 5), END), deadlines=limits)
    over = await ask(Scripted(text("é" * 5), text("x"), END), deadlines=limits)
    thinking = await ask(Scripted(thought("x" * 11), END), deadlines=limits)
    assert whole.state == "complete"
    for done in (over, thinking):
        assert done.error is not None
        assert (done.state, done.error.kind, done.error.retry) == ("failed", "too_long", "no")
    assert over.text == "ééééé" + "x"


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


# Stopping ------------------------------------------------------------------------------------------------------------


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


# Conditions ----------------------------------------------------------------------------------------------------------


async def test_the_first_call_of_a_provider_is_marked_once() -> None:
    states = [(await ask(Scripted(text("a"), END))).conditions for _ in range(2)]
    assert states == [("first_call",), ()]
    other = Scripted(text("a"), END)
    other.endpoint = "http://elsewhere"
    assert (await ask(other)).conditions == ("first_call",)


async def test_a_call_that_never_left_is_not_the_first_call() -> None:
    async def prepare() -> None:
        raise errors.error("missing_key", "no key")

    assert (await ask(Scripted(prepare=prepare))).conditions == ()
    assert (await ask(Scripted(text("a"), END))).conditions == ("first_call",)


async def test_retries_cache_hits_and_what_the_adapter_knew_are_marked() -> None:
    async def prepare() -> tuple[Condition, ...]:
        return ("cold_load",)

    cached = Done("stop", usage=Usage(10, 9, cache_read_tokens=5))
    await ask(Scripted(text("a"), END))
    done = await ask(Scripted(text("a"), cached, prepare=prepare), attempt=3)
    assert done.conditions == ("cold_load", "cache_hit", "retried")
    assert done.attempts[0].number == 3


async def test_a_new_connection_is_marked_and_an_old_one_is_not() -> None:
    with WireServer(CHAT.playing()) as server:
        provider = open_provider(CHAT.connect(server.url))
        found = [(await complete(provider, ASK, price=free)).conditions for _ in range(2)]
        await provider.aclose()
    assert [[c for c in conditions if c != "cache_hit"] for conditions in found] == [
        ["first_call", "new_connection"],
        [],
    ]


class Local(Scripted):
    local = True


@pytest.mark.parametrize(("kind", "contended"), [(Local, True), (Scripted, False)])
async def test_local_models_that_run_at_once_both_say_so(kind: type[Scripted], contended: bool) -> None:
    begun = [asyncio.Event(), asyncio.Event()]
    tasks = [
        asyncio.create_task(ask(kind(text("a"), Wait), on_delta=lambda _, event=event: event.set())) for event in begun
    ]
    for event in begun:
        await event.wait()
    for task in tasks:
        task.cancel()
    assert {"contended" in (await task).conditions for task in tasks} == {contended}
    alone = await ask(kind(text("a"), END))
    assert "contended" not in alone.conditions


async def test_times_taken_while_our_own_process_was_away_say_so(still: SteppedClock) -> None:
    def away() -> None:
        still.move(3 * LATE_S)

    disturbed = await ask(Scripted(text("a"), away, text("b"), END))
    assert "contended" in disturbed.conditions
    assert "contended" not in (await ask(Scripted(text("a"), text("b"), END))).conditions


async def test_a_server_at_home_that_takes_no_connection_is_not_running() -> None:
    home, away = (
        await ask(Local(ConnectionRefusedError("refused"))),
        await ask(Scripted(ConnectionRefusedError("refused"))),
    )
    assert home.error is not None
    assert away.error is not None
    assert (home.error.kind, away.error.kind) == ("local_unavailable", "connection")


async def test_what_is_learnt_after_the_answer_is_in_the_outcome_and_on_no_clock() -> None:
    async def learn(done: Done) -> Done:
        return replace(done, fingerprint={"digest": "abc"}, flags=("prompt_cut",), conditions=("cold_load",))

    done = await ask(Scripted(0.5, text("Hi"), 0.5, Done("stop"), learn=learn))
    assert (done.fingerprint, done.timings.duration_s) == ({"digest": "abc"}, 1.0)
    assert "prompt_cut" in done.flags
    assert "cold_load" in done.conditions


async def test_a_stop_after_the_end_takes_nothing_back() -> None:
    async def learn(_: Done) -> Done:
        task.cancel()
        await asyncio.Event().wait()
        raise AssertionError

    task = asyncio.create_task(ask(Scripted(0.5, text("Hi"), 0.5, Done("stop"), learn=learn)))
    done = await task
    assert (done.state, done.text, done.stop_reason) == ("complete", "Hi", None)
    assert "cancelled" not in done.conditions


async def test_nothing_is_learnt_of_what_never_ended() -> None:
    async def learn(_: Done) -> Done:
        raise AssertionError

    assert (await ask(Scripted(0.5, text("Hi"), learn=learn))).state == "incomplete"


# Thinking in tags ----------------------------------------------------------------------------------------------------


async def test_thinking_in_tags_is_out_of_the_answer_of_its_times_and_of_its_rates() -> None:
    end = Done("stop", usage=Usage(10, 40))
    pieces = [1.0, text("<think>"), 1.0, text("hm "), 2.0, text("so.</think>\n\n"), 1.0, text("It "), 1.0, text("is.")]
    done = await ask(Scripted(*pieces, end))
    assert (done.thinking, done.text) == ("hm so.", "It is.")
    assert (done.timings.time_to_first_chunk_s, done.timings.time_to_first_token_s) == (2.0, 5.0)
    assert "thinking_in_tags" in done.flags


async def test_a_tag_that_only_closes_turns_what_came_before_into_thinking() -> None:
    seen: list[Delta | Moved] = []
    end = Done("stop", usage=Usage(10, 40))
    provider = Scripted(1.0, text("hm "), 1.0, text("so.\n</think>"), text("\n\n"), 1.0, text("It is."), end)
    done = await ask(provider, on_delta=seen.append)
    assert (done.thinking, done.text, done.state) == ("hm so.\n", "It is.", "complete")
    assert (done.timings.time_to_first_chunk_s, done.timings.time_to_first_token_s) == (1.0, 3.0)
    assert Moved() in seen
    assert [piece for piece in seen[seen.index(Moved()) + 1 :] if isinstance(piece, Delta)] == [text("It is.")]


async def test_what_waits_to_be_told_from_a_tag_has_the_time_of_its_arrival() -> None:
    done = await ask(Scripted(1.0, text("<"), 1.0, text("html>"), 1.0, text("</html>"), END))
    assert (done.text, done.thinking) == ("<html></html>", "")
    assert done.timings.time_to_first_token_s == 1.0
    assert "thinking_in_tags" not in done.flags


async def test_what_waits_at_the_end_is_not_lost() -> None:
    done = await ask(Scripted(text("a <"), END))
    assert (done.text, done.state) == ("a <", "complete")


async def test_an_answer_that_is_only_thinking_is_empty() -> None:
    done = await ask(Scripted(text("<think>hm"), Done("length", "length")))
    assert (done.state, done.text, done.thinking) == ("cut", "", "hm")


async def test_tags_are_left_alone_where_the_host_is_set_so() -> None:
    class Plain(Scripted):
        thinking_tags = False

    done = await ask(Plain(text("<think>hm</think>yes"), END))
    assert (done.text, done.thinking) == ("<think>hm</think>yes", "")
