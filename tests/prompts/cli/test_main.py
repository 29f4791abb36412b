"""The command line as its users meet it: wrong usage, broken files, and what each command needs to start."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.wire.dialects import KEY
from tests.wire.server import WireServer

WRONG = {
    "an unknown provider": (["ask", "Hi", "-m", "nobody:gpt-5.4"], "'nobody' is not set up as a provider. Known: "),
    "no provider": (["ask", "Hi", "-m", "gpt-5.4"], "'gpt-5.4' is not a target; write provider:model"),
    "an empty prompt": (["ask", "", "-m", "builtin:ngram-2"], "The prompt is empty. Write what you want to ask."),
    "a blank prompt": (["ask", " \n", "-m", "builtin:ngram-2"], "The prompt is empty."),
    "nothing on standard input": (["ask", "-", "-m", "builtin:ngram-2"], "The prompt is empty."),
    "no command": ([], "Begin with: collate dashboard"),
    "a command that is none": (["vote"], "invalid choice: 'vote'"),
    "no prompt": (["ask"], "the following arguments are required: prompt"),
    "no repeats": (["ask", "Hi", "--repeat", "0"], "must be 1 or more"),
    "no tokens": (["ask", "Hi", "--max-tokens", "-1"], "must be 1 or more"),
    "a word for a number": (["ask", "Hi", "--temperature", "warm"], "invalid float value: 'warm'"),
    "an unknown effort": (["ask", "Hi", "--effort", "some"], "invalid choice: 'some'"),
    "a word for an amount": (
        ["run", "plan.toml", "--budget", "cheap"],
        "'cheap' is not an amount in US dollars; write it",
    ),
    "no amount at all": (["history", "--cost-from", "nan"], "'nan' is not an amount in US dollars"),
    "less than nothing": (["report", "Mail", "--budget", "-1"], "is not an amount in US dollars"),
    "no time at all": (["report", "Mail", "--seconds", "inf"], "'inf' is not a time in seconds; write it like 2.5"),
    "models of nobody": (["models", "nobody"], "'nobody' is not set up as a provider"),
    "a check of nobody": (["check", "nobody:x"], "'nobody' is not set up as a provider"),
}


@pytest.mark.parametrize(("arguments", "sentence"), WRONG.values(), ids=WRONG.keys())
def test_wrong_usage_is_status_2_with_a_sentence(arguments: list[str], sentence: str, collate, home: Path) -> None:
    done = collate(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert not (home / "collate.db").exists()


BROKEN = [
    (
        "collate.toml",
        '[providers.wire]\nbase_url = "http://x/v1"\nlabel = 3',
        "collate.toml: [providers.wire] label must be text",
    ),
    ("collate.toml", "a = 1\n[providers.x", "collate.toml, line 2 cannot be read"),
    ("collate.toml", "\ufeff[deadlines]\ncall_s = 0", "collate.toml: [deadlines] call_s is 0"),
    ("prices.toml", '["a:b"]\ninput = -1\noutput = 1', 'prices.toml: ["a:b"]: input is -1'),
    (".streamlit/secrets.toml", 'PATH_X = "C:\\Users"', "secrets.toml, line 1 (PATH_X) cannot be read"),
]


@pytest.mark.parametrize(("file", "content", "sentence"), BROKEN)
def test_a_file_that_cannot_be_followed_is_named_and_stops_only_what_it_is_about(
    file: str, content: str, sentence: str, collate, home: Path, tmp_path: Path
) -> None:
    (home / file).parent.mkdir(exist_ok=True)
    (home / file).write_text(content, "utf-8")
    done = collate("ask", "Hi", "-m", "builtin:ngram-2", "--max-tokens", "3", HOME=str(tmp_path))
    assert done.returncode == 0
    assert "ngram-2" in done.stdout
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert (home / file).read_text() == content


@pytest.mark.parametrize(("file", "content", "sentence"), BROKEN[:3])
def test_whoever_is_stopped_by_a_broken_file_is_sent_nothing(
    file: str, content: str, sentence: str, collate, server: WireServer, home: Path
) -> None:
    (home / file).write_text(content.replace("wire", "openai"))
    done = collate("ask", "Hi", "-m", "openai:gpt-5.4", OPENAI_API_KEY=KEY)
    assert (done.returncode, done.stdout) == (2, "")
    assert sentence.replace("wire", "openai") in done.stderr
    assert "openai cannot be asked until that is corrected. Nothing was sent." in done.stderr
    assert server.requests == []


def test_a_damaged_record_is_named(collate, home: Path) -> None:
    (home / "collate.db").write_text("this is not a database, but some text")
    done = collate("ask", "Hi", "-m", "builtin:ngram-2")
    assert (done.returncode, done.stdout) == (2, "")
    assert "collate.db is damaged" in done.stderr
    assert (home / "collate.db").read_text() == "this is not a database, but some text"


def test_a_record_that_cannot_be_made_says_how_to_go_without(collate, home: Path) -> None:
    elsewhere = f"sqlite:///{home}/collate.toml/no/folder.db"
    (home / "collate.toml").write_text("")
    done = collate("ask", "Hi", "-m", "builtin:ngram-2", COLLATE_DATABASE_URL=elsewhere)
    assert (done.returncode, done.stdout) == (2, "")
    assert "--no-record" in done.stderr
    assert "Traceback" not in done.stderr
    assert collate("ask", "Hi", "-m", "builtin:ngram-2", "--no-record", COLLATE_DATABASE_URL=elsewhere).returncode == 0


def test_the_installed_command_is_this_one() -> None:
    command = Path(sys.executable).with_name("collate")
    done = subprocess.run([command, "--version"], capture_output=True, text=True, check=True)
    assert re.fullmatch(r"collate \d+\.\d+\.\d+\n", done.stdout)


SDKS = {"openai", "anthropic", "google.genai", "ollama"}
HEAVY = SDKS | {"streamlit", "pandas", "httpx", "httpx2", "genai_prices", "alembic"}


def imported(errors: str) -> set[str]:
    """The modules of an `-X importtime` report."""
    names = {line.rpartition("|")[2].strip() for line in errors.splitlines() if line.startswith("import time:")}
    return {heavy for heavy in HEAVY if any(name == heavy or name.startswith(f"{heavy}.") for name in names)}


def test_a_built_in_model_needs_no_sdk_and_no_screen(collate) -> None:
    done = collate("ask", "Hi", "-m", "builtin:ngram-2", "--no-record", "--json", options=("-X", "importtime"))
    assert done.returncode == 0
    assert imported(done.stderr) == set()


def test_a_host_needs_only_its_own_sdk(collate, server: WireServer) -> None:
    done = collate("ask", "Hi", "-m", "wire:m", "--no-record", "--json", options=("-X", "importtime"))
    assert done.returncode == 0
    assert imported(done.stderr) == {"openai", "httpx2", "genai_prices"}


@pytest.mark.parametrize("arguments", [("--help",), ("ask", "--help"), ("--version",)])
def test_help_needs_nothing(arguments: tuple[str, ...], collate) -> None:
    done = collate(*arguments, options=("-X", "importtime"))
    assert done.returncode == 0
    assert done.stdout
    assert imported(done.stderr) == set()
    assert "sqlalchemy" not in done.stderr
