"""What befalls our own process while an answer comes: stopped, starved, its clock set, its disk slow or full.

Each is a row that every provider inherits, of text and of pictures (`tests/wire/every.py`).
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from hashlib import sha256
from pathlib import Path

import pytest

from prompts.asking.runner import Runner
from prompts.core.plan import plan
from prompts.core.targets import Target
from prompts.record.picture_store import content
from prompts.record.recorder import Recorder
from providers.catalogue.pricing import Pricer
from providers.config.configuration import Configuration
from providers.config.deadlines import Deadlines
from providers.measuring.measure import complete
from tests.contract.asking import PROMPT, opened, posts, unpriced
from tests.patience import PATIENCE_S, until
from tests.prompts.record.trouble import child, locked
from tests.wire.dialects import Dialect
from tests.wire.every import EVERY, every_way, kept, large, request_of, serve_beside, settings_of, whole
from tests.wire.faults.strains import STRAINS, in_halves
from tests.wire.server import Reply, WireServer

STOPPED = """
import asyncio, json, os, signal, sys
from asyncio.selector_events import _SelectorSocketTransport
from providers.adapters.openai_images import OpenAIImages
from providers.completion import Cost
from providers.config.deadlines import Deadlines
from providers.measuring import measure
from providers.registry import open_provider
from tests.wire.every import EVERY, kept, request_of

_SelectorSocketTransport.max_size = 4096  # what waits is not read at once
measure.SIGN_S = float("-inf")  # each read is told
OpenAIImages.at_openai = property(lambda self: self.name == "openai")

async def ask(dialect, url):
    stops = [signal.SIGSTOP]
    provider = open_provider(dialect.connect(url))
    done = await measure.complete(
        provider, request_of(dialect), price=lambda _: Cost("unknown"),
        deadlines=Deadlines(no_content_s=0.5, silence_s=0.5),
        on_sign=lambda _: os.kill(os.getpid(), stops.pop()) if stops else None,
    )
    await provider.aclose()
    print(json.dumps([done.state, kept(done)]), flush=True)

for dialect, url in zip(EVERY, sys.argv[1:], strict=True):
    asyncio.run(ask(dialect, url))
"""


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="this system cannot stop a process")
async def test_a_process_that_was_stopped_for_longer_than_its_limits_has_the_whole_answer() -> None:
    """Each answer goes on while the process that asked for it stands still, and has ended before it goes on."""
    with ExitStack() as stack:
        servers = [stack.enter_context(WireServer()) for _ in EVERY]
        for server, dialect in zip(servers, EVERY, strict=True):
            serve_beside(server, dialect)
            answer = large(dialect)
            half = len(answer) // 2
            pieces = [b"".join(answer[:half]), b"".join(answer[half:])]
            server.routes[dialect.path] = partial(
                Reply.stream, pieces=pieces, gap_s=1, content_type=dialect.content_type
            )
        process = stack.enter_context(child(STOPPED, *(server.url for server in servers)))
        assert process.stdout is not None
        for server, dialect in zip(servers, EVERY, strict=True):
            await asyncio.to_thread(os.waitpid, process.pid, os.WUNTRACED)
            await until(lambda server=server, dialect=dialect: server.calls(dialect.path)[0].disconnected.is_set())
            process.send_signal(signal.SIGCONT)
            told = await asyncio.to_thread(process.stdout.readline)
            assert told == f"{json.dumps(['complete', whole(dialect)])}\n", dialect.name


@every_way
@pytest.mark.parametrize("strain", STRAINS)
async def test_what_befalls_us_in_the_middle_takes_nothing_from_an_answer(strain: str, dialect: Dialect) -> None:
    with WireServer() as server, STRAINS[strain]() as befall:
        serve_beside(server, dialect)
        server.routes[dialect.path] = lambda reply: in_halves(reply, dialect, befall)
        async with opened(dialect.connect(server.url)) as provider:
            done = await complete(provider, request_of(dialect), price=unpriced)
    assert posts(dialect, server) == 1
    assert (done.state, done.error, kept(done)) == ("complete", None, whole(dialect))
    assert 0 <= (done.timings.duration_s or 0) < PATIENCE_S


@contextmanager
def full(recorder: Recorder, _: Path) -> Iterator[None]:
    """A disk on which the record cannot grow."""
    with recorder._writer._engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    yield
    with recorder._writer._engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")


@contextmanager
def slow(_: Recorder, file: Path) -> Iterator[None]:
    """A disk that does not answer for as long as the model does."""
    with locked(file):
        yield


@every_way
@pytest.mark.parametrize("trouble", [full, slow])
async def test_a_disk_that_fails_while_an_answer_comes_costs_none_of_it(
    trouble: Callable[[Recorder, Path], AbstractContextManager[None]], dialect: Dialect, tmp_path: Path
) -> None:
    asked, go = threading.Event(), threading.Event()

    async def script(reply: Reply) -> None:
        asked.set()
        await asyncio.to_thread(go.wait, PATIENCE_S)
        await reply.stream(large(dialect), content_type=dialect.content_type)

    file = tmp_path / "collate.db"
    recorder = await Recorder.open(f"sqlite:///{file}")
    with WireServer() as server:
        serve_beside(server, dialect)
        server.routes[dialect.path] = script
        host = dialect.connect(server.url)
        setup = Configuration({host.name: host}, Deadlines(), tmp_path / "prices.toml", tmp_path / "collate.toml")
        runner = Runner(setup, Pricer(setup.connections, setup.prices), recorder)
        run = runner.start(plan(PROMPT, [Target(host.name, dialect.model, settings_of(dialect))]))
        await runner.begin(run, setup.connections)
        asking = asyncio.create_task(runner.ask(run, setup.connections))
        await until(asked.is_set)
        with trouble(recorder, file):
            go.set()
            await until(lambda: not run.live[0].now.live)
            done = run.answers[0].completion
            assert done is not None
            assert (done.state, kept(done)) == ("complete", whole(dialect))
        await asking
        await until(lambda: recorder.problem is None)
        await runner.aclose()
    await recorder.close()
    again = await Recorder.open(f"sqlite:///{file}")
    stored = again.load_run(run.id)
    with again.database.connect() as connection:
        pictures = [content(connection, each.sha256) for each in done.pictures]
    await again.close()
    assert stored is not None
    found = stored.completions[0].completion
    assert found is not None
    assert (found.state, kept(found)) == ("complete", whole(dialect))
    assert [sha256(each or b"").hexdigest() for each in pictures] == [each.sha256 for each in done.pictures]
    assert len(server.calls(dialect.path)) == 1
