"""Removes all text from a run of which only figures are recorded: nothing written by people or models remains.

Pure. Owns which fields can contain such text; whoever adds a field to a run or a completion decides here. A vendor's
error message is removed too, as it may quote the prompt.
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
    """The target without system prompt and stop sequences."""
    return target.with_settings(of_settings(target.settings))


def of_settings(settings: Settings) -> Settings:
    """Only settings that are numbers or levels."""
    picture = settings.picture and replace(settings.picture, avoid=None)
    return replace(settings, system=None, stop=(), picture=picture)


def of_completion(done: Completion) -> Completion:
    """The outcome, times, usage and cost, without texts."""
    attempts = tuple(replace(attempt, failure=_of_failure(attempt.failure)) for attempt in done.attempts)
    pictures = tuple(replace(each, sha256="", moving="", revised_prompt=None, metadata={}) for each in done.pictures)
    return replace(
        done, text="", thinking="", error=_of_failure(done.error), attempts=attempts, pictures=pictures
    )  # fmt: skip


def of_choice(choice: Choice) -> Choice:
    """A set of models without the texts in their settings."""
    return Choice(tuple(map(of_target, choice.targets)), of_settings(choice.settings))


def _of_failure(failure: Failure | None) -> Failure | None:
    return None if failure is None else replace(failure, message=UNSAID, parameter=None)
