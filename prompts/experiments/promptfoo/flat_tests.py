"""promptfoo's tests as flat rows: defaults and scenarios merged, files read, arrays of values expanded."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from math import prod

from prompts.experiments.case_files import read_cases
from prompts.experiments.cases import MOST_CASES, Cases
from prompts.experiments.encodings import was_guessed
from prompts.experiments.plan import PlanError
from prompts.experiments.plan_file import Read
from prompts.experiments.promptfoo.csv_tests import test_of_row
from prompts.experiments.promptfoo.reading import (
    FILE,
    Notes,
    ending,
    file_node,
    file_text,
    is_on,
    items,
    json_node,
    path_of,
    table,
    text,
)
from prompts.experiments.promptfoo.targets import judge_name
from prompts.experiments.promptfoo.templates import template
from prompts.experiments.promptfoo.yaml_texts import Node

Table = Mapping[str, Node]
_DEEPEST = 10  # a value may name another that names another
_BRACES = re.compile(r"\{\{|\{%")
_FOLLOWED = {"vars", "assert", "options", "description", "threshold", "metadata"}
_OPTIONS = {"prefix", "suffix", "disableVarExpansion", "disableDefaultAsserts", "runSerially", "disableConversationVar"}
_LOOKED_AT = {"transform", "postprocess"}  # of the answer, before it is checked
_GRADING = {"provider", "rubricPrompt", "factuality"}


@dataclass(frozen=True, slots=True)
class FlatTest:
    """One case with everything it inherits."""

    vars: Mapping[str, str]
    asserts: tuple[Table, ...] = ()
    prefix: str = ""
    suffix: str = ""
    transformed: bool = False
    """Whether its checks look at a transformed answer."""
    judge: str = ""
    """The grader as `provider:model` for assertions that name none."""


@dataclass(frozen=True, slots=True)
class _Files:
    """Reads the files that hold tests."""

    read: Read
    notes: Notes
    encoding: str | None
    """The encoding of tables; `None`: detected, with a note if it had to be guessed."""
    tables: list[str]
    """The names of the tables read so far."""

    def table(self, path: str) -> Cases:
        """The cases in a table of tests; what was noted while reading it goes into `notes`. Raises `CasesError`."""
        cases = read_cases(self.read(path), path, self.encoding)
        if path not in self.tables:
            self.tables.append(path)
            for note in cases.notes:
                self.notes.add(f"{path}: {note}")
            if was_guessed(cases.notes):
                self.notes.add(f"If that is wrong, say what {path} is in: collate run --encoding NAME")
        return cases


def read_tests(config: Table, read: Read, notes: Notes, encoding: str | None = None) -> list[FlatTest]:
    """Every case, in promptfoo's order. Raises `PlanError`.

    `encoding`: of the tables that hold tests; `None`: detected.
    """
    files = _Files(read, notes, encoding, [])
    default = _default(config.get("defaultTest"), read)
    found: list[FlatTest] = []
    for number, (given, defaults) in enumerate(_all(config, files, default), 1):
        whole = _whole(given, defaults, read, f"tests, number {number},")
        for test in _expanded(whole, read, f"tests, number {number},"):
            found.append(test)
            if len(found) > MOST_CASES:
                raise PlanError(f"The tests expand to more than {MOST_CASES:,} cases. Take a sample of them.")
            _note(whole, len(found), notes)
    if encoding is not None and not files.tables:
        raise PlanError("An encoding is that of a table of tests, and tests names none.")
    return found


def _default(value: Node | None, read: Read) -> Table:
    if isinstance(value, str) and value.startswith(FILE):
        value = file_node(path_of(value), read, "defaultTest")
    return table(value, "defaultTest")


def _all(config: Table, files: _Files, default: Table) -> Iterator[tuple[Table, Table]]:
    """Every test with the defaults it inherits."""
    tests = [*_listed(config.get("tests"), files)]
    for test in tests:
        yield test, default
    scenarios = items(config.get("scenarios"), "scenarios")
    for scenario in scenarios:
        if isinstance(scenario, str):
            scenario = file_node(path_of(scenario), files.read, "scenarios")
        for each in items(scenario, "scenarios") if isinstance(scenario, list) else [scenario]:
            yield from _scenario(table(each, "scenarios"), files, default)
    if not tests and not scenarios:
        yield {}, default


def _scenario(scenario: Table, files: _Files, default: Table) -> Iterator[tuple[Table, Table]]:
    files.notes.unread(scenario, {"config", "tests", "description"}, " of a scenario")
    tests = [*_listed(scenario.get("tests"), files)] or [{}]
    for data in items(scenario.get("config"), "scenarios.config"):
        defaults = _merged(default, table(data, "scenarios.config"))
        for test in tests:
            yield test, defaults


def _listed(value: Node | None, files: _Files) -> Iterator[Table]:
    """The tests given directly, and those in files."""
    for each in items(value, "tests"):
        if isinstance(each, str):
            yield from _from_file(path_of(each), files)
        elif isinstance(each, dict) and "path" in each and "vars" not in each:
            yield from _from_file(path_of(text(each["path"])), files)
        else:
            yield table(each, "tests")


def _from_file(path: str, files: _Files) -> Iterator[Table]:
    match ending(path):
        case ".csv" | ".tsv" | ".xlsx":
            cases = files.table(path)
            yield from (test_of_row(cases.values(row)) for row in range(len(cases)))
        case ".jsonl":
            lines = enumerate(file_text_lines(path, files.read), 1)
            yield from (table(json_node(line, f"{path}, line {n}"), path) for n, line in lines if line.strip())
        case ".yaml" | ".yml" | ".json":
            yield from _listed(file_node(path, files.read, "tests"), files)
        case _:
            raise PlanError(f"tests names {path}: CSV, JSON Lines, JSON and YAML are read, and no program is run.")


def file_text_lines(path: str, read: Read) -> list[str]:
    """The lines of a text file."""
    try:
        return read(path).decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as exc:
        raise PlanError(f"{path} is not UTF-8 (byte {exc.start:,}).") from None


def _merged(default: Table, own: Table) -> Table:
    """The defaults overridden by the test: variables and options by name; assertions are concatenated."""
    options = table(own.get("options"), "options")
    inherited = [] if is_on(options.get("disableDefaultAsserts")) else items(default.get("assert"), "assert")
    both: dict[str, Node] = {**default, **own}
    both["vars"] = {**table(default.get("vars"), "vars"), **table(own.get("vars"), "vars")}
    both["options"] = {**table(default.get("options"), "options"), **options}
    both["assert"] = [*inherited, *items(own.get("assert"), "assert")]
    return both


def _whole(given: Table, defaults: Table, read: Read, where: str) -> Table:
    """A test with everything it inherits, and with its variables read from their file if they have one."""
    if given.get("vars") and isinstance(given["vars"], str):
        given = {**given, "vars": file_node(path_of(text(given["vars"])), read, f"{where} vars")}
    return _merged(defaults, given)


def _expanded(whole: Table, read: Read, where: str) -> Iterator[FlatTest]:
    """A test for each combination of values given as arrays."""
    options = table(whole["options"], f"{where} options")
    values = table(whole["vars"], f"{where} vars")
    single = is_on(options.get("disableVarExpansion"))
    choices = {
        name: value if isinstance(value, list) and not single else [value]
        for name, value in ((name, _filed(value, read, f"{where} {name}")) for name, value in values.items())
    }
    if prod(map(len, choices.values())) > MOST_CASES:
        raise PlanError(f"{where} arrays of values expand to more than {MOST_CASES:,} cases. Take a sample of them.")
    plain = FlatTest(
        {}, tuple(table(each, f"{where} assert") for each in items(whole["assert"], f"{where} assert")),
        text(options.get("prefix")), text(options.get("suffix")), any(name in options for name in _LOOKED_AT),
        judge_name(options.get("provider")),
    )  # fmt: skip
    for chosen in product(*choices.values()):
        flat = dict(_flat(dict(zip(choices, chosen, strict=True))))
        yield replace(plain, vars=_resolved(flat, where))


def _filed(value: Node, read: Read, where: str) -> Node:
    if isinstance(value, str) and value.startswith(FILE):
        return file_text(path_of(value), read, where)
    return value


def _flat(values: Mapping[str, Node], before: str = "") -> Iterator[tuple[str, str]]:
    """Nested tables under dotted names, and also as JSON under their own name."""
    for name, value in values.items():
        yield f"{before}{name}", text(value)
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{name}.")


def _resolved(values: Mapping[str, str], where: str) -> Mapping[str, str]:
    """The values with references to other variables filled in; other braces are left as they are."""
    done: dict[str, str] = {}

    def of(name: str, above: tuple[str, ...]) -> str:
        if name in done or name in above or len(above) > _DEEPEST or not _BRACES.search(values[name]):
            return done.get(name, values[name])
        try:
            read = template(values[name], where)
        except PlanError:
            return values[name]  # braces of its own, such as code
        if read.missing(values):
            return values[name]
        done[name] = read.filled({each.name: of(each.name, (*above, name)) for each in read.values})
        return done[name]

    return {name: of(name, ()) for name in values}


def _note(whole: Table, case: int, notes: Notes) -> None:
    """Report what of a test is not followed."""
    if "threshold" in whole:
        notes.add("A test's threshold is not followed: here every check must pass, whatever the score", case)
    notes.unread(whole, _FOLLOWED, " of a test", case)
    notes.unread(
        table(whole.get("options"), "options"), _OPTIONS | _LOOKED_AT | _GRADING, " of a test", case, "options."
    )
