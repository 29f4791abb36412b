from collections.abc import Iterator
from concurrent.futures import wait
from pathlib import Path

import pytest

from dashboard.engine import Engine
from dashboard.local_models.pulls import Figures, Pull, Pulls, any_live, pulls_of
from prompts.record.database_errors import RecordError
from prompts.record.rights import OPERATOR, Actor
from providers import errors
from providers.config.connections import Connection
from providers.local.ollama_facts import Progress
from tests.patience import PATIENCE_S, wait_until
from tests.threads import together
from tests.wire import ollama as wire
from tests.wire.ollama_host import DIGEST, OllamaHost
from tests.wire.server import Reply, WireServer

A, B = DIGEST.format(1), DIGEST.format(2)


@pytest.fixture
def engine(home: Path) -> Iterator[Engine]:
    core = Engine()
    yield core
    core.close()


def at(server: WireServer) -> Connection:
    return Connection("ollama", "ollama", "Ollama", server.url, needs_key=False, local=True)


class Steps:
    """A clock that goes on when told."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def ended(pull: Pull) -> Pull:
    assert pull.task is not None
    assert not wait([pull.task], PATIENCE_S).not_done
    return pull


def test_figures_add_up_over_the_parts_and_the_speed_is_that_of_the_last_seconds() -> None:
    clock = Steps()
    pull = Pull("m", clock)
    pull.take(Progress("pulling manifest"))
    assert pull.figures == Figures("pulling manifest")
    pull.take(Progress("pulling a", A, 1000, 400))
    assert pull.figures == Figures("pulling a", 400, 1000, 1, 0, None), "what was there before is no speed"
    clock.now = 2.0
    pull.take(Progress("pulling a", A, 1000, 600))
    assert pull.figures == Figures("pulling a", 600, 1000, 1, 0, 100.0)
    assert (pull.figures.share, pull.figures.left_s) == (0.6, 4.0)
    clock.now = 6.0
    pull.take(Progress("pulling a", A, 1000, 1000))
    assert pull.figures.bytes_per_s == 100.0
    clock.now = 8.0
    pull.take(Progress("pulling b", B, 500, 500))
    assert pull.figures == Figures("pulling b", 1500, 1500, 2, 2, 0.0)
    assert pull.figures.left_s is None
    pull.take(Progress("verifying sha256 digest"))
    assert pull.figures.bytes_per_s is None


def test_bytes_that_are_fetched_again_are_no_negative_speed() -> None:
    clock = Steps()
    pull = Pull("m", clock)
    pull.take(Progress("pulling a", A, 1000, 400))
    clock.now = 2.0
    pull.take(Progress("pulling a", A, 1000, 100))
    assert pull.figures == Figures("pulling a", 100, 1000, 1, 0, 0.0)


def test_silence_is_counted_from_the_last_line() -> None:
    clock = Steps()
    pull = Pull("m", clock)
    clock.now = 3.0
    pull.take(Progress("pulling manifest"))
    clock.now = 10.0
    assert pull.silent_s == 7.0


def test_the_first_outcome_stays() -> None:
    pull = Pull("m")
    pull.end("cancelled")
    pull.end("failed", errors.failure("server", "too late"))
    assert (pull.state, pull.failure) == ("cancelled", None)


def test_a_pull_runs_by_itself_and_the_list_of_models_is_asked_anew(engine: Engine) -> None:
    host = OllamaHost(disk={"old:latest": {}}, gap_s=0)
    with host.server() as server:
        pulls, connection = Pulls(engine), at(server)
        engine.call(engine.models.refresh([connection]))
        pull = ended(pulls.start(connection, "new"))
        assert (pull.state, pull.failure) == ("done", None)
        assert pull.figures.completed_bytes == 2_000_001_700
        assert pulls.of(connection) == (pull,)
        engine.call(engine.models.refresh([connection]))
        listing = engine.models.get(connection)
        assert listing is not None
        assert [model.id for model in listing.models] == ["old:latest", "new:latest"]
        pulls.dismiss(connection, pull)
        assert pulls.of(connection) == ()


async def never_ending(reply: Reply) -> None:
    lines = [*wire.pull_begins(), wire.pulling(A, 100, 40)]
    await reply.stream(map(wire.line, lines), content_type=wire.TYPE, end=False)
    await reply.stall()


def test_cancel_closes_the_connection(engine: Engine) -> None:
    with WireServer(never_ending) as server:
        pulls, connection = Pulls(engine), at(server)
        pull = pulls.start(connection, "big")
        wait_until(lambda: pull.figures.completed_bytes)
        assert any_live(pulls.of(connection))
        assert pulls.start(connection, "big:latest") is pull, "the same download is not begun twice"
        pulls.dismiss(connection, pull)
        assert pulls.of(connection) == (pull,), "one that is under way is not forgotten"
        pulls.cancel(pull)
        assert pull.state == "cancelled"
        assert server.requests[0].disconnected.wait(PATIENCE_S)
        assert server.requests[0].client_left
        assert len(server.requests) == 1


def test_people_who_press_the_button_at_the_same_moment_begin_one_download(engine: Engine) -> None:
    with WireServer(never_ending) as server:
        pulls, connection = Pulls(engine), at(server)
        for n in range(20):
            begun = list[Pull]()
            together(lambda _, n=n, begun=begun: begun.append(pulls.start(connection, f"big-{n}")))
            assert len(set(begun)) == 1
            pulls.cancel(begun[0])
            ended(begun[0])


def test_a_cancel_before_the_first_byte_is_a_cancel_too(engine: Engine) -> None:
    with WireServer(never_ending) as server:
        pulls = Pulls(engine)
        pull = pulls.start(at(server), "big")
        pulls.cancel(pull)
        assert ended(pull).state == "cancelled"


def test_a_failure_is_kept_and_pulling_again_begins_anew(engine: Engine) -> None:
    host = OllamaHost(gap_s=0, refusal="write: no space left on device")
    with host.server() as server:
        pulls, connection = Pulls(engine), at(server)
        first = ended(pulls.start(connection, "m"))
        assert first.state == "failed"
        assert first.failure is not None
        assert "no space left" in first.failure.message
        host.refusal = None
        again = ended(pulls.start(connection, "m"))
        assert again.state == "done"
        assert pulls.of(connection) == (again,)


def test_a_defect_of_ours_does_not_leave_a_pull_under_way(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(self: Pull, line: Progress) -> None:
        raise RuntimeError("our fault")

    monkeypatch.setattr(Pull, "take", broken)
    with OllamaHost(gap_s=0).server() as server:
        pull = ended(Pulls(engine).start(at(server), "m"))
        assert pull.state == "failed"
        assert pull.failure is not None
        assert "our fault" in pull.failure.message
    assert "a defect of Collate itself" in caplog.text


def told(engine: Engine) -> list[tuple[str, dict[str, object]]]:
    assert engine.archive is not None
    found = engine.archive.trail(9, by=OPERATOR)
    return [(each.act, dict(each.what)) for each in reversed(found) if "model" in each.what]


def test_the_audit_trail_tells_what_was_asked_for_and_what_became_of_it(engine: Engine) -> None:
    host = OllamaHost(disk={"old:latest": {}})
    with host.server() as server:
        pulls, connection = Pulls(engine), at(server)
        what = {"model": "old:latest", "server": connection.endpoint}
        pulls.delete(connection, "old:latest", loaded=False)
        assert told(engine) == [("asked to delete a model", what), ("deleted a model", what)]
        with pytest.raises(errors.ProviderError):
            pulls.delete(connection, "old:latest", loaded=False)
        asked, refused = told(engine)[2:]
        assert asked == ("asked to delete a model", what)
        assert refused == ("could not delete a model", {**what, "why": "model 'old:latest' not found"})


def test_the_audit_trail_tells_what_became_of_a_pull(engine: Engine) -> None:
    host = OllamaHost(gap_s=0, refusal="write: no space left on device")
    with host.server() as server:
        pulls, connection = Pulls(engine), at(server)
        what = {"model": "new:latest", "server": connection.endpoint}
        failed = ended(pulls.start(connection, "new"))
        host.refusal = None
        ended(pulls.start(connection, "new"))
        assert failed.failure is not None
        why = failed.failure.message
        assert "no space left" in why
        assert told(engine) == [
            ("asked to pull a model", what), ("could not pull a model", {**what, "why": why}),
            ("asked to pull a model", what), ("pulled a model", what),
        ]  # fmt: skip


def test_the_audit_trail_tells_who_stopped_a_pull_once(engine: Engine) -> None:
    ada, eve = Actor("ada", admin=True), Actor("eve", admin=True)
    with WireServer(never_ending) as server:
        pulls, connection = Pulls(engine), at(server)
        pull = pulls.start(connection, "big", by=ada)
        pulls.start(connection, "big", by=ada)  # the same download is not begun twice
        pulls.cancel(pull, by=eve)
        pulls.cancel(pull, by=eve)
        ended(pull)
    assert engine.archive is not None
    found = [(each.person, each.act) for each in engine.archive.trail(9) if each.person]
    assert found == [("eve", "stopped a pull"), ("ada", "asked to pull a model")]


def test_a_pull_ends_also_while_the_trail_cannot_be_written(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away(act: str, what: object, by: Actor) -> None:
        if act == "pulled a model":
            raise RecordError("the disk is full")

    monkeypatch.setattr(engine, "note", away)
    with OllamaHost(gap_s=0).server() as server:
        assert ended(Pulls(engine).start(at(server), "new")).state == "done"
    assert "pulled a model: the disk is full" in caplog.text


def test_a_model_that_could_not_be_unloaded_is_not_deleted_and_the_trail_says_why(engine: Engine) -> None:
    host = OllamaHost(disk={"old:latest": {}})
    with host.server() as server:
        del server.routes["/api/generate"]
        with pytest.raises(errors.ProviderError):
            Pulls(engine).delete(at(server), "old:latest", loaded=True)
        assert list(host.disk) == ["old:latest"]
        assert [act for act, _ in told(engine)] == ["asked to delete a model", "could not delete a model"]


def test_each_engine_has_one_registry(engine: Engine) -> None:
    assert pulls_of(engine) is pulls_of(engine)
