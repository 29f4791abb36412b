"""Reads a plan from TOML; `plan_writer.py` writes it.

Everything that the file names (prompts, cases, schemas) is read by a function passed in, so a file uploaded in a
browser cannot read this computer's files. An unknown word is an error that names it, as a misspelt setting must not be
ignored.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from prompts.core.targets import Target, parse_target
from prompts.experiments.case_files import read_cases
from prompts.experiments.cases import Cases, made
from prompts.experiments.checks.check import Check
from prompts.experiments.checks.judge import KINDS_OF_JUDGE
from prompts.experiments.checks.kinds import KINDS
from prompts.experiments.checks.words import only_read
from prompts.experiments.encodings import known, was_guessed
from prompts.experiments.plan import Budget, Gate, Plan, PlanError, Wording, read_names
from prompts.experiments.plan_pictures import picture_settings
from prompts.experiments.toml_values import count, items, number, one_of, only, section, tables, text_of, whole, yes
from providers.interface import EFFORTS, Settings
from providers.spelling import meant

Read = Callable[[str], bytes]
"""Returns the content of a file that the plan names. Raises `OSError` or `ValueError`."""
FindPrompt = Callable[[str], Wording]
"""Returns the prompt of the library that a plan names, such as `classify@3`. Raises `ValueError`."""

_TOP = {
    "name",
    "prompts",
    "prompt",
    "targets",
    "target",
    "repeats",
    "settings",
    "cases",
    "budget",
    "plan",
    "check",
    "gate",
}


_SETTINGS = {each.name for each in fields(Settings)}
_TO_NAME = 'encoding = "…" under [cases].'


def loads(
    text: str,
    providers: Iterable[str],
    read: Read,
    find_prompt: FindPrompt,
    encoding: str | None = None,
    name: str = "The file",
) -> Plan:
    """The plan in `text`; it may still have `problems`. Raises `PlanError` that says what to write where.

    `encoding`: of the file of cases, instead of what `text` says. `name`: what errors call the plan's own file.
    """
    try:
        table = tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as exc:
        raise PlanError(f"{name} is not TOML: {exc}.") from None
    except RecursionError:
        raise PlanError(f"{name} is nested too deeply to be a plan.") from None
    try:
        return _plan(table, list(providers), read, find_prompt, encoding)
    except OSError as exc:
        raise PlanError(f"{exc.filename}: {exc.strerror}.") from None
    except (ValueError, TypeError) as exc:
        raise PlanError(str(exc)) from None


def _plan(
    table: Mapping[str, Any], providers: list[str], read: Read, find_prompt: FindPrompt, encoding: str | None
) -> Plan:
    only(table, _TOP, "the file")
    settings = _settings(section(table, "settings"), "settings")
    said = section(table, "plan")
    only(said, {"matters", "baseline"}, "[plan]")
    cases, columns, expected = _cases(section(table, "cases"), read, encoding)
    if expected and len(cases):
        one_of(expected, cases.columns, "cases.expected")
    wordings = [find_prompt(text_of(each, "prompts")) for each in items(table, "prompts")]
    wordings += [_wording(each, n) for n, each in enumerate(tables(table, "prompt"), len(wordings) + 1)]
    targets = [parse_target(text_of(each, "targets"), providers, settings) for each in items(table, "targets")]
    targets += [_target(each, providers, settings) for each in tables(table, "target")]
    checks = tuple(_check(each, n, read, expected) for n, each in enumerate(tables(table, "check"), 1))
    plan = Plan(
        name=text_of(table.get("name", ""), "name"), wordings=tuple(wordings), cases=cases, targets=tuple(targets),
        repeats=whole(table.get("repeats", 1), "repeats"), settings=settings, columns=columns,
        checks=checks, budget=_budget(section(table, "budget")), gate=_gate(section(table, "gate")),
        matters=number(said.get("matters", 10), "plan.matters") / 100,
        baseline=text_of(said["baseline"], "plan.baseline") if "baseline" in said else None,
    )  # fmt: skip
    if unread := [hole for hole in columns if hole not in read_names(plan)]:
        like = meant(unread[0], read_names(plan))
        raise ValueError(f"cases.columns: nothing has a hole {{{{{unread[0]}}}}}. {like}".strip())
    return plan


def _wording(table: Mapping[str, Any], place: int) -> Wording:
    only(table, {"name", "source", "system", "prompt"}, "[[prompt]]")
    system = text_of(table["system"], "prompt.system") if "system" in table else None
    name = text_of(table.get("name", f"wording {place}"), "prompt.name")
    source = text_of(table.get("source", ""), "prompt.source")
    return Wording(name, text_of(table.get("prompt", ""), "prompt.prompt"), system, source)


def _target(table: Mapping[str, Any], providers: list[str], shared: Settings) -> Target:
    only(table, {"target", *_SETTINGS}, "[[target]]")
    own = {name: value for name, value in table.items() if name != "target"}
    return parse_target(text_of(table.get("target", ""), "target"), providers, _settings(own, "target", shared))


def _settings(table: Mapping[str, Any], where: str, shared: Settings = Settings()) -> Settings:
    only(table, _SETTINGS, f"[{where}]")
    values: dict[str, Any] = {name: getattr(shared, name) for name in _SETTINGS}
    for name, value in table.items():
        match name:
            case "stop":
                values[name] = tuple(text_of(each, f"{where}.stop") for each in items(table, "stop"))
            case "system":
                values[name] = text_of(value, f"{where}.system")
            case "effort":
                values[name] = one_of(value, EFFORTS, f"{where}.effort")
            case "temperature" | "top_p":
                values[name] = number(value, f"{where}.{name}")
            case "max_output_tokens" | "num_ctx":
                values[name] = count(value, f"{where}.{name}")
            case "picture":
                values[name] = picture_settings(value, f"{where}.picture", shared.picture)
            case _:
                values[name] = whole(value, f"{where}.{name}")
    return Settings(**values)


def _cases(table: Mapping[str, Any], read: Read, encoding: str | None) -> tuple[Cases, Mapping[str, str], str]:
    only(table, {"file", "encoding", "row", "columns", "expected"}, "[cases]")
    columns = {hole: text_of(name, "cases.columns") for hole, name in section(table, "columns").items()}
    expected = text_of(table.get("expected", ""), "cases.expected")
    if "file" in table and "row" in table:
        raise ValueError("cases has a file and rows; write one of them.")
    if "file" in table:
        return _of_file(table, read, encoding), columns, expected
    if encoding is not None or "encoding" in table:
        raise ValueError("An encoding is that of a file of cases, and cases names none.")
    rows = tables(table, "row")
    names = list(dict.fromkeys(name for row in rows for name in row))
    if not rows:
        return Cases((), ()), columns, expected
    return made(names, [[text_of(row.get(name, ""), "cases.row") for name in names] for row in rows]), columns, expected


def _of_file(table: Mapping[str, Any], read: Read, encoding: str | None) -> Cases:
    name = text_of(table["file"], "cases.file")
    if encoding is None and "encoding" in table:
        encoding = known(text_of(table["encoding"], "cases.encoding"))
    cases = read_cases(read(name), name, encoding)
    if was_guessed(cases.notes):
        return replace(cases, notes=(*cases.notes, f"If that is wrong, say what {name} is in: {_TO_NAME}"))
    return cases


def _check(table: Mapping[str, Any], place: int, read: Read, expected: str) -> Check:
    kind = text_of(table.get("kind", ""), f"check {place}.kind")
    only_read(table, kind, f"[[check]] {place}")
    judged = kind in KINDS_OF_JUDGE
    words = ("rubric", "judges") if judged else ("value", "values")
    value = text_of(table.get(words[0], ""), f"check {place}.{words[0]}")
    if "file" in table and words[0] in table:
        raise ValueError(f"check {place} has a file and a {words[0]}; write one of them.")
    if "file" in table:
        value = _text_file(text_of(table["file"], f"check {place}.file"), read)
    if not value and expected and not judged and kind in KINDS and "value" in KINDS[kind].needs:
        value = f"{{{{{expected}}}}}"  # `expected` names the column with the expected label
    numbers = {
        name: number(table[name], f"check {place}.{name}")
        for name in ("at_least", "at_most", "tolerance", "weight")
        if name in table
    }
    return Check(
        kind, value, tuple(text_of(each, f"check {place}.{words[1]}") for each in items(table, words[1])),
        text_of(table.get("field", ""), f"check {place}.field"), numbers.get("at_least"), numbers.get("at_most"),
        numbers.get("tolerance"), _fold(items(table, "fold"), place), yes(table, "not", False),
        numbers.get("weight", 1.0), yes(table, "counts", True), text_of(table.get("name", ""), f"check {place}.name"),
        text_of(table.get("when", ""), f"check {place}.when"),
        text_of(table.get("against", ""), f"check {place}.against"), yes(table, "own_family", False),
    )  # fmt: skip


def _text_file(name: str, read: Read) -> str:
    try:
        return read(name).decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise ValueError(f"{name} is not UTF-8 (byte {exc.start:,}). Save it as UTF-8.") from None


def _fold(given: list[object], place: int) -> frozenset[Any]:
    return frozenset(one_of(each, ("case", "punctuation", "space"), f"check {place}.fold") for each in given)


def _budget(table: Mapping[str, Any]) -> Budget:
    only(table, {"usd", "ask_above", "unknown"}, "[budget]")
    unknown = table.get("unknown", "leave out")
    if unknown not in ("leave out", "ask"):
        raise ValueError(f'budget.unknown is {unknown!r}; write "leave out" or "ask".')
    return Budget(_money(table, "usd"), _money(table, "ask_above"), unknown)


def _money(table: Mapping[str, Any], name: str) -> Decimal | None:
    if name not in table:
        return None
    try:
        amount = Decimal(str(table[name]))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0 or isinstance(table[name], bool):
        raise ValueError(f"budget.{name} is {table[name]!r}; write an amount in US dollars, such as 3.00.")
    return amount


def _gate(table: Mapping[str, Any]) -> Gate:
    only(table, {"pass_rate", "lower"}, "[gate]")
    if "lower" in table and "pass_rate" not in table:
        raise ValueError("gate.lower says nothing without gate.pass_rate; write a share from 0 to 1, such as 0.9.")
    if "pass_rate" not in table:
        return Gate()
    rate = number(table["pass_rate"], "gate.pass_rate")
    if not 0 <= rate <= 1:
        raise ValueError(f"gate.pass_rate is {rate:g}; write a share from 0 to 1, such as 0.9.")
    return Gate(rate, yes(table, "lower", False))
