"""A run compared with the earlier one that it repeats, and all runs of the same request over time."""

from __future__ import annotations

import streamlit as st

from dashboard.answer_grid.differences import difference_html
from dashboard.answer_grid.offered_pictures import offered_pictures
from dashboard.answer_grid.panel import panel
from dashboard.components.page_url import go_to
from dashboard.components.time_zone import time_zone
from dashboard.engine import Engine, engine
from dashboard.logins import visitor
from dashboard.markdown_escape import plain
from dashboard.results.rerun_changes_html import askings_html, pairs_html
from prompts.analysis.rerun_changes import then_and_now
from prompts.core.run import Run
from prompts.record.recorder import RecordError

_MOST_SHOWN = 12
_HELP = (
    "Compared with the first run: how much of its words the answer shares, how long it took, what it cost, and the "
    "stars people gave it. One answer is one sample: different wording alone does not mean that the model has changed."
)


def show_then_and_now(run: Run) -> None:
    """Show both runs by target and, if there are more than two, all of them by date."""
    core = engine()
    try:
        then = core.find(run.link.run_id) if run.link else None
        every = _every(core, run)
    except RecordError as exc:
        st.warning(plain(str(exc)))
        return
    if then is None:
        st.info("The run that this one repeats is no longer on record, so there is nothing to compare it with.")
    elif then.textless or run.textless:
        st.info("The text of one of the two runs was not saved: their texts cannot be compared.")
    if then is not None:
        who = visitor()
        if then.prompt != run.prompt and not (then.textless or run.textless):
            st.subheader("How the prompt changed", anchor=False)
            panel(difference_html(then.prompt, run.prompt), key=f"prompts-{run.id}", label="What changed in the prompt")
        html = pairs_html(
            then_and_now(then, run), then, run, time_zone(),
            lambda digest: offered_pictures.offer(digest, "card", who),
        )  # fmt: skip
        panel(html, key=f"then-now-{run.id}", label="Each model then and now")
    if len(every) > 2:
        st.subheader("Every time it was run", anchor=False, help=_HELP)
        panel(
            askings_html(every, run, time_zone()), key=f"askings-{run.id}", label="Every run of this request",
            on_pick=lambda picked: go_to(picked) if picked in {each.id for each in every} else None,
        )  # fmt: skip


def _every(core: Engine, run: Run) -> list[Run]:
    """The first run of the request and its newest ones, as far as they have ended. Raises `RecordError`."""
    found = list(core.archive.askings(run.id)) if core.archive else []
    chosen = found if len(found) <= _MOST_SHOWN else [found[0], *found[-_MOST_SHOWN + 1 :]]
    runs = [core.find(each.run_id) for each in chosen] if len(chosen) > 2 else []
    return [each for each in runs if each is not None and each.finished]
