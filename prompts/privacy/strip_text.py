"""What is left of a run where only its figures are kept: no text that anybody wrote, neither people nor models.

Pure. Owns which fields can hold such text; whoever adds a field to a run or a completion decides here.
A vendor's sentence goes too, for it may quote the prompt.
"""

from __future__ import annotations

from dataclasses import replace

from prompts.core.presets import Choice
from prompts.core.run import Run
from prompts.core.targets import Target
from providers.completion import Completion
from providers.errors import Failure
from providers.interface import Settings

UNSAID = "What the provider said is not on record: only figures of this run are."


def of_run(run: Run) -> Run:
    """A copy without prompt, attachments and histories, for the record."""
    cells = tuple(replace(cell, target=of_target(cell.target), history=()) for cell in run.cells)
    return replace(run, prompt="", cells=cells, settings=of_settings(run.settings), attachments=())


def of_target(target: Target) -> Target:
    """Who is asked, without a system prompt and words to stop at."""
    return target.with_settings(of_settings(target.settings))


def of_settings(settings: Settings) -> Settings:
    """The settings that are numbers or levels."""
    picture = settings.picture and replace(settings.picture, avoid=None)
    return replace(settings, system=None, stop=(), picture=picture)


def of_completion(done: Completion) -> Completion:
    """How it ended, what it took and what it cost."""
    attempts = tuple(replace(attempt, failure=_of_failure(attempt.failure)) for attempt in done.attempts)
    pictures = tuple(replace(each, sha256="", revised_prompt=None, metadata={}) for each in done.pictures)
    return replace(
        done, text="", thinking="", error=_of_failure(done.error), attempts=attempts, pictures=pictures
    )  # fmt: skip


def of_choice(choice: Choice) -> Choice:
    """A set of models without the texts among their settings."""
    return Choice(tuple(map(of_target, choice.targets)), of_settings(choice.settings))


def _of_failure(failure: Failure | None) -> Failure | None:
    return None if failure is None else replace(failure, message=UNSAID, parameter=None)
