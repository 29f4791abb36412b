"""The search of History: the field, the filters behind a button, and a chip for each active filter."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import state
from dashboard.answer_grid.panel import panel
from dashboard.history.filters import FIELDS, MINE, OUTCOMES, RATINGS, Chip, Field, chips, filter_of
from dashboard.markdown_escape import plain
from dashboard.user import people_log_in, person
from prompts.core.printable import escape
from prompts.core.run_summaries import Facets, Filter

_ALL = "all"


def ask_filter(facets: Facets) -> Filter:
    """Show the search field and the filters; their values are in the address, so that a search can be linked."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="history-search"):
        words = st.text_input(
            "Search prompts and answers", key=state.WORDS, type="search", bind="query-params",
            placeholder='Search prompts and answers: words, "a phrase", begin*', icon=":material/search:",
            label_visibility="collapsed",
            help='Every word must be there. "A phrase" in quotes; the beginning of a word with a star: word*. '
            "A prompt counts more than an answer.",
        )  # fmt: skip
        with st.popover("Filter", icon=":material/filter_list:", key="history-filter", width="content"):
            _models(facets)
            _opinions(facets)
            _bounds()
    chosen = {field: st.session_state.get(field) for field in FIELDS}
    return filter_of(chosen, words or "", person())


def show_chips(looked_for: Filter, facets: Facets) -> list[Chip]:
    """Show and return the active filters; a click on one removes it."""
    shown = chips(looked_for, facets)
    if shown:
        panel(_html(shown), key="history-chips", label="Active filters", on_pick=lambda picked: _drop(picked, shown))
    return shown


def only(field: Field, value: str) -> None:
    """Set this filter and clear everything else; only in a callback."""
    clear()
    st.session_state[state.WORDS] = ""
    st.session_state[field] = value


def also_tag(name: str) -> None:
    """Add this tag to the filter; only in a callback."""
    held: list[str] = st.session_state.get("tags") or []
    st.session_state["tags"] = list(dict.fromkeys([*held, name]))


def clear() -> None:
    """Clear all filters, but not the search words; only in a callback."""
    for field in FIELDS:
        st.session_state[field] = [] if field in _SEVERAL else None


_SEVERAL: tuple[Field, ...] = ("models", "families", "providers", "tags")


def _models(facets: Facets) -> None:
    _choose("Models", "models", facets.targets, "provider:model; the answers of any of them.")
    left, right = st.columns(2)
    with left:
        _choose("Families", "families", facets.families, "By the name of the model.")
    with right:
        _choose("Providers", "providers", facets.providers, "Who served the model.")


def _opinions(facets: Facets) -> None:
    left, right = st.columns(2)
    with left:
        _choose("Tags", "tags", facets.tags, "Answers that have any of these.")
    with right:
        names = dict(facets.experiments)
        options = _with_chosen(list(names), st.session_state.get("experiment"))
        st.selectbox(
            "Collection", options, index=None, key="experiment", bind="query-params", placeholder="Any",
            format_func=lambda each: plain(names.get(each, "no longer there")),
        )  # fmt: skip
    st.pills(
        "Rating", list(RATINGS), key="rating", format_func=RATINGS.__getitem__, bind="query-params",
        help="Of an answer, by anybody.",
    )  # fmt: skip
    st.pills(
        "Outcome", list(OUTCOMES), key="outcome", format_func=OUTCOMES.__getitem__, bind="query-params",
        help="Good: an answer came. Interrupted: Collate ended before the answer did. Failed: every other end.",
    )  # fmt: skip
    if people_log_in():
        st.pills("Whose", [MINE], key="whose", format_func=lambda _: "Only mine", bind="query-params")


def _bounds() -> None:
    left, right = st.columns(2)
    says = "By the day of the run, in UTC."
    left.date_input("Since", None, key="since", format="YYYY-MM-DD", bind="query-params", help=says)
    right.date_input("Until", None, key="until", format="YYYY-MM-DD", bind="query-params", help=says)
    left, right = st.columns(2)
    says = "US dollars of one answer. Answers of unknown cost are left out."
    for column, label, key in ((left, "Cost from ($)", "cost_from"), (right, "Cost to ($)", "cost_to")):
        column.number_input(
            label, min_value=0.0, value=None, step=0.001, format="%g", key=key, bind="query-params", help=says,
            placeholder="Any",
        )  # fmt: skip


def _choose(label: str, field: Field, options: Sequence[str], says: str) -> None:
    known = _with_chosen(options, *(st.session_state.get(field) or ()))
    st.multiselect(label, known, key=field, bind="query-params", help=says, placeholder="Any", select_all=False)


def _with_chosen(options: Sequence[str], *chosen: object) -> list[str]:
    """The options, and what is chosen though it no longer exists."""
    return list(dict.fromkeys([*options, *(each for each in chosen if isinstance(each, str))]))


def _html(shown: Sequence[Chip]) -> str:
    items = "".join(
        f'<li><button data-pick="{n}" title="Remove this filter" aria-label="Remove filter: {escape(chip.text)}">'
        f'{escape(chip.text)} <span aria-hidden="true">×</span></button></li>'
        for n, chip in enumerate(shown)
    )
    if len(shown) > 1:
        items += f'<li><button class="history-clear" data-pick="{_ALL}">Clear all</button></li>'
    return f'<ul class="history-chips">{items}</ul>'


def _drop(picked: str, shown: Sequence[Chip]) -> None:
    if picked == _ALL:
        clear()
    elif picked.isdecimal() and int(picked) < len(shown):
        chip = shown[int(picked)]
        held: list[str] | None = st.session_state.get(chip.field)
        several = chip.field in _SEVERAL
        st.session_state[chip.field] = [each for each in held or () if each != chip.value] if several else None
