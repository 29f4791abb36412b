"""What is missing of a run whose process died, and the offer to finish it: never automatically, never twice."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import state
from dashboard.components.page_url import go_to
from dashboard.components.theirs import may
from dashboard.components.time_zone import time_zone
from dashboard.engine import Engine
from dashboard.markdown_escape import plain
from dashboard.user import actor, person
from prompts.asking.runner import Connections
from prompts.asking.runs import STEER
from prompts.core import format as text_of
from prompts.core.answer import Answer
from prompts.core.run import Run
from prompts.core.unfinished import Missing, missing, so_many, those
from prompts.record.recorder import RecordError
from providers.measuring.measure import utc_now

_SHOWN = 200  # characters of a prompt
_MAY_COST = (
    "Collate ended while it waited for an answer. The answer may have been generated and charged. Asked again, it may "
    "be paid twice. What had arrived of it is kept as an earlier attempt."
)


def offer_missing(core: Engine, connections: Connections, run: Run) -> None:
    """Above the answers of an interrupted run: what is missing, and for those who may, the buttons to ask for it."""
    left = missing(run)
    if left is None:
        return
    number = len(left.never_sent) + len(left.sent)
    with st.container(border=True, key="missing"):
        st.markdown(f":material/warning: **{plain(_sentence(number, left.of))}** {_how(left)}")
        if not may(STEER, run.person):
            return  # the answers below say whose it is
        with st.container(horizontal=True, vertical_alignment="center"):
            if left.never_sent:
                st.button(
                    "Finish what is missing", key="finish-missing", type="primary", icon=":material/play_arrow:",
                    on_click=_finish, args=(core, connections, run, left.never_sent),
                    help=plain(f"Asks {those(left.never_sent)}. They had not been sent, so nothing is paid twice."),
                )  # fmt: skip
            if left.sent:
                _ask_again(core, connections, run, left.sent)
            st.button(
                "Keep as it is", key="leave-missing", type="tertiary", on_click=_leave, args=(core, run.id),
                help="This run is not offered for finishing again. The answers that it has stay.",
            )  # fmt: skip


def _more(number: int) -> str:
    """How many other interrupted runs there are, as a sentence with a space before it; empty if there is none."""
    return f" There {'is' if number == 1 else 'are'} {number} more." if number else ""


def recall_interrupted(core: Engine) -> None:
    """On the first page, if a run of this person was interrupted: one quiet line with a link to it."""
    try:
        found = core.archive.interrupted(person()) if core.archive else ()
    except RecordError:
        return  # the page says so already
    if not found:
        return
    newest = found[0]
    prompt = " ".join(newest.prompt.split())
    more = _more(len(found) - 1)
    with st.container(horizontal=True, vertical_alignment="center", key="interrupted"):
        st.caption(
            plain(
                f"A run that was asked {text_of.ago(newest.asked_at, utc_now(), time_zone())} was interrupted: "
                f"{so_many(newest.missing, newest.of)}.{more}"
            ),
            help=plain(prompt[:_SHOWN] + "…" if len(prompt) > _SHOWN else prompt) or None,
        )  # fmt: skip
        st.button("Open it", key="open-interrupted", type="tertiary", icon=":material/arrow_forward:", on_click=go_to,
                  args=(newest.run_id,))  # fmt: skip
        st.button("Keep as it is", key="leave-interrupted", type="tertiary", on_click=_leave,
                  args=(core, newest.run_id),
                  help="It is not mentioned here again. The answers that it has stay.")  # fmt: skip


def _ask_again(core: Engine, connections: Connections, run: Run, answers: Sequence[Answer]) -> None:
    """The offer to ask again what was already sent: behind a popover, because it may be paid twice."""
    number = len(answers)
    which = f"the {number} that were sent" if number > 1 else "the one that was sent"
    with st.popover(f"Ask {which} again…", key="sent-missing", icon=":material/replay:"):
        st.markdown(plain(f"{those(answers)}: {_MAY_COST}"))
        st.button(
            "Ask them again, even if it is paid twice" if number > 1 else "Ask it again, even if it is paid twice",
            key="ask-lost", on_click=_finish, args=(core, connections, run, answers),
        )  # fmt: skip


def _finish(core: Engine, connections: Connections, run: Run, answers: Sequence[Answer]) -> None:
    st.session_state[state.PROBLEM], st.session_state[state.ASKED_BELOW] = None, False
    try:
        asked = core.finish(run, answers, connections, by=actor())
    except (ValueError, RecordError) as exc:
        st.session_state[state.PROBLEM] = str(exc)
        return
    if not asked:
        st.toast("Somebody else is finishing this run already. Nothing was sent twice.", icon=":material/info:")


def _leave(core: Engine, run_id: str) -> None:
    try:
        core.leave(run_id, by=actor())
    except RecordError as exc:
        st.session_state[state.PROBLEM] = str(exc)


def _how(left: Missing) -> str:
    if left.never_sent and left.sent:
        return f"Collate ended: {len(left.sent)} had been sent, {len(left.never_sent)} had not."
    one = len(left.never_sent) + len(left.sent) == 1
    what = "it was sent" if one else "they were sent"
    return f"Collate ended before {what}." if left.never_sent else f"Collate ended after {what}."


def _sentence(number: int, of: int) -> str:
    said = so_many(number, of)
    return f"{said[0].upper()}{said[1:]}."
