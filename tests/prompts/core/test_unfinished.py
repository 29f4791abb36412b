"""Finishing what a dead process left: only what is missing, and never twice."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from prompts.core.run import Run
from prompts.core.targets import Target, TargetError
from prompts.core.unfinished import Missing, missing, so_many, those
from prompts.record import leases
from prompts.record.recorder import Recorder, RecordError
from prompts.record.restore import LOST, UNASKED, from_record
from tests.patience import until
from tests.prompts.asking.test_runner import asking, at, running
from tests.prompts.samples import FULL, TARGET, a_run, begin
from tests.runs import answer_of, started
from tests.wire.openai_chat import answer as chat_answer
from tests.wire.server import Reply, WireServer

Open = Callable[[], Awaitable[Recorder]]


async def hello(reply: Reply) -> None:
    await reply.stream(chat_answer(["Hello"]))


@pytest.fixture
async def open_record(record_url: str) -> AsyncIterator[Open]:
    """Open the record of this test, as often as there are processes."""
    opened: list[Recorder] = []

    async def open_() -> Recorder:
        opened.append(await Recorder.open(record_url))
        return opened[-1]

    yield open_
    for recorder in opened:
        await recorder.close()


def die(recorder: Recorder) -> None:
    """From here on it is taken for a process of the same number that is gone."""
    leases.discharge(recorder._me)


async def interrupted_run(open_record: Open, run: Run, *sent: int) -> Recorder:
    """`run` as a process left it that had sent the answers `sent`; returns the next process."""
    first = await open_record()
    await first.begin_run(run)
    for number in sent:
        first.note_text(await begin(first, run, number), "half an ans")
    first._arrivals.hurry()
    await until(lambda: all(first.load_run(run.id).completions[n].text for n in sent))
    die(first)
    return await open_record()


def reread(recorder: Recorder, run: Run) -> Run:
    stored = recorder.load_run(run.id)
    assert stored is not None
    return from_record(stored)


async def test_what_was_queued_or_sent_is_found_interrupted_and_the_rest_is_not(open_record):
    run = a_run(targets=3)
    first = await open_record()
    await first.begin_run(run)
    await first.finish(await begin(first, run, 0), FULL)
    await begin(first, run, 1)
    die(first)
    again = reread(await open_record(), run)
    assert [(answer.state, answer.attempt, answer.interrupted_at is not None) for answer in again.answers] == [
        ("complete", 1, False), ("unknown", 1, True), ("cancelled", 0, True),
    ]  # fmt: skip
    assert missing(again) == Missing((again.answers[2],), (again.answers[1],), 3)
    assert [answer.note for answer in again.answers] == [None, LOST, UNASKED]


async def test_a_proper_end_leaves_nothing_missing(open_record):
    run = a_run(targets=2)
    recorder = await open_record()
    await recorder.begin_run(run)
    await recorder.finish(await begin(recorder, run, 0), FULL)
    await recorder.withdraw(run.answers[1].id)
    assert missing(reread(recorder, run)) is None


async def test_of_two_processes_one_takes_a_answer_and_the_other_nothing(open_record):
    run = a_run(targets=2)
    second = await interrupted_run(open_record, run)
    third = await open_record()
    ids = [answer.id for answer in run.answers]
    taken = await asyncio.gather(second.claim(ids), third.claim(ids))
    assert sorted(map(len, taken)) == [0, 2]
    assert await third.claim(ids) == await second.claim(ids) == frozenset()


async def test_what_one_has_claimed_the_other_cannot_ask(open_record):
    run = a_run()
    second = await interrupted_run(open_record, run)
    third = await open_record()
    await second.claim([run.answers[0].id])
    with pytest.raises(RecordError, match="already being asked"):
        await begin(third, run)
    await second.finish(await begin(second, run), FULL)
    assert missing(reread(second, run)) is None


async def test_only_what_was_interrupted_can_be_claimed(open_record):
    run = a_run(targets=2)
    recorder = await open_record()
    await recorder.begin_run(run)
    await recorder.finish(await begin(recorder, run, 0), FULL)
    assert await recorder.claim([answer.id for answer in run.answers]) == frozenset()


async def test_a_retry_takes_the_mark_away_as_soon_as_it_is_asked(open_record):
    run = a_run()
    second = await interrupted_run(open_record, run, 0)
    await begin(second, run, number=2)
    assert reread(second, run).answers[0].interrupted_at is None


async def test_partial_text_is_kept_as_an_earlier_attempt(open_record):
    run = a_run()
    second = await interrupted_run(open_record, run, 0)
    (answer,) = reread(second, run).answers
    assert ("".join(answer.text_parts), answer.attempt) == ("half an ans", 1)
    await second.claim([answer.id])
    await second.finish(await begin(second, run, number=2), FULL)
    (stored,) = second.load_run(run.id).completions
    assert (stored.state, stored.interrupted_at) == ("complete", None)
    assert [(old.state, old.text) for old in stored.earlier] == [("unknown", "half an ans")]


@pytest.mark.parametrize(("sent", "state"), [((), "cancelled"), ((0,), "unknown")], ids=["never sent", "sent"])
async def test_who_dies_or_stops_while_finishing_leaves_what_was_there(open_record, sent, state):
    run = a_run()
    second = await interrupted_run(open_record, run, *sent)
    await second.claim([run.answers[0].id])
    die(second)
    third = await open_record()
    (answer,) = reread(third, run).answers
    assert (answer.state, answer.interrupted_at is not None) == (state, True)
    await third.claim([answer.id])
    await third.withdraw(answer.id)
    (answer,) = reread(third, run).answers
    assert (answer.state, answer.interrupted_at) == (state, None)


async def test_a_process_that_was_only_thought_dead_takes_the_mark_away_with_its_result(open_record):
    run = a_run()
    first = await open_record()
    await first.begin_run(run)
    attempt = await begin(first, run)
    die(first)
    second = await open_record()
    assert missing(reread(second, run)) is not None
    await first.finish(attempt, FULL)
    (answer,) = reread(second, run).answers
    assert (answer.state, answer.interrupted_at) == ("complete", None)


async def test_the_runner_asks_only_what_it_has_claimed_and_counts_it_as_a_first_attempt(open_record):
    with WireServer(hello) as server:
        run = asking("groq:one", "groq:two", "mistral:three")
        second = await interrupted_run(open_record, run, 0)
        again = reread(second, run)
        left = missing(again)
        assert left is not None
        async with running(at(server), second) as runner:
            ours = await runner.finish(again, left.never_sent, at(server))
            assert [each.now for each in ours] == list(left.never_sent)
            assert await runner.finish(again, left.never_sent, at(server)) == []
            await runner.ask(again, at(server), only=ours)
        assert sorted(call.json["model"] for call in server.calls()) == ["three", "two"]
        assert [(answer.state, answer.attempt) for answer in again.answers] == [
            ("unknown", 1), ("complete", 1), ("complete", 1),
        ]  # fmt: skip
        assert all("retried" not in answer.completion.conditions for answer in again.answers[1:])


async def test_a_provider_that_is_no_longer_set_up_is_said_and_nothing_is_claimed(open_record):
    run = started("Why?", [Target("gone", "m")])
    second = await interrupted_run(open_record, run)
    again = reread(second, run)
    async with running({}, second) as runner:
        with pytest.raises(TargetError, match="'gone' is not set up as a provider"):
            await runner.finish(again, again.answers, {})
    assert missing(reread(second, run)) is not None


@pytest.mark.parametrize(
    ("number", "of", "said"),
    [
        (1, 1, "the answer is missing"),
        (1, 8, "1 of 8 answers is missing"),
        (3, 8, "3 of 8 answers are missing"),
        (8, 8, "all 8 answers are missing"),
    ],
)
def test_how_many_are_missing(number, of, said):
    assert so_many(number, of) == said


def test_those_are_named_once_each():
    answers = [answer_of(Target("a", name), n, 0) for n, name in enumerate(["x", "y", "x", "z"])]
    assert those(answers) == "a:x (2 times), a:y and a:z"
    assert those([answer_of(TARGET, 0, 0)]) == "openai:gpt-4o"
