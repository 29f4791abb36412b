"""What the list of the picker says of each model: whether it can be asked now, its price, its window. Pure.

A chosen model goes by its target alone, so that chips stay short. The browser keeps what it was shown, so a label
has to lead back to its target: it begins with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from dashboard.compose.model_rows import ModelRow
from prompts.core import format as text_of

_APART = " · "


def labels(rows: Iterable[ModelRow]) -> Mapping[str, str]:
    """A label for each target."""
    return {row.target: _APART.join(filter(None, (row.target, *_facts(row)))) for row in rows}


def ready_first(options: Sequence[str], rows: Iterable[ModelRow]) -> list[str]:
    """`options` in their order, but what can be asked now before what cannot."""
    ready = {row.target for row in rows if row.usable}
    return sorted(options, key=lambda target: target not in ready)


def target_of(label: str) -> str:
    """The target of a label, or what was typed by hand."""
    return label.partition(_APART)[0]


def _facts(row: ModelRow) -> tuple[str, ...]:
    name = row.label if row.label != row.target.partition(":")[2] else ""
    window = f"{text_of.count(row.context_tokens)} tokens" if row.context_tokens else ""
    return name, row.status, _price(row), window


def _price(row: ModelRow) -> str:
    if row.input_price is None and row.output_price is None:
        return "no fee" if row.local else "price unknown"
    return f"{text_of.unit_price(row.input_price)} in, {text_of.unit_price(row.output_price)} out"
