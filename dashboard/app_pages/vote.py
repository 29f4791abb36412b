"""Vote: which answer is better, without knowing whose it is; then the names, and a ranking that says how sure it is."""

import streamlit as st

from dashboard import state
from dashboard.engine import engine
from dashboard.markdown_escape import plain
from dashboard.votes.address import go_to, here
from dashboard.votes.booth import show_booth
from dashboard.votes.list import show_list
from dashboard.votes.new_ballot import show_new
from dashboard.votes.ranking_view import show_ranking
from dashboard.votes.result import show_result
from dashboard.votes.voter import ask_who, voter
from prompts.record.recorder import RecordError
from prompts.votes.on_record import Votes

BALLOTS, RANKING = "ballots", "ranking"
_TITLES = {BALLOTS: "Ballots", RANKING: "Ranking"}

core = engine()
try:
    if core.archive is None:
        raise RecordError(core.record_problem or "There is no record.")
    store = Votes(core.archive)
    shown = here()
    if st.session_state.get(state.BALLOT_OF) is not None:
        show_new(core, store)
    elif shown is None:
        st.header("Which answer is better, without knowing whose it is", anchor=False)
        view = st.segmented_control(
            "What to look at", list(_TITLES), default=BALLOTS, required=True, key=state.VOTES_SHOW, bind="query-params",
            format_func=_TITLES.__getitem__, label_visibility="collapsed",
        )  # fmt: skip
        show_ranking(store) if view == RANKING else show_list(core, store)
    elif (ballot := store.ballot(shown)) is None:
        st.error("This ballot is no longer on record.", icon=":material/search_off:")
        st.button("All ballots", key="votes-all", on_click=go_to, args=(None,))
    elif (who := voter()) is None:
        ask_who()
    elif store.finished(ballot.id, who):
        show_result(core, store, ballot, who)
    else:
        show_booth(core, store, ballot, who)
except RecordError as exc:
    st.error(plain(str(exc)), title="The record cannot be read now", icon=":material/database_off:")
    st.button("Try again", icon=":material/refresh:", key="votes-again")
