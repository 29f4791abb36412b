"""What a plan of pictures may not mix, and which judges it may ask."""

from __future__ import annotations

import pytest

from prompts.core.targets import Target
from prompts.experiments.checks.check import Check
from prompts.experiments.drawing import problems, unseeing
from providers.interface import Settings
from providers.pictures import PictureSettings

DRAWN = Settings(picture=PictureSettings())
SHAPES, NGRAM, OWN = (("builtin", "shapes"), ("builtin", "ngram-3"), ("lab", "own-model"))


def targets(*pairs: tuple[str, str], settings: Settings = DRAWN) -> list[Target]:
    return [Target(*pair, settings) for pair in pairs]


def judged(*judges: str, kind: str = "judge") -> list[Check]:
    return [Check(kind, "A cat is to be seen.", judges, against="x")]


@pytest.mark.parametrize("judge", ["openai:gpt-5.1", "google:gemini-3.8-flash", "lab:seeing", "ollama:llava"])
def test_pictures_and_a_judge_that_may_see_are_fine(judge: str) -> None:
    assert problems(targets(SHAPES, OWN), judged(judge)) == []


def test_text_is_as_it_was() -> None:
    assert problems(targets(NGRAM, OWN, settings=Settings()), judged("builtin:ngram-4", kind="judge-pair")) == []


@pytest.mark.parametrize(
    ("mixed", "sentence"),
    [
        (targets(SHAPES, NGRAM), "builtin:shapes draws pictures, builtin:ngram-3 writes text. Make two experiments"),
        (targets(SHAPES, NGRAM, settings=Settings()), "builtin:shapes draws pictures, builtin:ngram-3 writes text."),
        ([*targets(SHAPES), *targets(OWN, settings=Settings())],
         "builtin:shapes would be asked for pictures, lab:own-model for text. Make two experiments"),
        (targets(NGRAM), "builtin:ngram-3 writes text and no pictures. Take models that draw, or ask for text."),
        (targets(SHAPES, settings=Settings()), "builtin:shapes draws pictures. Ask for them: choose Images on"),
    ],
)  # fmt: skip
def test_a_mixture_is_refused_in_one_sentence_that_says_what_to_do(mixed: list[Target], sentence: str) -> None:
    (said,) = problems(mixed, ())
    assert sentence in said


@pytest.mark.parametrize(
    ("checks", "sentence"),
    [
        (judged("builtin:ngram-3"),
         "Check 1, judge: builtin:ngram-3 cannot see pictures (n-gram models read text only). Name a judge that can."),
        (judged("openai:gpt-4"), "openai:gpt-4 cannot see pictures (developers.openai.com"),
        (judged("openai:gpt-image-2"), "openai:gpt-image-2 cannot see pictures (it draws them)"),
        (judged("openai:gpt-5.1", kind="judge-pair"),
         "Check 1, judge-pair: it compares texts. Judge pictures by a rubric (judge)."),
    ],
)  # fmt: skip
def test_a_judge_that_cannot_see_is_refused(checks: list[Check], sentence: str) -> None:
    (said,) = problems(targets(SHAPES), checks)
    assert sentence in said


def test_what_a_server_says_of_a_judge_counts() -> None:
    checks = judged("ollama:llama3.3")
    assert problems(targets(SHAPES), checks) == [], "nobody has asked its server yet"
    assert unseeing(checks, {"ollama:llama3.3": ("completion", "vision")}) == []
    (said,) = unseeing(checks, {"ollama:llama3.3": ("completion",)})
    assert said.startswith("Check 1, judge: ollama:llama3.3 cannot see pictures (Ollama's own list of capabilities")
