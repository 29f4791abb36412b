"""The real asking process: runs are told as they come, outlive their page, and are not asked twice."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from prompts.asking.channel import Address
from prompts.asking.link import Link
from prompts.asking.place import Place, place_of
from prompts.asking.remote_runs import RemoteRuns
from prompts.core.plan import Plan, plan
from prompts.core.targets import Target
from prompts.record.recorder import Recorder, RecordError
from prompts.record.restore import LOST
from prompts.record.rows import StoredRun
from providers.config import configuration
from providers.config.connections import Connection
from providers.interface import Settings
from tests.patience import patiently, until
from tests.wire.openai_chat import answer as chat_answer
from tests.wire.server import Reply, WireServer

_pages = list["Page"]()


@pytest.fixture(autouse=True)
def ended_processes(home: Path, warm_asking: None) -> Iterator[None]:
    """No asking process outlives its test, whatever it was left to ask."""
    yield
    while _pages:
        link = _pages.pop().link
        if link.pid is not None:
            os.kill(link.pid, signal.SIGTERM)
        link.wait_for_child()


class Page:
    """A page server's end."""

    def __init__(self, place: Place) -> None:
        _pages.append(self)
        self.link = Link(place)
        self.runs = RemoteRuns(self.link)
        self.met = 0
        self.task = asyncio.create_task(self.link.keep(self._met, self.runs.follow, self.runs.lost))

    def _met(self) -> None:
        self.met += 1
        self.runs.recovered()

    async def close(self) -> None:
        """End as a page server does that is asked to."""
        await self.link.leave()
        await self.task

    async def die(self) -> None:
        """End as one that is killed: without a word."""
        self.task.cancel()
        with suppress(asyncio.CancelledError):
            await self.task
        assert self.link._caller is not None
        await self.link._caller.close()


@asynccontextmanager
async def page_of(place: Place) -> AsyncIterator[Page]:
    page = Page(place)
    yield page
    if not page.task.cancelled():
        await page.close()


def here() -> Place:
    return place_of(configuration.load())


def ended(place: Place) -> bool:
    """Nobody holds the place."""
    with place.ours() as ours:
        return ours


def host(server: WireServer) -> Mapping[str, Connection]:
    return {"host": Connection("host", "openai", "Host", f"{server.url}/v1", needs_key=False)}


def asking(*models: str, **more: str) -> Plan:
    return replace(plan("Why?", [Target("host", model) for model in models]), **more)


BUILT_IN = plan("What is a class?", [Target("builtin", "ngram-3", Settings(max_output_tokens=5, seed=1))])


async def recorded(run_id: str) -> StoredRun:
    recorder = await Recorder.open()
    try:
        found = recorder.load_run(run_id)
        assert found is not None
        return found
    finally:
        await recorder.close()


async def test_a_run_is_mirrored_while_it_is_asked_and_recorded_by_the_other_process(home: Path) -> None:
    setup = configuration.load()
    async with page_of(here()) as page:
        run = await page.runs.start(BUILT_IN, setup.connections)
        assert page.runs.held(run.id) is run
        await until(lambda: run.finished)
        (answer,) = run.answers
        assert answer.completion is not None
        assert answer.text == answer.completion.text
        assert answer.state == "cut"
    await until(lambda: ended(here()))  # nobody is left, and nothing is asked
    stored = await recorded(run.id)
    assert stored.completions[0].completion == answer.completion


class Vendor:
    """Answers that begin at once, and end when they are let."""

    def __init__(self) -> None:
        self.go_on = threading.Event()
        self.asked = 0

    async def __call__(self, reply: Reply) -> None:
        self.asked += 1
        *beginning, last = chat_answer(["one ", "two"])
        await reply.stream(beginning[:2], end=False)
        await until(self.go_on.is_set)
        for beat in (*beginning[2:], last):
            await reply.send(beat)
        await reply.end()


async def test_text_arrives_before_the_answer_ends_and_stop_keeps_it(home: Path) -> None:
    with WireServer(vendor := Vendor()) as server:
        async with page_of(here()) as page:
            run = await page.runs.start(asking("m"), host(server))
            await until(lambda: run.answers[0].text)
            assert run.answers[0].state == "streaming"
            assert run.answers[0].sent_at is not None
            await page.runs.stop(run)
            await until(lambda: run.finished)
            assert (run.answers[0].state, run.answers[0].text) == ("cancelled", "one ")
        vendor.go_on.set()


async def test_a_retry_is_seen_by_every_page_server_as_a_further_attempt(home: Path) -> None:
    async def fail(reply: Reply) -> None:
        await reply.json({"error": {"message": "overloaded"}}, status=503)

    with WireServer(fail) as server:
        async with page_of(here()) as page, page_of(here()) as other:
            await until(lambda: page.met and other.met)
            run = await page.runs.start(asking("m"), host(server))
            await until(lambda: run.finished)
            await until(lambda: other.runs.held(run.id))
            again = other.runs.held(run.id)
            assert again is not None
            await until(lambda: again.finished)
            server.script = lambda reply: reply.stream(chat_answer(["ok"]))
            await other.runs.retry(again, again.answers[0], host(server))
            assert again.answers[0].attempt == 2
            await until(lambda: again.finished and run.finished and run.answers[0].attempt == 2)
            assert [each.answers[0].text for each in (run, again)] == ["ok", "ok"]
            await until(lambda: page.link.pid is None or other.link.pid is None)  # there is one process


async def test_a_page_server_that_is_killed_takes_no_answer_with_it(home: Path) -> None:
    """The next one finds the process, and the run as it stands."""
    with WireServer(vendor := Vendor()) as server:
        async with page_of(here()) as page:
            run = await page.runs.start(asking("m"), host(server))
            await until(lambda: run.answers[0].text)
            await page.die()
        async with page_of(here()) as later:
            again = await later.runs.fetch(run.id)
            assert again is not None
            assert (again.prompt, again.answers[0].text, again.answers[0].live) == ("Why?", "one ", True)
            assert later.link.pid is None, "none was started"
            vendor.go_on.set()
            await until(lambda: again.finished)
            assert (again.answers[0].state, again.answers[0].text) == ("complete", "one two")
    assert vendor.asked == 1
    await until(lambda: ended(here()))
    assert (await recorded(run.id)).completions[0].text == "one two"


async def test_where_nothing_outlives_a_page_server_what_is_asked_is_stopped_and_recorded(home: Path) -> None:
    """As in a container: its end kills every other process in it."""
    with WireServer(vendor := Vendor()) as server:
        async with page_of(here()) as page:
            run = await page.runs.start(asking("m"), host(server))
            await until(lambda: run.answers[0].text)
        await asyncio.to_thread(page.link.see_out, 0.0)
        assert page.link.pid is None
        vendor.go_on.set()
    (stored,) = (await recorded(run.id)).completions
    assert (stored.state, stored.text) == ("cancelled", "one ")


async def test_a_page_server_that_ends_leaves_what_is_asked_to_its_end(home: Path) -> None:
    with WireServer(vendor := Vendor()) as server:
        async with page_of(here()) as page:
            run = await page.runs.start(asking("m"), host(server))
            await until(lambda: run.answers[0].text)
        assert not ended(here())
        vendor.go_on.set()
        await until(lambda: ended(here()))
    assert (await recorded(run.id)).completions[0].state == "complete"


async def test_when_the_asking_process_is_killed_its_runs_say_so_and_nothing_is_sent_again(home: Path) -> None:
    with WireServer(vendor := Vendor()) as server:
        async with page_of(here()) as page:
            run = await page.runs.start(asking("a", "b"), host(server))
            await until(lambda: all(answer.text for answer in run.answers))
            assert page.link.pid is not None
            os.kill(page.link.pid, signal.SIGKILL)
            await until(lambda: run.finished)
            assert [answer.state for answer in run.answers] == ["unknown", "unknown"]
            assert [answer.note for answer in run.answers] == [LOST, LOST]
            await until(lambda: page.met == 2)
            assert page.runs.held(run.id) is None, "the record tells of it now"
            assert [each.state for each in (await recorded(run.id)).completions] == ["unknown", "unknown"]
            vendor.go_on.set()
            further = await page.runs.start(asking("c"), host(server))
            await until(lambda: further.finished)
            assert further.answers[0].state == "complete"
    assert vendor.asked == 3


async def test_a_call_that_was_on_its_way_when_the_process_died_is_not_made_again(home: Path) -> None:
    async with page_of(here()) as page:
        await until(lambda: page.met)
        assert page.link.pid is not None
        os.kill(page.link.pid, signal.SIGSTOP)
        start = asyncio.create_task(page.runs.start(BUILT_IN, configuration.load().connections))
        await asyncio.sleep(0)
        os.kill(page.link.pid, signal.SIGKILL)
        with pytest.raises(RecordError, match="Check History"):
            await patiently(start)


async def test_the_process_ends_properly_when_it_is_told_to(home: Path) -> None:
    with WireServer(vendor := Vendor()) as server:
        async with page_of(here()) as page:
            run = await page.runs.start(asking("m"), host(server))
            await until(lambda: run.answers[0].text)
            assert page.link.pid is not None
            os.kill(page.link.pid, signal.SIGTERM)
            await until(lambda: run.finished)
            assert run.answers[0].state == "cancelled"
            await until(lambda: page.met == 2)
            assert (await recorded(run.id)).completions[0].state == "cancelled"
        vendor.go_on.set()


async def test_a_process_that_cannot_be_started_is_said(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("prompts.asking.link.PROGRAM", "no.such.program")
    page = Page(here())
    with pytest.raises(RecordError, match="could not be started"):
        await patiently(page.runs.start(BUILT_IN, {}))
    page.task.cancel()


async def test_a_refusal_comes_back_in_its_own_words(home: Path) -> None:
    async with page_of(here()) as page:
        with pytest.raises(ValueError, match="not set up as a provider"):
            await page.runs.start(asking("m"), {})


async def test_other_settings_another_version_or_another_record_have_a_process_of_their_own(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [here()]
    assert here() == found[0]
    (home / "collate.toml").write_text("[deadlines]\ncall_s = 7\n")
    found.append(here())
    (home / "prices.toml").write_text("# none\n")
    found.append(here())
    (home / "collate.toml").write_text('[providers.mine]\nbase_url = "http://127.0.0.1:9/v1"\n')
    found.append(here())
    monkeypatch.setenv("COLLATE_DATABASE_URL", f"sqlite:///{home}/other.db")
    found.append(here())
    monkeypatch.setattr("prompts.asking.place._stamp", lambda: "newer")
    found.append(here())
    assert len({place.name for place in found}) == len(found)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-0123456789abcdef0123")
    assert here() == found[-1], "keys come with each run"


def test_only_its_owner_can_read_where_it_is(home: Path) -> None:
    place = here()
    place.publish(Address(None, 1, bytes(32)))
    assert place.folder.stat().st_mode & 0o777 == 0o700
    assert [file.stat().st_mode & 0o777 for file in place.folder.glob("*.json")] == [0o600]
    assert place.address() == Address(None, 1, bytes(32))
    place.withdraw()
    assert place.address() is None
