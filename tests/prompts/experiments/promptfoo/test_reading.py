"""What stands in promptfoo's configuration and is not followed: each word is named, with what may be meant."""

from __future__ import annotations

import pytest

from tests.prompts.experiments.promptfoo.test_importing import HEAD, SAY, load


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ("tets: []\ntests: [{vars: {a: x}}]", "tets is not followed. Did you mean 'tests'?"),
        ("evaluateOptions: {repaet: 3}\ntests: [{vars: {a: x}}]",
         "evaluateOptions.repaet is not followed. Did you mean 'repeat'?"),
        ("tests: [{vars: {a: x}, asert: []}]", "asert of a test is not followed. Did you mean 'assert'? (case 1)"),
        ("tests: [{vars: {a: x}, options: {prefx: y}}]",
         "options.prefx of a test is not followed. Did you mean 'prefix'? (case 1)"),
        ("tests: [{vars: {a: x}, assert: [{type: equals, value: x, wieght: 2}]}]",
         "wieght of equals is not followed. Did you mean 'weight'? (case 1)"),
        ("tests: [{vars: {a: x}, assert: [{type: not-contains, value: x, threshold: 0.5}]}]",
         "threshold of not-contains is not followed (case 1)"),
        ("tests: [{vars: {a: x}, assert: [{type: assert-set, treshold: 0.5, assert: [{type: is-json}]}]}]",
         "treshold of assert-set is not followed. Did you mean 'threshold'? (case 1)"),
        ("scenarios: [{config: [{vars: {a: x}}], test: []}]",
         "test of a scenario is not followed. Did you mean 'tests'?"),
        ("targets: [{id: openai:gpt-x, prompts: [one]}]\ntests: [{vars: {a: x}}]",
         "prompts of the provider openai:gpt-x is not followed"),
        ("targets: [{openai:gpt-x: {prompts: [one]}}]\ntests: [{vars: {a: x}}]",
         "prompts of the provider openai:gpt-x is not followed"),
    ],
)  # fmt: skip
def test_a_word_that_is_not_followed_is_named_with_what_may_be_meant(config: str, said: str) -> None:
    _, notes = load(('prompts: ["Say {{a}}"]\n' if "targets" in config else SAY) + config)
    assert said in notes


def test_a_word_of_a_prompt_that_is_not_followed_is_named() -> None:
    _, notes = load(HEAD + "prompts: [{raw: 'Say {{a}}', lable: x}]\ntests: [{vars: {a: x}}]")
    assert notes == ("lable of a prompt is not followed. Did you mean 'label'?",)
