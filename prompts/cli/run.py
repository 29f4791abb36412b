"""`collate run`: an experiment from its file, asked and judged, with a live table of its progress."""

from __future__ import annotations

import asyncio
import sys
from argparse import Namespace
from contextlib import suppress
from dataclasses import replace
from itertools import chain, repeat
from pathlib import Path

from rich.console import Console
from rich.live import Live

from prompts.asking.runner import Connections, Runner
from prompts.cli.confirming import confirm
from prompts.cli.experiment_tables import progress_line, progress_table
from prompts.cli.interrupts import interruptible
from prompts.cli.results import check_reports, print_results, write_reports
from prompts.cli.saving_plan import save_plan
from prompts.cli.seeing_judges import check_judges
from prompts.cli.setup import check_asked, load, pricer, say
from prompts.core.printable import printable
from prompts.experiments import planning
from prompts.experiments.asked import Experiment
from prompts.experiments.checks.function import functions
from prompts.experiments.examples.plans import picture_ladder, support_mail
from prompts.experiments.experiments import Experiments
from prompts.experiments.functions import apply, try_out
from prompts.experiments.holes import template_note
from prompts.experiments.judge import asked_of
from prompts.experiments.plan import Plan, PlanError, check_plan
from prompts.experiments.plan_source import load_plan
from prompts.history.archive import Archive
from prompts.record.database_url import is_shared
from prompts.record.recorder import Recorder, RecordError
from prompts.workers.joined import Joined
from providers.builtin import gguf

_NGRAMS = ("ngram-2", "ngram-3", "ngram-4")
_ENDED = "`collate run` was ended. Resume it to ask for the missing answers."
LOOK_S = 0.5
"""Seconds between redraws of the table."""
NEWS_S = (10.0, 20.0, 40.0, 60.0)
"""Seconds before each line about the progress where there is no terminal; the last for all further ones."""


async def run(options: Namespace) -> int:
    """Plan, ask and judge. Returns 0 passed, 1 below the gate, 2 could not be finished, 3 budget reached.

    Raises `ValueError` with a message for people: then nothing was sent.
    """
    check_reports(options)
    setup = load()
    plan = _plan(options, setup.connections)
    if options.save_as is not None:
        return save_plan(plan, Path(options.save_as))
    check_asked(setup, [setup.connections[t.provider] for t in asked_of(plan) if t.provider in setup.connections])
    recorder = await Recorder.open()
    runner = Runner(setup, pricer(setup), recorder)
    experiments = Experiments(runner, recorder, at_once=options.at_once, source="cli")
    joined = Joined(experiments, recorder, setup, kind="run", at_once=options.at_once)
    id = None
    try:
        check_plan(plan)
        planning.check_targets(plan, setup.connections)
        await check_judges(plan, setup.connections, runner)
        if not options.yes:
            history = await asyncio.to_thread(recorder.output_history)
            with interruptible():
                confirm(plan, setup.connections, history, runner.pricer)
        await try_out(plan)
        if (why := await joined.why_alone()) and is_shared():
            say(why)
        id = await _begin(options, experiments, plan, setup.connections)
        await _watch(experiments, id, quiet=options.quiet)
        if functions(plan.checks):
            if not options.quiet:
                say("Its Python functions look at the answers.")
            await apply(Archive(recorder.database), id, plan)
        return _end(options, experiments, id)
    except asyncio.CancelledError:
        if id is not None:
            with suppress(RecordError):  # else other processes go on with it
                await experiments.sharing.halt(id, "paused", _ENDED)
        await experiments.aclose()
        say("Stopped. To ask for what is missing, run the same command with --resume.")
        raise
    finally:
        await experiments.aclose()
        await joined.aclose()
        await runner.aclose()
        try:
            await recorder.close()
        except RecordError as exc:
            say(str(exc))


def _plan(options: Namespace, connections: Connections) -> Plan:
    if (options.example is None) == (options.file is None):
        raise PlanError("Name the file of the plan, or write --example.")
    if options.example is not None and options.encoding is not None:
        raise PlanError("An encoding is that of a file of cases, and the examples have none.")
    match options.example:
        case "mail":
            plan = support_mail([*gguf.files(), *_NGRAMS])
        case "pictures":
            plan = picture_ladder()
        case _:
            plan = _from_file(Path(options.file), connections, options.encoding)
    if options.budget is not None:
        plan = replace(plan, budget=replace(plan.budget, usd=options.budget))
    return plan


def _from_file(path: Path, connections: Connections, encoding: str | None) -> Plan:
    loaded = load_plan(path, connections, encoding=encoding)
    wordings = loaded.plan.wordings
    for note in (*loaded.notes, template_note(*(text for each in wordings for text in (each.prompt, each.system)))):
        if note:
            say(note)
    return loaded.plan


async def _begin(options: Namespace, experiments: Experiments, plan: Plan, connections: Connections) -> str:
    if not options.resume:
        return await experiments.start(plan, connections, from_record=options.from_record)
    every = await asyncio.to_thread(experiments.list)  # newest first
    found = next((each for each in every if each.plan.name == plan.name), None)
    if found is None:
        raise PlanError(f"No experiment named {plan.name!r} is on record. Run it without --resume.")
    if found.plan.checks != plan.checks:
        stored = replace(found.plan, checks=plan.checks)
        planning.check_extension(stored, plan)
        say("Its checks have changed: they are applied to the answers there are, and no model is asked for that.")
        async for _ in experiments.recheck(found.id, plan.checks):
            pass
        found = replace(found, plan=stored)
    if _same_plan(found.plan, plan):
        await experiments.resume(found.id, connections)
    else:
        await experiments.extend(found.id, plan, connections)
    return found.id


def _same_plan(stored: Plan, given: Plan) -> bool:
    """Whether both plans ask the same; notes made while reading the file are ignored."""
    plain = replace(given, cases=replace(given.cases, notes=stored.cases.notes), columns=dict(given.columns))
    return replace(stored, columns=dict(stored.columns)) == plain


async def _watch(experiments: Experiments, id: str, *, quiet: bool) -> None:
    """Wait until the experiment is over, with a table on standard error if that is a terminal, else a line at times."""
    console = Console(stderr=True)
    over = asyncio.ensure_future(experiments.wait(id))
    if not quiet:
        plan = (await asyncio.to_thread(_found, experiments, id)).plan
        await (
            _draw(console, experiments, id, plan, over) if console.is_terminal else _tell(experiments, id, plan, over)
        )
    await over


async def _draw(console: Console, experiments: Experiments, id: str, plan: Plan, over: asyncio.Future[None]) -> None:
    with Live(console=console, auto_refresh=False, transient=True) as live:
        while not over.done():
            progress = await asyncio.to_thread(experiments.progress, id)
            live.update(progress_table(plan, progress), refresh=True)
            await asyncio.wait({over}, timeout=LOOK_S)


async def _tell(experiments: Experiments, id: str, plan: Plan, over: asyncio.Future[None]) -> None:
    """Say how far it is, less and less often, and only if there is something new: a log is read afterwards."""
    told, waits = "", chain(NEWS_S, repeat(NEWS_S[-1]))
    while not (await asyncio.wait({over}, timeout=next(waits)))[0]:
        line = progress_line(plan, await asyncio.to_thread(experiments.progress, id))
        if line != told:
            say(told := line)


def _found(experiments: Experiments, id: str) -> Experiment:
    found = experiments.find(id)
    if found is None:
        raise RecordError("The experiment was deleted while it ran.")
    return found


def _end(options: Namespace, experiments: Experiments, id: str) -> int:
    experiment, cells = _found(experiments, id), experiments.cells(id)
    write_reports(experiment, cells, options, experiments.picture)
    status = print_results(experiment, cells, as_json=options.json, quiet=options.quiet)
    if experiment.stage != "finished" and not options.json:
        what = options.file or f"--example {options.example}"
        print(printable(f"To continue: collate run {what} --resume"), file=sys.stderr)
    return status
