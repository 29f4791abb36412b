"""Imports promptfoo's configuration as a plan: prompts, providers, tests and assertions; the rest is reported."""

from __future__ import annotations

from collections.abc import Collection

from prompts.experiments.plan import Plan, PlanError
from prompts.experiments.plan_file import Read
from prompts.experiments.promptfoo.case_checks import checks_of
from prompts.experiments.promptfoo.columns import Columns
from prompts.experiments.promptfoo.flat_tests import Table, read_tests
from prompts.experiments.promptfoo.reading import Notes, number, table, text
from prompts.experiments.promptfoo.targets import targets
from prompts.experiments.promptfoo.wordings import wordings
from prompts.experiments.promptfoo.yaml_texts import load_yaml
from providers.interface import Settings

_FOLLOWED = {
    "description", "prompts", "providers", "targets", "tests", "defaultTest", "scenarios", "evaluateOptions",
    "commandLineOptions", "assertionTemplates",
}  # fmt: skip
_HARMLESS = {"tags", "outputPath", "sharing", "metadata", "$schema"}
"""Words that affect neither what is asked nor how it is checked."""


def import_config(
    data: bytes, name: str, read: Read, providers: Collection[str], encoding: str | None = None
) -> tuple[Plan, tuple[str, ...]]:
    """The plan, and what a person should know of how it was read. Raises `PlanError`.

    `encoding`: of the tables that hold tests; `None`: detected.
    """
    try:
        return _imported(data, name, read, providers, encoding)
    except OSError as exc:
        raise PlanError(f"{exc.filename}: {exc.strerror}.") from None
    except PlanError:
        raise
    except ValueError as exc:  # a table of cases that cannot be read
        raise PlanError(str(exc)) from None


def _imported(
    data: bytes, name: str, read: Read, providers: Collection[str], encoding: str | None
) -> tuple[Plan, tuple[str, ...]]:
    notes = Notes()
    config = table(load_yaml(data, name), name)
    _say_the_rest(config, notes)
    tests = read_tests(config, read, notes, encoding)
    columns = Columns([test.vars for test in tests])
    asked = wordings(config, tests, read, columns, notes)
    templates = table(config.get("assertionTemplates"), "assertionTemplates")
    checks = checks_of(tests, templates, read, columns, notes)
    chosen = targets(config, providers, notes)
    shared = chosen[0].settings if chosen and len({each.settings for each in chosen}) == 1 else Settings()
    plan = Plan(
        text(config.get("description")) or "From promptfoo", asked, columns.cases(), chosen, _repeats(config),
        settings=shared, checks=checks,
    )  # fmt: skip
    return plan, notes.lines()


def _repeats(config: Table) -> int:
    for name in ("commandLineOptions", "evaluateOptions"):
        found = number(table(config.get(name), name).get("repeat"), f"{name}.repeat")
        if found is not None:
            return int(found)
    return 1


def _say_the_rest(config: Table, notes: Notes) -> None:
    """Report every word of the file that is not followed."""
    notes.unread(config, _FOLLOWED | _HARMLESS)
    for name in ("evaluateOptions", "commandLineOptions"):
        notes.unread(table(config.get(name), name), {"repeat"}, before=f"{name}.")
