"""`collate results`: the results of an experiment as sentences, a table and files; and whether it passed its gate."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from prompts.analysis.statistics.verdicts import CHANCE
from prompts.asking.runner import Runner
from prompts.cli.experiment_tables import results_table
from prompts.cli.setup import load, pricer, say
from prompts.core.format import share
from prompts.core.plain_json import one_line
from prompts.core.plain_json import plain as plain_json
from prompts.core.printable import printable
from prompts.core.targets import TargetError
from prompts.experiments.asked import AskedCell, Experiment
from prompts.experiments.experiments import Experiments
from prompts.experiments.results import Results, Side, results
from prompts.experiments.results_text import notes
from prompts.record.recorder import Recorder

PASSED, UNDER_THE_GATE, NOT_RUN, BUDGET_REACHED = range(4)


async def show(options: Namespace) -> int:
    """Print the results of one experiment, or the list of all.

    Returns the exit status that `collate run` would have.
    """
    check_reports(options)
    setup = load()
    recorder = await Recorder.open()
    runner = Runner(setup, pricer(setup), recorder)
    experiments = Experiments(runner, recorder)
    try:
        known = experiments.list()
        if options.experiment is None:
            return _print_list(known, as_json=options.json)
        experiment = chosen(known, options.experiment)
        cells = experiments.cells(experiment.id)
        write_reports(experiment, cells, options, experiments.picture)
        return print_results(experiment, cells, as_json=options.json, quiet=False)
    finally:
        await runner.aclose()
        await recorder.close()


def chosen(known: Sequence[Experiment], wanted: str) -> Experiment:
    """The experiment with that id (or its beginning) or name, or the newest for `last`. Raises `TargetError`."""
    if wanted == "last":
        if not known:
            raise TargetError("No experiment is on record yet. Try: collate run --example")
        return known[0]
    fits = [each for each in known if each.id.startswith(wanted) or each.plan.name == wanted]
    if len(fits) != 1:
        count = "No experiment" if not fits else "More than one experiment"
        raise TargetError(f"{count} is called {wanted}. `collate results` lists them.")
    return fits[0]


def _print_list(known: Sequence[Experiment], *, as_json: bool) -> int:
    for each in known:
        line: dict[str, Any] = {
            "id": each.id, "name": each.plan.name, "created_at": each.created_at.isoformat(), "stage": each.stage,
            "answers": dict(each.counts),
        }  # fmt: skip
        over = sum(n for state, n in each.counts.items() if state != "waiting")
        plain = f"{each.id[:8]}  {each.created_at:%Y-%m-%d %H:%M}  {each.stage:<8}  {over:,} of {each.plan.size:,}"
        print(one_line(line) if as_json else printable(f"{plain}  {each.plan.name}"))
    if not known and not as_json:
        print("No experiment is on record yet. Try: collate run --example")
    return PASSED


def print_results(experiment: Experiment, cells: Sequence[AskedCell], *, as_json: bool, quiet: bool) -> int:
    """Print verdicts on quality, the table, then times and money; returns the exit status."""
    found = results(experiment, cells)
    status, why = verdict(experiment, found)
    if as_json:
        print(one_line(plain_json(_as_json(experiment, found, status, why))))
        return status
    if quiet:
        if why:
            say(why)
        return status
    console = Console(width=None if sys.stdout.isatty() else 160, highlight=False)
    console.print(Text(printable(experiment.plan.name), style="bold"))
    quality = (verdict.sentence for verdict in found.quality)
    for sentence in filter(None, (*quality, *notes(experiment, found.sides), why)):
        console.print(Text(printable(sentence)))
    console.print(results_table(found))
    for sentence in _times_and_money(found):
        console.print(Text(printable(sentence)))
    console.print(Text(f"collate results {experiment.id[:8]} shows this again.", style="dim"))
    return status


def _times_and_money(found: Results) -> list[str]:
    """One sentence per pair; the statement that applies to all verdicts is printed once."""
    verdicts = [*found.speed, *found.money]
    said = [each.sentence.removesuffix(CHANCE).strip() for each in verdicts]
    if any(each.kind == "better" for each in verdicts):
        said.append(f"Faster and cheaper: {CHANCE[0].lower()}{CHANCE[1:]}")
    return said


def verdict(experiment: Experiment, found: Results) -> tuple[int, str]:
    """The exit status, and a sentence on why it is not 0, else ""."""
    if experiment.stage != "finished":
        reached = experiment.reason.startswith("The budget of")
        return BUDGET_REACHED if reached else NOT_RUN, experiment.reason or "It is not finished."
    if silent := [side.name for side in found.sides if not side.answered]:
        return NOT_RUN, f"No answer came from {', '.join(silent)}."
    gate = experiment.plan.gate
    if gate.pass_rate is None:
        return PASSED, ""
    under = [side for side in found.sides if not _reaches(side, gate.pass_rate, lower=gate.lower)]
    if not under:
        return PASSED, ""
    what = "the lower end of the pass rate" if gate.lower else "the pass rate"
    return (
        UNDER_THE_GATE,
        f"Under the gate, {what} of {share(gate.pass_rate)}: {', '.join(side.name for side in under)}.",
    )


def _reaches(side: Side, wanted: float, *, lower: bool) -> bool:
    """Whether the pass rate reaches `wanted`; a side without a verdict never does."""
    interval = side.rate.interval
    return interval is not None and (interval.low if lower else interval.estimate) >= wanted


def write_reports(
    experiment: Experiment, cells: Sequence[AskedCell], options: Namespace, picture: Callable[[str], bytes | None]
) -> None:
    """Write the files that were asked for; `picture` gives a picture's content by digest.

    Raises `ValueError` for one that cannot be written.
    """
    from prompts.experiments.report.contents import report_of
    from prompts.experiments.report.formats import FORMATS

    named: Iterable[tuple[str, str | None]] = (("JUnit", options.junit), ("HTML", options.html))
    for name, path in (*named, *((_format(path), path) for path in options.report)):
        if path is None:
            continue
        pieces = FORMATS[name].pieces(report_of(experiment, cells, options.links or "", picture))
        first = next(pieces, b"")  # if nothing can be produced, an existing file is left untouched
        try:
            with Path(path).open("wb") as file:
                file.writelines(chain((first,), pieces))
        except OSError as exc:
            raise TargetError(f"{path} cannot be written: {exc.strerror}.") from None


def check_reports(options: Namespace) -> None:
    """Check the files before anything is asked.

    Raises `ValueError` if the ending of a name tells no format, or its folder does not exist.
    """
    for path in options.report:
        _format(path)
    for path in filter(None, (options.junit, options.html, *options.report)):
        if not Path(path).absolute().parent.is_dir():
            raise TargetError(f"{path} cannot be written: its folder does not exist.")


def _format(path: str) -> str:
    from prompts.experiments.report.formats import FORMATS

    endings = {each.ending: name for name, each in FORMATS.items()}
    ending = Path(path).suffix.removeprefix(".").lower()
    if ending not in endings:
        raise TargetError(f"{path} does not say which format: end it in {', '.join(f'.{each}' for each in endings)}.")
    return endings[ending]


def _as_json(experiment: Experiment, found: Results, status: int, why: str) -> dict[str, Any]:
    return {
        "id": experiment.id, "name": experiment.plan.name, "stage": experiment.stage, "reason": experiment.reason,
        "status": status, "why": why, "sentences": list(found.sentences),
        "sides": [_side(side) for side in found.sides],
    }  # fmt: skip


def _side(side: Side) -> dict[str, Any]:
    """One side as JSON; `null` is unknown."""
    interval = side.rate.interval
    return {
        "name": side.name, "planned": side.planned, "answered": side.answered, "unanswered": dict(side.unanswered),
        "passed": side.rate.passed, "with_verdict": side.rate.answered, "cases": side.rate.cases,
        "pass_rate": interval.estimate if interval else None,
        "pass_rate_low": interval.low if interval else None, "pass_rate_high": interval.high if interval else None,
        "time_s": side.time, "spent_usd": None if side.spent is None else str(side.spent),
        "spent_at_least": side.at_least,
    }  # fmt: skip
