"""What stands for a picture where it is not seen: words that somebody wrote, else who drew it and from what. Pure."""

from __future__ import annotations

from prompts.core import format as text_of

LONGEST = 200
"""Characters of a prompt in it: a screen reader reads all of it."""


def alt_text(model: str, prompt: str, written: str | None = None) -> str:
    """`written` as it is; without it nobody has said what is to be seen, so nothing is said of that."""
    if written:
        return written
    asked = " ".join(prompt.split())
    said = asked if len(asked) <= LONGEST else f"{asked[: LONGEST - 1]}…"
    return f"Picture by {model} for the prompt: {said or text_of.UNKNOWN}"
