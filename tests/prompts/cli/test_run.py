"""`collate run` and `collate results` as people and continuous integration meet them: a process and its status."""

import json
import signal
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import warm
from tests.patience import PATIENCE_S, wait_until
from tests.prompts.cli.commands import COMMAND, GREETINGS, environment
from tests.wire import openai_chat
from tests.wire.dialects import KEY
from tests.wire.server import Reply, WireServer

PRICE = '["wire:llama"]\ninput = 1.0\noutput = 100.0\n'
"""A hundredth of a cent for each token of the answer."""
TOKENS = 10
PLAN = GREETINGS + '[[check]]\nkind = "contains"\nvalue = "wörld"\n'


@pytest.fixture
def server(home: Path) -> Iterator[WireServer]:
    """A host of known prices, configured as the provider `wire`."""
    with WireServer(answer) as server:
        (home / "collate.toml").write_text(
            f'[providers.wire]\nbase_url = "{server.url}/v1"\nkey_variable = "WIRE_KEY"\n'
        )
        (home / "prices.toml").write_text(PRICE)
        yield server


async def answer(reply: Reply) -> None:
    """As many tokens as are allowed."""
    usage = {"prompt_tokens": 5, "completion_tokens": TOKENS, "total_tokens": 5 + TOKENS}
    await reply.stream(openai_chat.answer(["Hello wörld"], usage=usage))


def plan_file(home: Path, cases: int, more: str = "") -> str:
    """A plan in a file."""
    rows = "".join(f'[[cases.row]]\nname = "person {n}"\n' for n in range(cases))
    (home / "plan.toml").write_text(PLAN + more + rows, "utf-8")
    return "plan.toml"


def test_a_plan_runs_and_says_what_it_came_to(collate, server: WireServer, home: Path) -> None:
    ran = collate("run", plan_file(home, 3), "--junit", "out.xml", "--html", "out.html")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert (home / "out.xml").read_bytes().count(b"<testcase") == 3
    assert "Greetings" in (home / "out.html").read_text("utf-8")
    assert "3 of 3 cases" in ran.stdout
    listed = collate("results")
    assert "3 of 3  Greetings" in listed.stdout
    shown = json.loads(collate("results", "last", "--json").stdout)
    assert (shown["sides"][0]["passed"], shown["sides"][0]["planned"], shown["stage"]) == (3, 3, "finished")
    assert KEY not in ran.stdout + listed.stdout + (home / "collate.db").read_bytes().decode("latin-1")


def test_a_report_is_imported_by_another_record_with_the_same_results(collate, server: WireServer, home: Path) -> None:
    assert collate("run", plan_file(home, 3), "--report", "greetings.jsonl", "--report", "table.csv").returncode == 0
    there = json.loads(collate("results", "last", "--json").stdout)
    elsewhere = {"COLLATE_DATABASE_URL": f"sqlite:///{home}/other.db"}
    taken = json.loads(collate("import", "greetings.jsonl", "--json", **elsewhere).stdout)
    assert taken == {"experiment": there["id"]}
    assert json.loads(collate("results", "last", "--json", **elsewhere).stdout) == there
    twice = collate("import", "greetings.jsonl", **elsewhere)
    assert (twice.returncode, "on record here already" in twice.stderr) == (2, True)
    assert collate("run", plan_file(home, 3), "--resume", "--quiet", **elsewhere).returncode == 0
    assert len(server.requests) == 3


@pytest.mark.parametrize(
    ("option", "file", "said"),
    [
        ("--report", "out.pdf", "does not say which format"), ("--report", "absent/out.md", "folder does not exist"),
        ("--junit", "absent/out.xml", "its folder does not exist"),
        ("--html", "absent/out.html", "its folder does not exist"),
    ],
)  # fmt: skip
def test_a_report_that_cannot_be_written_is_refused_before_anything_is_asked(
    option: str, file: str, said: str, collate, server: WireServer, home: Path
) -> None:
    ran = collate("run", plan_file(home, 3), option, file)
    assert (ran.returncode, said in ran.stderr, server.requests) == (2, True, [])


@pytest.mark.parametrize(
    ("more", "status", "sentence"),
    [
        ("[gate]\npass_rate = 0.9\n", 0, ""),
        ("[gate]\npass_rate = 0.9\nlower = true\n", 1, "Under the gate, the lower end of the pass rate of 90 %"),
        ("[budget]\nusd = 0.002\n", 3, "The budget of $0.002 is reached"),
    ],
)
def test_the_exit_status_says_how_it_went(collate, server, home, more: str, status: int, sentence: str) -> None:
    ran = collate("run", plan_file(home, 3, more), "--quiet")
    assert (ran.returncode, ran.stdout) == (status, "")
    assert sentence in ran.stderr


def test_what_a_file_of_cases_is_written_in_can_be_named(collate, server, home: Path) -> None:
    (home / "plan.toml").write_text(f'{PLAN}[cases]\nfile = "names.csv"\n', "utf-8")
    (home / "names.csv").write_bytes("name\nÖ\n".encode("mac_roman"))
    guessed = collate("run", "plan.toml", "--quiet")
    assert "guessed from few letters. Line 2 reads “…”; mac_roman makes it “Ö”." in guessed.stderr
    assert 'say what names.csv is in: encoding = "…" under [cases].' in guessed.stderr
    named = collate("run", "plan.toml", "--quiet", "--encoding", "macroman")
    assert named.stderr == "collate: Read as Western European (Macintosh), as was chosen.\n"
    assert [each.json["messages"][-1]["content"] for each in server.requests] == ["Say hello to ….", "Say hello to Ö."]
    unknown = collate("run", "plan.toml", "--encoding", "makroman")
    assert (unknown.returncode, "Did you mean 'mac_roman'?" in unknown.stderr) == (2, True)
    assert "the examples have none" in collate("run", "--example", "--encoding", "cp1252").stderr


def test_what_cannot_be_run_is_status_2_and_sends_nothing(collate, server, home: Path) -> None:
    plan_file(home, 2)
    (home / "plan.toml").write_text((home / "plan.toml").read_text("utf-8").replace("{{name}}", "{{nane}}"), "utf-8")
    ran = collate("run", "plan.toml")
    assert (ran.returncode, server.requests) == (2, [])
    assert "o column fills {{nane}}" in ran.stderr
    assert collate("run", "absent.toml").returncode == 2


def test_what_looks_like_a_template_is_said_and_answers_without_a_verdict_are_counted(
    collate, server, home: Path
) -> None:
    (home / "plan.toml").write_text(
        PLAN.replace("{{name}}", "{{name}} {{name | upper}}").replace('kind = "contains"', 'kind = "language"')
        .replace('value = "wörld"', 'value = "en"') + '[[cases.row]]\nname = "Ann"\n', "utf-8",
    )  # fmt: skip
    done = collate("run", "plan.toml")
    assert "Sent as it is written: {{name | upper}}." in done.stderr
    assert "No check gave a verdict on 1 of 1 answer: wire:llama." in done.stdout


def test_money_above_the_amount_set_needs_a_word(collate, server, home: Path) -> None:
    file = plan_file(home, 2, "[budget]\nask_above = 0.0001\n")
    refused = collate("run", file)
    assert (refused.returncode, server.requests) == (2, [])
    assert "--yes agrees to it" in refused.stderr
    assert collate("run", file, "--yes").returncode == 0


def test_the_example_runs_without_a_key(collate) -> None:
    ran = collate("run", "--example")
    assert ran.returncode == 0, ran.stderr
    assert "Which model sorts support mail best?" in ran.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize("served", [0, 1, 17, 40])
def test_a_killed_run_goes_on_with_what_is_missing_and_pays_for_nothing_twice(
    served: int, server: WireServer, home: Path, collate, record_url: str, nest: str | None
) -> None:
    """A kill after so many requests have come; what was under way stays unknown, its money stays set aside."""
    cases, cap = 60, 0.1
    file = plan_file(home, cases, f"[budget]\nusd = {cap}\n")
    env = {"COLLATE_DATABASE_URL": record_url}
    process = warm.popen(nest)([*COMMAND, "run", file, "--at-once", "4"], cwd=home, env=environment(home, **env))
    wait_until(lambda: len(server.requests) > served or process.poll() is not None)
    process.send_signal(signal.SIGKILL)
    process.wait(PATIENCE_S)
    resumed = collate("run", file, "--resume", "--json", **env)
    assert resumed.returncode == 0, resumed.stderr
    prompts = Counter(request.json["messages"][0]["content"] for request in server.requests)
    side = json.loads(resumed.stdout)["sides"][0]
    lost = side["unanswered"].get("lost", 0)
    assert set(prompts.values()) == {1}
    assert (side["answered"] + lost, lost <= 4) == (cases, True)
    assert cases - lost <= len(server.requests) <= cases
    assert len(server.requests) * (5 * 1.0 + TOKENS * 100.0) / 1e6 <= cap


FUNCTION = "def check(answer, case):\n    return case['name'] in ('person 0', 'person 2'), 'by the list'\n"


def test_a_python_function_runs_only_with_consent_and_its_verdicts_are_recorded(collate, server, home: Path) -> None:
    (home / "grade.py").write_text(FUNCTION)
    plan = plan_file(home, 3, '[[check]]\nkind = "python"\nfile = "grade.py"\nname = "grade"\n')
    refused = collate("run", plan)
    assert (refused.returncode, len(server.requests)) == (2, 0)
    assert "A check of the plan is Python code (2 lines), which runs on this computer" in refused.stderr
    ran = collate("run", plan, "--yes", "--report", "out.csv")
    assert (ran.returncode, "2 of 3 cases" in ran.stdout) == (0, True)
    assert (home / "out.csv").read_text("utf-8-sig").count("by the list") == 3
    again = collate("results", "last", "--json")
    assert json.loads(again.stdout)["sides"][0]["passed"] == 2


def test_a_changed_function_is_applied_to_recorded_answers_without_asking(collate, server, home: Path) -> None:
    (home / "grade.py").write_text(FUNCTION)
    plan = plan_file(home, 3, '[[check]]\nkind = "python"\nfile = "grade.py"\n')
    assert collate("run", plan, "--yes").returncode == 0
    (home / "grade.py").write_text(FUNCTION.replace("person 2", "person 9"))
    ran = collate("run", plan, "--yes", "--resume")
    assert (ran.returncode, len(server.requests)) == (0, 3)
    assert "Its checks have changed" in ran.stderr
    assert "1 of 3 cases" in ran.stdout


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (None, "grade.py: No such file or directory."), ("def check(:", "this is not Python: line 1"),
        ("import nowhere\n" + FUNCTION, "ModuleNotFoundError in line 1"),
    ],
)  # fmt: skip
def test_a_python_check_that_cannot_run_stops_before_anything_is_sent(
    collate, server, home: Path, source: str | None, said: str
) -> None:
    if source is not None:
        (home / "grade.py").write_text(source)
    ran = collate("run", plan_file(home, 3, '[[check]]\nkind = "python"\nfile = "grade.py"\n'), "--yes")
    assert (ran.returncode, len(server.requests)) == (2, 0)
    assert said in ran.stderr
