"""The labels in the picker's list: model, whether it can be asked now, its price if it can, context window. Pure.

A chosen model is shown by its target alone, so that chips stay short. The browser sends back the label that it was
shown, so every label begins with its target, from which that can be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from dashboard.compose.model_rows import ModelRow
from prompts.core import format as text_of

_APART = " · "


def labels(rows: Iterable[ModelRow]) -> Mapping[str, str]:
    """The label of each target, by target."""
    return {row.target: _APART.join(filter(None, (row.target, *_facts(row)))) for row in rows}


def ready_first(options: Sequence[str], rows: Iterable[ModelRow]) -> list[str]:
    """`options` in their order, but those that can be asked now before the others."""
    ready = {row.target for row in rows if row.usable}
    return sorted(options, key=lambda target: target not in ready)


def target_of(label: str) -> str:
    """The target that a label begins with; text that was typed by hand is returned as it is."""
    return label.partition(_APART)[0]


def _facts(row: ModelRow) -> tuple[str, ...]:
    name = row.label if row.label != row.target.partition(":")[2] else ""
    window = f"{text_of.count(row.context_tokens)} tokens" if row.context_tokens else ""
    return name, row.status, _price(row) if row.usable else "", window


def _price(row: ModelRow) -> str:
    if row.input_price is None and row.output_price is None:
        return "no fee" if row.local else "price unknown"
    return f"{text_of.unit_price(row.input_price)} in, {text_of.unit_price(row.output_price)} out"
