"""The tabs of Settings on prices, time limits, privacy and appearance: what is in force, and how to change it."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.components.theirs import theirs
from dashboard.compose.keep_choice import sentence
from dashboard.engine import Engine
from dashboard.markdown_escape import plain
from dashboard.user import actor
from prompts.core import format as text_of
from prompts.record import rights
from prompts.record.recorder import RecordError
from prompts.record.rights import OPERATOR, Actor
from providers.catalogue import price_list
from providers.catalogue.price_list import PriceListError
from providers.config.configuration import Configuration
from providers.config.deadlines import USUAL, Deadlines, Manner
from providers.config.host_row import DEADLINE_VARIABLES

FETCH: rights.Act = "fetch newer prices"
_MEANINGS = {
    "first_byte_s": "An answer to begin",
    "silence_s": "Any sign of life",
    "no_content_s": "New text",
    "call_s": "The whole answer",
}


def show_prices(core: Engine) -> None:
    """The price list in use, a button to fetch a newer one, and the user's own prices."""
    st.subheader("What tokens cost", anchor=False)
    st.write(
        "A cost is the provider's own statement where it makes one, else list prices on the day of the run. Your own "
        "prices take precedence over both. A receipt is kept with each run and never changes."
    )
    st.markdown(f"**In use:** {plain(price_list.name())}")
    if not theirs(FETCH) and st.button(
        "Fetch a newer list", key="fetch-prices", icon=":material/sync:",
        help="One request to the project that publishes genai-prices; none of your data is sent. It is used until "
        "Collate ends.",
    ):  # fmt: skip
        try:
            fetch_newer(core, by=actor())
        except (PriceListError, RecordError) as exc:
            st.error(plain(str(exc)))
        else:
            st.rerun()
    own = core.pricer.overrides
    file = core.configuration.prices
    if not own:
        st.caption(plain(f"You have no prices of your own. They go into {file}; docs/configuration.md shows how."))
        return
    st.markdown(f"**Your own,** from {plain(str(file))}; read when Collate starts:")
    rows = [
        {
            "for": pattern, "input": text_of.unit_price(row.input), "output": text_of.unit_price(row.output),
            "cache read": text_of.unit_price(row.cache_read), "cache write": text_of.unit_price(row.cache_write),
            "picture": text_of.unit_price(row.picture), "megapixel": text_of.unit_price(row.megapixel),
            "as of": row.as_of,
        }
        for pattern, row in own.items()
    ]  # fmt: skip
    st.dataframe(rows, hide_index=True, placeholder=text_of.UNKNOWN, key="own-prices", width="content",
                 alt="Your own prices in dollars")  # fmt: skip
    st.caption(
        "US dollars per million tokens, per picture that is drawn, per million of its pixels. A cache price that is "
        "“—” counts as input."
    )


def fetch_newer(core: Engine, by: Actor = OPERATOR) -> None:
    """Use a newer list until Collate ends. If it raises `PriceListError` or `RecordError`, the old one stays in use."""
    rights.check(by, FETCH)
    core.note("fetched prices", {"in_use_before": price_list.name()}, by=by)
    price_list.fetch_newer()


def show_deadlines(configuration: Configuration) -> None:
    """The time limits after which an answer is given up."""
    st.subheader("Time limits", anchor=False)
    now = configuration.deadlines
    rows = [
        {
            "Waits for": _MEANINGS[name], **{title: _limit(now, name, manner) for manner, title in _MANNERS.items()},
            "Usual": "yes" if getattr(now, name) is None else "no, set by you",
            "In collate.toml": name, "Variable": variable,
        }
        for name, variable in DEADLINE_VARIABLES.items()
    ]  # fmt: skip
    st.dataframe(rows, hide_index=True, key="deadlines", width="content", alt="Time limits in force")
    st.caption(
        "Models that think, often without showing it, and local models, which first load and read the prompt, may be "
        "silent for longer. A ping is a sign of life, but no text. A connection whose other end is gone ends "
        "after about a minute, whatever is set here. A row of a host may set limits of its own."
    )
    bounds = f"{now.text_bytes / 2**20:g} MB of text, {now.deltas:,} pieces"
    st.caption(
        plain(
            f"An answer is also ended at {bounds}. Change the limits above in {configuration.file}, or by the "
            "environment variable beside each."
        )
    )


_MANNERS: dict[Manner, str] = {
    "plain": "Hosted",
    "thinking": "Hosted, thinking",
    "local": "Local",
    "picture": "Hosted, pictures",
}


def _limit(now: Deadlines, name: str, manner: Manner) -> str:
    return text_of.rough_time(getattr(now, name) or getattr(USUAL[manner], name))


def show_privacy(core: Engine) -> None:
    """Where data is kept, and what leaves this computer."""
    st.subheader("What stays and what leaves", anchor=False)
    if (problem := core.record_problem) is None:
        record = f"{plain(sentence(core))} What is kept, where and for how long is under “Record”."
    else:
        record = f"Nothing can be recorded, so nothing is sent: {plain(problem)}"
    st.markdown(
        f"- {record}\n"
        "- A prompt goes to the providers that you choose, and nowhere else. The line below Run names them.\n"
        "- Before a prompt leaves this network, it is searched for keys, cards, addresses and the like; you decide.\n"
        "- Keys are read from your environment or typed for one session. They are stored only where you say so, and "
        "never logged or exported.\n"
        "- Nothing is fetched from elsewhere: no fonts, pictures or statistics. Answers are shown without images and "
        "scripts."
    )
    st.toggle(
        "Local only", key=state.LOCAL_ONLY,
        help="Only models on this computer or network can be asked. The same switch as beside Run.",
    )  # fmt: skip


def show_look() -> None:
    """How to choose the light or the dark theme."""
    st.subheader("Appearance", anchor=False)
    st.write(
        "Collate follows your system. The menu :material/more_vert: at the upper right has light and dark. Every "
        "figure, chart and answer is drawn in both."
    )
