"""promptfoo's configuration as a plan: tests, defaults, scenarios, files, providers, and what is said of the rest."""

from __future__ import annotations

from textwrap import dedent

import pytest

from prompts.core.targets import Target
from prompts.experiments.checks.check import Check, Subject
from prompts.experiments.checks.kinds import judge
from prompts.experiments.plan import Plan, PlanError, problems
from prompts.experiments.plan_file import loads
from prompts.experiments.plan_writer import dumps
from prompts.experiments.promptfoo.importing import import_config
from providers.interface import Settings

HEAD = "providers: [openai:gpt-x]\n"
SAY = HEAD + 'prompts: ["Say {{a}}"]\n'
FILES = {
    "tests.csv": 'a,__expected,__expected1,__prefix,__metric,__metadata:k\n'
    '007,x,"not-icontains-any(1):b,c",Now: ,m,v\nNA,,,,,\n',
    "chinese.csv": "a\n退款\n".encode("gb18030"),
    "tests.jsonl": '{"vars": {"a": 1.10}}\n\n{"vars": {"a": "b"}, "assert": [{"type": "equals", "value": "c"}]}\n',
    "tests.yaml": "- vars: {a: yes}\n- vars: vars.yaml\n",
    "vars.yaml": "a: [1, 2]\nb: file://long.txt\n",
    "default.yaml": "vars: {a: d}\nassert: [{type: is-json}]\n",
    "long.txt": "a long text\n",
    "two.txt": "First {{a}}\n---\nSecond {{a}}\n",
    "chat.json": '[{"role": "system", "content": "Be {{a}}"}, {"role": "user", "content": "Hi {{a}}"}]',
    "schema.json": '{"type": "object", "minProperties": 2}',
    "scenario.yaml": "config: [{vars: {a: s}}]\ntests: [{vars: {b: t}}]\n",
}  # fmt: skip


PROVIDERS = ("openai", "anthropic", "google", "ollama")


def load(text: str, encoding: str | None = None) -> tuple[Plan, tuple[str, ...]]:
    def read(name: str) -> bytes:
        if name not in FILES:
            raise FileNotFoundError(2, "No such file or directory", name)
        found = FILES[name]
        return found if isinstance(found, bytes) else found.encode()

    return import_config(dedent(text).encode(), "promptfooconfig.yaml", read, PROVIDERS, encoding)


def rows(text: str) -> list[dict[str, str]]:
    plan, _ = load(text)
    return [dict(plan.cases.values(n)) for n in range(len(plan.cases))]


def test_values_stay_as_they_were_written_and_arrays_are_cases() -> None:
    assert rows(SAY + "tests: [{vars: {a: [no, 1.10, '007'], b: [x, y]}}]") == [
        {"a": a, "b": b} for a in ("no", "1.10", "007") for b in ("x", "y")
    ]
    assert rows(SAY + "tests: [{vars: {a: [x, y]}, options: {disableVarExpansion: true}}]") == [{"a": '["x", "y"]'}]
    assert rows(SAY + "tests: [{vars: {a: {b: x, c: {d: y}}}}]") == [
        {"a": '{"b": "x", "c": {"d": "y"}}', "a.b": "x", "a.c": '{"d": "y"}', "a.c.d": "y"}
    ]


def test_without_tests_each_prompt_is_asked_once() -> None:
    assert rows(HEAD + "prompts: Say it") == [{"case": "1"}]
    assert rows(SAY + "defaultTest: {vars: {a: b}}") == [{"a": "b"}]


def test_values_may_name_other_values_and_braces_of_their_own_stay() -> None:
    (row,) = rows(SAY + "tests: [{vars: {a: 'to {{b}}', b: 'my {{c}}', c: cat, d: '{{nobody}} {% if %}'}}]")
    assert row == {"a": "to my cat", "b": "my cat", "c": "cat", "d": "{{nobody}} {% if %}"}


def test_defaults_scenarios_and_files_are_merged_as_promptfoo_does() -> None:
    plan, notes = load(SAY + """
defaultTest: file://default.yaml
tests: [{vars: {b: own}}, {vars: {a: mine}, options: {disableDefaultAsserts: true}}]
scenarios:
  - config: [{vars: {a: one}, assert: [{type: regex, value: s}]}, {vars: {a: two}}]
    tests: [{vars: {b: three}}, {}]
  - file://scenario.yaml
""")  # fmt: skip
    assert [(row["a"], row["b"]) for row in (plan.cases.values(n) for n in range(len(plan.cases)))] == [
        ("d", "own"), ("mine", ""), ("one", "three"), ("one", ""), ("two", "three"), ("two", ""), ("s", "t"),
    ]  # fmt: skip
    json_check, regex = plan.checks
    checked = [[bool(plan.cases.values(n)[check.when]) for n in range(7)] for check in (json_check, regex)]
    assert checked == [[True, False, True, True, True, True, True], [False, False, True, True, False, False, False]]
    assert notes == ()


@pytest.mark.parametrize(
    ("name", "values"),
    [("tests.csv", ["007", "NA"]), ("tests.jsonl", ["1.10", "b"]), ("tests.yaml", ["yes", "1", "2"])],
)
def test_tests_in_files(name: str, values: list[str]) -> None:
    for written in (f"tests: {name}", f"tests: ['file://{name}']", f"tests: [{{path: 'file://{name}'}}]"):
        assert [row["a"] for row in rows(SAY + written)] == values


def test_a_table_of_tests_whose_encoding_is_guessed_says_so_and_how_to_name_it() -> None:
    _, notes = load(SAY + "tests: chinese.csv")
    assert notes[0].startswith("chinese.csv: Read as Chinese (GB 18030), which was guessed from few letters.")
    assert notes[1] == "If that is wrong, say what chinese.csv is in: collate run --encoding NAME"
    plan, notes = load(SAY + "tests: chinese.csv", "big5")
    assert plan.cases.rows == (("豖遴",),)
    assert notes == ("chinese.csv: Read as Chinese (Big5), as was chosen.",)
    with pytest.raises(PlanError, match="An encoding is that of a table of tests, and tests names none"):
        load(SAY + "tests: tests.jsonl", "big5")


def test_a_row_of_csv_says_what_is_expected_and_what_stands_before() -> None:
    plan, notes = load(SAY + "tests: tests.csv")
    assert plan.prompt(0, 0) == "Now: Say 007"
    assert plan.prompt(1, 0) == "Say NA"
    assert [(check.kind, check.negated, check.name) for check in plan.checks] == [
        ("equals", False, "m"), ("contains-any", True, "m"),
    ]  # fmt: skip
    assert notes == ("threshold of not-icontains-any is not followed (case 1)",)


def verdicts(plan: Plan, answer: str) -> list[bool | None]:
    return [judge(plan.checks, Subject(answer), plan.values(n)).passed for n in range(len(plan.cases))]


def test_assertions_that_differ_from_case_to_case_are_one_check_with_a_column() -> None:
    plan, _ = load(SAY + """
defaultTest: {assert: [{type: contains, value: '{{a}}'}]}
tests:
  - {vars: {a: x}, assert: [{type: equals, value: 'x {{a}}'}]}
  - {vars: {a: y}, assert: [{type: equals, value: x y}]}
  - {vars: {a: x}}
""")  # fmt: skip
    assert plan.checks == (Check("contains", "{{a}}"), Check("equals", "{{expected}}", when="expected"))
    assert [plan.cases.values(n)["expected"] for n in range(3)] == ["x x", "x y", ""]
    assert verdicts(plan, "x x") == [True, False, True]
    assert problems(plan) == []


def test_lists_that_differ_have_a_column_for_each_place() -> None:
    plan, _ = load(SAY + """
tests:
  - {vars: {a: x}, assert: [{type: contains-all, value: [p, q]}]}
  - {vars: {a: y}, assert: [{type: contains-all, value: [p, r]}]}
  - {vars: {a: z}, assert: [{type: contains-all, value: [s]}]}
""")  # fmt: skip
    two, one = plan.checks
    assert (two.values, two.when) == (("p", "{{contains-all}}"), "contains-all")
    assert (one.values, one.when) == (("s",), "has contains-all")
    assert verdicts(plan, "p r") == [False, True, False]


def test_the_judge_of_all_tests_judges_where_no_other_is_named() -> None:
    plan, _ = load(SAY + """
defaultTest: {options: {provider: {text: 'openai:chat:gpt-x'}}}
tests:
  - {vars: {a: x}, assert: [{type: llm-rubric, value: 'Names {{a}}.'}]}
  - {vars: {a: y}, assert: [{type: llm-rubric, value: [One., Two.], provider: 'ollama:llama3.3'}]}
""")  # fmt: skip
    assert [(check.value, check.values, check.when) for check in plan.checks] == [
        ("Names {{a}}.", ("openai:gpt-x",), "has judge"), ("One.\nTwo.", ("ollama:llama3.3",), "has judge 2"),
    ]  # fmt: skip
    assert problems(plan) == []


def test_references_and_files_of_assertions_are_followed() -> None:
    plan, _ = load(HEAD + """
prompts: Say it
assertionTemplates: {short: {type: word-count, value: {max: 5}, weight: 2}}
tests:
  - assert: [{$ref: '#/assertionTemplates/short', metric: brief}, {type: is-json, value: file://schema.json}]
""")  # fmt: skip
    short, schema = plan.checks
    assert short == Check("words", at_most=5.0, weight=2.0, name="brief")
    assert schema == Check("json-schema", '{"type": "object", "minProperties": 2}')


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("file://two.txt", [("two 1", "First {{a}}", None), ("two 2", "Second {{a}}", None)]),
        ("two.txt", [("two 1", "First {{a}}", None), ("two 2", "Second {{a}}", None)]),
        ("file://chat.json", [("chat", "Hi {{a}}", "Be {{a}}")]),
        ("{label: mine, raw: 'Hi {{a | upper}}'}", [("mine", "Hi {{a upper}}", None)]),
        ("{id: file://two.txt, label: t}", [("t", "First {{a}}", None), ("t 2", "Second {{a}}", None)]),
        ("'[{\"role\": \"user\", \"content\": \"Q {{a}}\"}]'", [("prompt 1", "Q {{a}}", None)]),
        ("[{role: system, content: S}, {role: user, content: '{{a}}'}]", [("prompt 1", "{{a}}", "S")]),
    ],
)  # fmt: skip
def test_prompts_in_every_form(written: str, asked: list[tuple[str, str, str | None]]) -> None:
    plan, _ = load(HEAD + f"prompts: [{written}]\ntests: [{{vars: {{a: x}}}}]")
    assert [(wording.name, wording.prompt, wording.system) for wording in plan.wordings] == asked
    assert problems(plan) == []


def test_providers_in_every_form() -> None:
    plan, notes = load("""
prompts: Say it
targets:
  - openai:chat:gpt-x
  - id: anthropic:messages:claude-y
    label: mine
    config: {temperature: 0.5, max_tokens: 100, stop: [a, b], apiKey: sk-secret-1, tools: [x]}
  - ollama:chat:llama3.3:70b: {config: {num_predict: 5}}
  - vertex:gemini-z
  - file://custom.py
  - bedrock:claude
""")  # fmt: skip
    assert plan.targets == (
        Target("openai", "gpt-x"),
        Target("anthropic", "claude-y", Settings(temperature=0.5, max_output_tokens=100, stop=("a", "b"))),
        Target("ollama", "llama3.3:70b", Settings(max_output_tokens=5)), Target("google", "gemini-z"),
    )  # fmt: skip
    assert notes == (
        "apiKey of anthropic:messages:claude-y is not imported",
        "tools of anthropic:messages:claude-y is not imported",
        "Not imported: the provider file://custom.py: it is not set up here, or is not a model",
        "Not imported: the provider bedrock:claude: it is not set up here, or is not a model",
    )
    assert "sk-secret" not in repr(plan) + repr(notes)


def test_what_is_not_followed_is_named() -> None:
    plan, notes = load(SAY + """
description: Mine
evaluateOptions: {repeat: 3, maxConcurrency: 2}
env: {KEY: x}
extensions: [file://hook.js]
nunjucksFilters: {shout: shout.js}
tags: {team: x}
tests:
  - {vars: {a: x}, threshold: 0.5, provider: openai:other, options: {storeOutputAs: y}}
  - {vars: {a: z}, threshold: 0.9, assert: [{type: equals, value: 1}], options: {transform: output.trim()}}
""")  # fmt: skip
    assert (plan.name, plan.repeats, plan.checks) == ("Mine", 3, ())
    assert notes == (
        "env is not followed", "extensions is not followed", "nunjucksFilters is not followed",
        "evaluateOptions.maxConcurrency is not followed",
        "A test's threshold is not followed: here every check must pass, whatever the score (cases 1, 2)",
        "provider of a test is not followed (case 1)", "options.storeOutputAs of a test is not followed (case 1)",
        "Not imported: equals: it looks at a transformed answer (case 2)",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (SAY + "tests: [{vars: {b: x}}, {vars: {a: y}}, {}]", "no value for {{a}} (cases 1, 3). promptfoo would"),
        (SAY + "tests: [{vars: {a: x}, assert: [{type: equals, value: '{{z}}'}]}]", "no value for {{z}} (case 1)"),
        (HEAD + "prompts: '{{a | shout}}'\nnunjucksFilters: {shout: s.js}", "the filter 'shout' is not known"),
        (HEAD + "prompts: file://make.py", "prompts names make.py"), (HEAD + "prompts: 'exec:run.sh'", "is a program"),
        (HEAD + "prompts: [[{role: user, content: a}, {role: assistant, content: b}]]", "a chat of user, assistant"),
        (SAY + "tests: file://tests.js", "tests names tests.js"), (SAY + "tests: nowhere.csv", "nowhere.csv: No such"),
        (SAY + "tests: 'https://docs.google.com/x'", "tests names https://docs.google.com/x"),
        (SAY + "tests: [{vars: {a: file://x.py}}]", "names x.py"), (SAY + "tests: ['a*.yaml']", "No such file"),
        (SAY + "tests: [{assert: [{$ref: '#/assertionTemplates/x'}], vars: {a: b}}]", "not among assertionTemplates"),
        (SAY + "tests: [{assert: [{value: x}], vars: {a: b}}]", "An assertion has no type"),
        (SAY + "tests: [{assert: [{type: equals, value: x, weight: -1}], vars: {a: b}}]", "it must not be negative"),
        (SAY + "tests: [{assert: [{type: cost, threshold: much}], vars: {a: b}}]", "threshold of cost is 'much'"),
        (SAY + "tests: [{vars: {a: [" + ", ".join("x" * 400) + "], b: [" + ", ".join("y" * 400) + "]}}]", "100,000"),
        ("providers: [{id: openai:x, config: {temperature: warm}}]\nprompts: a", "temperature of openai:x is 'warm'"),
        ("- a\n- b", "promptfooconfig.yaml must be a table"),
    ],
)  # fmt: skip
def test_what_would_be_another_experiment_is_refused(text: str, said: str) -> None:
    with pytest.raises(PlanError) as caught:
        load(text)
    assert said in str(caught.value)


def test_what_was_imported_can_be_saved_as_our_own_file_and_read_back() -> None:
    plan, _ = load(SAY + """
tests:
  - {vars: {a: x}, assert: [{type: equals, value: p}, {type: contains-any, value: [q, '{{a}}']}]}
  - {vars: {a: '{{y}}'}, assert: [{type: not-equals, value: r}]}
""")  # fmt: skip
    again = loads(dumps(plan), ["openai"], lambda _: b"", lambda _: plan.wordings[0])
    assert (again.checks, again.cases.rows, again.targets) == (plan.checks, plan.cases.rows, plan.targets)
    assert again.prompt(1, 0) == "Say {{y}}"
