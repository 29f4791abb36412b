"""`collate prompts`: the library in the terminal, as text for people or lines of JSON."""

from __future__ import annotations

import sys
from argparse import Namespace

from rich.console import Console
from rich.table import Table
from rich.text import Text

from prompts.core.plain_json import one_line, plain
from prompts.core.printable import printable
from prompts.experiments.library.library import library
from prompts.experiments.library.prompt import TASKS, Version
from prompts.experiments.library.prompt_file import write_version


def print_prompts(options: Namespace) -> int:
    """Print prompts of the library. Returns 0, or 1 if nothing was found or a file cannot be read."""
    match options.action:
        case "show":
            return _show(options)
        case "versions":
            return _versions(options)
        case _:
            return _list(options)


def _list(options: Namespace) -> int:
    if options.task not in (None, *TASKS):
        raise ValueError(f"{options.task!r} is not a task. There are: {', '.join(TASKS)}.")
    listing = library().listing(" ".join(options.words), options.task)
    for problem in listing.problems:
        print(f"collate: {printable(problem)}", file=sys.stderr)
    if options.json:
        for version in listing.prompts:
            print(_json(version))
    elif listing.prompts:
        rows = [(v.reference, v.prompt.task, v.prompt.name, _whose(v)) for v in listing.prompts]
        _table(("prompt", "task", "name", ""), rows)
    else:
        print("No prompt matches.")
    return 0 if listing.prompts and not listing.problems else 1


def _show(options: Namespace) -> int:
    version = library().find(options.prompt)
    print(_json(version) if options.json else printable(write_version(version).decode()), end="")
    if options.json:
        print()
    return 0


def _versions(options: Namespace) -> int:
    prompts = library()
    found = prompts.versions(prompts.find(options.prompt).key)
    if options.json:
        for version in found:
            print(_json(version))
    else:
        _table(("version", "saved (UTC)", "by", "name"), [
            (v.reference, f"{v.saved_at:%Y-%m-%d %H:%M}" if v.saved_at else "—", v.saved_by or _whose(v), v.prompt.name)
            for v in found
        ])  # fmt: skip
    return 0


def _whose(version: Version) -> str:
    return "own" if version.own else "shipped"


def _json(version: Version) -> str:
    prompt = {**plain(version.prompt), "holes": list(version.prompt.holes)}
    return one_line({"reference": version.reference, **plain(version), "prompt": prompt})


def _table(headers: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0))
    for header in headers:
        table.add_column(header, overflow="fold")
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    console = Console()
    (console if console.is_terminal else Console(width=160)).print(table)
