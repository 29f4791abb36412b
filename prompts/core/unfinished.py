"""What is missing in a run whose process died before it was done, and what asking for it may cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from prompts.core.answer import Answer
from prompts.core.run import Run


@dataclass(frozen=True, slots=True)
class Missing:
    """The answers of one run that were left unfinished."""

    never_sent: tuple[Answer, ...]
    """Nothing was sent for these, so asking them now does only what was intended."""
    sent: tuple[Answer, ...]
    """These were sent, so they may have been answered and charged."""
    of: int
    """How many answers the run has in all."""


def missing(run: Run) -> Missing | None:
    """What was left unfinished in `run`; `None` if nothing."""
    left = [answer for answer in run.answers if answer.interrupted_at is not None]
    if not left or run.textless:
        return None
    never_sent = tuple(answer for answer in left if answer.attempt == 0)
    return Missing(never_sent, tuple(answer for answer in left if answer.attempt), len(run.answers))


def so_many(number: int, of: int) -> str:
    """In words: `1 of 3 answers is missing`, `all 3 answers are missing`."""
    which = "the answer" if of == 1 else f"all {of} answers" if number == of else f"{number} of {of} answers"
    return f"{which} {'is' if number == 1 else 'are'} missing"


def those(answers: Sequence[Answer]) -> str:
    """The targets in words, each once: `openai:gpt-4o and ollama:llama3.3 (3 times)`."""
    counted = {str(answer.target): 0 for answer in answers}
    for answer in answers:
        counted[str(answer.target)] += 1
    named = [name if number == 1 else f"{name} ({number} times)" for name, number in counted.items()]
    return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"
