"""Model families: what each is known for, and which versions can be asked here, at what price and speed."""

import streamlit as st

from dashboard import state
from dashboard.engine import engine
from dashboard.markdown_escape import plain
from dashboard.models.rows import shown_families
from dashboard.models.show import (
    EVERY,
    ask_ratings,
    choose,
    founding_table,
    known_versions,
    show_family,
    show_versions,
)
from providers.measuring.measure import utc_now

core = engine()
connections = state.own_connections(core.configuration.connections)
now = utc_now()

st.header("Model families", anchor=False)
st.caption("What is known of each family, which of its versions can be asked from here, and what was measured here.")
founding = st.container()
rated = ask_ratings(core.archive)
everything = known_versions(core, connections, now, rated)
families = shown_families(everything)
with founding:
    founding_table(families, now.date())
family, words = choose(families)
if words:
    found = [version for version in everything if version.says(words)]
    count = "1 version" if len(found) == 1 else f"{len(found)} versions"
    st.subheader(plain(f"{count} with “{words}”"), anchor=False)
else:
    found = [version for version in everything if family is None or version.family == family]
    if family is not None:
        show_family(family, now.date())
show_versions(found, now.date(), key=words or (family.name if family else EVERY))
