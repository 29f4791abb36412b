"""Block 2 of the builder: the cases, typed, pasted, from a file or History, and which column fills which hole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from dashboard import state
from dashboard.experiments import fields
from dashboard.experiments.case_grid import edited, joined, with_columns, without_column
from dashboard.markdown_escape import plain
from prompts.core import format as text_of
from prompts.experiments.case_files import read_cases, read_text
from prompts.experiments.cases import MOST_BYTES, MOST_CASES, Cases, CasesError
from prompts.experiments.encodings import NAMES
from prompts.experiments.holes import missing

EDITED_AT_MOST = 2_000
"""The most cases that the grid lets one edit; with more, the first are shown but not editable."""
_BLANK_ROWS = 3
_PASTED, _FILE, _COLUMN, _BELOW = "experiment-pasted", "experiment-file-", "experiment-column", "experiment-below-"
_TEXT_FILE = state.BUILDER + "text-file"  # _TextFile | None
_TYPES = ("csv", "tsv", "txt", "jsonl", "ndjson", "json", "parquet", "xlsx", "xlsm", "xls", "ods")


@dataclass(frozen=True, slots=True)
class _TextFile:
    """A file that may have been read in the wrong encoding, kept to be read again."""

    name: str
    data: bytes
    above: Cases | None
    """The cases that it was added below; `None`: it replaced all."""


def ask_cases(holes: Sequence[str]) -> None:
    """The table, the buttons that fill it, and a choice of columns for `holes` that no column fills yet."""
    taken = int(
        st.session_state.get(fields.FILES) or 0
    )  # part of keys, so that popovers close and fields are empty once a table was taken
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.popover("Paste a table", icon=":material/content_paste:", key=f"experiment-paste-{taken}"):
            _paste()
        with st.popover("Open a file", icon=":material/upload_file:", key=f"experiment-upload-{taken}"):
            _upload(f"{_FILE}{taken}")
        with st.popover("Columns", icon=":material/view_column:", key="experiment-columns"):
            _columns()
        if st.session_state.get(fields.BEFORE) is not None:
            st.button("Undo", icon=":material/undo:", key="experiment-undo-cases", on_click=_undo)
        st.page_link("app_pages/history.py", label="From History", icon=":material/history:")
    _grid()
    cases = fields.cases()
    st.caption(plain(" ".join([f"{text_of.number_of(len(cases), 'case')}.", *cases.notes])))
    _ask_encoding()
    _fill(holes, cases)


def take(read: Callable[[], Cases], *, below: bool = False) -> bool:
    """Put the cases that `read` returns into the grid; only in a callback. Returns whether it could; if not, says why.

    `below`: add them to the cases there are. Otherwise they replace those, which can be undone.
    """
    try:
        found = read()
    except CasesError as exc:
        st.session_state[state.EXPERIMENT_SAYS] = str(exc)
        return False
    st.session_state[state.EXPERIMENT_SAYS] = None
    before = fields.cases()
    if len(before):
        st.session_state[fields.BEFORE] = before
    if below:
        found = joined(before, found)
    put(found)
    st.session_state[_TEXT_FILE] = None
    st.session_state[fields.FILES] = int(st.session_state.get(fields.FILES) or 0) + 1
    return True


def put(cases: Cases) -> None:
    """Show these cases from now on, in a new grid."""
    st.session_state[fields.CASES] = cases
    st.session_state[fields.BASE] = None


def _paste() -> None:
    st.text_area(
        "Copy cells in a spreadsheet, column names in the first row, and paste them here", key=_PASTED, height=160,
        placeholder="mail\tlabel\nI was charged twice\tbilling",
    )  # fmt: skip
    _below("pasted")
    st.button("Use this table", type="primary", key="experiment-use-pasted", on_click=_use_pasted)


def _use_pasted() -> None:
    if take(lambda: read_text(st.session_state.get(_PASTED) or "", "The pasted table"), below=_is_below("pasted")):
        st.session_state[_PASTED] = ""


def _upload(key: str) -> None:
    st.file_uploader(
        "CSV, TSV, JSON Lines, Parquet, Excel or OpenDocument", _TYPES, key=key, on_change=_use_file,
        args=(key,), help="Cells stay as they are written: 007, NA, 1e5.", max_upload_size=MOST_BYTES // 2**20,
    )  # fmt: skip
    st.caption(f"Up to {MOST_BYTES // 2**20} MB and {MOST_CASES:,} cases.")
    _below("file")


def _use_file(key: str) -> None:
    file = st.session_state.get(key)
    if file is not None:
        st.session_state[fields.ENCODING] = None
        _read(_TextFile(file.name, file.getvalue(), fields.cases() if _is_below("file") else None))


def _read(file: _TextFile, encoding: str | None = None) -> None:
    """Take a file's cases; if its encoding had to be guessed, keep the file so that it can be read in another one."""

    def found() -> Cases:
        new = read_cases(file.data, file.name, encoding)
        return new if file.above is None else joined(file.above, new)

    if take(found) and any(note.startswith("Read as") for note in fields.cases().notes):
        st.session_state[_TEXT_FILE] = file


def _ask_encoding() -> None:
    file: _TextFile | None = st.session_state.get(_TEXT_FILE)
    if file is not None:
        st.selectbox(
            plain(f"Wrong characters? Read {file.name} as"), list(NAMES), None, key=fields.ENCODING,
            on_change=_read_anew,
            format_func=NAMES.__getitem__, placeholder="as it was read", width=320,
            help="Replaces what you have changed in its cases since; Undo brings that back.",
        )  # fmt: skip


def _read_anew() -> None:
    if (encoding := st.session_state[fields.ENCODING]) is not None:
        _read(st.session_state[_TEXT_FILE], encoding)


def _below(source: str) -> None:
    if len(fields.cases()):
        st.toggle("Add below the cases that are there", key=f"{_BELOW}{source}")


def _is_below(source: str) -> bool:
    return bool(st.session_state.get(f"{_BELOW}{source}"))


def _columns() -> None:
    columns = fields.cases().columns
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input("New column", key=_COLUMN, placeholder="label")
        st.button("Add", key="experiment-add-column", on_click=_add_columns, args=(None,))
    for column in columns if len(columns) > 1 else ():
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(plain(column), width="content")
            st.button(
                "Delete", key=f"experiment-drop-column-{column}", type="tertiary", icon=":material/delete:",
                on_click=_drop_column, args=(column,), help=plain(f"Deletes the column {column} from every case"),
            )  # fmt: skip


def _add_columns(names: Sequence[str] | None) -> None:
    wanted = [st.session_state.get(_COLUMN) or ""] if names is None else names
    try:
        put(with_columns(fields.cases(), wanted))
        st.session_state[_COLUMN], st.session_state[state.EXPERIMENT_SAYS] = "", None
    except CasesError as exc:
        st.session_state[state.EXPERIMENT_SAYS] = str(exc)


def _drop_column(name: str) -> None:
    st.session_state[fields.BEFORE] = fields.cases()
    put(without_column(fields.cases(), name))


def _undo() -> None:
    put(st.session_state[fields.BEFORE])
    st.session_state[fields.BEFORE] = None


def _grid() -> None:
    """The grid reports changes against the cases that it was given, so those stay the same until they are replaced."""
    cases = fields.cases()
    if len(cases) > EDITED_AT_MOST:
        _large(cases)
        return
    number = int(st.session_state.get(fields.GRID) or 0)
    if st.session_state.get(fields.BASE) is None or _key(number) not in st.session_state:
        number += 1
        st.session_state[fields.BASE], st.session_state[fields.GRID] = cases if len(cases) else _blank(cases), number
    base: Cases = st.session_state[fields.BASE]
    st.data_editor(
        _frame(base), key=_key(number), num_rows="dynamic", hide_index=True, on_change=_changed, args=(number,),
        height=min(420, 38 + 35 * (len(base) + 2)), alt="The cases, one a row", placeholder="",
        column_config={column: st.column_config.TextColumn(plain(column)) for column in base.columns},
    )  # fmt: skip


def _blank(cases: Cases) -> Cases:
    """Empty rows to type into; rows that stay empty do not count as cases."""
    return Cases(cases.columns, (("",) * len(cases.columns),) * _BLANK_ROWS)


def _large(cases: Cases) -> None:
    st.dataframe(_frame(Cases(cases.columns, cases.rows[:EDITED_AT_MOST])), hide_index=True, height=300, alt="Cases")
    st.caption(
        f"The first {EDITED_AT_MOST:,} of {len(cases):,} are shown. So many are edited in the file that they come from."
    )


def _changed(number: int) -> None:
    try:
        st.session_state[fields.CASES] = edited(st.session_state[fields.BASE], st.session_state[_key(number)])
        st.session_state[state.EXPERIMENT_SAYS] = None
    except CasesError as exc:
        st.session_state[state.EXPERIMENT_SAYS] = str(exc)


def _key(number: int) -> str:
    return f"experiment-grid-{number}"


def _frame(cases: Cases) -> pd.DataFrame:
    return pd.DataFrame([list(row) for row in cases.rows], columns=list(cases.columns), dtype="object")


def _fill(holes: Sequence[str], cases: Cases) -> None:
    """Holes without a column in red, each with a choice of columns; columns that fill no hole in grey."""
    mapped = {hole for hole in holes if st.session_state.get(fields.MAPPED + hole) in cases.columns}
    absent = missing(holes, cases.columns)
    open_holes = [hole for hole in absent if hole not in mapped]
    if open_holes:
        st.markdown(f"No column fills {' '.join(f':red-badge[{_hole(hole)}]' for hole in open_holes)}")
    if absent or mapped:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            for hole in dict.fromkeys([*absent, *mapped]):
                if st.session_state.get(fields.MAPPED + hole) not in cases.columns:
                    st.session_state[fields.MAPPED + hole] = ""
                st.selectbox(
                    f"Column for {_hole(hole)}", ["", *cases.columns], key=fields.MAPPED + hole, width=220,
                    format_func=lambda name: plain(name) if name else "none yet",
                )  # fmt: skip
            if open_holes:
                named = ", ".join(map(plain, open_holes))
                st.button(
                    f"Add {'a column' if len(open_holes) == 1 else 'columns'} named {named}", icon=":material/add:",
                    key="experiment-add-holes", on_click=_add_columns, args=(open_holes,),
                )  # fmt: skip
    read = {st.session_state.get(fields.MAPPED + hole) or hole for hole in holes}
    if idle := [column for column in cases.columns if column not in read]:
        st.markdown(f"Not used: {' '.join(f':gray-badge[{plain(column)}]' for column in idle)}")


def _hole(name: str) -> str:
    return plain(f"{{{{{name}}}}}")
