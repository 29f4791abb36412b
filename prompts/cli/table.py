"""The table that ends `collate ask`: one row per completion."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from prompts.core import format as text_of
from prompts.core import metrics
from prompts.core.printable import printable
from providers.catalogue.families import family_of
from providers.completion import Completion

_SHOWN = (metrics.FIRST_TOKEN, metrics.DURATION, metrics.TOKENS_PER_S)


def print_table(completions: Sequence[Completion]) -> None:
    """Print the comparison to standard output; unknown is "—"."""
    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("model", overflow="fold")
    table.add_column("family")
    table.add_column("outcome")
    for header in (*(metric.label for metric in _SHOWN), "in", "out", "cost"):
        table.add_column(header, justify="right")
    for completion in completions:
        table.add_row(*(Text(printable(cell)) for cell in _cells(completion)))
    console = Console()
    if not console.is_terminal:
        console = Console(width=160)
    console.print(table)
    for completion in completions:
        notes = [text_of.CONDITIONS[c] for c in completion.conditions] + [text_of.FLAGS[f] for f in completion.flags]
        if notes:
            name = printable(f"{completion.provider}:{completion.model}")
            console.print(Text(f"{name}: {'; '.join(notes)}", style="dim"))


def _cells(completion: Completion) -> list[str]:
    family = family_of(completion.provider, completion.model)
    return [
        f"{completion.provider}:{completion.model}",
        family.name if family else text_of.UNKNOWN,
        text_of.STATES[completion.state][0],
        *(metric.say(completion) for metric in (*_SHOWN, metrics.TOKENS_IN, metrics.TOKENS_OUT)),
        text_of.cost(completion.cost),
    ]
