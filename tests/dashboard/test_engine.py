import asyncio
import sqlite3
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from dashboard.engine import SHOWN_S, Engine
from dashboard.sides import Here
from prompts.asking.runs import Runs
from prompts.core.answer import Answer, LiveAnswer
from prompts.core.run import Run
from prompts.core.targets import Target
from prompts.record.recorder import RecordError
from providers.config.connections import Connection
from providers.interface import Delta, Provider, Settings
from providers.measuring.measure import utc_now
from providers.registry import open_provider
from tests.patience import PATIENCE_S, wait_until
from tests.runs import started
from tests.threads import together
from tests.wire.openai_chat import answer as chat_answer
from tests.wire.server import Reply, WireServer

MakeEngine = Callable[[], Engine]


@pytest.fixture
def engine(home: Path) -> Iterator[Engine]:
    core = Engine()
    yield core
    core.close()


def built_in(prompt: str = "What is a class?", **settings: int) -> Run:
    return started(prompt, [Target("builtin", "ngram-3", Settings(**settings))])


def asker(core: Engine) -> Runs:
    """Who asks in this process."""
    assert isinstance(core._side, Here)
    return core._side.runs


def wait_until_finished(core: Engine, run: Run) -> None:
    wait_until(lambda: run.finished and run not in asker(core).asked)


def host(server: WireServer) -> dict[str, Connection]:
    return {"host": Connection("host", "openai", "Host", f"{server.url}/v1", needs_key=False)}


async def endless(reply: Reply) -> None:
    await reply.stream(chat_answer(["on "] * 3)[:3], end=False)
    await reply.stall()


def test_a_run_is_asked_in_the_background_and_found_by_its_id(engine: Engine) -> None:
    run = built_in(max_output_tokens=5)
    run = engine.start(run, engine.configuration.connections)
    wait_until_finished(engine, run)
    assert run.finished
    assert engine.find(run.id) is run
    assert engine.find("no-such-run") is None


def test_a_run_comes_back_from_the_record_in_another_process(engine: Engine, home: Path) -> None:
    run = built_in(max_output_tokens=5, seed=1)
    run = engine.start(run, engine.configuration.connections)
    wait_until_finished(engine, run)
    other = Engine()
    try:
        again = other.find(run.id)
        assert again is not None
        assert again.prompt == run.prompt
        assert again.answers[0].completion == run.answers[0].completion
        assert "".join(again.answers[0].text_parts) == "".join(run.answers[0].text_parts)
    finally:
        other.close()


def test_stop_ends_a_answer_and_keeps_its_text(engine: Engine) -> None:
    with WireServer(endless) as server:
        connections = host(server)
        run = started("On and on", [Target("host", "m")])
        arrived = threading.Event()
        taken = LiveAnswer.take

        def watch(self: LiveAnswer, delta: Delta) -> None:
            taken(self, delta)
            arrived.set()

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(LiveAnswer, "take", watch)
            run = engine.start(run, connections)
            assert arrived.wait(PATIENCE_S)
            engine.stop(run, run.answers[0])
            wait_until_finished(engine, run)
        answer = run.answers[0]
        assert answer.state == "cancelled"
        assert "".join(answer.text_parts).startswith("on ")
        assert server.calls("/chat/completions")[0].disconnected.wait(PATIENCE_S)


def test_a_retry_is_a_further_attempt_of_the_same_answer(engine: Engine) -> None:
    async def fail(reply: Reply) -> None:
        await reply.json({"error": {"message": "overloaded"}}, status=503)

    with WireServer(fail) as server:
        connections = host(server)
        run = started("Try", [Target("host", "m")])
        run = engine.start(run, connections)
        wait_until_finished(engine, run)
        assert run.answers[0].state == "failed"
        server.script = lambda reply: reply.stream(chat_answer(["ok"]))
        engine.retry(run, run.answers[0], connections)
        assert run.answers[0].live
        wait_until_finished(engine, run)
        answer = run.answers[0]
        assert (answer.state, answer.attempt) == ("complete", 2)
        assert answer.completion is not None
        assert "retried" in answer.completion.conditions


def test_pages_drawn_at_once_open_a_connection_once(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = list[Connection]()

    def opening(connection: Connection) -> Provider:
        opened.append(connection)
        return open_provider(connection)

    monkeypatch.setattr("dashboard.engine.open_provider", opening)
    together(lambda _: engine.provider(Connection("host", "openai", "Host", "http://127.0.0.1:9/v1", needs_key=False)))
    assert len(opened) == 1


def test_without_a_record_nothing_is_sent(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLLATE_DATABASE_URL", f"sqlite:///{home}/file/collate.db")
    (home / "file").write_text("in the way")
    core = Engine()
    try:
        assert core.record_problem is not None
        assert "collate.db" in core.record_problem
        run = built_in()
        with pytest.raises(RecordError):
            run = core.start(run, core.configuration.connections)
        assert run.answers[0].attempt == 0
    finally:
        core.close()


def test_a_record_that_comes_back_is_used_without_a_new_start(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when the database server of a team is started after the dashboard."""
    monkeypatch.setattr("dashboard.engine.AWAY_S", 0.01)
    (home / "collate.db").write_bytes(b"something else that will be put right")
    core = Engine()
    assert "is damaged" in str(core.record_problem)
    (home / "collate.db").unlink()
    wait_until(lambda: not core.record_problem)
    run = built_in(max_output_tokens=5)
    run = core.start(run, core.configuration.connections)
    wait_until_finished(core, run)
    assert core.archive is not None
    assert core.archive.holds(run.id)
    core.close()


def test_a_mistake_in_the_configuration_is_said_and_does_not_end_the_program(home: Path) -> None:
    (home / "collate.toml").write_text("[deadlines]\ncall_s = -1\n")
    core = Engine()
    assert ["call_s" in said for said in core.mistakes] == [True]
    run = built_in(max_output_tokens=5)
    run = core.start(run, core.configuration.connections)
    wait_until_finished(core, run)
    core.close()


def test_an_end_while_the_record_is_locked_comes_and_loses_no_answer(home: Path) -> None:
    core = Engine()
    run = built_in(max_output_tokens=5)
    core.call(asker(core).runner.begin(run, core.configuration.connections))
    with closing(sqlite3.connect(home / "collate.db", isolation_level=None, check_same_thread=False)) as other:
        sent = threading.Event()

        def lock(answer: Answer) -> None:
            if answer.state == "sent" and not sent.is_set():
                other.execute("BEGIN IMMEDIATE")
                sent.set()

        core.call(asker(core).runner.ask(run, core.configuration.connections, lock))
        assert "1 finished answer is kept" in str(core.record_problem)
        core.close()  # returns, although the lock is held
        other.execute("ROLLBACK")
    again = Engine()
    found = again.find(run.id)
    assert found is not None
    assert found.answers[0].state == run.answers[0].state in ("cut", "complete")  # sampled: it may end by itself
    assert "".join(found.answers[0].text_parts) == "".join(run.answers[0].text_parts)
    again.close()


def test_an_end_that_takes_too_long_is_logged_and_the_program_ends(
    home: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    core = Engine()
    whole = core.call

    def late(work: Coroutine[Any, Any, object], timeout_s: float) -> None:
        whole(work, timeout_s)
        raise TimeoutError

    monkeypatch.setattr(core, "call", late)
    core.close()
    assert core.ended
    assert "the next start finds and reports it" in caplog.text


def test_stop_right_after_the_start_ends_the_run(engine: Engine) -> None:
    with WireServer(endless) as server:
        run = started("On and on", [Target("host", "a"), Target("host", "b")])
        run = engine.start(run, host(server))
        engine.stop(run)
        wait_until_finished(engine, run)
        assert [answer.state for answer in run.answers] == ["cancelled", "cancelled"]


def test_a_deleted_run_does_not_come_back_from_memory(engine: Engine) -> None:
    run = built_in(max_output_tokens=5)
    run = engine.start(run, engine.configuration.connections)
    wait_until_finished(engine, run)
    assert engine.find(run.id) is run
    assert engine.archive is not None
    assert engine.archive.delete([run.id]).runs == 1
    assert engine.find(run.id) is None
    assert engine.find(run.id) is None


def test_a_run_stays_in_memory_while_the_record_is_away(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    run = built_in(max_output_tokens=5)
    run = engine.start(run, engine.configuration.connections)
    wait_until_finished(engine, run)

    def away(_run_id: str) -> bool:
        raise RecordError("away")

    monkeypatch.setattr(engine.archive, "holds", away)
    assert engine.find(run.id) is run


def test_a_run_that_is_not_recorded_is_found_as_long_as_the_process_lives(engine: Engine) -> None:
    run = replace(built_in(max_output_tokens=5), keeps="nothing")
    run = engine.start(run, engine.configuration.connections)
    wait_until_finished(engine, run)
    assert engine.find(run.id) is run
    assert engine.archive is not None
    assert engine.archive.extent().runs == 0


def test_old_runs_go_by_themselves_where_the_configuration_says_so(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = Engine()
    assert first.retention is None
    run = built_in(max_output_tokens=5)
    made = utc_now() - timedelta(days=31)
    monkeypatch.setattr(asker(first).runner, "start", lambda plan: Run.of(plan, created_at=made))
    run = first.start(run, first.configuration.connections)
    wait_until_finished(first, run)
    first.close()
    monkeypatch.setenv("COLLATE_KEEP_DAYS", "30")
    second = Engine()
    retention = second.retention
    assert retention is not None
    wait_until(lambda: retention.last)
    assert retention.last is not None
    assert retention.last.deleted is not None
    assert retention.last.deleted.runs == 1
    assert second.find(run.id) is None
    second.close()


def test_an_answer_of_a_provider_that_is_gone_stays_as_it_is(engine: Engine) -> None:
    run = built_in(max_output_tokens=3, seed=1)
    run = engine.start(run, engine.configuration.connections)
    wait_until_finished(engine, run)
    with pytest.raises(ValueError, match="not set up as a provider"):
        engine.retry(run, run.answers[0], {})
    assert (run.answers[0].state, run.answers[0].attempt) == ("cut", 1)


def test_what_a_run_needs_is_loaded_once_after_the_browser_had_time_to_show_the_page(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown, loaded = threading.Event(), threading.Event()
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        await asyncio.to_thread(shown.wait)

    monkeypatch.setattr("dashboard.engine.asyncio", SimpleNamespace(**vars(asyncio) | {"sleep": sleep}))
    engine.page_drawn(loaded.set)
    engine.page_drawn(loaded.set)
    try:
        wait_until(lambda: bool(waits))
        assert not loaded.is_set()
    finally:
        shown.set()
    assert loaded.wait(PATIENCE_S)
    assert waits == [SHOWN_S]
