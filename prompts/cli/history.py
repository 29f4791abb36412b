"""`collate history`, `show` and `rerun`: the record in the terminal, as text for people or lines of JSON."""

from __future__ import annotations

import re
from argparse import Namespace
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime

from rich.console import Console
from rich.text import Text

from prompts.cli.ask import JsonLines, Show, Terminal, run_and_show
from prompts.cli.setup import check_asked
from prompts.cli.setup import load as load_setup
from prompts.core import format as text_of
from prompts.core.answer import Answer
from prompts.core.conversation import asked_again
from prompts.core.plain_json import one_line, plain, to_json
from prompts.core.printable import printable
from prompts.core.run import Run
from prompts.core.run_summaries import Filter, RunLine
from prompts.core.targets import TargetError
from prompts.history.archive import Archive
from prompts.record.database import open_database
from prompts.record.restore import from_record
from prompts.record.rows import StoredRun

SHORT_ID = 8
_PAGE = 200


def print_history(options: Namespace) -> int:
    """Print runs, newest first. Returns 0, or 1 if nothing was found."""
    wanted, left, after, found = filter_of(options), options.limit, None, 0
    console = Console(highlight=False)
    with opened() as archive:
        while left > 0:
            page = archive.page(wanted, after, min(left, _PAGE))
            for line in page.lines:
                print(one_line(plain(line))) if options.json else _print_line(console, line)
            found, left, after = found + len(page.lines), left - len(page.lines), page.after
            if after is None:
                break
    if not options.json and after is not None:
        console.print(Text(f"There are more; --limit {options.limit * 2} shows them.", style="dim"))
    if not found and not options.json:
        print("Nothing on record matches." if wanted != Filter() else "Nothing is on record yet. Try: collate ask")
    return 0 if found else 1


def print_trail(options: Namespace) -> int:
    """Print the audit trail, newest first. Returns 0, or 1 if it is empty."""
    console = Console(highlight=False)
    with opened() as archive:
        found = archive.trail(options.limit)
    for each in found:
        if options.json:
            print(one_line(plain(each)))
            continue
        what = ", ".join(f"{name} {value}" for name, value in each.what.items())
        console.print(Text(printable(f"{each.at:%Y-%m-%d %H:%M:%S} UTC  {each.person or '—'}  {each.act}: {what}")))
    return 0 if found else 1


def print_run(options: Namespace) -> int:
    """Print one run: prompt, answers, table. Returns 0."""
    with opened() as archive:
        run = from_record(load(archive, options.run))
    if options.json:
        for answer in run.answers:
            if answer.completion is not None:
                print(to_json(answer.completion, run=run.id, id=answer.id, repeat=answer.repeat))
        return 0
    print(f"{run.created_at:%Y-%m-%d %H:%M} UTC  {run.id}")
    if run.link is not None:
        print(f"{run.link.relation} {run.link.run_id}")
    print(f"\n{printable(run.prompt)}\n")
    terminal = Terminal()
    terminal.start(run)
    for answer in run.answers:
        terminal.changed(answer)
    terminal.end(run)
    for answer in run.answers:
        for said in (*_marks(answer),):
            print(printable(f"{answer.target}: {said}"))
    return 0


async def rerun(options: Namespace) -> int:
    """Ask a run again, with the same request. Returns 0, or 1 if a completion failed."""
    with opened() as archive:
        old = from_record(load(archive, options.run))
    show: Show = JsonLines() if options.json else Terminal()
    setup = load_setup()
    missing = sorted({answer.target.provider for answer in old.answers} - set(setup.connections))
    if missing:
        raise TargetError(f"The run asked {', '.join(missing)}, which is not configured here.")
    check_asked(setup, [setup.connections[answer.target.provider] for answer in old.answers])
    again = replace(asked_again(old), source="cli")
    new, status = await run_and_show(again, setup, show, record=True)
    if not options.json:
        _print_changes(old, new)
    return status


@contextmanager
def opened() -> Generator[Archive]:
    """The record, closed on leaving. Raises `RecordError`."""
    engine = open_database()
    try:
        yield Archive(engine)
    finally:
        engine.dispose()


def load(archive: Archive, wanted: str) -> StoredRun:
    """The run with the id `wanted`, or the only one whose id begins so, or the newest for `last`.

    Raises `TargetError`.
    """
    if wanted == "last":
        lines = archive.page(Filter(), None, 1).lines
        ids = tuple(line.id for line in lines)
    elif re.fullmatch("[0-9a-f-]{4,36}", wanted.lower()):
        ids = archive.ids_from(wanted.lower(), 2)
    else:
        raise TargetError(f"{wanted!r} is not a run: give its id, at least four characters of it, or “last”.")
    if len(ids) > 1:
        raise TargetError(f"More than one run begins with {wanted}; give more of its id.")
    stored = next(iter(archive.runs(ids)), None) if ids else None
    if stored is None and wanted == "last":
        raise TargetError("Nothing is on record yet. Try: collate ask")
    if stored is None:
        raise TargetError(f"There is no run {wanted} on record. `collate history` lists them.")
    return stored


def filter_of(options: Namespace) -> Filter:
    """The filter given by the options. Raises `TargetError`."""
    return Filter(
        words=" ".join(options.words), targets=tuple(options.model or ()), families=tuple(options.family or ()),
        providers=tuple(options.provider or ()), tags=tuple(options.tag or ()), stars=options.stars,
        since=_day(options.since), until=_day(options.until), cost_from=options.cost_from,
        cost_to=options.cost_to, outcome=options.outcome, person=options.person, best=options.best,
    )  # fmt: skip


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise TargetError(f"{text!r} is not a date; write it like {datetime.now(UTC):%Y-%m-%d}.") from None


def _print_line(console: Console, line: RunLine) -> None:
    counts = [f"{line.completions} answer{'' if line.completions == 1 else 's'}"]
    counts += [f"{line.failed} failed"] if line.failed else []
    counts += [f"{line.interrupted} interrupted"] if line.interrupted else []
    head = Text(f"{line.created_at:%Y-%m-%d %H:%M}  ")
    head.append(line.id[:SHORT_ID], style="cyan")
    head.append(f"  {', '.join(counts)}  {text_of.spent(line.spend)}  {printable(', '.join(line.targets))}")
    head.append(printable("".join(f"  #{tag}" for tag in line.tags)), style="green")
    console.print(head, overflow="ellipsis", no_wrap=True, soft_wrap=not console.is_terminal)
    body = Text("    ")
    shown = line.matches[0].parts if line.matches else ((line.prompt, False),)
    for part, matches in shown:
        body.append(" ".join(printable(part).split(" ")).replace("\n", " "), style="bold" if matches else "")
    console.print(body, overflow="ellipsis", no_wrap=True, soft_wrap=not console.is_terminal)


def _marks(answer: Answer) -> list[str]:
    said = [", ".join(f"#{tag}" for tag in answer.tags)] if answer.tags else []
    for mark in answer.marks:
        who = f" ({mark.person})" if mark.person else ""
        parts = [{1: "thumb up", -1: "thumb down"}[mark.thumb]] if mark.thumb else []
        parts += [f"{mark.stars} of 5 stars"] if mark.stars else []
        parts += ["best answer"] if mark.best else []
        parts += [mark.note] if mark.note else []
        said += [f"{', '.join(parts)}{who}"] if parts else []
    return said


def _print_changes(old: Run, new: Run) -> None:
    """Print one line for each answer on how it changed."""
    print(f"Compared with {old.created_at:%Y-%m-%d %H:%M} UTC ({old.id[:SHORT_ID]}):")
    for before, now in zip(old.answers, new.answers, strict=True):
        was, is_ = before.completion, now.completion
        if was is None or is_ is None:
            print(printable(f"  {now.target}: there is no earlier outcome to compare with"))
            continue
        same = "the same answer" if was.text == is_.text else "another answer"
        moved = f"; then by {was.response_model}, now by {is_.response_model}"
        said = (
            f"  {now.target}: {same}; then {text_of.seconds(was.timings.duration_s)}, now "
            f"{text_of.seconds(is_.timings.duration_s)}; then {text_of.cost(was.cost)}, now {text_of.cost(is_.cost)}"
        )
        print(printable(said + (moved if is_.response_model != was.response_model else "")))
