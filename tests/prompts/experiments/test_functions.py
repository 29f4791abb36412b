"""A Python function of the user's own, whatever it does, and the verdicts that it gives on recorded answers."""

import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from prompts.experiments import functions, planning
from prompts.experiments.checks.check import Check, Finding
from prompts.experiments.functions import Function, try_out
from prompts.experiments.plan import PlanError
from tests.patience import PATIENCE_S, until
from tests.prompts.experiments.asked_cells import PLAN, answer

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows ends processes in another way")


async def found(body: str, answer: str = "Paris", limit_s: float = PATIENCE_S, **check: object) -> Finding:
    """The finding of a function with this body."""
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    function = Function(Check("python", f"def check(answer, case):\n{lines}", **check), limit_s)  # type: ignore[arg-type]
    try:
        return await function.look(answer, {"city": "Paris"})
    finally:
        await function.close()


@pytest.mark.parametrize(
    ("body", "passed", "score", "reason"),
    [
        ("return answer == case['city']", True, None, "It passes."),
        ("return answer != case['city'], 'the city is named'", False, None, "the city is named"),
        ("return 0.7", True, 0.7, "0.70 of 0.5 asked for."),
        ("return 0.25, 'a quarter of the points'", False, 0.25, "a quarter of the points"),
        ("assert answer.islower(), 'has a capital'", False, None, "AssertionError in line 2: has a capital"),
        ("assert answer.islower()", False, None, "An assertion failed in line 2."),
        ("print('x' * 100_000)\nreturn True", True, None, "It passes."),
        ("import sys\nsys.stdin.read()\nreturn True", True, None, "It passes."),
        ("return True, '\\ud800 é'", True, None, "\ud800 é"),
    ],
)
async def test_what_a_function_says_is_the_finding(body: str, passed: bool, score: float | None, reason: str) -> None:
    assert await found(body) == Finding(passed, reason, score=score)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("return None", "The function returned None. Return True, False"),
        ("return 'yes'", "The function returned 'yes'. Return True, False"),
        ("return 7", "The function returned 7. Return True, False"),
        ("return float('nan')", "The function returned nan. Return True, False"),
        ("return case['town']", "The function failed: KeyError in line 2: 'town'"),
        ("raise SystemExit(3)", "The function failed: SystemExit in line 2: 3"),
        ("return check(answer, case)", "The function failed: RecursionError in line 2"),
        ("import os\nos._exit(3)", "The function failed: it ended its process with status 3."),
    ],
)
async def test_a_fault_of_the_function_is_no_verdict_and_no_failure_of_the_answer(body: str, reason: str) -> None:
    said = await found(body)
    assert (said.passed, said.score) == (None, None)
    assert said.reason.startswith(reason)


@posix
async def test_a_function_that_is_killed_or_takes_too_much_memory_says_so() -> None:
    assert (await found("import os\nos.kill(os.getpid(), 9)")).reason.endswith("it ended its process by signal 9.")
    assert "MemoryError" in (await found("return len(bytearray(2**31)) > 0")).reason


async def test_one_that_hangs_is_ended_and_the_next_answer_gets_a_new_process() -> None:
    source = "import time\ndef check(answer):\n    while answer == 'hang':\n        time.sleep(1)\n    return True\n"
    function = Function(Check("python", source), limit_s=0.5)
    try:
        assert (await function.look("hang", {})).reason == "The function failed: it took more than 500 ms."
        function.limit_s = PATIENCE_S
        assert (await function.look("Hi", {})).passed is True
    finally:
        await function.close()


async def test_one_that_ends_its_process_again_and_again_is_run_no_more() -> None:
    function = Function(Check("python", "import os\ndef check(answer):\n    os._exit(0)\n"))
    try:
        said = [(await function.look("Hi", {})).reason for _ in range(5)]
    finally:
        await function.close()
    assert (
        said
        == ["The function failed: it ended its process with status 0."] * 3
        + ["Not run, as on 3 answers in a row the function failed: it ended its process with status 0."] * 2
    )


@posix
async def test_nothing_that_it_started_outlives_it(tmp_path) -> None:
    left = tmp_path / "left"
    body = (
        "import pathlib, subprocess\n"
        "other = subprocess.Popen(['sleep', '1000'])\n"
        f"pathlib.Path({str(left)!r}).write_text(str(other.pid))\n"
        "return True"
    )
    assert (await found(body)).passed is True
    await until(lambda: not is_running(int(left.read_text())))


def is_running(pid: int) -> bool:
    """Whether a process runs; a zombie, which waits for its parent to notice, does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not state.exists() or state.read_text().split()[2] != "Z"


async def test_it_sees_no_key_of_the_environment_and_nothing_of_collate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-planted")
    assert (await found("import os\nreturn 'OPENAI_API_KEY' not in os.environ")).passed is True
    assert (await found("import os\nreturn 'planted' not in str(dict(os.environ))")).passed is True


async def test_a_negated_check_turns_verdicts_and_leaves_none_as_it_is() -> None:
    assert await found("return True, 'yes'", negated=True) == Finding(False, "yes")
    assert (await found("return None", negated=True)).passed is None
    assert (await found("return 0.6", at_least=0.7)).passed is False


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("import nowhere\ndef check(answer):\n    return True\n", "ModuleNotFoundError in line 1: No module named"),
        ("raise SystemExit\ndef check(answer):\n    return True\n", "SystemExit in line 1"),
        ("import os\nos._exit(1)\ndef check(answer):\n    return True\n", "it ended its process with status 1."),
    ],
)
async def test_a_file_that_cannot_be_loaded_stops_the_run_before_anything_is_asked(source: str, said: str) -> None:
    plan = replace(PLAN, checks=(Check("python", source),))
    with pytest.raises(PlanError) as raised:
        await try_out(plan)
    assert said in str(raised.value)
    assert str(raised.value).startswith("[[check]] 1 (python): its file cannot be loaded.")


def test_a_page_begins_no_experiment_that_would_run_code() -> None:
    checks = (Check("python", "def check(answer):\n    return True\n"),)
    planning.check_code(checks, "cli")
    with pytest.raises(PlanError, match="only on the command line"):
        planning.check_code(checks, "page")


async def test_an_answer_that_has_its_verdict_is_left_as_it_is() -> None:
    plan = replace(PLAN, checks=(Check("python", "def check(answer):\n    return True\n"),))
    function = Function(plan.checks[0])
    try:
        failed, open_ = answer(0, 0, "-"), answer(0, 0, "?")
        assert await functions._verdict(plan, {0: function}, failed) is None
        now = await functions._verdict(plan, {0: function}, open_)
    finally:
        await function.close()
    assert now is not None
    assert now.passed is True
