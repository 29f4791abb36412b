"""Reads YAML with scalars kept as written: `no` is no, `1.10` is 1.10, `007` is 007.

Bounded before anything is built: in bytes, in nodes including aliases, in depth. Duplicate keys and anchors that
contain themselves are errors.
"""

from __future__ import annotations

import json
import re
from typing import Any, TypeAlias

import yaml

from prompts.experiments.plan import PlanError

Node: TypeAlias = "str | list[Node] | dict[str, Node]"
"""The content of a file: a text, a list or a table."""


class Plain(str):
    """A text without quotation marks, which YAML takes for a number or true where one is expected."""

    __slots__ = ()


MOST_BYTES = 4 * 2**20
_MOST_NODES = 500_000
_DEEPEST = 60
_ASIDE = "Put its tests into a CSV file, or import it in parts."


def load_yaml(data: bytes, name: str) -> Node:
    """The content of the file. Raises `PlanError` that says where it cannot be read."""
    if len(data) > MOST_BYTES:
        raise PlanError(
            f"{name} has {len(data) / 2**20:,.1f} MB; at most {MOST_BYTES // 2**20} MB of YAML are read. {_ASIDE}"
        )
    try:
        root = _composed(data.decode("utf-8-sig"))
    except UnicodeDecodeError as exc:
        raise PlanError(f"{name} is not UTF-8 (byte {exc.start:,}). Save it as UTF-8.") from None
    except yaml.YAMLError as exc:
        raise PlanError(f"{name} is not YAML: {' '.join(str(exc).split())}.") from None
    except RecursionError:
        raise PlanError(f"{name} is nested too deeply. {_ASIDE}") from None
    if root is None:
        raise PlanError(f"{name} is empty.")
    _bound(root, name)
    return _Builder(name).build(root)


def _composed(text: str) -> yaml.Node | None:
    compose: Any = getattr(yaml, "compose")  # noqa: B009 -- its types are not known to the checker
    return compose(text, Loader=yaml.BaseLoader)


def _bound(root: yaml.Node, name: str) -> None:
    """Raise `PlanError` if following every alias would give too many nodes."""
    sizes: dict[int, int] = {}

    def size(node: yaml.Node, depth: int) -> int:
        key = id(node)
        if depth > _DEEPEST:
            raise PlanError(f"{name} is nested more than {_DEEPEST} deep, or an anchor contains itself. {_ASIDE}")
        if key not in sizes:
            sizes[key] = 1 + sum(size(child, depth + 1) for child in _children(node))
        if sizes[key] > _MOST_NODES:
            raise PlanError(f"{name} contains more than {_MOST_NODES:,} values once its aliases are followed. {_ASIDE}")
        return sizes[key]

    size(root, 0)


def _children(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [each for pair in _pairs(node) for each in pair]
    return _items(node) if isinstance(node, yaml.SequenceNode) else []


class _Builder:
    def __init__(self, name: str) -> None:
        self._name = name

    def build(self, node: yaml.Node) -> Node:
        if isinstance(node, yaml.MappingNode):
            return self._table(node)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(each) for each in _items(node)]
        return Plain(node.value) if isinstance(node, yaml.ScalarNode) and not node.style else str(node.value)

    def _table(self, node: yaml.MappingNode) -> dict[str, Node]:
        own: dict[str, Node] = {}
        merged: dict[str, Node] = {}
        for key, value in _pairs(node):
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise PlanError(f"{self._name}, line {line}: a list or a table cannot be a key.")
            if key.value == "<<" and key.style is None:
                merged = {**self._merged(value, line), **merged}
            elif key.value in own:
                raise PlanError(f"{self._name}, line {line}: {key.value!r} occurs twice.")
            else:
                own[str(key.value)] = self.build(value)
        return {**merged, **own}

    def _merged(self, node: yaml.Node, line: int) -> dict[str, Node]:
        """The tables merged by `<<`; the first of several wins."""
        found: dict[str, Node] = {}
        for each in reversed(_items(node) if isinstance(node, yaml.SequenceNode) else [node]):
            built = self.build(each)
            if not isinstance(built, dict):
                raise PlanError(f"{self._name}, line {line}: << wants a table.")
            found |= built
        return found


def _pairs(node: yaml.MappingNode) -> list[tuple[yaml.Node, yaml.Node]]:
    value: Any = node.value  # typed as unknown by the library
    return value


def _items(node: yaml.Node) -> list[yaml.Node]:
    value: Any = node.value
    return value


def typed(value: Node) -> Any:
    """The value with unquoted `true`, `null` and numbers converted as in JSON."""
    if isinstance(value, dict):
        return {name: typed(each) for name, each in value.items()}
    if isinstance(value, list):
        return [typed(each) for each in value]
    if not isinstance(value, Plain):
        return str(value)
    if value in _WORDS:
        return _WORDS[value]
    return json.loads(value) if _NUMBER.fullmatch(value) else str(value)


_WORDS = {"true": True, "false": False, "True": True, "False": False, "null": None, "~": None, "": None}
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?")
