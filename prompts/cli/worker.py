"""`collate worker`: makes this machine help with experiments, together with others that share the team's record."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from argparse import Namespace
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress

from prompts.asking.runner import Runner
from prompts.cli.setup import load, pricer, say
from prompts.experiments.asked_as import asked_as
from prompts.experiments.experiments import Experiments
from prompts.observing.counts_port import CountsPort
from prompts.record.recorder import Recorder, RecordError
from prompts.workers.joining import AloneError, open_engine, script
from providers.config.configuration import Configuration


async def work(options: Namespace) -> int:
    """Ask until told to leave. Returns 0, or 2 if there is nothing to join."""
    setup = load()
    only = _only(options.only, setup)
    recorder = await Recorder.open()
    try:
        if options.sql:
            return _print_script(recorder)
        return await _work(options, setup, only, recorder)
    except AloneError as exc:
        say(f"{exc} Until then `collate run` and the dashboard ask experiments by themselves.")
        return 2
    finally:
        with suppress(RecordError):
            await recorder.close()


async def _work(options: Namespace, setup: Configuration, only: tuple[str, ...], recorder: Recorder) -> int:
    engine = await open_engine(recorder.database)
    from prompts.workers.worker import Worker

    runner = Runner(setup, pricer(setup), recorder)
    experiments = Experiments(runner, recorder, at_once=options.at_once, source="cli")
    worker = Worker(experiments, recorder, engine, setup, kind="worker", at_once=options.at_once, only=only, say=say)
    if not worker.names:
        await engine.close()
        raise RecordError("Nothing can be asked from this machine: none of its providers has a key.")
    try:
        with _counts_at(options.metrics_port, setup, runner):
            await worker.join()
            _leave_properly(worker.drain)
            say(f"worker on {socket.gethostname()}: {', '.join(sorted(worker.names))}; {options.at_once} at once each")
            await worker.run(until_idle=options.drain)
    except ValueError:
        await engine.close()
        raise
    except asyncio.CancelledError:
        worker.drain(0)
        raise
    finally:
        await experiments.aclose()
        await runner.aclose()
    say("left; the calls in progress were recorded")
    return 0


@contextmanager
def _counts_at(port: int | None, setup: Configuration, runner: Runner) -> Generator[None]:
    """Serve the counts at `port`, if one is given. Raises `ValueError` if it cannot be used."""
    if port is None:
        yield
        return
    if runner.counts is None:
        raise ValueError("--metrics-port names a port for counts, which are switched off: set COLLATE_METRICS=1.")
    try:
        served = CountsPort(runner.counts.text, setup.telemetry.token, port)
    except OSError as exc:
        raise ValueError(f"The counts cannot be served at port {port}: {exc.strerror}. Name another one.") from exc
    where = "to anybody with the token" if setup.telemetry.token else "to this computer alone"
    say(f"counts at http://localhost:{served.port}/metrics, {where}")
    try:
        yield
    finally:
        served.close()


def _print_script(recorder: Recorder) -> int:
    written = script(recorder.database)
    if written:
        sys.stdout.write(written)
    else:
        say("the tables of the workers are there and up to date")
    return 0


def _only(text: str | None, setup: Configuration) -> tuple[str, ...]:
    """The names that `--only` lists. Raises `ValueError` for one that cannot be asked from here."""
    wanted = tuple(name for each in (text or "").split(",") if (name := each.strip().lower()))
    known = {*setup.connections, *map(asked_as, setup.connections.values())}
    if unknown := [name for name in wanted if name not in known]:
        raise ValueError(
            f"--only names {', '.join(unknown)}, which this machine does not know; it knows {', '.join(sorted(known))}."
        )
    return wanted


def _leave_properly(drain: Callable[[], None]) -> None:
    """Let signals that end the process finish its work first; a second signal ends it at once."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    told = False

    def on_signal() -> None:
        nonlocal told
        if told and task is not None:
            task.cancel()
        told = True
        drain()

    for number in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):  # Windows has Ctrl-C only
            loop.add_signal_handler(number, on_signal)
