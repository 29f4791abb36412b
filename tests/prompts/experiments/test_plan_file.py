"""The file of an experiment: what the browser saved is what the command line runs."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from prompts.core.targets import Target
from prompts.experiments.cases import made
from prompts.experiments.checks.check import Check
from prompts.experiments.plan import Budget, Gate, Plan, PlanError, Wording, problems, unused
from prompts.experiments.plan_file import loads
from prompts.experiments.plan_writer import dumps
from providers.interface import Settings

PROVIDERS = ("openai", "ollama", "builtin")
FILES = {
    "mails.csv": b"body,label\nRefund me,billing\n",
    "brief.csv": "mail\nTeşekkür\n".encode("cp1254"),
    "latin": b"\xe9",
    "chinese.csv": "mail\n退款\n".encode("gb18030"),
    "answer.json": b'\xef\xbb\xbf{"type": "object"}',
}
WHOLE = """
name = "Support mail"
prompts = ["classify@3"]
targets = ["openai:gpt-x", "ollama:llama3.3:70b"]
repeats = 3
[settings]
temperature = 0
max_output_tokens = 200
[cases]
file = "mails.csv"
columns = { mail = "body" }
expected = "label"
[budget]
usd = 3.00
ask_above = 1.00
[plan]
matters = 15
baseline = "openai:gpt-x"
[[prompt]]
name = "short"
prompt = "Sort {{mail}}"
[[target]]
target = "builtin:ngram-3"
temperature = 0.7
[[check]]
kind = "equals"
fold = ["case", "space"]
[[check]]
kind = "json-schema"
file = "answer.json"
not = true
counts = false
[gate]
pass_rate = 0.9
lower = true
"""


def read(name: str) -> bytes:
    return FILES[name]


def prompt(name: str) -> Wording:
    return Wording(name, "Classify {{mail}}", None, name)


def test_a_file_as_people_write_it() -> None:
    plan = loads(WHOLE, PROVIDERS, read, prompt)
    shared = Settings(temperature=0.0, max_output_tokens=200)
    assert problems(plan) == []
    assert plan.targets == (
        Target("openai", "gpt-x", shared),
        Target("ollama", "llama3.3:70b", shared),
        Target("builtin", "ngram-3", Settings(temperature=0.7, max_output_tokens=200)),
    )
    assert [wording.name for wording in plan.wordings] == ["classify@3", "short"]
    assert plan.checks[0] == Check("equals", "{{label}}", fold=frozenset({"case", "space"}))
    assert plan.checks[1] == Check("json-schema", '{"type": "object"}', negated=True, counts=False)
    assert (plan.budget, plan.gate) == (Budget(Decimal("3.0"), Decimal("1.0")), Gate(0.9, True))
    assert (plan.matters, plan.baseline) == (0.15, "openai:gpt-x")
    assert plan.prompt(0, 1) == "Sort Refund me"


def test_what_is_written_is_read_back() -> None:
    plan = Plan(
        name='Quotes "and" umlauts: ü',
        wordings=(Wording("a", 'Line 1\nLine 2 """ \\ {{x}}', "Be {{z}}."), prompt("classify@3")),
        cases=made(["x", "y", "mail"], [["007", " a\tb ", "{{x}}"], ["", "NA", "—"]]),
        targets=(Target("openai", "m", Settings(temperature=0.1)), Target("builtin", "n", Settings(temperature=0.2))),
        repeats=2,
        settings=Settings(temperature=0.1, stop=()),
        columns={"z": "y"},
        checks=(
            Check("label", "{{y}}", ("a", "b"), weight=2.0),
            Check("words", at_least=1.0, negated=True, name="long"),
        ),
        budget=Budget(Decimal("2.5"), None, "ask"),
        gate=Gate(0.5),
        matters=0.05,
        baseline="openai:m",
    )
    assert loads(dumps(plan), PROVIDERS, read, prompt) == plan


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("name = ", "not TOML"),
        ("nmae = 'x'", "'nmae' is not known. Did you mean 'name'"),
        ("xyzzy = 'x'", "'xyzzy' is not known. There are"),
        ("[settings]\nstop = 'END'", 'stop must be a list: write ["END"]'),
        ("[settings]\ntemperature = nan", "temperature is nan; write a number"),
        ("[settings]\nmax_output_tokens = 0", "max_output_tokens is 0; write 1 or more"),
        ("[settings]\nnum_ctx = -1", "num_ctx is -1; write 1 or more"),
        ("[plan]\nmatters = inf", "matters is inf; write a number"),
        (f"[plan]\nmatters = 1{'0' * 400}", "write a number"),
        ("[[check]]\nkind = 'equals'\nvalue = 'x'\nweight = nan", "weight is nan; write a number"),
        ("[[check]]\nkind = 'equals'\nfold = [['case']]", "Write one of case, punctuation, space"),
        ("[[check]]\nkind = 'json-schema'\nfile = 'answer.json'\nvalue = '{}'", "check 1 has a file and a value"),
        ("[cases]\nfile = 'mails.csv'\n[[cases.row]]\nmail = 'x'", "cases has a file and rows"),
        ("[gate]\nlower = true", "gate.lower says nothing without gate.pass_rate"),
        ("name = 3", "name is 3; write it as text"),
        ("targets = 'openai:x'", "targets must be a list"),
        ("targets = ['nobody:x']", "'nobody' is not set up as a provider"),
        ("targets = ['gpt-x']", "write provider:model"),
        ("repeats = 1.5", "write a whole number"),
        ("repeats = true", "write a whole number"),
        ("[settings]\ntemperatur = 0", "'temperatur' is not known"),
        ("[settings]\neffort = 'very'", "Write one of none"),
        ("[budget]\nusd = -1", "write an amount in US dollars"),
        ("[budget]\nusd = true", "write an amount in US dollars"),
        ("[budget]\nunknown = 'pay'", 'write "leave out" or "ask"'),
        ("[gate]\npass_rate = 90", "write a share from 0 to 1"),
        ("[[check]]\nkind = 'equals'\nfold = ['caps']", "'caps', which is not known. Did you mean 'case'?"),
        ("[[check]]\nkind = 'equals'\nvlaue = 'x'", "'vlaue' is not known"),
        ("check = 'equals'", "check must be a list of tables"),
        ("[cases]\nfile = 'mails.csv'\nsheet = 2", "'sheet' is not known"),
        ("[cases]\nfile = 'mails.csv'\nexpected = 'lable'", "'lable', which is not known. Did you mean 'label'?"),
        (
            "[cases]\nfile = 'mails.csv'\ncolumns = {mial = 'body'}\n[[prompt]]\nprompt = '{{mail}}'",
            "nothing has a hole {{mial}}. Did you mean 'mail'?",
        ),
        ("targets = ['openia:x']", "Did you mean 'openai'?"),
        ("[[target]]\ntagret = 'openai:x'", "[[target]]: 'tagret' is not known. Did you mean 'target'?"),
        ("[settings]\neffort = 'hihg'", "Did you mean 'high'?"),
        ("[settings.picture]\nsiez = '1x1'", "Did you mean 'size'?"),
        ("[plan]\nbaselin = 'x'", "Did you mean 'baseline'?"),
        ("[budget]\nusd_ = 1", "Did you mean 'usd'?"),
        ("[gate]\npass_rat = 1", "Did you mean 'pass_rate'?"),
        ("[[prompt]]\nsysten = 'x'", "Did you mean 'system'?"),
        ("[[check]]\nkind = 'json-schema'\nfile = 'latin'", "latin is not UTF-8 (byte 0). Save it as UTF-8"),
        ("[cases]\nfile = 'mails.csv'\nencoding = 'gb18303'", "'gb18303' is not known. Did you mean 'gb18030'?"),
        ("[cases]\nfile = 'mails.csv'\nencoding = 8", "cases.encoding is 8; write it as text"),
    ],
)
def test_what_cannot_be_followed_says_what_to_write(text: str, sentence: str) -> None:
    with pytest.raises(PlanError) as raised:
        loads(text, PROVIDERS, read, prompt)
    assert sentence in str(raised.value)


def test_a_file_that_is_not_there_is_named() -> None:
    def nothing(name: str) -> bytes:
        raise FileNotFoundError(2, "No such file or directory", name)

    with pytest.raises(PlanError, match=r"mails\.csv: No such file"):
        loads("[cases]\nfile = 'mails.csv'", PROVIDERS, nothing, prompt)


def test_what_a_file_of_cases_is_written_in_can_be_named_in_the_plan_and_beside_it() -> None:
    plan = loads("[cases]\nfile = 'chinese.csv'\nencoding = 'GBK'", PROVIDERS, read, prompt)
    assert plan.cases.rows == (("退款",),)
    assert loads("[cases]\nfile = 'brief.csv'\nencoding = 'cp1252'", PROVIDERS, read, prompt, "cp1254").cases.rows == (
        ("Teşekkür",),
    )


def test_where_it_was_guessed_the_plan_says_how_to_name_it() -> None:
    said = loads("[cases]\nfile = 'brief.csv'", PROVIDERS, read, prompt).cases.notes
    assert said[0].startswith("Read as Turkish (Windows-1254), which was guessed from few letters. Line 2 reads “Teş")
    assert said[1] == 'If that is wrong, say what brief.csv is in: encoding = "…" under [cases].'


@pytest.mark.parametrize(
    ("text", "encoding"),
    [("[cases]\nencoding = 'gb18030'\n[[cases.row]]\nmail = 'x'", None), ("[[cases.row]]\nmail = 'x'", "gb18030")],
)
def test_an_encoding_without_a_file_of_cases_is_refused(text: str, encoding: str | None) -> None:
    with pytest.raises(PlanError, match="An encoding is that of a file of cases"):
        loads(text, PROVIDERS, read, prompt, encoding)


def test_what_a_check_or_a_hole_does_not_read_is_not_saved() -> None:
    plan = replace(
        loads(WHOLE, PROVIDERS, read, prompt), columns={"mail": "body", "gone": "body"},
        checks=(Check("contains", "x", at_least=3.0, own_family=True), Check("unknown", "x")),
    )  # fmt: skip
    found = loads(dumps(plan), PROVIDERS, read, prompt)
    assert (found.checks, found.columns) == ((Check("contains", "x"), Check("unknown", "x")), {"mail": "body"})


def test_a_column_that_only_a_system_prompt_of_the_settings_reads_is_read() -> None:
    text = "targets = ['openai:x']\n[settings]\nsystem = 'Be {{how}}'\n[[cases.row]]\nhow = 'kind'\nnone = ''"
    assert unused(loads(text, PROVIDERS, read, prompt)) == ("none",)


def test_a_byte_order_mark_does_no_harm() -> None:
    assert loads("\ufeffname = 'x'", PROVIDERS, read, prompt).name == "x"


@pytest.mark.parametrize("text", ["a\r\nb", "a\rb\n", "\n", "ends in \\", '"""', "\x00\x7f\x85\u2028"])
def test_a_case_comes_back_to_the_last_line_end(text: str) -> None:
    plan = loads(WHOLE, PROVIDERS, read, prompt)
    plan = replace(plan, cases=made(["body", "label"], [[f"x{text}", "y"]]), columns={})
    assert loads(dumps(plan), PROVIDERS, read, prompt).cases.rows == plan.cases.rows


def test_a_check_of_some_cases_is_saved_and_a_column_that_is_not_there_is_named() -> None:
    check = Check("contains", "x", when="label")
    plan = Plan(
        "p", (Wording("w", "{{a}}"),), made(["a", "label"], [["1", ""]]), (Target("openai", "x"),), checks=(check,)
    )
    assert loads(dumps(plan), PROVIDERS, read, prompt).checks == (check,)
    assert problems(plan) == []
    assert unused(plan) == ()
    gone = replace(plan, cases=made(["a"], [["1"]]))
    assert problems(gone) == ["Check 1, contains: there is no column 'label', which says what it checks."]


def test_a_judge_has_a_rubric_and_judges_in_a_file_and_comes_back_as_it_was() -> None:
    text = (
        WHOLE
        + """
[[check]]
kind = "judge-pair"
rubric = "Kinder."
judges = ["openai:gpt-x", "ollama:llama3.3"]
against = "{{label}}"
own_family = true
counts = false
"""
    )
    plan = loads(text, PROVIDERS, read, prompt)
    judge = plan.checks[-1]
    assert (judge.value, judge.values, judge.against) == ("Kinder.", ("openai:gpt-x", "ollama:llama3.3"), "{{label}}")
    assert (judge.own_family, judge.counts) == (True, False)
    saved = dumps(plan)
    assert 'rubric = "Kinder."' in saved
    assert loads(saved, PROVIDERS, read, prompt).checks[-1] == judge


def test_a_judge_without_a_rubric_is_refused_and_does_not_take_the_expected_column_for_one() -> None:
    text = (
        WHOLE
        + """
[[check]]
kind = "judge"
judges = ["openai:gpt-x"]
"""
    )
    found = problems(loads(text, PROVIDERS, read, prompt))
    assert any("judge: write its rubric" in problem for problem in found)


def test_a_gate_without_a_rate_is_none_in_its_file_too() -> None:
    plan = replace(loads(WHOLE, PROVIDERS, read, prompt), gate=Gate(None, lower=True))
    assert loads(dumps(plan), PROVIDERS, read, prompt).gate == Gate()
