"""The parts of the page Models: the table of families, the choice of a family, its versions, and their facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import TimeoutError as Late
from contextlib import suppress
from datetime import date, datetime

import streamlit as st

from dashboard import state
from dashboard.answer_grid.panel import panel
from dashboard.compose.pictures import IMAGES, TEXT
from dashboard.engine import Engine
from dashboard.markdown_escape import plain
from dashboard.model_lists import Listing
from dashboard.models.panel import facts_html, founding_html
from dashboard.models.rows import Version, versions
from dashboard.models.table import VERSION_HELP, cited, facts, version_table
from dashboard.user import person
from prompts.analysis.ratings import Ratings
from prompts.asking.runner import Connections
from prompts.core import format as text_of
from prompts.core.model_stats import NEWEST_RUNS
from prompts.core.run_summaries import Filter
from prompts.history.archive import Archive
from prompts.record.recorder import RecordError
from prompts.votes.on_record import Votes
from prompts.votes.ranking import Standing, ranking
from providers.catalogue.families import Family

EVERY = "All families"
_LOCAL_PATIENCE_S = 0.6
_WIDTHS = {
    "Known as": 110,
    "Status": 300,
    "Measured": 190,
    "Successor": 160,
    "Facts from": 640,
}  # px; other columns are sized by their first rows
_ROW_PX, _HEAD_PX, _MOST_ROWS = 35, 38, 32
_NUMBERS = ("$ in", "$ out", "Context", "First token here", "Tokens/s here")


def known_versions(
    core: Engine, connections: Connections, now: datetime, rated: Mapping[str, Ratings]
) -> tuple[Version, ...]:
    """Every known version with its status, price and figures as of `now`."""
    try:
        measured = core.measured()
    except RecordError as exc:
        st.warning(plain(f"What was measured here cannot be read: {exc}"), icon=":material/database_off:")
        measured = ()
    listings = _listings(core, connections)
    price = core.pricer.list_price
    return versions(
        connections, listings, measured, lambda name, model: price(name, model, now), now.date(), rated,
        _voted(core.archive),
    )  # fmt: skip


def _voted(archive: Archive | None) -> Mapping[str, Standing]:
    """The standing of each target by blind votes, without ballots that this person has not finished."""
    if archive is None:
        return {}
    try:
        votes, _ = Votes(archive).open_to(person() or st.session_state.get(state.VOTER))
    except RecordError as exc:
        st.caption(plain(f"Blind votes cannot be read now. {exc}"))
        return {}
    return {each.target: each for each in ranking(votes, by="model").standings}


def ask_ratings(archive: Archive | None) -> Mapping[str, Ratings]:
    """The ratings of each target, from all runs or from those with a chosen tag or collection."""
    if archive is None:
        return {}
    try:
        facets = archive.facets()
        under = [f"tag: {tag}" for tag in facets.tags] + [f"collection: {name}" for _, name in facets.experiments]
        filters = [Filter(tags=(tag,)) for tag in facets.tags] + [Filter(experiment=i) for i, _ in facets.experiments]
        if not under:
            return archive.ratings(Filter())
        chosen = st.selectbox(
            "Ratings from", range(len(under)), index=None, format_func=lambda n: plain(under[n]), width=320,
            placeholder="All runs", key="ratings-from",
            help="“Called best”, thumbs and stars in the table below: of all runs, or of those with this tag or under "
            "this collection.",
        )  # fmt: skip
        return archive.ratings(Filter() if chosen is None else filters[chosen])
    except RecordError as exc:
        st.caption(plain(f"Ratings cannot be read now. {exc}"))
        return {}


def founding_table(families: Sequence[Family], on: date) -> None:
    """The table of families: who makes each, and what it is known for."""
    panel(founding_html(families, on), key="founding", label="Model families")


def choose(families: Sequence[Family]) -> tuple[Family | None, str]:
    """The chosen family (`None`: all), and the search words; with words, the family does not count."""
    names = [family.name for family in families]
    st.session_state.setdefault(state.FAMILY, names[0])
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        chosen = st.pills("Family", [*names, EVERY], key=state.FAMILY, required=True, wrap=True)
        words = st.text_input(
            "Search all families", key=state.FAMILY_SEARCH, type="search", live=True, width=320,
            placeholder="Name, provider or status", icon=":material/search:",
        )  # fmt: skip
    family = next((family for family in families if family.name == chosen), None)
    return (None, words.strip()) if words and words.strip() else (family, "")


def show_family(family: Family, on: date) -> None:
    """When to choose this family, and whose opinion that is."""
    if family.when is not None:
        st.subheader(plain(f"When to choose {family.name}"), anchor=False)
        st.markdown(plain(family.when.text), width=900)
        st.caption(plain(f"{cited(family.when, on)}: an opinion. Your own measurements count more."))


def show_versions(found: Sequence[Version], on: date, *, key: str) -> None:
    """The table of versions, the actions on selected rows, and the facts behind those."""
    if not found:
        st.caption("No version matches. Any model can be asked on the Compare page as provider:model.")
        return
    actions = st.container(horizontal=True, vertical_alignment="center")
    config = {
        head: st.column_config.Column(
            help=said, pinned=head == "Model", width=_WIDTHS.get(head),
            alignment="right" if head in _NUMBERS else "left",
        )
        for head, said in VERSION_HELP.items()
    }  # fmt: skip
    event = st.dataframe(
        version_table(found, on), column_config=config, hide_index=True, key=f"versions-{key}", on_select="rerun",
        selection_mode="multi-row", placeholder=text_of.UNKNOWN,
        height=_HEAD_PX + _ROW_PX * min(len(found), _MOST_ROWS),
        alt="Versions with status, price, context and what was measured here",
    )  # fmt: skip
    chosen = [found[row] for row in event.selection.rows if row < len(found)]
    with actions:
        _compare(chosen)
    st.caption(
        f"Prices are list prices in US dollars per million tokens. Measured: medians of answers of the newest "
        f"{NEWEST_RUNS:,} runs that ended properly, under clean conditions, beside what the vendor says. "
        "Grey and marked old: a fact of more than 180 days ago."
    )
    if chosen:
        _facts(chosen, on)


def _compare(chosen: Sequence[Version]) -> None:
    """The button that takes the selected models to Compare."""
    label = f"Compare these {len(chosen)}" if len(chosen) > 1 else "Compare this one" if chosen else "Compare these"
    if st.button(label, key="compare-these", type="primary", icon=":material/compare_arrows:", disabled=not chosen):
        writing = [version.target for version in chosen if not version.draws]
        drawing = [version.target for version in chosen if version.draws]
        st.session_state[state.WANTED] = TEXT if writing else IMAGES
        for scope, targets in (("", writing), (state.PICTURES, drawing)):
            if targets:
                st.session_state[state.TARGETS + scope] = targets
        st.switch_page("app_pages/compare.py")
    blocked = [version.target for version in chosen if version.status.here != "usable"]
    if not chosen:
        st.caption("Select rows to compare them, or to see where each fact comes from.")
    elif blocked:
        st.caption(plain(f"Cannot be asked from here now: {', '.join(blocked)}. See the status."))


def _facts(chosen: Sequence[Version], on: date) -> None:
    st.subheader("Where each fact comes from", anchor=False)
    said = [fact for version in chosen for fact in facts(version, on)]
    panel(facts_html(said), key="facts", label="Facts of the selected versions, with source and date")


def _listings(core: Engine, connections: Connections) -> Mapping[str, Listing | None]:
    """The latest lists, refreshed. Local servers answer at once, so wait for them a moment, but not for the vendors."""
    local = core.submit(core.models.refresh([c for c in connections.values() if c.listed and c.local]))
    core.submit(core.models.refresh([c for c in connections.values() if c.listed and not c.local]))
    with suppress(Late):
        local.result(_LOCAL_PATIENCE_S)
    return {name: core.models.get(connection) for name, connection in connections.items()}
