"""The data for the matrix in the browser: texts and marks of the rows that are shown. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from prompts.core import format as text_of
from prompts.experiments.asked import Experiment
from prompts.experiments.matrix import Box, Row
from prompts.experiments.results import Side

AT_ONCE = 1_000
"""Rows per page that a browser is sent; it draws only those in sight."""
_WIDEST = 180
THUMBS = 3
"""The most pictures shown in a cell."""


def case_label(experiment: Experiment, case: int, most: int = _WIDEST) -> str:
    """The name of a case: its texts, cut to `most` characters."""
    text = " · ".join(" ".join(cell.split()) for cell in experiment.plan.cases.rows[case] if cell.strip())
    return (text if len(text) <= most else f"{text[: most - 1]}…") or "empty"


def matrix_data(
    experiment: Experiment, sides: Sequence[Side], rows: Sequence[Row], ratings: Mapping[str, bool],
    picture: Callable[[str], str] = str,
) -> dict[str, Any]:  # fmt: skip
    """Sides and rows for the component, which shows every string in them as text, never as markup.

    `picture` gives the address of a picture by its digest.
    """
    return {
        "sides": [side.name for side in sides], "drawn": experiment.plan.draws,
        "rows": [
            {
                "case": row.case, "label": case_label(experiment, row.case),
                "cells": [_cell(box, ratings, picture) for box in row.boxes],
            }
            for row in rows
        ],
    }  # fmt: skip


def _cell(box: Box, ratings: Mapping[str, bool], picture: Callable[[str], str]) -> dict[str, Any]:
    """One cell. The names are short because a thousand rows of eight cells may be sent."""
    cell: dict[str, Any] = {"o": box.outcome, "l": box.lines, "m": box.mark, "f": _figures(box)}
    if kept := [each for each in box.pictures if each.sha256]:
        cell["p"] = [(picture(each.sha256), each.described) for each in kept[:THUMBS]]
        if len(kept) > THUMBS:
            cell["l"] = f"and {len(kept) - THUMBS:,} more"
    if badges := _badges(box):
        cell["b"] = badges
    rated = next((ratings[c.completion_id] for c in box.cells if c.completion_id in ratings), None)
    if rated is not None:
        cell["r"] = 1 if rated else -1
    return cell


def _figures(box: Box) -> str:
    if box.outcome == "waiting":
        return box.cells[0].note or "waiting" if box.cells else "not asked"
    duration = box.duration_s
    said = [text_of.seconds(duration)] if duration is not None else []
    return " · ".join([*said, box.cost]) if any(cell.completion for cell in box.cells) else " · ".join(said)


def _badges(box: Box) -> list[str]:
    what = "pictures" if box.pictures else "answers"
    said = [f"{box.different} different {what}"] if box.different > 1 else []
    return said + ([f"from record {box.taken_from:%m-%d}"] if box.taken_from else [])
