"""The record on the command line: listed, shown, asked again, written out and taken in."""

import json
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
from openpyxl import load_workbook

from prompts.cli.main import main
from prompts.core.child_process import python
from tests.prompts.samples import rows

MODEL = "builtin:ngram-3"


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]):
    """Run one command; its exit status, and what it printed on either stream."""

    def run(*arguments: str) -> tuple[int, str, str]:
        status = main(arguments)
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


@pytest.fixture
def asked(say) -> list[str]:
    """Two runs on record; their ids, the newer one first."""
    say("ask", "What is a binary tree?", "-m", MODEL, "-m", "builtin:ngram-2")
    say("ask", "Explain a tuple", "-m", MODEL)
    return [json.loads(line)["id"] for line in say("history", "--json")[1].splitlines()]


def test_history_lists_the_newest_first(say, asked):
    status, out, _ = say("history")
    assert status == 0
    assert out.index("Explain a tuple") < out.index("What is a binary tree?")
    assert asked[0][:8] in out
    assert "2 answers" in out
    assert "no fee" in out


def test_history_finds_words_and_filters(say, asked):
    found = json.loads(say("history", "binary", "tree", "--json")[1])
    assert (found["id"], found["prompt"]) == (asked[1], "What is a binary tree?")
    assert json.loads(say("history", "-m", "builtin:ngram-2", "--json")[1])["id"] == asked[1]
    assert say("history", "--outcome", "failed")[:2] == (1, "Nothing on record matches.\n")
    assert say("history", "--until", "2001-01-01", "--json")[:2] == (1, "")


def test_an_empty_record_says_how_to_begin(say):
    status, out, _ = say("history")
    assert (status, out) == (1, "Nothing is on record yet. Try: collate ask\n")


def test_history_says_that_there_is_more(say, asked):
    assert "--limit 2 shows them" in say("history", "--limit", "1")[1]
    assert "--limit" not in say("history", "--limit", "2")[1]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("history", "--since", "yesterday"), "is not a date"),
        (("history", "--cost-from", "much"), "is not an amount"),
        (("history", "--limit", "many"), "must be 1 or more"),
        (("show", "zz"), "is not a run"),
        (("show", "last"), "Nothing is on record yet"),
        (("show", "ffffff"), "There is no run ffffff"),
        (("export", "runs.xyz"), "does not say which format"),
        (("export", "runs.xlsx", "--links", "collate.example.com"), "is not the address of a dashboard"),
        (("import", "not-there.jsonl"), "cannot be read"),
    ],
)
def test_what_cannot_be_followed_is_said_in_a_sentence(say, capsys, arguments, sentence):
    try:
        status, out, err = say(*arguments)
    except SystemExit as exc:  # argparse has its own way out, and has said it already
        status, out, err = exc.code, *capsys.readouterr()
    assert (status, out) == (2, "")
    assert sentence in err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a full disk that is always at hand is Linux's")
@pytest.mark.parametrize("arguments", [("history",), ("show", "last"), ("export", "-", "--format", "csv")])
def test_output_that_cannot_be_written_is_said_in_a_sentence(asked, arguments):
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            python("-m", "prompts.cli.main", *arguments),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr == "collate: the disk is full: not everything could be written.\n"


def test_a_run_is_shown_by_the_beginning_of_its_id(say, asked):
    status, out, _ = say("show", asked[1][:8])
    assert status == 0
    assert "What is a binary tree?" in out
    assert "── builtin:ngram-2" in out
    assert "first token" in out
    assert "Explain a tuple" in say("show", "last")[1]


def test_show_in_json_is_what_ask_printed(say):
    _, printed, _ = say("ask", "What is it?", "-m", MODEL, "--json")
    assert json.loads(say("show", "last", "--json")[1]) == json.loads(printed)


def test_an_id_that_means_two_runs_is_refused(say, asked, home: Path):
    with sqlite3.connect(home / "collate.db") as record:
        record.execute("PRAGMA foreign_keys=OFF")
        for number, run in enumerate(asked):
            record.execute("UPDATE runs SET id = ? WHERE id = ?", (f"abcd000{number}" + run[8:], run))
    record.close()
    status, _, err = say("show", "abcd")
    assert status == 2
    assert "More than one run begins with abcd" in err


def test_rerun_asks_the_same_again_and_holds_it_beside_the_old(say, asked):
    status, out, _ = say("rerun", asked[1])
    assert status == 0
    assert (
        f"Compared with {json.loads(say('history', 'binary', '--json')[1].splitlines()[-1])['created_at'][:4]}" in out
    )
    assert out.count("answer; then") == 2
    newest = json.loads(say("history", "--json", "--limit", "1")[1])
    assert newest["link"] == {"relation": "again", "run_id": asked[1]}
    assert newest["prompt"] == "What is a binary tree?"


@pytest.mark.parametrize("ending", ["jsonl", "zip", "csv", "parquet", "md", "html"])
def test_export_goes_by_the_files_ending(say, asked, home: Path, ending: str):
    file = home / f"runs.{ending}"
    status, out, _ = say("export", str(file))
    assert (status, out) == (0, f"{file}: 2 runs\n")
    assert file.read_bytes().startswith(
        {"jsonl": b"{", "zip": b"PK\3\4", "csv": b"\xef\xbb\xbf", "parquet": b"PAR1", "md": b"#", "html": b"<!doctype"}[
            ending
        ]
    )
    assert [each.name for each in home.iterdir() if each.name.startswith(".runs")] == []


def test_a_spreadsheet_opens_its_runs_in_the_dashboard_that_is_named(say, asked, home: Path):
    assert say("export", str(home / "runs.xlsx"), asked[1], "--links", "https://collate.example.com/")[0] == 0
    links = {row[-1].hyperlink.target for row in load_workbook(home / "runs.xlsx").active.iter_rows(min_row=2)}
    assert links == {f"https://collate.example.com/?run={asked[1]}"}


def test_a_file_that_is_there_is_overwritten_only_by_force(say, asked, home: Path):
    file = home / "runs.csv"
    file.write_text("mine")
    status, _, err = say("export", str(file))
    assert (status, file.read_text()) == (2, "mine")
    assert "--force" in err
    assert say("export", str(file), "--force")[0] == 0
    assert file.read_text() != "mine"


def test_export_to_standard_output_takes_only_what_is_wanted(capsysbinary):
    main(["ask", "What is a binary tree?", "-m", MODEL])
    main(["ask", "Explain a tuple", "-m", MODEL])
    capsysbinary.readouterr()
    assert main(["export", "-", "last", "--format", "jsonl"]) == 0
    out = capsysbinary.readouterr().out.decode()
    assert "Explain a tuple" in out
    assert "binary tree" not in out


def test_nothing_found_writes_no_file(say, asked, home: Path):
    file = home / "none.jsonl"
    status, _, err = say("export", str(file), "--search", "xylophone")
    assert (status, file.exists()) == (1, False)
    assert "no file was written" in err


@pytest.mark.parametrize(("kept", "name"), [((), "ann (imported by the command line)"), (("--keep-names",), "ann")])
def test_a_file_writes_in_nobodys_name_into_a_teams_record(kept, name, say, asked, home: Path, monkeypatch):
    monkeypatch.setattr("prompts.cli.exchange.is_shared", lambda: True)
    with closing(sqlite3.connect(home / "collate.db")) as record:
        record.execute(
            "INSERT INTO notes (completion_id, person, text, changed_at) SELECT id, 'ann', 'Good', asked_at "
            "FROM completions LIMIT 1"
        )
        record.commit()
    say("export", str(home / "runs.jsonl"))
    monkeypatch.setenv("COLLATE_DATABASE_URL", f"sqlite:///{home}/other.db")
    status, _, err = say("import", str(home / "runs.jsonl"), *kept)
    assert status == 0, err
    assert rows(home / "other.db", "SELECT person FROM notes") == [(name,)]


def test_import_takes_in_once_and_says_so(say, asked, home: Path, monkeypatch):
    say("export", str(home / "runs.jsonl"))
    monkeypatch.setenv("COLLATE_DATABASE_URL", f"sqlite:///{home}/colleague.db")
    first = json.loads(say("import", str(home / "runs.jsonl"), "--json")[1])
    second = json.loads(say("import", str(home / "runs.jsonl"), "--json")[1])
    assert (first["runs"], first["there"]) == (2, 0)
    assert (second["runs"], second["there"]) == (0, 2)
    assert [json.loads(line)["id"] for line in say("history", "--json")[1].splitlines()] == asked


def test_a_record_that_cannot_be_used_is_said_in_a_sentence(say, home: Path):
    (home / "collate.db").write_bytes(b"SQLite format 3\x00" + b"damage" * 100)
    status, _, err = say("history")
    assert status == 2
    assert "is damaged" in err


def test_the_columns_of_an_export_are_explained(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["export", "--columns"])
    assert ended.value.code == 0
    assert "gen_ai.usage.output_tokens" in capsys.readouterr().out
