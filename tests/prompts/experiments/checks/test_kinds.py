"""Every kind of check as a table: what passes, what fails, what gives no verdict, and what is refused beforehand."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

import pytest

from prompts.experiments.checks.check import Check, CheckError, Finding, Subject
from prompts.experiments.checks.kinds import (
    KINDS,
    QUICK,
    combined,
    judge,
    look,
    takes_no_time,
    validate,
    without_unread,
)  # fmt: skip

SCHEMA = json.dumps(
    {
        "type": "object",
        "required": ["city"],
        "properties": {"city": {"type": "string", "pattern": "^[A-Z]"}, "n": {"type": "integer"}},
        "patternProperties": {"^x-": {"type": "string"}},
        "additionalProperties": False,
    }
)
GERMAN = "Die Katze sitzt auf der Matte und schaut aus dem Fenster."


def check(kind: str, **options: Any) -> Check:
    return Check(kind, **options)


@pytest.mark.parametrize(
    ("given", "answer", "passed"),
    [
        (check("equals", value="Paris"), " Paris\n", True),
        (check("equals", value="Paris"), "paris", False),
        (check("equals", value="Paris", fold=frozenset({"case", "punctuation"})), "paris.", True),
        (check("equals", value="a b", fold=frozenset({"space"})), "a \n b", True),
        (check("contains", value="Paris"), "It is Paris, of course.", True),
        (check("contains", value="Paris", negated=True), "It is Rome.", True),
        (check("judge", value="Polite.", values=("openai:gpt-5.1",)), "Paris", None),
        (check("judge-pair", value="Clear.", values=("openai:gpt-5.1",), against="Rome"), "Paris", None),
        (check("contains-any", values=("Rome", "Paris")), "Paris", True),
        (check("contains-any", values=("Rome", "Paris")), "Oslo", False),
        (check("contains-all", values=("Rome", "Paris")), "Paris", False),
        (check("contains-all", values=("rome", "paris"), fold=frozenset({"case"})), "Paris, Rome", True),
        (check("starts-with", value="Yes"), "\nYes, it is.", True),
        (check("ends-with", value="!"), "Done! ", True),
        (check("label", value="spam", values=("spam", "ham")), "**Spam**.", True),
        (check("label", value="spam", values=("spam", "ham")), "This is ham, I think.", False),
        (check("label", value="spam", values=("spam", "ham")), "spam or ham", False),
        (check("label", values=("spam", "ham")), "The label: ham", True),
        (check("regex", value=r"\d{4}-\d\d"), "in 2026-11", True),
        (check("regex", value=r"^\d+$"), "12 apples", False),
        (check("regex", value="PARIS", fold=frozenset({"case"})), "Paris", True),
        (check("json"), '```json\n{"a": 1}\n```', True),
        (check("json"), '{"a": 1} and more', False),
        (check("json"), '{"a": NaN}', False),
        (check("json"), "[" * 100_000, False),
        (check("json-schema", value=SCHEMA), '{"city": "Paris", "x-note": "y"}', True),
        (check("json-schema", value=SCHEMA), '{"city": "paris"}', False),
        (check("json-schema", value=SCHEMA), '{"city": "Paris", "other": 1}', False),
        (check("json-schema", value=SCHEMA), '{"n": 1}', False),
        (check("json-inside"), 'Here: {"a": 1}. Done', True),
        (check("json-inside"), "No [brackets} here {", False),
        (check("json-inside", value=SCHEMA), 'First {"n": 1}, then {"city": "Paris"}', True),
        (check("json-inside", value=SCHEMA), 'First {"n": 1}, then [{"city": "Paris"}]', False),
        (check("json-inside"), "[" * 200_000, False),
        (check("xml"), '<?xml version="1.0"?><a b="c">d &amp; <e/></a>', True),
        (check("xml"), "```xml\n<a>b</a>\n```", True),
        (check("xml"), "<a><b></a>", False),
        (check("xml"), "Here: <a/>", False),
        (check("xml"), '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', False),
        (check("xml-inside"), "Here: <a><b/></a>, done", True),
        (check("xml-inside"), "1 < 2 <a> and <b>", False),
        (check("xml-inside"), "<a>" * 50_000, False),
        (check("edits", value="Paris", at_most=1), "Pari\n", True),
        (check("edits", value="Paris", at_most=1), "Rome", False),
        (check("json-field", field="/a/0/b", value="2"), '{"a": [{"b": 2}]}', True),
        (check("json-field", field="a", value="2"), '{"a": "2"}', True),
        (check("json-field", field="a", value="true"), '{"a": 1}', False),
        (check("json-field", field="/a/5", value="1"), '{"a": [1]}', False),
        (check("number", value="42"), "First 7, then 42.", True),
        (check("number", value="42", tolerance=0.5), "About 41.6", True),
        (check("number", value="1000"), "That makes 1,000", True),
        (check("number", value="-3"), "−3", True),
        (check("number", at_least=10, at_most=20), "15", True),
        (check("number", value="1"), "none", False),
        (check("words", at_most=3), "one two three", True),
        (check("words", at_least=4), "one two three", False),
        (check("characters", at_most=3), " abc ", True),
        (check("readability", at_most=8), "The cat sat on the mat. It was warm. " * 6, True),
        (check("language", value="de"), GERMAN, True),
        (check("language", value="en"), GERMAN, False),
        (check("similar", value="kitten", at_least=0.5), "sitting", True),
        (check("similar", value="kitten", at_least=0.9), "sitting", False),
        (check("chrf", value="the cat is on the mat", at_least=0.6), "the cat is on a mat", True),
        (check("bleu", value="the cat is on the mat", at_least=0.9), "the cat is on the mat", True),
        (check("rouge-l", value="the cat is on the mat", at_least=0.8), "the cat is on a mat", True),
        (check("python", value="def check(answer):\n    return True\n"), "x", None),
        (check("outcome", values=("complete",)), "x", True),
        (check("outcome", values=("refused",)), "x", False),
        (check("cost", at_most=0.01), "x", True),
        (check("latency", at_most=1.0), "x", False),
    ],
)
def test_what_each_kind_finds(given: Check, answer: str, passed: bool) -> None:
    validate(given)
    finding = look(Subject(answer, cost=0.005, duration_s=2.0), given, {})
    assert finding.passed is passed, finding.reason
    assert finding.reason.endswith(".")


def test_every_kind_is_tried_above() -> None:
    tried = {row[0].kind for row in test_what_each_kind_finds.pytestmark[0].args[1]}  # type: ignore[attr-defined]
    assert {name for name, kind in KINDS.items() if kind.fits(draws=False)} == tried, "others: test_pictures.py"


@pytest.mark.parametrize(
    ("given", "subject"),
    [
        (check("cost", at_most=1), Subject("x")),
        (check("latency", at_most=1), Subject("x", duration_s=9, fresh=False)),
        (check("latency", at_most=1, negated=True), Subject("x")),
        (check("language", value="en"), Subject("ok")),
        (check("readability", at_most=8), Subject("Too short.")),
        (check("equals", value="{{nowhere}}"), Subject("x")),
        (check("regex", value="{{pattern}}"), Subject("x")),
    ],
)
def test_what_cannot_be_judged_is_no_failure(given: Check, subject: Subject) -> None:
    finding = look(subject, given, {"pattern": "(?=a)"})
    assert finding.passed is None
    assert finding.reason


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (check("nothing"), "not a kind of check"),
        (check("equals"), "equals: write its value"),
        (check("contains-any"), "write its values"),
        (check("regex"), "regex: write its pattern"),
        (check("json-schema"), "json-schema: write its schema"),
        (check("regex", value="x{2000}"), "at most 1,000"),
        (check("json-schema", value='{"properties": {"city": {"type": "objekt"}}}'), "at /properties/city/type"),
        (check("json-field", value="x"), "write its field"),
        (check("regex", value="(a"), "missing"),
        (check("regex", value=r"(?=x)"), "Look-around and back-references are not supported: write it without"),
        (check("regex", value="a" * 2000), "2,000 characters"),
        (check("json-schema", value="{"), "not JSON"),
        (check("json-schema", value="[]"), "not an object"),
        (check("json-schema", value='{"type": 3}'), "not valid JSON Schema"),
        (check("json-schema", value='{"pattern": "(?=x)"}'), "Look-around"),
        (check("json-schema", value='{"$ref": "https://schemas.example/x.json"}'), "nothing is fetched"),
        (check("json-schema", value='{"properties": {"a": {"items": {"$ref": "#/$defs/gone"}}}}'), "not in it"),
        (check("json-schema", value='{"$ref": "#"}'), "without end"),
        (
            check("json-schema", value='{"$ref": "#/$defs/a", "$defs": {"a": {"allOf": [{"$ref": "#"}]}}}'),
            "without end",
        ),
        (check("number", value="many"), "is not a number"),
        (check("number"), "at least"),
        (check("words"), "at least how much"),
        (check("words", at_least=5, at_most=2), "cannot both be true"),
        (check("similar", value="x"), "minimum similarity"),
        (check("language", value="german"), "two letters"),
        (check("label", values=("a", "A")), "two different labels"),
        (check("equals", value="x", weight=-1), "weight"),
    ],
)
def test_a_check_that_no_answer_could_be_held_to_is_refused(given: Check, sentence: str) -> None:
    with pytest.raises(CheckError, match=sentence):
        validate(given)


def test_a_schema_fetches_nothing() -> None:
    given = check("json-schema", value='{"$ref": "https://schemas.example/x.json"}')
    assert look(Subject("{}"), given, {}).passed is None


@pytest.mark.parametrize("pattern", [r"^(a+)+$", r"(x|x)*y", r"^(\w+\s?)*$"])
def test_patterns_cost_no_more_than_their_answer_is_long(pattern: str) -> None:
    """With a backtracking engine each of these would take longer than the universe has lasted."""
    hostile = "a" * 5_000 + "!"
    assert look(Subject(hostile), check("regex", value=pattern), {}).passed is not None
    schema = check("json-schema", value=json.dumps({"patternProperties": {pattern: {}}, "additionalProperties": False}))
    assert look(Subject(json.dumps({hostile: 1})), schema, {}).passed is False


def test_the_case_fills_the_check() -> None:
    finding = look(Subject("Billing"), check("equals", value="{{label}}"), {"label": "Billing"})
    assert finding.passed


def test_where_a_text_was_found_is_told() -> None:
    assert look(Subject("It is Paris."), check("contains", value="paris", fold=frozenset({"case"})), {}).span == (6, 11)


def test_checks_that_count_decide_and_weights_share_the_score() -> None:
    checks = (check("contains", value="a", weight=3), check("contains", value="b"), check("json", counts=False))
    verdict = judge(checks, Subject("a"), {})
    assert (verdict.passed, verdict.score) == (False, 0.75)
    assert [finding.passed for finding in verdict.findings] == [True, False, False]


def test_without_a_verdict_that_counts_there_is_none() -> None:
    assert combined((check("json", counts=False),), (Finding(True, "."),)).passed is None
    assert judge((), Subject("x"), {}).passed is None


def test_what_a_kind_does_not_read_is_not_kept() -> None:
    kept = without_unread(check("equals", value="x", at_most=3.0, weight=2.0, name="n"))
    assert kept == check("equals", value="x", weight=2.0, name="n")


def test_every_field_that_a_kind_reads_is_one_of_a_check() -> None:
    names = {field.name for field in fields(Check)}
    assert all(set(kind.reads) <= names and kind.needs <= set(kind.reads) for kind in KINDS.values())


def test_checks_take_no_time_if_each_is_quick_and_the_answer_is_short() -> None:
    quick, slow, short = check("contains", value="x"), check("chrf", value="x"), Subject("x")
    assert KINDS.keys() >= QUICK
    assert [takes_no_time(checks, short) for checks in ((quick,), (), (quick, slow))] == [True, True, False]
    assert not takes_no_time((quick,), Subject("x" * 10_001))


def test_a_check_is_held_to_the_cases_that_have_something_in_its_column() -> None:
    given = check("equals", value="{{label}}", when="label")
    assert [look(Subject("spam"), given, {"label": label}).passed for label in ("spam", "ham", "", " ")] == [
        True, False, None, None,
    ]  # fmt: skip
    verdict = judge([given, check("words", at_most=5)], Subject("spam"), {"label": ""})
    assert (verdict.passed, verdict.score) == (True, 1.0)
