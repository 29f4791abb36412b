"""Alternative text for a picture: a description that somebody wrote, else who drew it from which prompt. Pure."""

from __future__ import annotations

from prompts.core import format as text_of

LONGEST = 200
"""Characters of the prompt that are included, as a screen reader reads all of it."""


def alt_text(model: str, prompt: str, written: str | None = None) -> str:
    """`written` if there is one; otherwise only model and prompt, as nobody has described what is to be seen."""
    if written:
        return written
    asked = " ".join(prompt.split())
    said = asked if len(asked) <= LONGEST else f"{asked[: LONGEST - 1]}…"
    return f"Picture by {model} for the prompt: {said or text_of.UNKNOWN}"
