"""A plan as promptfoo's configuration; what has no counterpart there is reported."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import yaml

from prompts.core.targets import Target
from prompts.experiments.holes import parts
from prompts.experiments.plan import Plan, Wording
from prompts.experiments.promptfoo.exported_checks import Assertion, NotExportedError, assertion, provider_id
from prompts.experiments.promptfoo.reading import Notes

_SHARED = ("openai", "ollama", "google", "openrouter", "mistral", "groq", "azure", "deepseek", "xai", "together")
_SETTINGS = {
    "temperature": "temperature", "top_p": "top_p", "max_output_tokens": "max_tokens", "seed": "seed",
    "effort": "reasoning_effort", "num_ctx": "num_ctx",
}  # fmt: skip
_TAGS = re.compile(r"\{\{|\{%|\{#")


def export_config(plan: Plan) -> tuple[str, tuple[str, ...]]:
    """The YAML, and sentences on what of the plan is not in it."""
    notes = Notes()
    names = _names(plan)
    config: dict[str, Any] = {
        "description": plan.name,
        "prompts": [_prompt(wording, plan, names) for wording in plan.wordings],
        "providers": [_provider(target, notes) for target in plan.targets],
    }
    if plan.repeats > 1:
        config["evaluateOptions"] = {"repeat": plan.repeats}
    shared, own = _assertions(plan, names, notes)
    if shared:
        config["defaultTest"] = {"assert": shared}
    config["tests"] = [
        {"vars": {names[column]: _raw(value) for column, value in plan.cases.values(case).items() if column in names}}
        | ({"assert": own[case]} if own.get(case) else {})
        for case in range(len(plan.cases))
    ]
    _say_the_rest(plan, notes)
    return _dumped(config), notes.lines()


def _names(plan: Plan) -> dict[str, str]:
    """A variable name for each column, of letters, digits and underscores;
    not for columns that only mark a check's cases."""
    texts = (hole for each in (*plan.wordings, *plan.checks) for hole in each.holes)
    read = {plan.columns.get(hole, hole) for hole in texts}
    marks = {check.when for check in plan.checks} - read
    found: dict[str, str] = {}
    for column in (each for each in plan.cases.columns if each not in marks):
        name = base = re.sub(r"\W", "_", column, flags=re.ASCII) or "_"
        name = base = f"_{name}" if name[0].isdigit() else name
        n = 1
        while name in found.values():
            name = f"{base}_{(n := n + 1)}"
        found[column] = name
    return found


def _written(text: str, plan: Plan, names: Mapping[str, str]) -> str:
    """The text with promptfoo's holes; other template syntax in it is escaped."""
    return "".join(
        _raw(part.text) if part.hole is None else f"{{{{{names[plan.columns.get(part.hole, part.hole)]}}}}}"
        for part in parts(text)
    )


def _raw(text: str) -> str:
    return f"{{% raw %}}{text}{{% endraw %}}" if _TAGS.search(text) else text


def _prompt(wording: Wording, plan: Plan, names: Mapping[str, str]) -> dict[str, str]:
    """The text of a prompt, or with a system prompt a chat as JSON, whose texts promptfoo fills separately."""
    text = _written(wording.prompt, plan, names)
    if wording.system is not None:
        turns = [
            {"role": "system", "content": _written(wording.system, plan, names)}, {"role": "user", "content": text},
        ]  # fmt: skip
        text = json.dumps(turns, ensure_ascii=False)
    return {"label": wording.name, "raw": text}


def _provider(target: Target, notes: Notes) -> dict[str, Any]:
    if target.provider not in (*_SHARED, "anthropic"):
        notes.add(f"{target}: promptfoo may know no provider of that name")
    config = {
        theirs: value for ours, theirs in _SETTINGS.items() if (value := getattr(target.settings, ours)) is not None
    }
    if target.settings.stop:
        config["stop"] = list(target.settings.stop)
    if target.settings.system is not None:
        notes.add(f"{target}: its system prompt is not exported; put it into the prompt")
    return {"id": provider_id(str(target))} | ({"config": config} if config else {})


def _assertions(
    plan: Plan, names: Mapping[str, str], notes: Notes
) -> tuple[list[Assertion], dict[int, list[Assertion]]]:
    """The assertions for all cases, and those for single cases by case."""
    shared: list[Assertion] = []
    own: dict[int, list[Assertion]] = {}
    for n, check in enumerate(plan.checks, 1):
        try:
            found = assertion(check, lambda text: _written(text, plan, names))
        except NotExportedError as exc:
            notes.add(f"Not exported: check {n}, {check.kind}: {exc}")
            continue
        if not check.when:
            shared.append(found)
            continue
        for case in range(len(plan.cases)):
            if plan.values(case).get(check.when, "").strip():
                own.setdefault(case, []).append(found)
    return shared, own


def _say_the_rest(plan: Plan, notes: Notes) -> None:
    if plan.budget.usd is not None or plan.budget.ask_above is not None:
        notes.add("The budget is not exported: promptfoo has none")
    if plan.gate.pass_rate is not None:
        notes.add("The gate is not exported")
    if plan.baseline is not None:
        notes.add("The baseline is not exported")
    if plan.draws:
        notes.add("That pictures are wanted, and how they are to be drawn, is not exported")


class _Dumper(yaml.SafeDumper):
    """Quotes every text that could be read as another type, and writes no aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


_UNMISTAKABLE = re.compile(r"(?!(?:y|n|yes|no|on|off|true|false|null)$)[A-Za-z][\w.:/ -]*\w", re.IGNORECASE | re.ASCII)


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.Node:
    style = None if _UNMISTAKABLE.fullmatch(value) and ": " not in value else '"'
    if "\n" in value and value == value.strip() and all(line == line.rstrip() for line in value.split("\n")):
        style = "|"
    represent: Any = getattr(dumper, "represent_scalar")  # noqa: B009 -- its types are not known to the checker
    return represent("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _text)


def _dumped(config: Mapping[str, Any]) -> str:
    dump: Any = yaml.dump
    return dump(config, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=120)
