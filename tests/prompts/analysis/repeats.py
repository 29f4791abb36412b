"""Runs with repeats, written down, for the tests of what is made of them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from prompts.core.run import Run
from prompts.core.targets import Target
from providers.completion import Completion, Cost, Timings
from tests.prompts.samples import BARE
from tests.runs import started

DONE = replace(BARE, state="complete", text="Yes.", cost=Cost("local"))


def timed(first: float | None, text: str = "Yes.", **more: object) -> Completion:
    """An answer with that time to its first token and twice that duration."""
    times = Timings(time_to_first_token_s=first, duration_s=None if first is None else 2 * first)
    return replace(DONE, text=text, timings=times, **more)


def run_of(targets: Mapping[str, Sequence[Completion | None]], *, fair: bool = False) -> Run:
    """Each target with its outcomes in order, `None` while it is live; a fair run begins with a warm-up."""
    names = [Target(*name.split(":", 1)) for name in targets]
    outcomes = list(targets.values())
    run = started("?", names, repeats=len(outcomes[0]), fair=fair)
    for live in run.live:
        answer = live.now
        done = outcomes[answer.column][answer.repeat] if answer.counts else timed(99.0)
        if done is not None:
            live.finish(done)
    return run
