"""Whatever a provider does becomes a completion: nothing is raised, nothing that arrived is lost."""

import logging
from typing import Any

import pytest

from providers import errors
from providers.catalogue.pricing import Bill
from providers.completion import Cost
from providers.interface import Request
from providers.network.exchange import exchange
from tests.providers.measuring.scripted import END, USAGE, Scripted, ask, raising, text

pytestmark = pytest.mark.usefixtures("still", "nobody_called_before")


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
