"""promptfoo's prompts as wordings: texts, files of texts, and chats of a system prompt and a question."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from prompts.experiments.plan import PlanError, Wording
from prompts.experiments.plan_file import Read
from prompts.experiments.promptfoo.columns import Columns
from prompts.experiments.promptfoo.flat_tests import FlatTest
from prompts.experiments.promptfoo.reading import FILE, Notes, ending, file_text, items, json_node, path_of, table, text
from prompts.experiments.promptfoo.templates import Template, template
from prompts.experiments.promptfoo.yaml_texts import Node, load_yaml

_TEXT_FILES = (".txt", ".md", ".j2", ".njk")
_CHAT_FILES = (".json", ".yaml", ".yml")
_BETWEEN = re.compile(r"^---[ \t]*\r?$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Said:
    name: str
    prompt: str
    system: str | None = None


def wordings(
    config: Mapping[str, Node], tests: Sequence[FlatTest], read: Read, columns: Columns, notes: Notes
) -> tuple[Wording, ...]:
    """Every prompt, including what each test adds before and after it. Raises `PlanError`."""
    given = items(config.get("prompts"), "prompts")
    for row in given:
        if isinstance(row, dict):
            notes.unread(row, {"label", "display", "raw", "id", "prompt"}, " of a prompt")
    found = [said for n, each in enumerate(given, 1) for said in _said(each, n, read)]
    before, after = (
        _around([test.prefix for test in tests], "prefix", columns),
        _around([test.suffix for test in tests], "suffix", columns),
    )
    made: list[Wording] = []
    for said in found:
        name = said.name
        while any(name == each.name for each in made):
            name += "'"
        texts = [before, template(said.prompt, f"prompt {name}"), after]
        system = None if said.system is None else template(said.system, f"prompt {name}")
        for each in [*texts, *([system] if system else [])]:
            columns.require(each, range(len(tests)))
        made.append(Wording(name, "".join(each.text for each in texts), system.text if system else None))
    return tuple(made)


def _around(texts: Sequence[str], name: str, columns: Columns) -> Template:
    """What is added before or after every prompt: a text, or a column if it differs between cases."""
    if len(set(texts)) == 1:
        return template(texts[0], name)
    read = [template(each, name) for each in texts]
    column = columns.add(name, {case: columns.filled(each, case) for case, each in enumerate(read)})
    return Template(f"{{{{{column}}}}}")


def _said(value: Node, place: int, read: Read) -> Iterator[_Said]:
    if isinstance(value, dict):
        label = text(value.get("label") or value.get("display")) or f"prompt {place}"
        given = value.get("raw") or value.get("id") or value.get("prompt")
        for n, each in enumerate(_said(given if given else "", place, read), 1):
            yield _Said(label if n == 1 else f"{label} {n}", each.prompt, each.system)
    elif isinstance(value, list):
        yield _chat(value, f"prompt {place}")
    elif value.startswith(FILE) or _is_path(value):
        yield from _from_file(path_of(value), read)
    elif value.startswith(("exec:", "python:")):
        raise PlanError(f"prompts: {value!r} is a program, and none is run.")
    else:
        yield _one(value, f"prompt {place}")


def _is_path(value: str) -> bool:
    one_word = len(value.split()) == 1 and "{{" not in value
    return one_word and ending(value) in (*_TEXT_FILES, *_CHAT_FILES, ".js", ".ts", ".py", ".csv")


def _from_file(path: str, read: Read) -> Iterator[_Said]:
    if ending(path) not in (*_TEXT_FILES, *_CHAT_FILES):
        raise PlanError(f"prompts names {path}: texts, JSON and YAML are read, and no program is run.")
    name = PurePosixPath(path.replace("\\", "/")).stem
    if ending(path) in (".yaml", ".yml"):
        yield _chat(load_yaml(read(path), path), name)
        return
    whole = file_text(path, read, "prompts")
    texts = [whole] if ending(path) == ".json" else [each for each in _BETWEEN.split(whole) if each.strip()]
    for n, each in enumerate(texts, 1):
        yield _one(each.strip(), name if len(texts) == 1 else f"{name} {n}")


def _one(value: str, name: str) -> _Said:
    """A prompt from a text, which may be a chat written as JSON."""
    if value.lstrip().startswith("[") and '"role"' in value:
        return _chat(json_node(value, f"prompt {name}"), name)
    return _Said(name, value)


def _chat(value: Node, name: str) -> _Said:
    turns = [table(each, f"prompt {name}") for each in items(value, f"prompt {name}")]
    roles = [text(turn.get("role")) for turn in turns]
    if roles not in (["system", "user"], ["user"]) or not all(isinstance(turn.get("content"), str) for turn in turns):
        raise PlanError(
            f"prompt {name} is a chat of {', '.join(roles) or 'nothing'}: only a system prompt and one question "
            "are read."
        )
    contents = [text(turn["content"]) for turn in turns]
    return _Said(name, contents[-1], contents[0] if len(contents) == 2 else None)
