"""Answers with outcomes for the tests of what is drawn."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from dashboard import engine
from prompts.core.answer import Answer
from prompts.core.targets import Target
from providers.completion import Completion, Cost, State, Timings
from providers.errors import Failure
from providers.interface import Settings, Usage
from tests.patience import PATIENCE_S
from tests.runs import answer_of

MakeAnswer = Callable[..., Answer]


@pytest.fixture(autouse=True)
def main_module(monkeypatch: pytest.MonkeyPatch) -> None:
    """`AppTest` puts the app in place of the program's main module, and every process started later would run it."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


@pytest.fixture(autouse=True)
def whole_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that ends leaves a thread behind that is slow to; a test does not."""
    monkeypatch.setattr(engine, "THREAD_S", PATIENCE_S)


@pytest.fixture
def answer() -> MakeAnswer:
    """Make an answer with an outcome; times in seconds, money in dollars."""

    def make(
        model: str = "gpt-4o", provider: str = "openai", *, position: int = 0, state: State = "complete",
        first: float | None = 0.2, duration: float | None = 1.5, rate: float | None = 50.0, usage: Usage | None = None,
        cost: Cost | None = None, text: str = "Hello.", error: Failure | None = None, settings: Settings = Settings(),
    ) -> Answer:  # fmt: skip
        done = Completion(
            provider=provider, model=model, endpoint="https://api.example.com/v1", state=state, text=text, thinking="",
            started_at=datetime(2026, 11, 23, 12, 0, tzinfo=UTC), error=error,
            timings=Timings(time_to_first_token_s=first, duration_s=duration, output_tokens_per_s=rate),
            cost=cost or Cost("amount", Decimal("0.0021")), usage=usage or Usage(10, 20, 5, None, 4),
        )  # fmt: skip
        return answer_of(Target(provider, model, settings), position, position, done=done, text_parts=[text], attempt=1)

    return make
