"""Runs of finished answers for the tests of analyses."""

from datetime import UTC, datetime
from decimal import Decimal

from prompts.core.answer import Answer
from prompts.core.run import Run
from prompts.core.targets import Target
from providers.completion import Completion, Cost, State, Timings
from providers.errors import Failure
from providers.interface import Condition, Flag, ServerTimings
from tests import runs
from tests.runs import answer_of

LOCAL = Cost("local", reason="no fee is charged")
UNPRICED = Cost("unknown", reason="no list price is known")


def dollars(amount: str) -> Cost:
    """A cost."""
    return Cost("amount", Decimal(amount))


def answer(
    column: int = 0, repeat: int = 0, *, model: str | None = None, duration: float | None = 2.0,
    cost: Cost = dollars("0.002"), state: State = "complete", text: str = "Yes, it is.", times: Timings | None = None,
    load: float | None = None, flags: tuple[Flag, ...] = (), conditions: tuple[Condition, ...] = (),
    error: Failure | None = None,
) -> Answer:  # fmt: skip
    """An answer with an outcome."""
    target = Target("openai", model or f"m{column}")
    done = Completion(
            provider=target.provider, model=target.model, endpoint="https://api.example.com", state=state, text=text,
            thinking="", started_at=datetime(2026, 11, 24, tzinfo=UTC), cost=cost,
            timings=times or Timings(duration_s=duration), flags=flags, conditions=conditions, error=error,
            server_timings=None if load is None else ServerTimings(load_s=load),
        )  # fmt: skip
    return answer_of(target, 0, column, repeat, done=done)


def run_of(*answers: Answer) -> Run:
    """A run of these."""
    return runs.run_of("Why?", answers)
