"""Lengths of answers before they are asked: what they rest on, and that the ranges hold in simulation."""

import random
from collections.abc import Callable
from math import exp, log

import pytest

from prompts.core.answer_length import ASSUMED, ASSUMED_THINKING, History, expected, thinks

NONE: History = {}


def test_without_anything_known_the_assumption_is_stated_and_thinking_models_are_apart() -> None:
    plain, thinking = expected("openai", "gpt-4o", None, NONE), expected("openai", "o3", None, NONE)
    assert ((plain.low, plain.high), (thinking.low, thinking.high)) == (ASSUMED, ASSUMED_THINKING)
    assert plain.basis == "60 to 1,600 tokens out, assumed for an answer: nothing is known here of its length"
    assert "assumed for thinking and answer" in thinking.basis


@pytest.mark.parametrize(
    ("model", "history", "basis"),
    [
        ("gpt-4o", {("openai", "gpt-4o"): range(100, 120)}, "10th to 90th percentile of 20 answers here"),
        ("gpt-4o", {("openai", "gpt-4o"): range(100, 109)}, "smallest to largest of 9 answers here"),
        ("gpt-4o", {("openai", "gpt-4o"): [100, 200, 300]}, "by 3 answers here"),
        ("gpt-4o", {("openai", "gpt-4o"): [100]}, "by 1 answer here, and what answers usually vary by"),
        (
            "gpt-4o",
            {("openrouter", "openai/gpt-4o-2024-08-06"): [100, 200, 300], ("openai", "gpt-4o"): [500]},
            "by 3 answers of this model at openrouter",
        ),
        ("gpt-4o", {("openai", "gpt-4.1"): [100], ("openai", "gpt-4o-mini"): [9]}, "by 2 other GPT models here"),
        ("gpt-4o", {("openai", "o3"): [5000] * 9}, "assumed for an answer"),  # it thinks
        ("o3", {("openai", "o4-mini"): [5000] * 9}, "by 1 other thinking GPT model here"),
        ("gpt-4o", {("anthropic", "claude-sonnet-4-6"): [100] * 9}, "assumed for an answer"),
    ],
)
def test_the_nearest_evidence_is_taken_and_named(model: str, history: History, basis: str) -> None:
    assert basis in expected("openai", model, None, history).basis


@pytest.mark.parametrize(
    ("model", "effort", "expected"),
    [
        ("gpt-4o", None, False), ("gpt-4o", "high", True), ("o3", None, True), ("o3", "none", False),
        ("gpt-6.2-sol", None, True), ("gpt-5-chat-latest", None, False), ("openai/gpt-oss-120b", None, True),
        ("claude-sonnet-4-6", None, False), ("claude-opus-5-5", None, True), ("gemini-3.8-flash", None, True),
        ("gemini-2.5-flash-lite", None, False), ("deepseek-r1:8b", None, True), ("deepseek-chat", None, False),
        ("qwen3-30b-a3b-instruct-2507", None, False), ("kimi-k2-thinking", None, True), ("llama3.3:70b", None, False),
        ("mistral-large-4", None, False), ("magistral-medium-2509", None, True),
        ("grok-4-fast-non-reasoning", None, False),
    ],
)  # fmt: skip
def test_whether_a_model_thinks(model: str, effort: object, expected: bool) -> None:
    assert thinks(model, effort) is expected  # type: ignore[arg-type]


# Whether the ranges hold ---------------------------------------------------------------------------------------------


class World:
    """Models whose answers are lognormal, as long as such models' are, drawn anew for each trial."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.family = self.chance.gauss(log(320), 0.5)

    def model(self, near: float | None = None, apart: float = 0.5) -> Callable[[], int]:
        middle = self.chance.gauss(self.family if near is None else near, apart)
        spread = self.chance.uniform(0.4, 1.1)
        return lambda: max(1, round(exp(self.chance.gauss(middle, spread))))


def _own(n: int) -> Callable[[World], tuple[History, int]]:
    def trial(world: World) -> tuple[History, int]:
        model = world.model()
        return {("openai", "gpt-4o"): [model() for _ in range(n)]}, model()

    return trial


def _two_lengths(n: int) -> Callable[[World], tuple[History, int]]:
    """A word or a page, and nothing in between."""

    def trial(world: World) -> tuple[History, int]:
        def answer() -> int:
            return max(1, round(exp(world.chance.gauss(log(world.chance.choice((8, 900))), 0.4))))

        return {("openai", "gpt-4o"): [answer() for _ in range(n)]}, answer()

    return trial


def _elsewhere(world: World) -> tuple[History, int]:
    middle, spread = world.chance.gauss(world.family, 0.5), world.chance.uniform(0.4, 1.1)

    def answer(place: float) -> int:
        return max(1, round(exp(world.chance.gauss(middle + place, spread))))

    there = world.chance.gauss(0, 0.2)
    return {("openrouter", "openai/gpt-4o"): [answer(there) for _ in range(8)]}, answer(0.0)


def _family(world: World) -> tuple[History, int]:
    kin = {("openai", name): [world.model()() for _ in range(5)] for name in ("gpt-4.1", "gpt-4o-mini", "gpt-4-turbo")}
    return kin, world.model()()


@pytest.mark.parametrize(
    "trial",
    [_own(0), *(_own(n) for n in (1, 2, 3, 5, 8, 9, 10, 19, 50)), _elsewhere, _family, *map(_two_lengths, (5, 8, 12))],
    ids=[
        "assumed", *(f"{n} of its own" for n in (1, 2, 3, 5, 8, 9, 10, 19, 50)), "elsewhere", "family",
        *(f"{n} of two lengths" for n in (5, 8, 12)),
    ],
)  # fmt: skip
def test_the_range_holds_for_four_of_five_answers(trial: Callable[[World], tuple[History, int]]) -> None:
    held = 0
    for seed in range(3000):
        history, answer = trial(World(seed))
        length = expected("openai", "gpt-4o", None, history)
        held += length.low <= answer <= length.high
    assert 0.785 <= held / 3000 <= 0.97  # 0.8, less two standard errors
