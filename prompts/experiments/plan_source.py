"""Loads a plan from a file on this computer, in the format of its ending."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from prompts.experiments import plan_file
from prompts.experiments.cases import MOST_BYTES
from prompts.experiments.library.finding import finder
from prompts.experiments.library.library import Library, library
from prompts.experiments.plan import Plan, PlanError
from prompts.experiments.promptfoo.importing import import_config

_ADDRESS = re.compile(r"(?!file:)[A-Za-z][A-Za-z0-9+.-]+://")


@dataclass(frozen=True, slots=True)
class LoadedPlan:
    """A plan that was read; it may still have `problems`."""

    plan: Plan
    notes: tuple[str, ...] = ()
    """What a person should know about how it was read, in sentences, such as checks that could not be imported."""


def load_plan(
    path: Path, providers: Iterable[str], prompts: Library | None = None, encoding: str | None = None
) -> LoadedPlan:
    """The plan in Collate's TOML, or in promptfoo's YAML. Files it names are found beside it.

    `prompts`: the library for prompts that it names; `None`: that of the user who runs this process. `encoding`: of its
    table of cases, instead of what the plan says. Raises `PlanError` that says what to write where.
    """
    read = reader(path.parent)
    try:
        return read_plan(path.name, read(path.name), providers, read, prompts, encoding)
    except OSError as exc:
        raise PlanError(f"{path}: {exc.strerror}.") from None


def read_plan(
    name: str, data: bytes, providers: Iterable[str], read: plan_file.Read, prompts: Library | None = None,
    encoding: str | None = None,
) -> LoadedPlan:  # fmt: skip
    """The plan in the content of a file called `name`; `read` returns the content of files that it names."""
    if name.lower().endswith((".yaml", ".yml")):
        return LoadedPlan(*import_config(data, name, read, list(providers), encoding))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise PlanError(f"{name} is not UTF-8 (byte {exc.start:,}). Save it as UTF-8.") from None
    plan = plan_file.loads(text, providers, read, finder(prompts or library(), read), encoding, name)
    return LoadedPlan(plan, plan.cases.notes)


def reader(folder: Path) -> plan_file.Read:
    """Reads files by names relative to `folder`; raises `PlanError` for one that is too large, or not a file."""

    def read(name: str) -> bytes:
        if _ADDRESS.match(name):
            raise PlanError(f"{name} is an address, and nothing is fetched. Download it, and name the file.")
        with (folder / name).open("rb") as file:
            data = file.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise PlanError(
                f"{name} has more than {MOST_BYTES // 2**20} MB, which is the most that is read. Take less."
            )
        return data

    return read
