"""promptfoo's templates as texts with holes.

`{{ name }}` becomes a hole. The filters `upper`, `lower`, `trim`, `dump` and `safe` are known: a filtered value becomes
a column of its own. Everything else in a template is refused by name, as otherwise the prompt would silently be
another.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from prompts.experiments.holes import fill, parts
from prompts.experiments.plan import PlanError

_TAG = re.compile(r"\{\{(?P<value>.*?)\}\}|\{%(?P<tag>.*?)%\}|\{#.*?#\}", re.DOTALL)
_RAW = re.compile(r"\{%-?\s*raw\s*-?%\}(.*?)\{%-?\s*endraw\s*-?%\}", re.DOTALL)
_NAME = re.compile(r"[A-Za-z_]\w*(?:\.\w+)*")
FILTERS: Mapping[str, Callable[[str], str]] = {
    "upper": str.upper,
    "lower": str.lower,
    "trim": str.strip,
    "dump": lambda value: json.dumps(value, ensure_ascii=False),
    "safe": lambda value: value,
}


@dataclass(frozen=True, slots=True)
class Value:
    """One `{{ name | filter }}`."""

    name: str
    filters: tuple[str, ...] = ()

    @property
    def column(self) -> str:
        """The name of the column for its filtered value."""
        applied = [each for each in self.filters if each != "safe"]
        return " ".join((self.name, *applied))

    def of(self, values: Mapping[str, str]) -> str:
        """Its filtered value for one case."""
        found = values[self.name]
        for each in self.filters:
            found = FILTERS[each](found)
        return found


@dataclass(frozen=True, slots=True)
class Template:
    """A text with our holes, and the values that they need."""

    text: str
    values: tuple[Value, ...] = ()

    def missing(self, names: Iterable[str]) -> tuple[str, ...]:
        """The variables it needs that are not among `names`."""
        known = set(names)
        return tuple(dict.fromkeys(value.name for value in self.values if value.name not in known))

    def filled(self, values: Mapping[str, str]) -> str:
        """The text with the values of one case filled in, in one pass."""
        return fill(self.text, {each.column: each.of(values) for each in self.values})


def template(text: str, where: str) -> Template:
    """`text` parsed as promptfoo does. Raises `PlanError` that names what is not known."""
    values: list[Value] = []
    pieces: list[str] = []
    end = 0
    for raw in _RAW.finditer(text):
        pieces += [_converted(text[end : raw.start()], where, values), _escaped(raw[1])]
        end = raw.end()
    pieces.append(_converted(text[end:], where, values))
    return Template("".join(pieces), tuple(dict.fromkeys(values)))


def _converted(text: str, where: str, values: list[Value]) -> str:
    def one(match: re.Match[str]) -> str:
        if match["tag"] is not None:
            word = match["tag"].strip("- \t\n").split(" ")[0]
            raise PlanError(f"{where}: {{% {word} %}} is not known. Only {{{{name}}}} and a few filters are.")
        if match["value"] is None:
            return ""  # a comment
        if text[: match.start()].endswith("\\"):
            raise PlanError(f"{where}: a backslash before {match[0]} cannot be kept: put a space between.")
        value = _value(match["value"], where)
        values.append(value)
        return f"{{{{{value.column}}}}}"

    return _TAG.sub(one, text)


def _value(expression: str, where: str) -> Value:
    if expression.startswith("-") or expression.endswith("-"):
        raise PlanError(f"{where}: {{{{- and -}}}} are not known: write the white space as it should be.")
    name, *filters = (each.strip() for each in expression.split("|"))
    if not _NAME.fullmatch(name):
        raise PlanError(
            f"{where}: {{{{{expression}}}}} is more than the name of a variable, which is all that is read."
        )
    if name.split(".")[0] in ("env", "process"):
        raise PlanError(f"{where}: {{{{{name}}}}} would read the environment; write it as a variable of the tests.")
    if name == "_conversation":
        raise PlanError(f"{where}: {{{{_conversation}}}} is not known: each case is asked on its own.")
    if unknown := [each for each in filters if each not in FILTERS]:
        raise PlanError(f"{where}: the filter {unknown[0]!r} is not known. There are: {', '.join(sorted(FILTERS))}.")
    return Value(name, tuple(filters))


def _escaped(text: str) -> str:
    """Text outside promptfoo's syntax, escaped so that we do not read holes in it either."""
    return "".join(f"\\{part.text}" if part.hole else part.text for part in parts(text))
