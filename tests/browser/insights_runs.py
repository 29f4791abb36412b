"""Finished runs for the harness of the insights: eight models of all kinds, one alone, and many repeats."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from prompts.core.answer import Answer
from prompts.core.plan import WARM_UP
from prompts.core.run import Run
from prompts.core.targets import Target
from providers.completion import Completion, Cost, State, Timings
from providers.errors import Failure, failure
from providers.interface import Condition, ServerTimings, Usage
from tests.runs import answer_of, run_of

# target, duration, cost, characters
ANSWERS: tuple[tuple[str, float, Cost, int], ...] = (
    ("openai:gpt-5.1", 9.4, Cost("amount", Decimal("0.0121")), 2400),
    ("anthropic:claude-sonnet-5-5", 1.3, Cost("amount", Decimal("0.0158")), 1900),
    ("google:gemini-3-flash", 2.2, Cost("amount", Decimal("0.00072")), 1500),
    ("ollama:llama3.3:70b-instruct-q4_K_M", 14.2, Cost("local"), 1700),
    ("mistral:mistral-large-latest", 1.8, Cost("amount", Decimal("0.0043")), 800),
    ("builtin:ngram-3", 0.31, Cost("local"), 300),
    ("openai:gpt-4o", 5.0, Cost("unknown", reason="no list price is known"), 1200),
    ("openai:gpt-4o-mini", 1.9, Cost("amount", Decimal("0.0041")), 1100),
)


def made_answer(
    column: int, name: str, duration: float, cost: Cost, characters: int, *, repeat: int = 0,
    state: State = "complete", error: Failure | None = None,
) -> Answer:  # fmt: skip
    """An answer with an outcome whose marks stand where they would."""
    provider, _, model = name.partition(":")
    local = cost.kind == "local"
    done = Completion(
        provider=provider, model=model, endpoint="https://api.example.com", state=state, text="x" * characters,
        thinking="", started_at=datetime(2026, 11, 24, tzinfo=UTC), cost=cost, usage=Usage(40, characters // 4),
        timings=_times(duration, column, network=provider != "builtin", text=state == "complete"),
        conditions=_conditions(column), error=error,
        server_timings=ServerTimings(load_s=duration * 0.3) if local and provider == "ollama" else None,
    )  # fmt: skip
    return answer_of(Target(provider, model), column, column, repeat, done=done)


def _conditions(column: int) -> tuple[Condition, ...]:
    return ("new_connection",) if column == 0 else ()


def _times(duration: float, column: int, *, network: bool, text: bool) -> Timings:
    first = duration * 0.45
    token = duration * 0.7 if column in (0, 1) else first
    return Timings(
        time_to_first_chunk_s=first if text else None, time_to_first_token_s=token if text else None,
        duration_s=duration, output_tokens_per_s=83.1 if text else None,
        output_characters_per_s=301.2 if text else None, connected_s=duration * 0.02 if column == 0 else None,
        sent_s=duration * 0.03 if network else None, headers_s=duration * 0.4 if network else None,
        time_to_last_token_s=duration * 0.98 if text else None, prepare_s=0.08 if column else 0.4,
    )  # fmt: skip


def find(name: str) -> Run:
    """The run of that name."""
    if name == "waiting":
        return run_of("Why?", [answer_of(Target("openai", "gpt-4o"), 0, 0)], id=name)
    if name == "local":
        return run_of("Why?", [made_answer(n, *ANSWERS[5]) for n in range(2)], id=name)
    if name == "one":
        return run_of("Why?", [made_answer(0, *ANSWERS[0])], id=name)
    if name == "repeats":
        answers = [
            made_answer(n, target, duration * (1 + 0.07 * repeat), cost, size, repeat=repeat)
            for repeat in range(WARM_UP, 9)
            for n, (target, duration, cost, size) in enumerate(ANSWERS[:3])
        ]
        return run_of("Why?", answers, id=name)
    answers = [made_answer(n, *answer) for n, answer in enumerate(ANSWERS)]
    answers.append(
        made_answer(8, "mistral:open-mixtral", 3.0, Cost("unknown", reason="it failed"), 0, state="cancelled")
    )
    timeout = failure("timeout", "no byte within 8 s")
    answers.append(
        made_answer(9, "openai:o3", 8.0, Cost("unknown", reason="it failed"), 0, state="failed", error=timeout)
    )
    return run_of("Why?", answers, id=name)
