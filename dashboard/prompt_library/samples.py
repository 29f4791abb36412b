"""The sample cases in the form: a grid with a column for each hole, which follows the text as it is typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from dashboard import state

EXPECTED = "expected"
"""The column besides those of the holes: a good answer."""
Rows = tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True)
class Samples:
    """The content of the grid. Streamlit keeps edits only while it gets the same table, so that is kept too."""

    rows: Rows
    """The rows with all edits."""
    columns: tuple[str, ...] = ()
    begun: Rows = ()
    """The rows as the grid was given them."""


def put(rows: Sequence[Mapping[str, str]]) -> None:
    """Set the cases; before the grid is drawn."""
    st.session_state[state.LIBRARY_SAMPLES] = Samples(tuple(rows))


def present(holes: Sequence[str]) -> Rows:
    """The cases to save: without empty rows, and without empty cells of columns that are not holes."""
    held: Samples = st.session_state.get(state.LIBRARY_SAMPLES) or Samples(())
    kept = (
        {name: value for name, value in row.items() if value.strip() or name in holes}
        for row in held.rows
        if any(value.strip() for value in row.values())
    )
    return tuple(kept)


def show_grid(holes: Sequence[str]) -> None:
    """Draw the grid, and keep what is in it."""
    import pandas as pd  # a third of a second, not needed for the first page

    held: Samples = st.session_state.get(state.LIBRARY_SAMPLES) or Samples(())
    others = dict.fromkeys(name for row in held.rows for name in row if row[name].strip())
    columns = tuple(dict.fromkeys([*holes, *others, EXPECTED]))
    key = f"library-grid-{'|'.join(columns)}"
    if columns != held.columns or key not in st.session_state:
        begun = tuple({name: row.get(name, "") for name in columns} for row in held.rows)
        held = Samples(held.rows, columns, begun)
    edited = st.data_editor(
        pd.DataFrame([dict(row) for row in held.begun], columns=list(columns), dtype=str),
        key=key, num_rows="dynamic", hide_index=True, placeholder="",
        column_config={name: st.column_config.TextColumn(name) for name in columns},
    )  # fmt: skip
    rows = tuple(
        {str(name): value if isinstance(value, str) else "" for name, value in row.items()}
        for row in edited.to_dict("records")
    )
    st.session_state[state.LIBRARY_SAMPLES] = Samples(rows, held.columns, held.begun)
