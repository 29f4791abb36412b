"""Files that are not taken: each is refused in a sentence that names the line, and nothing of it is."""

from __future__ import annotations

import asyncio
import base64
import json

import pytest

from prompts.core.run_summaries import Filter
from prompts.exchange import import_reader
from prompts.exchange.formats import ImportFileError
from prompts.history.archive import Archive
from prompts.record.database import open_database
from tests.prompts.exchange.recorded import changed, exported, fill, imported


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> bytes:
    url = f"sqlite:///{tmp_path_factory.mktemp('source')}/source.db"
    asyncio.run(fill(url))
    engine = open_database(url)
    try:
        return exported(Archive(engine))
    finally:
        engine.dispose()


def refused(archive, data: bytes) -> str:
    with pytest.raises(ImportFileError) as caught:
        imported(archive, data)
    assert archive.count(Filter()) == 0
    return str(caught.value)


@pytest.mark.parametrize(
    "foreign",
    [
        b"", b"\n", b"a,b\n1,2\n", b"{}\n", b"[1]\n", b'{"run":"r","id":"i"}\n', b"PK\x03\x04", b"\xff\xfe{\x00",
        b"SQLite format 3\x00", b"null\n", b'{"kind":"collate","format":"x"}\n', b'{"kind":"collate"}', b"[" * 100_000,
    ],
)  # fmt: skip
def test_a_foreign_file_is_called_so(empty, foreign):
    assert refused(empty, foreign).startswith("This is not a Collate export.")


def test_a_newer_form_is_refused_by_the_name_of_what_made_it(empty, data):
    said = refused(empty, changed(data, "collate", {"format": 2, "made_by": "9.1.0"}))
    assert "newer Collate (9.1.0; its format is 2, this one reads 1)" in said


def test_a_column_of_a_newer_collate_is_refused_by_its_name_and_version(empty, data):
    newer = changed(changed(data, "collate", {"made_by": "9.1.0"}), "completion", {"mood": "good"})
    assert "“mood” is not known to this version of Collate. The file was made by Collate 9.1.0" in refused(empty, newer)


def test_a_file_that_is_cut_off_is_refused_wherever_it_was_cut(empty, data):
    whole = data.splitlines(keepends=True)
    for number in range(1, len(whole)):
        assert f"cut off: its last line is number {number}" in refused(empty, b"".join(whole[:number]))
        half = whole[number][: len(whole[number]) // 2]
        assert f"Line {number + 1}" in refused(empty, b"".join(whole[:number]) + half)
    imported(empty, data.rstrip(b"\n"))


def test_a_line_that_is_missing_is_noticed(empty, data):
    whole = data.splitlines(keepends=True)
    without = [line for line in whole if b'"cell": 1' not in line]
    assert len(without) == len(whole) - 1
    assert "as many runs and answers as it says" in refused(empty, b"".join(without))


def test_two_files_in_one_are_refused(empty, data):
    assert "something follows the end" in refused(empty, data + data)


UNFIT = [
    ("run", {"id": "not-an-id"}, "“id” is “not-an-id”, not an id"),
    ("run", {"id": 5}, "not an id"),
    ("run", {"created_at": "2026-11-20"}, "not a time with its zone"),
    ("run", {"created_at": "0001-01-01T00:00:00+00:00"}, "not a time"),
    ("run", {"source": "elsewhere"}, "“source” is “elsewhere”"),
    ("run", {"prompt": None}, "“prompt” is null"),
    ("run", {"prompt": ["a"]}, "not text"),
    ("run", {"request": {"messages": [], "settings": {}}}, "has no message"),
    ("run", {"request": {"messages": [{"role": "user"}], "settings": {}}}, "lacks “text”"),
    ("run", {"request": {"messages": [{"role": "root", "text": "x"}], "settings": {}}}, "“root”"),
    ("run", {"request": {"messages": [], "settings": {"temperature": "hot"}}}, "not a number"),
    ("run", {"request": {"messages": [], "settings": {}, "tools": []}}, "“tools”, which this version of Collate"),
    ("run", {"link_kind": "again", "link_id": "x"}, "not an id"),
    ("completion", {"run_id": "00000000-0000-4000-8000-000000000000"}, "follows another run"),
    ("completion", {"state": "splendid"}, "“state” is “splendid”"),
    ("completion", {"position": -1}, "not a whole number from 0"),
    ("completion", {"position": True}, "not a whole number"),
    ("completion", {"position": 2.5}, "not a whole number"),
    ("completion", {"gen_ai.usage.input_tokens": 2**40}, "not a whole number"),
    ("completion", {"gen_ai.usage.input_tokens": -5}, "not a whole number"),
    ("completion", {"duration_s": -1}, "not a number from 0"),
    ("completion", {"cost_amount": "1e9"}, "not an amount"),
    ("completion", {"cost_amount": 5}, "not an amount"),
    ("completion", {"cost": {"lines": [{"what": "air", "tokens": 1, "price": "1", "amount": "1"}]}}, "“air”"),
    ("completion", {"cost": {"lines": [{"what": "input"}]}}, "lacks “amount”"),
    ("completion", {"conditions": ["sunny"]}, "“sunny”"),
    ("completion", {"conditions": "cache_hit"}, "not a list"),
    ("completion", {"error": {"kind": "rate_limit"}}, "lacks “message”"),
    ("completion", {"versions": {"openai": 3}}, "not text"),
    ("completion", {"recorder_id": "00000000-0000-4000-8000-000000000000"}, "“recorder_id” is not known"),
    ("completion", {"ratings": [{"person": "a", "best": False, "stars": 6, "changed_at": "2026-11-20T00:00:00Z"}]},
     "not a whole number from 1 to 5"),
    ("completion", {"notes": [{"person": "a", "text": "x" * 10_001, "changed_at": "2026-11-20T00:00:00Z"}]},
     "longer than 10,000"),
    ("completion", {"tags": [{"name": "x" * 61, "person": "a", "changed_at": "2026-11-20T00:00:00Z"}]},
     "at most 60 characters"),
    ("completion", {"tags": "good"}, "not a list of objects"),
    ("attachment", {"data": "AAAA"}, "not what its digest says"),
    ("attachment", {"data": "?"}, "damaged"),
    ("attachment", {"url": "http://evil.example/"}, "and nothing else"),
    ("end", {"runs": 2}, "as many runs"),
    ("run", {"kind": "surprise"}, "of a kind that this version of Collate does not know"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "change", "said"), UNFIT)
def test_what_does_not_fit_is_refused(empty, data, kind, change, said):
    found = refused(empty, changed(data, kind, change))
    assert said in found
    assert found.startswith("Line ")
    assert found.endswith("Nothing was imported.")


@pytest.mark.parametrize(
    ("kind", "name", "said"),
    [
        ("run", "request", "“request” is missing"), ("completion", "state", "“state” is missing"),
        ("completion", "endpoint", "lacks its endpoint"), ("run", "link_id", "link to an earlier run is incomplete"),
    ],
)  # fmt: skip
def test_what_is_missing_is_named(empty, data, kind, name, said):
    assert said in refused(empty, changed(data, kind, {}, drop=(name,)))


def test_an_attachment_that_is_named_must_be_in_the_file(empty, data):
    without = b"".join(line for line in data.splitlines(keepends=True) if b'"kind": "attachment"' not in line)
    assert "names an attachment that is not in the file" in refused(empty, without)


@pytest.mark.parametrize(
    "text", ['{"a":NaN}', '{"a":1e999}', '{"a":Infinity}', '{"a":' + "9" * 5000 + "}", '{"a":1,"a":2}']
)
def test_numbers_and_names_that_json_does_not_have_are_refused(empty, data, text):
    marked = changed(data, "completion", {"raw_usage": "HERE"}).replace(b'"HERE"', text.encode())
    assert "cannot be read" in refused(empty, marked)


def test_nesting_is_bounded(empty, data):
    marked = changed(data, "completion", {"raw_usage": "HERE"})
    deep = marked.replace(b'"HERE"', b'{"a":' * 70 + b"1" + b"}" * 70)
    assert "nested too deeply" in refused(empty, deep)
    assert "cannot be read" in refused(empty, marked.replace(b'"HERE"', b"[" * 200_000 + b"]" * 200_000))


@pytest.mark.parametrize(
    ("bound", "value", "said"),
    [
        ("MOST_COMPLETIONS", 2, "more than 2 answers"), ("LARGEST_FILE", 4, "attachment is too large"),
        ("MOST_PARTS", 0, "has more than 0 entries"),
        ("LONGEST_LINE", 500, "it is too long"),
    ],
)  # fmt: skip
def test_lines_attachments_and_answers_are_bounded(empty, data, monkeypatch, bound, value, said):
    monkeypatch.setattr(import_reader, bound, value)
    assert said in refused(empty, data)


def test_two_answers_never_have_one_place(empty, data):
    rows = [json.loads(line) for line in data.splitlines()]
    second = [row for row in rows if row["kind"] == "completion"][1]
    second["position"] = 0
    assert "have the same position" in refused(empty, b"".join(json.dumps(row).encode() + b"\n" for row in rows))


def test_a_whole_number_too_large_for_a_database_stays_a_number(target, data):
    """A figure that became text would break whatever draws or exports it."""
    imported(target, changed(data, "completion", {"server_timings": {"total_s": 10**19}}))
    (run,) = target.runs([target.page(Filter()).lines[0].id])
    done = run.completions[0].completion
    assert done is not None
    assert done.server_timings.total_s == 1e19


def test_odd_characters_are_mended_and_a_formula_stays_itself(target, data):
    odd = changed(data, "completion", {"text": "a\x00b \ud83c", "raw_usage": {"\x00": "\ud83c"}})
    imported(target, changed(odd, "run", {"prompt": "=cmd|' /C calc'!A0"}))
    (run,) = target.runs([line.id for line in target.page(Filter()).lines])
    assert run.completions[0].text == "a\ufffdb \ufffd"
    assert run.prompt == "=cmd|' /C calc'!A0"


def test_an_id_that_means_something_else_here_is_refused(target, data):
    imported(target, data)
    other = changed(data, "run", {"id": "00000000-0000-4000-8000-000000000000"})
    rows = [json.loads(line) for line in other.splitlines()]
    for row in rows:
        if row["kind"] == "completion":
            row["run_id"] = "00000000-0000-4000-8000-000000000000"
    with pytest.raises(ImportFileError, match="already belongs to something else"):
        imported(target, b"".join(json.dumps(row).encode() + b"\n" for row in rows))
    assert target.count(Filter()) == 1


def test_a_file_of_the_first_schema_kept_attachments_in_place(empty, data):
    content = base64.b64encode(b"picture").decode()
    file = {"name": "a.png", "media_type": "image/png", "data": content}
    request = {"messages": [{"role": "user", "text": "x", "attachments": [file]}], "settings": {}}
    imported(empty, changed(data, "run", {"request": request}))
    (run,) = empty.runs([line.id for line in empty.page(Filter()).lines])
    assert run.attachments[0].data == b"picture"
