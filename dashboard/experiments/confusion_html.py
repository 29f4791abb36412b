"""Confusion matrices as HTML: a row per expected label, a column per label given. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from prompts.core.printable import escape
from prompts.experiments.confusion import NONE, Confusion
from prompts.experiments.results import Side


def confusion_html(found: Confusion, sides: Sequence[Side]) -> str:
    """The table of one side, with how many of its labels were right."""
    expected = list(dict.fromkeys([*found.labels, *(row for row, _ in found.counts)]))
    given = [*dict.fromkeys([*found.labels, *(column for _, column in found.counts if column != NONE)]), NONE]
    head = "".join(f"<th>{escape(label)}</th>" for label in given)
    rows = "".join(
        f"<tr><th>{escape(row)}</th>{''.join(_cell(found, row, column) for column in given)}</tr>" for row in expected
    )
    return (
        f"<p><strong>{escape(sides[found.side].name)}</strong>: {found.right:,} of {found.answers:,} labels right</p>"
        f'<table class="experiment-table"><thead><tr><th>expected \\ given</th>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _cell(found: Confusion, row: str, column: str) -> str:
    count = found.of(row, column)
    right = ' class="right-one"' if row == column and count else ""
    return f"<td{right}>{count:,}</td>" if count else f"<td{right}>·</td>"
