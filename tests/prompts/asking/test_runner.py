"""Asking many answers: who waits for whom, what a Stop does, and nothing sent that is not on record."""

import asyncio
import threading
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from prompts.asking import scheduler
from prompts.asking.runner import Runner
from prompts.core.answer import Answer
from prompts.core.run import Run
from prompts.core.targets import Target
from prompts.record.recorder import Recorder, RecordError
from providers.adapters.openai_chat import OpenAIChat
from providers.catalogue.pricing import Pricer
from providers.completion import Completion
from providers.config.configuration import Configuration
from providers.config.connections import PRESETS, Connection
from providers.config.deadlines import Deadlines
from providers.interface import Settings
from providers.secrets import Secret
from tests.patience import PATIENCE_S, patiently, until
from tests.prompts.samples import rows
from tests.runs import started
from tests.stepped import SteppedClock
from tests.wire.dialects import DIALECTS
from tests.wire.server import Reply, WireServer

CHAT = DIALECTS[1]
HELLO = "Hel" + "lo" + " wörld 🌍"


def at(server: WireServer) -> dict[str, Connection]:
    """Two remote hosts, a local one and the built-in models; all but the last are the same server."""
    remote = CHAT.connect(server.url)
    named = {name: replace(remote, name=name) for name in ("groq", "mistral")}
    home = replace(PRESETS["vllm"], base_url=f"{server.url}/v1")
    return {**named, "vllm": home, "builtin": PRESETS["builtin"]}


@asynccontextmanager
async def running(connections: dict[str, Connection], recorder: Any = None) -> AsyncIterator[Runner]:
    setup = Configuration(connections, Deadlines(), Path("none.toml"), Path("none.toml"))
    runner = Runner(setup, Pricer(connections), recorder)
    try:
        yield runner
    finally:
        await runner.aclose()


def asking(*targets: str, repeats: int = 1) -> Run:
    return started("Say hello.", [Target(*text.split(":")) for text in targets], repeats=repeats)


async def go(runner: Runner, run: Run, connections: dict[str, Connection]) -> None:
    await runner.begin(run, connections)
    await patiently(runner.ask(run, connections))


@pytest.fixture
async def recorder(tmp_path: Path) -> AsyncIterator[Recorder]:
    recorder = await Recorder.open(f"sqlite:///{tmp_path}/collate.db")
    yield recorder
    await recorder.close()


class Meeting:
    """A script that answers only when `size` requests are there at once."""

    def __init__(self, size: int) -> None:
        self._barrier = threading.Barrier(size, timeout=PATIENCE_S)

    async def __call__(self, reply: Reply) -> None:
        await asyncio.to_thread(self._barrier.wait)
        await reply.stream(CHAT.answer(["Hel", "lo", " wörld 🌍"], ()))


class Crowd:
    """A script that takes a moment and notes how many of its requests overlap, by model."""

    def __init__(self) -> None:
        self.now: Counter[str] = Counter()
        self.most: Counter[str] = Counter()
        self.order: list[str] = []

    async def __call__(self, reply: Reply) -> None:
        model = reply.received.json["model"]
        self.order.append(model)
        for name in (model, "all"):
            self.now[name] += 1
            self.most[name] = max(self.most[name], self.now[name])
        await reply.stream(CHAT.answer(["Hel", "lo"], ()), gap_s=0.01, end=False)
        for name in (model, "all"):
            self.now[name] -= 1
        await reply.end()


# Who waits for whom --------------------------------------------------------------------------------------------------


async def test_remote_targets_are_asked_at_once() -> None:
    with WireServer(Meeting(3)) as server:
        run, connections = asking("groq:a", "groq:b", "mistral:c"), at(server)
        async with running(connections) as runner:
            await go(runner, run, connections)
    assert [answer.state for answer in run.answers] == ["complete"] * 3
    assert ["".join(answer.text_parts) for answer in run.answers] == [HELLO] * 3
    assert run.finished


async def test_no_request_waits_for_the_connection_of_another() -> None:
    """HTTP libraries open at most a hundred connections unless told otherwise, and the wait would be measured."""
    arrived, all_here = 0, asyncio.Event()

    async def script(reply: Reply) -> None:
        nonlocal arrived
        arrived += 1
        if arrived == 110:
            all_here.set()
        await patiently(all_here.wait())
        await reply.stream(CHAT.answer(["Hel", "lo"], ()))

    with WireServer(script) as server:
        run, connections = asking(*(f"groq:m{number}" for number in range(110))), at(server)
        async with running(connections) as runner:
            await go(runner, run, connections)
    assert {answer.state for answer in run.answers} == {"complete"}


async def test_models_of_one_local_host_take_turns_and_say_so(clock: SteppedClock) -> None:
    crowd, notes = Crowd(), set[str | None]()
    with WireServer(crowd) as server:
        run, connections = asking("vllm:a", "vllm:b", "vllm:c"), at(server)
        async with running(connections) as runner:
            await runner.begin(run, connections)
            await runner.ask(run, connections, lambda _: notes.update(answer.note for answer in run.answers))
    assert crowd.most["all"] == 1
    assert [answer.state for answer in run.answers] == ["complete"] * 3
    assert any(note and "take turns" in note for note in notes)
    assert [answer.note for answer in run.answers] == [None] * 3
    assert all("contended" not in answer.completion.conditions for answer in run.answers if answer.completion)


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
async def test_two_servers_on_one_machine_take_turns(name: str) -> None:
    """They share its processor, whatever port and name they go by."""
    crowd = Crowd()
    with WireServer(crowd) as one, WireServer(crowd) as other:
        near = other.url.replace("127.0.0.1", name)
        connections = at(one) | {"lmstudio": replace(PRESETS["lmstudio"], base_url=f"{near}/v1")}
        run = asking("vllm:a", "lmstudio:b", "vllm:c", "lmstudio:d")
        async with running(connections) as runner:
            await go(runner, run, connections)
    assert crowd.most["all"] == 1
    assert [answer.state for answer in run.answers] == ["complete"] * 4


async def test_two_machines_do_not_wait_for_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduler, "machine_of", str)  # two ports stand for two machines
    meeting = Meeting(2)
    with WireServer(meeting) as one, WireServer(meeting) as other:
        connections = at(one) | {"lmstudio": replace(PRESETS["lmstudio"], base_url=f"{other.url}/v1")}
        run = asking("vllm:a", "lmstudio:b")
        async with running(connections) as runner:
            await go(runner, run, connections)
    assert [answer.state for answer in run.answers] == ["complete"] * 2


async def test_a_local_model_does_not_hold_up_a_remote_one() -> None:
    with WireServer(Meeting(2)) as server:
        run, connections = asking("vllm:a", "groq:b"), at(server)
        async with running(connections) as runner:
            await go(runner, run, connections)
    assert run.finished


async def test_hosted_repeats_are_asked_in_step() -> None:
    """A fast model waits for a slow one: both are asked in the same minutes, under the same load of the network."""
    crowd = Crowd()

    async def script(reply: Reply) -> None:
        await crowd(reply)
        if reply.received.json["model"] == "a":
            for _ in range(200):  # turns of the server's loop, in which the others are done long before
                await asyncio.sleep(0)

    with WireServer(script) as server:
        run, connections = asking("groq:a", "groq:b", "mistral:c", repeats=4), at(server)
        async with running(connections) as runner:
            await go(runner, run, connections)
    assert [set(crowd.order[n : n + 3]) for n in range(0, 12, 3)] == [{"a", "b", "c"}] * 4
    assert (crowd.most["a"], crowd.most["b"], crowd.most["c"]) == (1, 1, 1)
    assert [answer.state for answer in run.answers] == ["complete"] * 12


async def test_neither_a_failure_nor_a_stop_holds_up_the_next_repeat() -> None:
    async def script(reply: Reply) -> None:
        if reply.received.json["model"] == "stuck":
            await Begun()(reply)
        await fail(reply)

    with WireServer(script) as server:
        run, connections = asking("groq:bad", "groq:good", "groq:stuck", repeats=2), at(server)
        async with running(connections) as runner:
            await runner.begin(run, connections)
            asked = asyncio.create_task(runner.ask(run, connections))
            for each in [live for live in run.live if live.now.target.model == "stuck"]:
                await until(lambda each=each: streaming(each.now))
                runner.stop(each)
            await patiently(asked)
    states = {answer.target.model: answer.state for answer in run.answers}
    assert states == {"bad": "failed", "good": "complete", "stuck": "cancelled"}


async def test_an_answer_that_is_stopped_before_its_task_began_has_its_outcome() -> None:
    with WireServer(fail) as server:
        run, connections = asking("groq:good", "groq:other", repeats=2), at(server)
        async with running(connections) as runner:
            await runner.begin(run, connections)
            asked = asyncio.create_task(runner.ask(run, connections))
            await asyncio.sleep(0)  # the tasks are there, and none has begun
            runner.stop(run.live[0])
            runner.stop(run.live[0])
            await patiently(asked)
    assert [answer.state for answer in run.answers] == ["cancelled", "complete", "complete", "complete"]


async def test_the_same_model_in_two_columns_is_asked_at_once() -> None:
    with WireServer(Meeting(2)) as server:
        run, connections = asking("groq:a", "groq:a"), at(server)
        async with running(connections) as runner:
            await go(runner, run, connections)
    assert run.finished


# One failure never touches another column ----------------------------------------------------------------------------


async def fail(reply: Reply) -> None:
    if reply.received.json["model"] == "bad":
        await reply.body(CHAT.refusals["server"][1], 500)
    else:
        await reply.stream(CHAT.answer(["fine"], ()))


async def test_a_failure_stays_in_its_own_answer() -> None:
    with WireServer(fail) as server:
        run, connections = asking("groq:bad", "groq:good", "builtin:none", "builtin:ngram-2"), at(server)
        async with running(connections) as runner:
            await go(runner, run, connections)
    assert [answer.state for answer in run.answers[:3]] == ["failed", "complete", "failed"]
    assert run.answers[3].state in ("complete", "cut")
    errors = [answer.completion.error if answer.completion else None for answer in run.answers[:3]]
    assert [error and error.kind for error in errors] == ["server", None, "not_found"]
    assert len(server.requests) == 2


async def test_an_sdk_that_cannot_be_used_stays_in_its_own_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ImportError("no such module")

    monkeypatch.setattr(OpenAIChat, "make_client", broken)
    with WireServer(fail) as server:
        run, connections = asking("groq:good", "builtin:ngram-2"), at(server)
        async with running(connections) as runner:
            await go(runner, run, connections)
    assert run.answers[0].state == "failed"
    assert run.answers[1].state in ("complete", "cut")
    assert server.requests == []


async def test_what_cannot_be_sent_is_noted_before_anything_is_sent() -> None:
    with WireServer() as server:
        connections = at(server)
        run = started("Say hello.", [Target("builtin", "ngram-2", Settings(effort="high"))])
        async with running(connections) as runner:
            await runner.begin(run, connections)
    assert "effort" in [adjustment.setting for adjustment in run.answers[0].adjustments]


async def test_another_key_is_another_client() -> None:
    connection = CHAT.connect("http://127.0.0.1:9")
    async with running({"groq": connection}) as runner:
        mine = runner.provider(replace(connection, key=Secret("key-of-mine")))
        assert runner.provider(connection) is runner.provider(replace(connection))
        assert mine is not runner.provider(connection)


# Stop ----------------------------------------------------------------------------------------------------------------


class Begun:
    """Streams some text and then says nothing more."""

    async def __call__(self, reply: Reply) -> None:
        await reply.stream(CHAT.answer(["Hel", "lo"], ())[:3], end=False)
        await reply.stall()


def streaming(*answers: Answer) -> bool:
    return all(answer.state == "streaming" for answer in answers)


async def test_stopping_one_answer_leaves_the_others(recorder: Recorder) -> None:
    released = threading.Event()

    async def script(reply: Reply) -> None:
        if reply.received.json["model"] == "a":
            await Begun()(reply)
        else:
            await asyncio.to_thread(released.wait, 10)
            await reply.stream(CHAT.answer(["fine"], ()))

    with WireServer(script) as server:
        run, connections = asking("groq:a", "groq:b"), at(server)
        async with running(connections, recorder) as runner:
            await runner.begin(run, connections)
            asked = asyncio.create_task(runner.ask(run, connections))
            await until(lambda: streaming(run.answers[0]))
            runner.stop(run.live[0])
            await until(lambda: not run.answers[0].live)
            stopped = next(r for r in server.requests if r.json["model"] == "a")
            assert await asyncio.to_thread(stopped.disconnected.wait, PATIENCE_S)
            assert run.answers[1].live
            released.set()
            await patiently(asked)
    one, other = run.answers
    assert (one.state, other.state) == ("cancelled", "complete")
    assert one.completion is not None
    assert "Hello".startswith(one.completion.text)
    assert one.completion.text
    stored = recorder.load_run(run.id)
    assert stored is not None
    assert [(row.state, row.text) for row in stored.completions] == [
        ("cancelled", one.completion.text), ("complete", "fine"),
    ]  # fmt: skip


@pytest.mark.parametrize("times", [1, 2, 3])
async def test_stopping_more_than_once_is_stopping_once(times: int, recorder: Recorder) -> None:
    with WireServer(Begun()) as server:
        run, connections = asking("groq:a", "vllm:b", "vllm:c"), at(server)
        async with running(connections, recorder) as runner:
            await runner.begin(run, connections)
            asked = asyncio.create_task(runner.ask(run, connections))
            await until(lambda: streaming(*run.answers[:2]))
            for _ in range(times):
                for live in run.live:
                    runner.stop(live)
            await patiently(asked)
    assert [answer.state for answer in run.answers] == ["cancelled"] * 3
    assert [bool(answer.completion and answer.completion.text) for answer in run.answers] == [True, True, False]
    assert run.answers[2].note == "Stopped before it was sent."
    assert len(server.requests) == 2
    stored = recorder.load_run(run.id)
    assert stored is not None
    assert [row.state for row in stored.completions] == ["cancelled"] * 3
    assert [row.completion is None for row in stored.completions] == [False, False, True]


async def test_an_answer_stopped_while_it_waits_lets_the_next_one_go() -> None:
    released = threading.Event()

    async def script(reply: Reply) -> None:
        await asyncio.to_thread(released.wait, 10)
        await reply.stream(CHAT.answer(["fine"], ()))

    with WireServer(script) as server:
        run, connections = asking("vllm:a", "vllm:b", "vllm:c"), at(server)
        async with running(connections) as runner:
            await runner.begin(run, connections)
            asked = asyncio.create_task(runner.ask(run, connections))
            await until(lambda: server.requests)
            runner.stop(run.live[1])
            await until(lambda: not run.answers[1].live)
            released.set()
            await patiently(asked)
    assert [answer.state for answer in run.answers] == ["complete", "cancelled", "complete"]
    assert [r.json["model"] for r in server.requests] == ["a", "c"]
    stopped = run.answers[1].completion
    assert stopped is not None
    assert (stopped.cost.kind, stopped.cost.reason) == ("unknown", "nothing was sent")
    assert stopped.attempts == ()


async def test_stopping_what_is_finished_changes_nothing() -> None:
    with WireServer(fail) as server:
        run, connections = asking("groq:good"), at(server)
        async with running(connections) as runner:
            await go(runner, run, connections)
            before = run.answers[0].completion
            runner.stop(run.live[0])
    assert run.answers[0].completion is before


async def test_cancelling_the_whole_run_settles_every_answer(recorder: Recorder) -> None:
    with WireServer(Begun()) as server:
        run, connections = asking("groq:a", "vllm:b", "vllm:c"), at(server)
        async with running(connections, recorder) as runner:
            await runner.begin(run, connections)
            asked = asyncio.create_task(runner.ask(run, connections))
            await until(lambda: streaming(*run.answers[:2]))
            asked.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asked
    assert [answer.state for answer in run.answers] == ["cancelled"] * 3
    stored = recorder.load_run(run.id)
    assert stored is not None
    assert [row.state for row in stored.completions] == ["cancelled"] * 3


# Retry ---------------------------------------------------------------------------------------------------------------


async def test_a_retry_is_the_next_attempt_and_nothing_retries_by_itself(recorder: Recorder) -> None:
    async def script(reply: Reply) -> None:
        if len(server.requests) == 1:
            await reply.body(CHAT.refusals["overloaded"][1], 503, {"retry-after": "0"})
        else:
            await reply.stream(CHAT.answer(["fine"], ()))

    with WireServer(script) as server:
        run, connections = asking("groq:a"), at(server)
        (answer,) = run.answers
        async with running(connections, recorder) as runner:
            await go(runner, run, connections)
            (answer,) = run.answers
            assert (answer.state, answer.attempt, len(server.requests)) == ("failed", 1, 1)
            run.live[0].begin()
            await patiently(runner.retry(run, run.live[0], connections))
    (answer,) = run.answers
    assert (answer.state, answer.attempt, len(server.requests)) == ("complete", 2, 2)
    assert answer.completion is not None
    assert "retried" in answer.completion.conditions
    assert answer.completion.attempts[0].number == 2
    stored = recorder.load_run(run.id)
    assert stored is not None
    (row,) = stored.completions
    assert (row.state, row.text, [old.state for old in row.earlier]) == ("complete", "fine", ["failed"])


# On record first -----------------------------------------------------------------------------------------------------


async def test_the_intent_is_on_record_before_the_server_sees_a_byte(recorder: Recorder, tmp_path: Path) -> None:
    seen: list[tuple[Any, ...]] = []

    async def script(reply: Reply) -> None:
        seen.extend(rows(tmp_path / "collate.db", "SELECT state, model, number FROM attempts ORDER BY model"))
        await reply.stream(CHAT.answer(["fine"], ()))

    with WireServer(script) as server:
        run, connections = asking("groq:a"), at(server)
        async with running(connections, recorder) as runner:
            await go(runner, run, connections)
    assert seen == [("sent", "a", 1)]
    assert rows(tmp_path / "collate.db", "SELECT state, text FROM completions") == [("complete", "fine")]


class Record:
    """A recorder that says no, or keeps one waiting, at a chosen moment."""

    def __init__(self, **moments: Any) -> None:
        self.moments = moments
        self.withdrawn: list[str] = []

    async def _at(self, moment: str) -> None:
        what = self.moments.get(moment)
        if isinstance(what, Exception):
            raise what
        if isinstance(what, asyncio.Event):
            await what.wait()

    async def begin_run(self, _: Run) -> None:
        await self._at("begin_run")

    async def begin_attempt(
        self, completion_id: str, number: int, *, endpoint: str, target: Target, along: object
    ) -> str:
        await self._at("begin_attempt")
        return f"{completion_id}/{number}"

    def note_text(self, attempt_id: str, text: str, kind: str) -> None: ...

    async def finish(self, attempt_id: str, completion: Completion, along: object) -> None:
        await self._at("finish")

    async def withdraw(self, completion_id: str) -> None:
        self.withdrawn.append(completion_id)
        await self._at("withdraw")


NO = RecordError("The disk is full.")


async def test_a_run_that_cannot_be_recorded_is_not_begun() -> None:
    with WireServer(fail) as server:
        run, connections = asking("groq:good"), at(server)
        async with running(connections, Record(begin_run=NO)) as runner:
            with pytest.raises(RecordError):
                await runner.begin(run, connections)
    assert server.requests == []


async def test_an_intent_that_cannot_be_recorded_is_not_sent() -> None:
    with WireServer(fail) as server:
        run, connections = asking("groq:good", "vllm:good"), at(server)
        record = Record(begin_attempt=NO, withdraw=NO)
        async with running(connections, record) as runner:
            await go(runner, run, connections)
    assert server.requests == []
    assert [(answer.state, answer.note) for answer in run.answers] == [("cancelled", "Not sent: The disk is full.")] * 2
    assert sorted(record.withdrawn) == sorted(answer.id for answer in run.answers)


async def test_an_answer_that_cannot_be_recorded_is_not_lost() -> None:
    with WireServer(fail) as server:
        run, connections = asking("groq:good", "groq:good"), at(server)
        async with running(connections, Record(finish=NO)) as runner:
            await go(runner, run, connections)
    for answer in run.answers:
        assert answer.completion is not None
        assert (answer.state, answer.completion.text, answer.note) == (
            "complete",
            "fine",
            "Not on record: The disk is full.",
        )


async def test_a_stop_that_comes_while_the_answer_is_written_is_too_late() -> None:
    written = asyncio.Event()
    with WireServer(fail) as server:
        run, connections = asking("groq:good"), at(server)
        async with running(connections, Record(finish=written)) as runner:
            await runner.begin(run, connections)
            asked = asyncio.create_task(runner.ask(run, connections))
            await until(lambda: run.finished)
            runner.stop(run.live[0])
            await asyncio.sleep(0)
            written.set()
            await patiently(asked)
    (answer,) = run.answers
    assert answer.completion is not None
    assert (answer.state, answer.completion.text) == ("complete", "fine")


async def test_cancelling_the_run_while_an_answer_is_written_keeps_it() -> None:
    with WireServer(fail) as server:
        run, connections = asking("groq:good"), at(server)
        async with running(connections, Record(finish=asyncio.Event())) as runner:
            await runner.begin(run, connections)
            asked = asyncio.create_task(runner.ask(run, connections))
            await until(lambda: run.finished)
            asked.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asked
    (answer,) = run.answers
    assert answer.completion is not None
    assert (answer.state, answer.completion.text) == ("complete", "fine")


async def test_a_run_without_a_record_is_a_run() -> None:
    with WireServer(fail) as server:
        run, connections = asking("groq:good"), at(server)
        async with running(connections, None) as runner:
            await go(runner, run, connections)
    assert [answer.state for answer in run.answers] == ["complete"]


async def test_every_change_is_shown() -> None:
    states: list[str] = []
    with WireServer(fail) as server:
        run, connections = asking("groq:good"), at(server)
        async with running(connections) as runner:
            await runner.begin(run, connections)
            await runner.ask(run, connections, lambda answer: states.append(answer.state))
    assert list(dict.fromkeys(states)) == ["sent", "streaming", "complete"]
