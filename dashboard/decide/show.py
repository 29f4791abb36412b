"""The results of Choose: who is better, the shortlist, the chart, the ranking by weights, and a second model."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from dashboard.answer_grid.chart_panel import show_chart
from dashboard.answer_grid.panel import panel
from dashboard.decide.cards_html import by_family, cards_html, excluded_html
from dashboard.markdown_escape import plain
from dashboard.models.panel import founding_html
from dashboard.results.figures import Figures, show_figures
from prompts.core import format as text_of
from prompts.decide.study import Study
from providers.catalogue.families import families
from providers.measuring.measure import utc_now

_SENTENCES = 2
"""Pairs with a clear difference that are shown at once; the rest is in an expander."""


def show_families(found: Study | None) -> None:
    """The table of model families, with what was measured here for the task (`None`: no task chosen yet).

    The expander is open as long as nothing was measured.
    """
    measured = by_family(found.candidates, found.basis) if found else None
    known = {each.facts.family.name for each in found.candidates if each.facts.family} if found else set[str]()
    shown = [each for each in families() if each.name in known or each.versions]
    title = "The families, as they are described" if found is None else "The families, and what was measured here"
    with st.expander(title, expanded=not measured):
        if found is None:
            st.caption("What was measured here is shown beside them once you say what it is for.")
        panel(founding_html(shown, utc_now().date(), measured), key="choose-families", label="Model families")


def show_sentences(found: Study) -> None:
    """How much was measured, which differences between pairs are certain, and what limits them."""
    pool = found.pool
    verdicts = sorted(found.verdicts, key=lambda each: each.kind != "better")
    measured = sum(each.measured for each in found.candidates)
    st.markdown(plain(
        f"{text_of.number_of(len(pool.experiments), 'experiment')}, {text_of.number_of(len(pool.cases), 'case')}, "
        f"{text_of.number_of(measured, 'model')} measured."
    ))  # fmt: skip
    if said := found.short_answer:
        st.markdown(" ".join([f"**{plain(said[0])}**", *map(plain, said[1:])]))
    better = [each for each in verdicts if each.kind == "better"][:_SENTENCES]
    for each in better:
        st.markdown(f":material/trophy: {plain(each.sentence)}")
    if rest := verdicts[len(better) :]:
        with st.expander(f"{'More pairs' if better else 'Pair by pair'} ({len(rest)})"):
            for each in rest:
                st.markdown(plain(each.sentence))
    for note in pool.notes:
        st.caption(plain(note))


def show_shortlist(found: Study, probes: Mapping[str, str], on_pick: Callable[[str], object]) -> None:
    """A card for each candidate on the shortlist, unbeaten ones first, and why the others were left out."""
    kept, excluded = found.shortlist.kept, found.shortlist.excluded
    known = sum(each.measured for each in kept)
    st.subheader(f"Shortlist: {len(kept)} of {len(kept) + len(excluded)}, {known} measured here", anchor=False)
    if words := found.question.must.words:
        st.caption(plain(f"Must have: {', '.join(words)}."))
    if kept:
        html = cards_html(kept, found.efficient.standings, found.basis, probes, found.at)
        panel(html, key="choose-cards", label="Candidates with their evidence", on_pick=on_pick)
    else:
        st.info("No model has all of this. Drop the must-have that excludes most.", icon=":material/filter_alt_off:")
    if excluded:
        with st.expander(f"{len(excluded)} left out, and why", expanded=not kept):
            panel(excluded_html(excluded), key="choose-excluded", label="Models that are left out")


def show_frontier(found: Study) -> None:
    """The chart of quality, cost and time; candidates with a figure missing are named with what is missing."""
    standings = found.efficient.standings
    if len(standings) > 1:
        from dashboard.decide.charts import frontier  # Altair takes a while to import

        st.subheader("Quality, cost and time", anchor=False)
        drawn, words = frontier.chart(standings), frontier.describe(standings)
        show_chart(drawn, key="choose-frontier", alt=words, name="quality-cost-time")
        st.caption(plain(frontier.legend(standings)))
    if standings and (unknown := found.efficient.unknown):
        st.caption(plain(f"Not compared, because a figure is missing: {' '.join(unknown)}"))


def show_ranking(found: Study) -> None:
    """The ranking by the person's weights, with what would change first place."""
    ranked = found.ranking
    if ranked is None:
        st.caption("Nothing is ranked until you set weights: you decide how much each counts.")
        return
    st.caption(plain(
        f"Weights: {found.question.weights.words}. Each figure counts from 0, the worst on the shortlist, to 1, the "
        "best."
    ))  # fmt: skip
    columns = [
        Figures("Model", "In the order of their scores.", [each.name for each in ranked.ranked]),
        Figures(
            "Score", "The weighted sum of the three. — if a figure that counts is unknown.",
            [each.score for each in ranked.ranked], text_of.rate,
        ),
        Figures("Made of", "What each figure counts, times its weight.", [each.why for each in ranked.ranked]),
    ]  # fmt: skip
    show_figures(columns, key="choose-ranking", alt="Models by score")
    for sentence in ranked.fragility:
        st.markdown(f":material/balance: {plain(sentence)}")


def show_second(found: Study) -> None:
    """The section "Know two or three": the best second model beside the first, and where the first is weakest."""
    names = [each.name for each in found.shortlist.kept if each.measured]
    if len(names) < 2:
        return
    st.subheader("Know two or three", anchor=False)
    first = st.selectbox(
        "Your first", names, index=names.index(found.first) if found.first in names else 0, key="choose-first",
        width=420, help="The second is the one that passes most of what this one fails.",
    )  # fmt: skip
    if first is None:
        return
    said = found.second_to(first)
    if said is None:
        st.caption(plain(f"{first} was not checked, so what it does worst is not known."))
        return
    st.markdown(plain(said.sentence))
    if said.weak:
        st.caption(plain(said.weak))
