"""A ranking on the page: a sentence for each pair, the table of places, and biases in the votes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import pandas as pd
import streamlit as st

from dashboard.answer_grid.save_button import save_button
from dashboard.markdown_escape import plain
from prompts.analysis.statistics.rates import Interval
from prompts.core import format as text_of
from prompts.exchange.formats import FORMATS
from prompts.exchange.votes_table import votes_csv, votes_xlsx
from prompts.votes.on_record import Votes
from prompts.votes.ranking import FEWEST_TOLD, By, Ranking, ranking
from prompts.votes.sentences import counts_say, duel_says, leanings_say, place_says, rate_says
from prompts.votes.style import held_equal, leanings
from prompts.votes.votes import Vote

_FIRST = 3
"""Sentences that are shown at once; the rest is in an expander."""
_HELP: Mapping[str, str] = {
    "Place": "The best and the worst place that the votes allow: one more than the number of models preferred to it, "
    "and the number of all models less those that it is preferred to. A single number only where the votes decide "
    "every pair.",
    "Preferred": "How often it is preferred to one of the others, typically, a tie counting as a half; in brackets the "
    "95 % interval of one look. From Bradley and Terry's model, which also uses what others show of it.",
    "Won": "Votes that chose it.", "Lost": "Votes that chose the other one.", "Even": "Ties, and both bad.",
    "At equal length and formatting": "The same if answers were equally long and formatted. A correlation held "
    "constant, not a correction: a longer answer may be better because it says more.",
}  # fmt: skip


def offer_votes(store: Votes, votes: Sequence[Vote], name: str) -> None:
    """Buttons that save the votes as a file, a row per vote."""
    if not votes:
        return
    ballots = {each.id: each for each in store.lines()}
    kinds = ("CSV", "csv", "text/csv", votes_csv), ("Excel", "xlsx", FORMATS["xlsx"].media_type, votes_xlsx)
    with st.container(horizontal=True, vertical_alignment="center", key="votes-save"):
        st.caption("Save the votes:", width="content")
        for label, ending, mime, make in kinds:
            save_button(
                label, partial(make, votes, ballots), f"{text_of.file_stem(name, 'votes')}.{ending}", mime,
                key=f"votes-save-{ending}",
            )  # fmt: skip


def show_standings(votes: Sequence[Vote], by: By, among: Sequence[str], matters: float) -> Ranking:
    """Show everything that these votes say. `among`: names that are ranked even without a vote.

    `matters`: the preference that matters, as a distance from one half.
    """
    found = ranking(votes, by=by, among=among, matters=matters)
    verdicts = sorted(found.duels, key=lambda duel: not duel.preferred)
    for duel in verdicts[:_FIRST]:
        _sentence(duel_says(duel, matters), duel.preferred)
    if verdicts[_FIRST:]:
        with st.expander(f"{len(verdicts) - _FIRST} more pairs"):
            for duel in verdicts[_FIRST:]:
                _sentence(duel_says(duel, matters), duel.preferred)
    _table(found, held_equal(votes, by))
    few = [each.name for each in found.standings if each.votes < FEWEST_TOLD]
    if few and found.counted:
        st.caption(f"A place is a range, not a rank: under {FEWEST_TOLD} votes each, the order inside is often wrong.")
    st.caption(plain(counts_say(found)))
    for said in leanings_say(leanings(votes)):
        st.caption(plain(said))
    return found


def _sentence(said: str, preferred: bool) -> None:
    head, _, tail = said.partition(": ")
    icon = ":material/trophy:" if preferred else ":material/help:"
    st.markdown(f"{icon} **{plain(head)}:** {plain(tail)}")


def _table(found: Ranking, equal: Mapping[str, Interval] | None) -> None:
    rows = [
        {
            "Place": place_says(each), "Model": each.name, "Preferred": rate_says(each), "Won": each.wins,
            "Lost": each.losses, "Even": each.ties,
            **({"At equal length and formatting": _share(equal.get(each.name))} if equal else {}),
        }
        for each in found.standings
    ]  # fmt: skip
    columns = {name: st.column_config.Column(help=said) for name, said in _HELP.items()}
    st.dataframe(pd.DataFrame(rows), hide_index=True, column_config=columns, key="votes-standings")


def _share(found: Interval | None) -> str:
    if found is None:
        return text_of.UNKNOWN
    return f"{100 * found.estimate:.0f} % ({100 * found.low:.0f} to {100 * found.high:.0f} %)"
