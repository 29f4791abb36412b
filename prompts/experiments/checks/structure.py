"""Checks of answers that should be or contain JSON: valid, matching a schema, a field's value.

A single fenced code block around the JSON is removed first. Patterns in schemas run on RE2, and references to other
addresses are never followed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from importlib import import_module
from itertools import islice
from typing import Any, cast

from prompts.experiments.checks.check import Check, CheckError, Finding, Subject, short
from prompts.experiments.checks.patterns import compiled
from prompts.experiments.checks.text import folded

_FENCE = re.compile(r"\A\s*```[\w-]*\s*\n(.*?)\n?\s*```\s*\Z", re.DOTALL)
_OPENING = re.compile(r"[{\[]")
_MOST_PLACES = 1000  # places in an answer where JSON is looked for
_MOST_SCHEMA = 100_000  # in characters
_PLAIN = ("const", "enum", "default", "examples")  # contain data, in which nothing is a schema
_ENDLESS = "The schema refers to itself without end."


class _NotJsonError(ValueError):
    pass


def read(text: str) -> Any:
    """The JSON of an answer. Raises `ValueError` with the place of the first syntax error."""
    fenced = _FENCE.match(text)
    body = fenced[1] if fenced else text
    try:
        return json.loads(body, parse_constant=_refuse)
    except json.JSONDecodeError as exc:
        near = short(body[max(0, exc.pos - 10) : exc.pos + 20])
        raise _NotJsonError(f"Not JSON: {exc.msg} at line {exc.lineno}, near {near}.") from None
    except RecursionError:
        raise _NotJsonError("Not JSON that can be read: it is nested too deeply.") from None


def _refuse(constant: str) -> Any:
    raise _NotJsonError(f"Not JSON: {constant} is not a JSON number.")


def valid(subject: Subject, check: Check) -> Finding:
    """Whether the whole answer is JSON."""
    try:
        read(subject.text)
    except ValueError as exc:
        return Finding(False, str(exc))
    return Finding(True, "Valid JSON.")


def schema(subject: Subject, check: Check) -> Finding:
    """Whether the answer is JSON that matches the schema in `value` (JSON Schema; 2020-12 unless it says otherwise)."""
    _validator(check.value)
    try:
        value = read(subject.text)
    except ValueError as exc:
        return Finding(False, str(exc))
    errors = sorted(_errors(check.value, value), key=lambda error: list(map(str, error.path)))
    if not errors:
        return Finding(True, "Matches the schema.")
    where = "/" + "/".join(map(str, errors[0].path))
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return Finding(False, f"At {where}: {short(errors[0].message, 160)}{more}.")


def inside(subject: Subject, check: Check) -> Finding:
    """Whether the answer contains a JSON object or list, one that matches the schema in `value` if there is one."""
    seen = 0
    for found in _inside(subject.text):
        seen += 1
        if not check.value.strip() or not any(_errors(check.value, found)):
            return Finding(True, f"Holds {short(json.dumps(found, ensure_ascii=False))}.")
    said = f"None of {seen} pieces of JSON in the answer matches the schema." if seen else "No JSON in the answer."
    return Finding(False, said)


def _inside(text: str) -> Iterator[Any]:
    """The outermost objects and lists in a text; only the first thousand places where one may begin are tried."""
    decoder = json.JSONDecoder(parse_constant=_refuse)
    end = 0
    for match in islice(_OPENING.finditer(text), _MOST_PLACES):
        if match.start() < end:
            continue
        try:
            value, end = decoder.raw_decode(text, match.start())
        except (ValueError, RecursionError):
            continue
        yield value


def _errors(text: str, value: Any) -> list[Any]:
    """The errors of a value against a schema. Raises `CheckError`."""
    try:
        return list(_validator(text).iter_errors(value))
    except CheckError:
        raise
    except RecursionError:
        raise CheckError(_ENDLESS) from None
    except Exception as exc:  # noqa: BLE001 -- a reference that cannot be resolved raises exceptions of many classes
        raise CheckError(f"The schema refers to what is not in it: {exc}") from None


def field(subject: Subject, check: Check) -> Finding:
    """Whether the field of the JSON answer has the value; texts are compared by `fold`, numbers numerically."""
    try:
        found = _at(read(subject.text), check.field)
    except ValueError as exc:
        return Finding(False, str(exc))
    if isinstance(found, str):
        passed = folded(found, check.fold) == folded(check.value, check.fold)
    else:
        passed = _same(found, check.value)
    shown = found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)
    said = f"{check.field} is {short(shown)}" + ("." if passed else f", expected {short(check.value)}.")
    return Finding(passed, said, label=shown if isinstance(found, (str, bool, int)) else None)


def _at(value: Any, pointer: str) -> Any:
    """The value at a JSON pointer (RFC 6901), or under a name."""
    steps = pointer[1:].split("/") if pointer.startswith("/") else [pointer]
    for step in [step.replace("~1", "/").replace("~0", "~") for step in steps]:
        if isinstance(value, dict) and step in value:
            value = cast(dict[str, Any], value)[step]
        elif isinstance(value, list) and step.isdigit() and int(step) < len(cast(list[Any], value)):
            value = cast(list[Any], value)[int(step)]
        else:
            raise _NotJsonError(f"The answer has no {step!r} (looking for {pointer}).")
    return value


def _same(found: Any, wanted: str) -> bool:
    try:
        read_wanted = json.loads(wanted)
    except json.JSONDecodeError:
        return False
    return found == read_wanted and isinstance(found, bool) == isinstance(read_wanted, bool)


def validate_schema(check: Check) -> None:
    """Refuse invalid schemas, and references that cannot be resolved; an empty one is allowed where it is optional."""
    if not check.holes and check.value.strip():
        _check_references(_validator(check.value).schema)
        _errors(check.value, None)  # a value without parts, so only a schema that contains itself can recurse for ever


def _check_references(schema: Any) -> None:
    referencing: Any = import_module("referencing")
    drafts: Any = import_module("referencing.jsonschema")
    root = referencing.Resource.from_contents(schema, default_specification=drafts.DRAFT202012)
    resolver = referencing.Registry().resolver_with_root(root)
    for name in _references(schema):
        try:
            resolver.lookup(name)
        except Exception as exc:
            raise CheckError(
                f"The schema refers to {short(name)}, which is not in it, and nothing is fetched. Put it under $defs."
            ) from exc


def _references(schema: Any) -> Iterator[str]:
    """Every reference in a schema, except below an `$id`, from which references are resolved anew."""
    if isinstance(schema, dict):
        table = cast(dict[str, Any], schema)
        if isinstance(table.get("$ref"), str):
            yield table["$ref"]
        for key, value in table.items():
            if key not in _PLAIN and not (isinstance(value, dict) and "$id" in value):
                yield from _references(value)
    elif isinstance(schema, list):
        for value in cast(list[Any], schema):
            yield from _references(value)


@lru_cache(maxsize=64)
def _validator(text: str) -> Any:
    import jsonschema  # takes a fifth of a second, so only imported if there is a schema

    validators: Any = import_module("jsonschema.validators")  # its types are too loose to check against
    nothing: Any = import_module("referencing").Registry()  # an empty registry: no reference is fetched

    if len(text) > _MOST_SCHEMA:
        raise CheckError(f"The schema has {len(text):,} characters; at most {_MOST_SCHEMA:,} are read.")
    try:
        read_schema = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as exc:
        raise CheckError(f"The schema is not JSON: {exc}.") from None
    if not isinstance(read_schema, dict):
        raise CheckError('The schema is not an object. Write a JSON Schema, such as {"type": "object"}.')
    known: Any = validators.validator_for(read_schema, default=jsonschema.Draft202012Validator)
    try:
        known.check_schema(read_schema)
    except jsonschema.SchemaError as exc:
        where = "/" + "/".join(map(str, exc.absolute_path))
        raise CheckError(f"The schema is not valid JSON Schema: at {where}, {short(exc.message, 160)}.") from None
    patterns = list(_patterns(read_schema))
    for pattern in patterns:
        compiled(pattern)
    if patterns and "unevaluatedProperties" in text:
        raise CheckError("unevaluatedProperties together with patterns is not supported. Use additionalProperties.")
    ours = {"pattern": _pattern, "patternProperties": _pattern_properties, "additionalProperties": _additional}
    return validators.extend(known, ours)(read_schema, registry=nothing)


def _patterns(schema: Any) -> Iterator[str]:
    """Every pattern in a schema, so that one that RE2 cannot parse is reported before anything is asked."""
    if isinstance(schema, dict):
        table = cast(dict[str, Any], schema)
        if isinstance(table.get("pattern"), str):
            yield table["pattern"]
        if isinstance(table.get("patternProperties"), dict):
            yield from table["patternProperties"]
        for value in table.values():
            yield from _patterns(value)
    elif isinstance(schema, list):
        for value in cast(list[Any], schema):
            yield from _patterns(value)


def _pattern(_validator: Any, pattern: str, instance: Any, _schema: Any) -> Iterator[Any]:
    import jsonschema

    if isinstance(instance, str) and compiled(pattern).search(instance) is None:
        yield jsonschema.ValidationError(f"{instance!r} does not match {pattern!r}")


def _pattern_properties(validator: Any, properties: dict[str, Any], instance: Any, _schema: Any) -> Iterator[Any]:
    if not isinstance(instance, dict):
        return
    for pattern, below in properties.items():
        for name, value in cast(dict[str, Any], instance).items():
            if compiled(pattern).search(name) is not None:
                yield from validator.descend(value, below, path=name, schema_path=pattern)


def _additional(validator: Any, below: Any, instance: Any, schema: dict[str, Any]) -> Iterator[Any]:
    """Replaces jsonschema's own, which would match patterns with Python's backtracking engine."""
    import jsonschema

    if not isinstance(instance, dict):
        return
    patterns = schema.get("patternProperties", {})
    for name, value in cast(dict[str, Any], instance).items():
        if name in schema.get("properties", {}) or any(compiled(each).search(name) for each in patterns):
            continue
        if below is False:
            yield jsonschema.ValidationError(f"{name!r} is not expected")
        elif isinstance(below, dict):
            yield from validator.descend(value, below, path=name)
