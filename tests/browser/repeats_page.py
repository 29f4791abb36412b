"""The page of the harness: one run by name, its repeats written down here."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import streamlit as st

from dashboard.results.repeats import show_repeats
from prompts.core.plan import WARM_UP
from prompts.core.run import Run
from prompts.core.targets import Target
from providers.completion import Completion, Cost, Timings
from tests.runs import started

POETRY = "# Rain\n\nIt **rains** on {place}.\n\n- one\n- two\n\n```python\nprint('rain')\n```\n"
FIRST_S = {
    "openai:gpt-5.4-mini": (0.61, 0.42, 0.40, 0.44, 0.41, 0.43),
    "anthropic:claude-haiku-4-5": (0.95, 0.81, 0.78, 0.84, 0.80, 0.79),
    "builtin:ngram-3": (0.009, 0.44, 0.39, 0.41, 0.46, 0.42),
}
ANSWERS = {
    "openai:gpt-5.4-mini": ("42", "42.", "**42**", "41", "42"),
    "anthropic:claude-haiku-4-5": [POETRY.format(place=place) for place in ("Rome", "Rome", "Oslo", "Rome", "Lima")],
    "builtin:ngram-3": ("<img src=x onerror=alert(1)> one", "two words", "three", "four", "five"),
}


def made(models: list[str], repeats: int, *, fair: bool = True) -> Run:
    run = started(
        "What is six times seven?", [Target(*model.split(":", 1)) for model in models], repeats=repeats, fair=fair
    )
    for live in run.live:
        answer = live.now
        model, repeat = str(answer.target), answer.repeat
        text = ANSWERS[model][max(repeat, 0) % 5]
        first = FIRST_S[model][repeat % 6] * (1 + 0.003 * repeat)
        local = answer.target.provider == "builtin"
        live.begin()
        live.finish(
            Completion(
                provider=answer.target.provider, model=answer.target.model, endpoint="here", state="complete",
                text=text, thinking="", started_at=datetime(2026, 11, 23, tzinfo=UTC),
                timings=Timings(time_to_first_token_s=first, duration_s=3 * first, output_tokens_per_s=20 / first),
                cost=Cost("local") if local else Cost("amount", Decimal("0.0021")),
                conditions=("first_call", "new_connection") if repeat in (WARM_UP, 0) else (),
            )
        )  # fmt: skip
    return run


def failing(run: Run) -> Run:
    """The last repeat of its first target never came back."""
    live = [each for each in run.live if each.now.column == 0][-1]
    assert live.now.completion is not None
    live.finish(replace(live.now.completion, state="failed", text="", cost=Cost("unknown", reason="no usage")))
    return run


RUNS = {
    "once": lambda: made(["openai:gpt-5.4-mini"], 1, fair=False),
    "two": lambda: made(["openai:gpt-5.4-mini", "anthropic:claude-haiku-4-5"], 5),
    "three": lambda: made([*FIRST_S], 5),
    "many": lambda: made([*FIRST_S], 12),
    "failing": lambda: failing(made(["openai:gpt-5.4-mini", "anthropic:claude-haiku-4-5"], 5, fair=False)),
}


@st.cache_resource
def run(name: str) -> Run:
    return RUNS[name]()


st.set_page_config(layout="wide")
show_repeats(run(st.query_params.get("run", "two")))
