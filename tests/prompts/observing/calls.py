"""Calls for the tests of what is told of them, with texts planted in everything that may hold one."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from prompts.observing.call import Call, call_of
from providers.completion import Attempt, Completion, Cost, State, Timings
from providers.errors import Failure
from providers.interface import Settings, Usage

BEGAN = datetime(2026, 11, 23, 12, 0, 0, 123457, tzinfo=UTC)
PROMPT, ANSWER = "Where does the planted heron sleep?", "It sleeps beside the planted reeds."
SETTINGS = Settings(
    system=PROMPT, temperature=0.5, top_p=0.9, max_output_tokens=200, seed=7, stop=(PROMPT,), effort="low"
)


def completion(
    state: State = "complete", *, provider: str = "openai", error: Failure | None = None,
    usage: Usage | None = Usage(10, 20, 3, 2, 4), cost: Cost = Cost("amount", Decimal("0.0021")),
    endpoint: str = "https://api.example.com/v1", timings: Timings = Timings(0.1, 0.25, 1.5),
) -> Completion:  # fmt: skip
    """One that holds planted texts wherever a vendor could put them."""
    return Completion(
        provider=provider, model="gpt-4o", endpoint=endpoint, state=state, text=ANSWER, thinking=ANSWER,
        started_at=BEGAN, timings=timings, cost=cost, usage=usage, raw_usage={"said": ANSWER},
        response_model=f"gpt-4o {ANSWER}", response_id="resp-1", stop_reason="stop", error=error,
        attempts=(Attempt(2, BEGAN, 200, "req", 1.5, error),), fingerprint={"said": ANSWER},
    )  # fmt: skip


def failed(kind: str = "rate_limit") -> Failure:
    """With the prompt quoted in its sentence."""
    return Failure(kind, f"we refuse {PROMPT}", 429)  # type: ignore[arg-type]


def call(state: State = "complete", **more: object) -> Call:
    return call_of(completion(state, **more), "c-1", SETTINGS)  # type: ignore[arg-type]


def planted(text: str) -> list[str]:
    """Pieces of the planted texts that stand in `text`, three words long."""
    words = [each.split() for each in (PROMPT, ANSWER)]
    pieces = [" ".join(each[at : at + 3]) for each in words for at in range(len(each) - 2)]
    return [piece for piece in (*pieces, "planted") if piece in text]
