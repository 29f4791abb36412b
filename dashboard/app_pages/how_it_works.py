"""How it works: what happens inside a model, shown on the reader's own prompt."""

import streamlit as st

from dashboard import state
from dashboard.engine import engine
from dashboard.how_it_works.background import context, training
from dashboard.how_it_works.diffusion_view import diffusion
from dashboard.how_it_works.layout import contents, heading, section, text
from dashboard.how_it_works.next_word import next_word
from dashboard.how_it_works.prompt_choice import choose
from dashboard.how_it_works.seeds import seed, truth
from dashboard.how_it_works.vocabulary import vocabulary

core = engine()
connections = state.own_connections(core.configuration.connections)

st.header("What happens inside a model", anchor=False)
st.markdown(text("intro"))
contents()
prompt, target = choose(core, connections)
# A real model takes a moment, so the sections that ask it are drawn last, into the places reserved for them.
words, seeds, truths = st.container(), st.container(), st.container()
training(prompt)
context(prompt)
diffusion()
with section("words"):
    vocabulary()
heading("advice")
st.markdown(text("advice"))
with words:
    next_word(core, connections, prompt, target)
with seeds:
    seed(core, connections, prompt, target)
with truths:
    truth(core, connections, target)
