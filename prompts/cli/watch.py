"""`collate watch`: repeats watched experiments that are due, from cron or by hand, and reports real changes."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from decimal import Decimal

from prompts.asking.runner import Runner
from prompts.cli.results import chosen
from prompts.cli.setup import load, pricer
from prompts.core.format import money
from prompts.core.printable import printable
from prompts.core.targets import TargetError
from prompts.decide import watch_store
from prompts.decide.watch_store import Look, Watch, new_id
from prompts.decide.watching import ask_due
from prompts.experiments.asked import Experiment
from prompts.experiments.experiments import Experiments
from prompts.history.archive import Archive
from prompts.record.recorder import Recorder
from providers.measuring.measure import utc_now

NOTHING_MOVED, MOVED, NOT_ASKED = range(3)


async def watch(options: Namespace) -> int:
    """Ask what is due.

    Returns 0: no certain change; 1: something changed; 2: something could not be asked. Raises `ValueError`.
    """
    setup = load()
    recorder = await Recorder.open()
    runner = Runner(setup, pricer(setup), recorder)
    experiments = Experiments(runner, recorder, source="cli")
    archive = Archive(recorder.database)
    try:
        known = experiments.list()
        if options.action in ("add", "stop"):
            if options.experiment is None:
                raise TargetError(f"Name the experiment: collate watch {options.action} NAME.")
            return _change(options, archive, chosen(known, options.experiment))
        if options.action == "list":
            return _list(archive, known)
        only = chosen(known, options.experiment).id if options.experiment else None
        most: Decimal | None = options.budget
        found = await ask_due(archive, experiments, setup.connections, utc_now(), most=most, only=only)
        return _say(found, known)
    finally:
        await experiments.aclose()
        await runner.aclose()
        await recorder.close()


def _change(options: Namespace, archive: Archive, experiment: Experiment) -> int:
    if options.action == "stop":
        archive.write(lambda c: watch_store.stop(c, experiment.id))
        print(printable(f"{experiment.plan.name} is no longer watched."))
        return NOTHING_MOVED
    if options.budget is None:
        raise TargetError("Say what one run may cost at most: --budget 0.50, or --budget 0 for models without a fee.")
    new = Watch(new_id(), experiment.id, utc_now(), "", options.every, options.budget, None)
    archive.write(lambda c: watch_store.put(c, new))
    print(
        printable(f"{experiment.plan.name} is asked again every {options.every} days, for {money(new.budget)} at most.")
    )
    return NOTHING_MOVED


def _list(archive: Archive, known: Sequence[Experiment]) -> int:
    names = {each.id: each.plan.name for each in known}
    for each in archive.read(watch_store.every):
        looks = archive.read(lambda c, each=each: watch_store.looks_of(c, each.id))
        last = f"{looks[0].at:%Y-%m-%d}: {_said(looks[0])}" if looks else "not asked again yet"
        name = names.get(each.plan_id, "a deleted experiment")
        print(printable(f"{name}  every {each.every_days} days, {money(each.budget)} at most  {last}"))
    return NOTHING_MOVED


def _say(found: Sequence[tuple[Watch, Look]], known: Sequence[Experiment]) -> int:
    names = {each.id: each.plan.name for each in known}
    if not found:
        print("Nothing is due.")
    for each, look in found:
        print(printable(f"{names.get(each.plan_id, 'A deleted experiment')}: {_said(look)}"))
    if any(look.problem for _, look in found):
        return NOT_ASKED
    return MOVED if any(each.confirmed for _, look in found for each in look.moved) else NOTHING_MOVED


def _said(look: Look) -> str:
    if look.problem:
        return look.problem
    sure = {True: "", False: " Seen once: it may be chance; the next run will show."}
    return " ".join(f"{each.sentence}{sure[each.confirmed]}" for each in look.moved) or "no change beyond chance."
