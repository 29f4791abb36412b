"""The words of a check in a file: each that its kind reads counts, every other is refused by its name."""

from __future__ import annotations

import pytest

from prompts.experiments.checks.kinds import KINDS
from prompts.experiments.checks.words import words_of
from prompts.experiments.plan import Plan, PlanError, Wording, problems
from prompts.experiments.plan_file import loads

WORDS = {
    "value": "'x'", "values": "['x']", "field": "'x'", "against": "'x'", "at_least": "1", "at_most": "2",
    "tolerance": "1", "fold": "['case']", "file": "'answer.json'", "rubric": "'x'", "judges": "['openai:x']",
    "own_family": "true", "not": "true", "weight": "2", "counts": "false", "name": "'n'", "when": "'w'",
}  # fmt: skip
"""Every word of a check with a value that it may have."""


def plan(text: str) -> Plan:
    """The plan in a file; every file that it names holds a JSON Schema."""
    return loads(text, ("openai",), lambda _: b'{"type": "object"}', lambda name: Wording(name, "Say it"))


@pytest.mark.parametrize(("kind", "word"), [(kind, word) for kind in KINDS for word in WORDS])
def test_a_word_that_a_kind_of_check_does_not_read_is_refused_by_name_and_every_other_counts(
    kind: str, word: str
) -> None:
    plain = plan(f"[[check]]\nkind = '{kind}'").checks[0]
    text = f"[[check]]\nkind = '{kind}'\n{word} = {WORDS[word]}"
    if word in words_of(kind):
        assert plan(text).checks[0] != plain
    else:
        with pytest.raises(PlanError, match=f"1: '{word}' is not read by {kind}, but by .* There are: "):
            plan(text)


@pytest.mark.parametrize(
    ("check", "sentence"),
    [
        ("kind = 'contains'\nignore_cas = true", "'ignore_cas' is not known. Did you mean 'fold'? There are: counts,"),
        ("kind = 'similar'\nthreshold = 1", "'threshold' is not known. Did you mean 'at_least'?"),
        ("kind = 'contains'\nvalues = ['x']", "by contains, but by contains-any, contains-all, label, "),
        ("kind = 'contains'\nvalues = ['x']", "Did you mean 'value'?"),
        ("kind = 'regex'\npattern = 'x'", "Did you mean 'value'?"),
        ("kind = 'judge'\nvalue = 'x'", "Did you mean 'rubric'?"),
        ("kind = 'contain'\nvlaue = 'x'", "'vlaue' is not known. Did you mean 'value'?"),
    ],
)
def test_a_word_that_is_not_read_says_what_may_be_meant(check: str, sentence: str) -> None:
    with pytest.raises(PlanError) as raised:
        plan(f"[[check]]\n{check}")
    assert sentence in str(raised.value)


def test_a_kind_that_is_not_known_is_named_with_what_may_be_meant() -> None:
    found = problems(plan("[[check]]\nkind = 'contian'\nat_least = 1"))
    assert "Check 1, 'contian' is not a kind of check. Did you mean 'contains'? There are: equals, " in found[-1]
