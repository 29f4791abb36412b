"""The engine whose runs a process of its own asks: the same to a page, and what happens when either dies."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dashboard import health
from dashboard.answer_grid.view import ColumnView
from dashboard.engine import Engine
from dashboard.sides import Apart
from prompts.asking.place import place_of
from prompts.core.plan import plan
from prompts.core.presets import Choice
from prompts.core.run import Run
from prompts.core.targets import Target
from prompts.experiments.plan import PlanError
from prompts.history.archive import Archive
from prompts.record import leases, writes
from prompts.record.database import open_database
from prompts.record.schema import recorders
from providers.config import configuration
from providers.config.connections import Connection, with_key
from providers.interface import Settings
from tests.patience import PATIENCE_S, wait_until
from tests.prompts.experiments import wired
from tests.wire.openai_chat import answer as chat_answer
from tests.wire.server import Reply, WireServer

BUILT_IN = plan("What is a class?", [Target("builtin", "ngram-3", Settings(max_output_tokens=5, seed=1))])


def with_typed_key(base: dict[str, Connection]) -> dict[str, Connection]:
    """As a session has them in which somebody typed a key."""
    return {name: with_key(each, "sk-typed-0123456789", "The key typed here") for name, each in base.items()}


@pytest.fixture
def core(home: Path, warm_asking: None) -> Iterator[Engine]:
    made = Engine(Apart)
    yield made
    made.close()
    assert isinstance(made._side, Apart)
    if (pid := made._side.link.pid) is not None:  # whatever a test that failed left it to ask
        os.kill(pid, signal.SIGTERM)
    made._side.link.wait_for_child()
    wait_until(nobody_asks)


def nobody_asks() -> bool:
    with place_of(configuration.load()).ours() as free:
        return free


def asking_process(core: Engine) -> int:
    assert isinstance(core._side, Apart)
    link = core._side.link
    wait_until(lambda: link.pid)
    assert link.pid is not None
    return link.pid


async def endless(reply: Reply) -> None:
    await reply.stream(chat_answer(["on "] * 3)[:3], end=False)
    await reply.stall()


def host(server: WireServer) -> dict[str, Connection]:
    return {
        "host": Connection("host", "openai", "Host", f"{server.url}/v1", key_variable="HOST_KEY"),
    }


def test_what_a_page_does_is_done_there_and_seen_here(core: Engine) -> None:
    run = core.start(BUILT_IN, core.configuration.connections)
    assert core.find(run.id) is run
    wait_until(lambda: run.finished)
    assert core.archive is not None
    assert core.archive.holds(run.id)
    core.save_choice("Mine", Choice((Target("builtin", "ngram-3"),)))
    assert list(core.choices()) == ["Mine"]
    assert [step.ok for step in core.each(core.reach.check(core.configuration.connections["builtin"]), 60)][-1]
    core.call(core.models.refresh([core.configuration.connections["builtin"]]))
    listing = core.models.get(core.configuration.connections["builtin"])
    assert listing is not None
    assert "ngram-3" in [model.id for model in listing.models]


def test_a_key_that_a_session_typed_goes_along_with_its_run(core: Engine) -> None:
    with WireServer(lambda reply: reply.stream(chat_answer(["ok"]))) as server:
        mine = with_typed_key(host(server))
        run = core.start(plan("Why?", [Target("host", "m")]), mine)
        wait_until(lambda: run.finished)
        assert run.answers[0].text == "ok"
        assert server.calls("/chat/completions")[0].headers["authorization"] == "Bearer sk-typed-0123456789"


def test_a_run_that_is_not_recorded_is_found_by_the_next_page_server(core: Engine) -> None:
    run = core.start(replace(BUILT_IN, keeps="nothing"), core.configuration.connections)
    wait_until(lambda: run.finished)
    other = Engine(Apart)
    again = other.find(run.id)
    other.close()
    assert again is not None
    assert again.answers[0].text == run.answers[0].text


def test_a_page_says_what_happened_to_answers_whose_process_was_killed(core: Engine) -> None:
    with WireServer(endless) as server:
        mine = with_typed_key(host(server))
        run = core.start(plan("On and on", [Target("host", "m")]), mine)
        wait_until(lambda: run.answers[0].text == "on on ")
        os.kill(asking_process(core), signal.SIGKILL)
        wait_until(lambda: run.finished)
        column = ColumnView(run, run.live[0], mine)
        assert column.status == "unknown"
        assert column.problem is not None
        assert "lost" in column.problem.message

        def recorded() -> bool:
            found = core.find(run.id)
            return found is not None and found is not run

        wait_until(recorded)
        again = core.find(run.id)
        assert again is not None
        assert again.answers[0].state == "unknown"
        assert "on on ".startswith(again.answers[0].text)  # what came in the last second may not be on the disk
        assert core.archive is not None
        assert [each.run_id for each in core.archive.interrupted()] == [run.id]
        further = core.start(BUILT_IN, core.configuration.connections)
        wait_until(lambda: further.finished)
        assert further.answers[0].state == "cut"
        assert len(server.calls("/chat/completions")) == 1


def test_what_a_dead_process_left_is_settled_before_the_first_page(home: Path) -> None:
    database = open_database()
    Archive(database).write(lambda c: _leave_unfinished(c))
    database.dispose()
    core = Engine(Apart)
    try:
        assert core.archive is not None
        assert [each.missing for each in core.archive.interrupted()] == [1]
    finally:
        core.close()


def _leave_unfinished(connection: sa.Connection) -> None:
    """A run as of a process whose number no process has."""
    leases.beat(connection, "dead")
    connection.execute(recorders.update().values(pid=2**22 + 1))
    writes.add_run(connection, "dead", writes.new_run(Run.of(BUILT_IN), "dead"))


def test_a_new_page_server_joins_what_the_last_one_left(core: Engine) -> None:
    with WireServer(endless) as server:
        mine = with_typed_key(host(server))
        run = core.start(plan("On and on", [Target("host", "m")]), mine)
        wait_until(lambda: run.answers[0].text == "on on ")
        core.close()
        assert run.answers[0].live
        later = Engine(Apart)
        try:
            again = later.find(run.id)
            assert again is not None
            assert again is not run
            assert again.answers[0].live
            later.stop(again)
            wait_until(lambda: again.finished)
            assert (again.answers[0].state, again.answers[0].text) == ("cancelled", "on on ")
        finally:
            later.close()


def test_an_experiment_is_asked_there_too(core: Engine) -> None:
    with WireServer(wired.hello) as server:
        known = wired.connections(server)
        assert core.experiments is not None
        assert core.experiments.list() == []
        id = core.call(core.experiments.start(wired.plan("groq:llama"), known))
        experiments = core.experiments
        wait_until(lambda: experiments.progress(id).stage == "finished")
        assert {cell.completion.text for cell in experiments.cells(id) if cell.completion} == {wired.HELLO}
        with pytest.raises(PlanError, match="nowhere:x cannot be asked"):
            core.call(core.experiments.start(wired.plan("nowhere:x"), known))


def test_an_asking_process_that_hangs_is_not_alive_and_one_that_goes_on_is(
    core: Engine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert core.call(core.side.live()), "none was started yet, and a start would help nobody"
    assert core.call(core.side.ready(), PATIENCE_S)
    pid = asking_process(core)
    app = Starlette(routes=health.routes(lambda: core))
    monkeypatch.setattr(health, "HELD_S", 0.0)
    with TestClient(app) as client:
        assert client.get("/health").json() == {"status": "ready"}
        assert client.get("/health/live").json() == {"status": "alive"}
        monkeypatch.setattr(health, "PATIENCE_S", 0.0)
        os.kill(pid, signal.SIGSTOP)
        try:
            assert client.get("/health/live").status_code == 503
            assert client.get("/health").status_code == 503
        finally:
            os.kill(pid, signal.SIGCONT)
        monkeypatch.setattr(health, "PATIENCE_S", PATIENCE_S)
        wait_until(lambda: client.get("/health/live").status_code == 200)
        assert client.get("/health").status_code == 200
