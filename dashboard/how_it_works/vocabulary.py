"""The section on five terms, from artificial intelligence to generative AI, each part of the one before."""

from __future__ import annotations

from dashboard.answer_grid.panel import panel
from prompts.core.printable import escape

NESTED = (
    (
        "Artificial intelligence",
        "Software that does what takes intelligence in people; so called since 1956. A chess program made of rules and "
        "a route planner are AI too.",
    ),
    (
        "Machine learning",
        "AI that learns from examples instead of being told the rules; widespread since the 1990s. Spam filters and "
        "recommendations are this, and so are the built-in n-grams here.",
    ),
    (
        "Deep learning",
        "Machine learning with neural networks of many layers; the breakthrough was in 2012. It needs many examples "
        "and much computing. A phone that knows faces and a speaker that understands speech are this.",
    ),
    (
        "Generative AI",
        "Deep learning that makes new text, images, sound or code; in everyday use since ChatGPT in 2022. GPT, Claude, "
        "Gemini, Llama and Mistral are this.",
    ),
)
GOAL = (
    "AGI, artificial general intelligence",
    "A system as able as a person at nearly any task. A goal, and a much-argued one: there is no agreed test for it.",
)


def vocabulary() -> None:
    """Four nested boxes, and one below them."""
    inside = ""
    for word, meaning in reversed(NESTED):
        inside = f'<div class="how-nest">{_said(word, meaning)}{inside}</div>'
    goal = f'<div class="how-nest how-goal">{_said(*GOAL)}</div>'
    panel(inside + goal, key="how-vocabulary", label="Five words, each inside the one before; the last is a goal")


def _said(word: str, meaning: str) -> str:
    return f"<p><strong>{escape(word)}</strong> {escape(meaning)}</p>"
