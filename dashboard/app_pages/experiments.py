"""Experiments: which prompt and model suit a task, tried on one's own cases: list, builder, run and results."""

from functools import partial

from dashboard import state
from dashboard.decide.watched import show_watch
from dashboard.engine import engine
from dashboard.experiments.address import here
from dashboard.experiments.builder import show_builder
from dashboard.experiments.drafts import PREFIX
from dashboard.experiments.kept_drafts import keep_drafts
from dashboard.experiments.list import show_list, take_over
from dashboard.experiments.run import show_run

core = engine()
connections = state.own_connections(core.configuration.connections)
keep_drafts(core.archive if core.configuration.record.keep == "everything" else None)
take_over(core)
shown = here()
if shown is None:
    show_list(core, connections)
elif shown.startswith(PREFIX):
    show_builder(core, connections, shown)
else:
    show_run(core, connections, shown, partial(show_watch, core))
