"""What a Python function must be before an experiment begins; it is not run for that."""

import pytest

from prompts.experiments.checks.check import Check, CheckError, Subject
from prompts.experiments.checks.function import NOT_RUN
from prompts.experiments.checks.kinds import look, validate

GOOD = "def check(answer, case):\n    return f'{{{case}}}' != answer\n"


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("def check(answer, case)\n    return True\n", "this is not Python: line 1: expected ':'"),
        ("x = '", "line 1: unterminated string literal"),
        ("def grade(answer, case):\n    return True\n", "define a function in it: def check(answer, case)"),
        ("\0", "this is not Python"),
        ("(" * 5000, "this is not Python"),
    ],
)
def test_what_no_answer_could_be_checked_by_is_refused(source: str, said: str) -> None:
    with pytest.raises(CheckError) as raised:
        validate(Check("python", source))
    assert said in str(raised.value)


def test_a_threshold_is_within_the_scores() -> None:
    with pytest.raises(CheckError, match="from 0 to 1"):
        validate(Check("python", GOOD, at_least=80))
    validate(Check("python", GOOD, at_least=0.8))


def test_two_braces_in_code_are_no_hole() -> None:
    check = Check("python", GOOD)
    assert check.holes == ()
    assert check.filled({"case": "x"}).value == GOOD


def test_it_is_run_by_nothing_that_only_looks() -> None:
    check = Check("python", "raise SystemExit\ndef check(answer):\n    raise SystemExit\n")
    validate(check)
    assert look(Subject("Hi"), check, {}).reason == NOT_RUN
