"""Every type of promptfoo's assertions: the check that it becomes, or the reason why it is not imported."""

from __future__ import annotations

import json

import pytest

from prompts.experiments.checks.check import Check
from prompts.experiments.checks.kinds import validate
from prompts.experiments.plan import Plan
from prompts.experiments.promptfoo.importing import import_config
from prompts.experiments.promptfoo.types import BASE_TYPES

# As promptfoo 0.121 lists them, with the three that its web page and its ranking add.
DOCUMENTED = """
answer-relevance bleu classifier contains contains-all contains-any contains-html contains-json contains-sql
contains-xml context-faithfulness context-recall context-relevance conversation-relevance cost equals factuality
finish-reason g-eval gleu guardrails icontains icontains-all icontains-any
is-html is-json is-refusal is-sql is-valid-function-call
is-valid-openai-function-call is-valid-openai-tools-call is-xml javascript latency levenshtein llm-rubric pi meteor
model-graded-closedqa model-graded-factuality moderation perplexity perplexity-score python regex rouge-n ruby similar
similar:cosine similar:dot similar:euclidean starts-with tool-call-f1 skill-used trajectory:goal-success
trajectory:tool-args-match trajectory:step-count trajectory:tool-sequence trajectory:tool-used trace-error-spans
trace-span-count trace-span-duration search-rubric webhook word-count agent-rubric
""".split()
SPECIAL = ["select-best", "human", "max-score"]
CASE = frozenset({"case"})
SCHEMA = {"type": "object", "required": ["a"], "properties": {"a": {"minimum": 3}}, "additionalProperties": False}

IMPORTED: list[tuple[dict[str, object], Check]] = [
    ({"type": "equals", "value": "a"}, Check("equals", "a")),
    ({"type": "equals", "value": {"a": [1, "1"]}}, Check("json-schema", '{"const": {"a": [1, "1"]}}')),
    ({"type": "contains", "value": "a"}, Check("contains", "a")),
    ({"type": "icontains", "value": "a"}, Check("contains", "a", fold=CASE)),
    ({"type": "contains-any", "value": ["a", "b,c"]}, Check("contains-any", values=("a", "b,c"))),
    ({"type": "contains-any", "value": 'a, "b,c"'}, Check("contains-any", values=("a", "b,c"))),
    ({"type": "contains-all", "value": ["a", "b"]}, Check("contains-all", values=("a", "b"))),
    ({"type": "icontains-any", "value": ["a", "b"]}, Check("contains-any", values=("a", "b"), fold=CASE)),
    ({"type": "icontains-all", "value": ["a", "b"]}, Check("contains-all", values=("a", "b"), fold=CASE)),
    ({"type": "starts-with", "value": "a"}, Check("starts-with", "a")),
    ({"type": "regex", "value": "a+"}, Check("regex", "a+")),
    ({"type": "is-json"}, Check("json")),
    ({"type": "is-json", "value": SCHEMA}, Check("json-schema", json.dumps(SCHEMA))),
    ({"type": "is-json", "value": json.dumps(SCHEMA)}, Check("json-schema", json.dumps(SCHEMA))),
    ({"type": "contains-json"}, Check("json-inside")),
    ({"type": "contains-json", "value": SCHEMA}, Check("json-inside", json.dumps(SCHEMA))),
    ({"type": "is-xml"}, Check("xml")),
    ({"type": "contains-xml"}, Check("xml-inside")),
    ({"type": "levenshtein", "value": "a"}, Check("edits", "a", at_most=5)),
    ({"type": "levenshtein", "value": "a", "threshold": 2}, Check("edits", "a", at_most=2)),
    ({"type": "word-count", "value": 7}, Check("words", at_least=7, at_most=7)),
    ({"type": "word-count", "value": {"min": 2, "max": 9}}, Check("words", at_least=2, at_most=9)),
    ({"type": "finish-reason", "value": "length"}, Check("outcome", values=("cut",))),
    ({"type": "finish-reason", "value": "stop"}, Check("outcome", values=("complete",))),
    ({"type": "finish-reason", "value": "content_filter"}, Check("outcome", values=("filtered",))),
    ({"type": "is-refusal"}, Check("outcome", values=("refused",))),
    ({"type": "latency", "threshold": 1500}, Check("latency", at_most=1.5)),
    ({"type": "cost", "threshold": 0.002}, Check("cost", at_most=0.002)),
    ({"type": "bleu", "value": "a b"}, Check("bleu", "a b", at_least=0.5)),
    ({"type": "gleu", "value": "a b", "threshold": 0.4}, Check("bleu", "a b", at_least=0.4)),
    ({"type": "rouge-n", "value": "a b"}, Check("rouge-l", "a b", at_least=0.75)),
    ({"type": "similar", "value": "a b", "threshold": 0.6}, Check("chrf", "a b", at_least=0.6)),
    ({"type": "similar:cosine", "value": ["a b"]}, Check("chrf", "a b", at_least=0.75)),
    ({"type": "similar:dot", "value": "a b"}, Check("chrf", "a b", at_least=0.75)),
]  # fmt: skip
JUDGED = ["llm-rubric", "g-eval", "factuality", "model-graded-factuality", "model-graded-closedqa"]
APPROXIMATE = {"is-refusal", "gleu", "rouge-n", "similar", "similar:cosine", "similar:dot"}
TAKEN = {str(row["type"]) for row, _ in IMPORTED} | set(JUDGED)


def imported(*asserts: dict[str, object]) -> tuple[Plan, tuple[str, ...]]:
    config = {"prompts": ["Say it"], "providers": ["openai:x"], "tests": [{"assert": list(asserts)}]}
    return import_config(json.dumps(config).encode(), "config.yaml", _no_file, ["openai"])


def _no_file(name: str) -> bytes:
    raise FileNotFoundError(2, "No such file or directory", name)


def test_the_table_knows_every_documented_type_and_no_other() -> None:
    assert sorted(BASE_TYPES) == sorted([*DOCUMENTED, *SPECIAL])
    assert len(DOCUMENTED) == 66


@pytest.mark.parametrize(("row", "check"), IMPORTED, ids=lambda each: each["type"] if isinstance(each, dict) else "")
@pytest.mark.parametrize("negated", [False, True])
def test_what_is_imported_is_a_check_that_can_be_made(row: dict[str, object], check: Check, negated: bool) -> None:
    plan, notes = imported({**row, "type": f"not-{row['type']}"} if negated else row)
    (found,) = plan.checks
    assert (found.kind, found.values, found.at_least, found.at_most, found.fold, found.negated) == (
        check.kind, check.values, check.at_least, check.at_most, check.fold, negated,
    )  # fmt: skip
    same_json = found.value.startswith("{") and json.loads(found.value) == json.loads(check.value or "null")
    assert found.value == check.value or same_json
    validate(found)
    assert bool(notes) == (row["type"] in APPROXIMATE)


@pytest.mark.parametrize("kind", sorted(set(BASE_TYPES) - TAKEN))
@pytest.mark.parametrize("prefix", ["", "not-"])
def test_what_is_not_imported_is_named_with_its_reason_and_its_cases(kind: str, prefix: str) -> None:
    plan, notes = imported({"type": prefix + kind, "value": "something", "threshold": 0.5})
    assert plan.checks == ()
    (note,) = notes
    assert note.startswith(f"Not imported: {prefix}{kind}: ")
    assert note.endswith(" (case 1)")
    assert "is not known" not in note


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"type": "no-such-thing"}, "no-such-thing: it is not known"),
        ({"type": "equals"}, "equals: it has no value"),
        ({"type": "contains-any", "value": []}, "contains-any: it has no value"),
        ({"type": "word-count"}, "word-count: it has no value"),
        ({"type": "latency"}, "latency: it has no threshold"),
        ({"type": "finish-reason", "value": "tool_calls"}, "tool_calls is not an outcome of an answer here"),
        ({"type": "regex", "value": "(?=a)b"}, "regex: regex: "),
        ({"type": "is-json", "value": {"type": "colour"}}, "The schema is not valid JSON Schema"),
        ({"type": "word-count", "value": {"min": 5, "max": 2}}, "cannot both be true"),
        ({"type": "similar", "value": "a", "threshold": 7}, "7 is not a share between 0 and 1"),
        ({"type": "is-xml", "value": "root.child"}, "which elements XML must have"),
        ({"type": "similar", "value": ["a", "b"]}, "it has several reference texts"),
        ({"type": "equals", "value": "a", "transform": "output.trim()"}, "it looks at a transformed answer"),
        ({"type": "equals", "value": "file://check.py"}, "its value is computed by a program"),
    ],
)  # fmt: skip
def test_an_assertion_that_no_answer_could_be_held_to_is_named(row: dict[str, object], said: str) -> None:
    plan, notes = imported(row)
    assert plan.checks == ()
    assert said in notes[0]


@pytest.mark.parametrize("kind", JUDGED)
def test_what_a_model_judges_is_a_rubric_of_the_judge(kind: str) -> None:
    plan, notes = imported({"type": kind, "value": "Polite.", "provider": {"id": "anthropic:messages:claude-y"}})
    assert plan.checks == (Check("judge", "Polite.", ("anthropic:claude-y",), own_family=True),)
    assert notes == (f"{kind}: judged in Collate's own words, models of the judge's own family too (case 1)",)
    plan, notes = imported({"type": kind, "value": "Polite."})
    assert plan.checks == ()
    assert "it names no model that judges" in notes[0]


def test_weights_metrics_and_sets() -> None:
    plan, notes = imported(
        {"type": "contains", "value": "a", "weight": 3, "metric": "tone"},
        {"type": "contains", "value": "b", "weight": 0},
        {"type": "assert-set", "metric": "both", "assert": [{"type": "starts-with", "value": "c"}]},
        {"type": "assert-set", "threshold": 0.5, "assert": [{"type": "regex", "value": "d"}, {"type": "is-json"}]},
    )
    assert [(c.kind, c.weight, c.counts, c.name) for c in plan.checks] == [
        ("contains", 3.0, True, "tone"), ("contains", 1.0, False, ""), ("starts-with", 1.0, True, "both"),
        ("regex", 1.0, False, ""), ("json", 1.0, False, ""),
    ]  # fmt: skip
    assert [note.partition(" ")[0] for note in notes] == ["contains", "regex", "is-json"]
    assert all("does not decide" in note for note in notes)
