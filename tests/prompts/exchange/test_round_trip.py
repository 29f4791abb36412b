"""A record that travels as JSON Lines: everything arrives, nothing doubles, and it is found there."""

from __future__ import annotations

import csv
import io
import json
import tracemalloc
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from prompts.core.feedback import Mark, own
from prompts.core.run_summaries import Filter
from prompts.exchange.exporting import export
from prompts.exchange.formats import ExportError, ImportFileError, Selection
from prompts.history.archive import Archive
from prompts.record.recorder import Recorder
from prompts.record.rights import Actor
from prompts.record.schema import metadata
from providers.errors import failure
from providers.measuring.measure import utc_now
from tests.prompts.exchange.recorded import PICTURE, changed, exported, fill, imported, lines, many
from tests.prompts.samples import FAILED, NOW, a_run, begin


@pytest.fixture
async def source(open_archive, tmp_path):
    await fill(f"sqlite:///{tmp_path}/source.db", runs=3)
    return open_archive(f"sqlite:///{tmp_path}/source.db")


async def test_what_is_exported_imported_and_exported_again_is_the_same(source, target):
    taken = imported(target, exported(source))
    assert (taken.runs, taken.there, taken.marks, taken.attachments) == (3, 0, 0, 1)
    assert lines(target) == lines(source)


async def test_a_run_reads_the_same_on_both_sides(source, target):
    imported(target, exported(source))
    ids = [line.id for line in source.page(Filter()).lines]
    assert len(ids) == 3
    assert list(target.runs(ids)) == list(source.runs(ids))
    assert next(iter(target.runs(ids))).attachments == (PICTURE,)


async def test_from_each_database_the_same_lines_come(record_url, open_archive, empty):
    await fill(record_url, runs=2)
    archive = open_archive(record_url)
    imported(empty, exported(archive))
    assert lines(empty) == lines(archive)


async def test_the_file_holds_everything_on_record(source):
    found = lines(source)
    assert [line["kind"] for line in found[:3]] == ["attachment", "run", "completion"]
    assert sum(line["kind"] == "attachment" for line in found) == 1, "each content once"
    run = next(line for line in found if line["kind"] == "run" and "experiment_id" in line)
    answer = next(line for line in found if line["kind"] == "completion" and "ratings" in line)
    retried = next(line for line in found if line["kind"] == "completion" and len(line.get("attempts", ())) == 2)
    assert (run["person"], run["link_kind"], run["request"]["fair"]) == ("ann@example.com", "edits", True)
    assert answer["gen_ai.request.model"] == "gpt-4o"
    assert answer["gen_ai.usage.input_tokens"] == 12
    assert answer["cost_amount"] == "0.000123456789012345"
    assert {row["person"]: row["stars"] for row in answer["ratings"]} == {"ann": 4, "bob": 1}
    assert [row["text"] for row in answer["notes"]] == ["the one that worked"]
    assert [row["name"] for row in answer["tags"]] == ["German", "good"]
    assert retried["attempts"][0]["text"] == "Onc"
    assert "experiment" in {line["kind"] for line in found}
    assert "recorder_id" not in json.dumps(found)
    assert found[-1] == {"kind": "end", "runs": 3, "completions": 9}


async def test_a_second_import_and_an_overlapping_one_double_nothing(source, target):
    first, second, third = (line.id for line in source.page(Filter()).lines)
    imported(target, exported(source, selection=Selection((first, second))))
    taken = imported(target, exported(source, selection=Selection((second, third))))
    assert (taken.runs, taken.there) == (1, 1)
    again = imported(target, exported(source))
    assert (again.runs, again.there, again.marks, again.attachments) == (0, 3, 0, 0)
    assert lines(target) == lines(source)


async def test_only_marks_join_a_run_that_is_there_and_the_newer_word_wins(source, target):
    imported(target, exported(source))
    run = next(run for run in source.runs([line.id for line in source.page(Filter()).lines]) if run.completions[0].tags)
    answer, other = run.completions[0].id, run.completions[1].id
    source.mark(answer, Mark("ann", -1, 2, changed_at=NOW + timedelta(days=1)))
    source.mark(other, Mark("ann", best=True, changed_at=NOW + timedelta(days=1)))
    source.tag([answer], ["new"], "bob")
    target.mark(answer, Mark("bob", 1, 5, note="mine is newer", changed_at=NOW + timedelta(days=2)))
    target.tag([answer], ["here"], "bob")
    assert imported(target, exported(source)).marks == 3
    marks, tags = target.marks([answer])[answer]
    assert tags == ("German", "good", "here", "new")
    assert (own(marks, "ann").stars, own(marks, "bob").stars) == (2, 5)
    assert own(marks, "bob").note == "mine is newer"
    assert own(marks, "ann").best is False
    assert own(target.marks([other])[other][0], "ann").best is True


async def test_nobody_writes_in_anothers_name_by_a_file(source, target):
    imported(target, exported(source), by=Actor("bob", admin=False))
    asked = {run.person for run in target.runs([line.id for line in target.page(Filter()).lines])}
    assert "ann@example.com (imported by bob)" in asked
    assert "ann@example.com" not in asked
    run = next(run for run in source.runs([line.id for line in source.page(Filter()).lines]) if run.completions[0].tags)
    marks, _ = target.marks([run.completions[0].id])[run.completions[0].id]
    assert {mark.person: mark.stars for mark in marks} == {"ann (imported by bob)": 4, "bob": 1}


async def test_no_table_holds_anothers_name_after_an_import(source, target):
    """Whatever has a person, also what comes to it later."""
    imported(target, exported(source), by=Actor("bob", admin=False))
    people = {
        person
        for table in metadata.sorted_tables if "person" in table.c
        for person in target.read(lambda c, table=table: list(c.scalars(sa.select(table.c.person).distinct())))
    }  # fmt: skip
    assert {each for each in people if each and not each.endswith(" (imported by bob)")} == {"bob"}


async def test_two_who_stand_under_one_name_here_have_one_word_the_last(source, target):
    run = next(run for run in source.runs([line.id for line in source.page(Filter()).lines]) if run.completions[0].tags)
    answer = run.completions[0].id
    source.mark(answer, Mark("ann (imported by bob)", stars=1, changed_at=NOW + timedelta(days=1)))
    imported(target, exported(source), by=Actor("bob", admin=False))
    assert own(target.marks([answer])[answer][0], "ann (imported by bob)").stars == 1


async def test_what_somebody_said_here_is_not_changed_by_anothers_file(source, target):
    imported(target, exported(source))
    run = next(run for run in source.runs([line.id for line in source.page(Filter()).lines]) if run.completions[0].tags)
    answer = run.completions[0].id
    source.mark(answer, Mark("ann", -1, 1, note="forged", changed_at=NOW + timedelta(hours=1)))
    assert imported(target, exported(source), by=Actor("carl", admin=False)).marks == 0
    marks, _ = target.marks([answer])[answer]
    assert {mark.person: mark.stars for mark in marks} == {"ann": 4, "bob": 1}
    taken = imported(target, exported(source), by=Actor("ann", admin=False))
    assert taken.marks == 2, "one's own newer word counts"
    assert own(target.marks([answer])[answer][0], "ann").note == "forged"


async def test_importing_twice_in_ones_own_name_doubles_nothing(source, target):
    imported(target, exported(source), by=Actor("bob", admin=False))
    assert imported(target, exported(source), by=Actor("bob", admin=False)).marks == 0


async def test_what_is_dated_in_the_future_is_refused(source, target):
    later = (utc_now() + timedelta(days=2)).isoformat()
    with pytest.raises(ImportFileError, match="in the future"):
        imported(target, changed(exported(source), "run", {"created_at": later}))


async def test_a_person_has_one_best_answer_of_a_run_after_two_records_are_joined(source, target):
    imported(target, exported(source))
    (run,) = (r for r in source.runs([line.id for line in source.page(Filter()).lines]) if r.completions[0].tags)
    target.mark(run.completions[1].id, Mark("ann", best=True, changed_at=NOW + timedelta(days=1)))
    source.mark(run.completions[0].id, Mark("ann", best=True, stars=3, changed_at=NOW + timedelta(hours=1)))
    imported(target, exported(source))
    said = target.marks([each.id for each in run.completions])
    assert [own(said[each.id][0], "ann").best for each in run.completions] == [False, True, False]


async def test_imported_texts_are_found_by_their_words(source, target):
    assert target.count(Filter(words="नमस्ते")) == 0
    imported(target, exported(source))
    assert target.count(Filter(words="नमस्ते")) == 3
    assert len(target.page(Filter(words="question")).lines) == 3


async def test_what_was_being_asked_is_never_live_where_it_arrives(tmp_path, target):
    recorder = await Recorder.open(f"sqlite:///{tmp_path}/live.db")
    run = a_run(targets=2)
    await recorder.begin_run(run)
    await begin(recorder, run)
    data = exported(Archive(recorder.database))
    assert b'"sent"' in data
    imported(target, data)
    (stored,) = target.runs([run.id])
    assert [each.state for each in stored.completions] == ["unknown", "cancelled"]
    assert stored.completions[0].completion.cost.reason.startswith("exported before")
    await recorder.close()


async def test_a_filter_chooses_whole_runs(source):
    found = Selection(filter=Filter(tags=("good",)))
    assert exported(source, selection=found).count(b'"kind": "run"') == 1
    assert len(list(csv.DictReader(io.StringIO(exported(source, "csv", found).decode())))) == 3


async def test_more_runs_than_a_batch_come_once_each_and_in_order(empty):
    many(empty, 130, "words")
    found = [line["id"] for line in lines(empty) if line["kind"] == "run"]
    assert found == sorted(found, reverse=True)
    assert len(set(found)) == len(found) == 130
    with_words = exported(empty, selection=Selection(filter=Filter(words="words")))
    assert with_words.count(b'"kind": "run"') == 130


def test_a_file_for_reading_holds_no_more_than_can_be_read(empty):
    with pytest.raises(ExportError, match="takes up to 500 runs, not 501"):
        exported(empty, "markdown", Selection(tuple(str(n) for n in range(501))))
    with pytest.raises(ExportError, match="dashboard"):
        exported(empty, "html")


def test_a_larger_record_takes_no_more_memory(empty, monkeypatch):
    monkeypatch.setattr("prompts.exchange.csv_parquet._CHARACTERS", 2_000_000)  # several parts even of the smaller
    many(empty, 600, "word " * 4000)
    ids = tuple(line.id for line in empty.page(Filter(), None, 600).lines)
    assert len(ids) == 600

    def peak(form: str, runs: int) -> int:
        tracemalloc.start()
        for _ in export(empty, Selection(ids[:runs]), form):
            pass
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    for form in ("csv", "jsonl", "parquet"):
        peak(form, 10)  # imports
        small, large = peak(form, 200), peak(form, 600)
        assert large < small * 1.3 + 1_000_000, form


async def test_no_key_is_in_any_format(open_archive, tmp_path, monkeypatch):
    key = "sk-planted-0123456789abcdef"
    monkeypatch.setenv("OPENAI_API_KEY", key)
    recorder = await Recorder.open(f"sqlite:///{tmp_path}/keys.db")
    run = a_run()
    await recorder.begin_run(run)
    echoed = failure("auth", f"Incorrect API key provided: {key}.", status=401)
    await recorder.finish(await begin(recorder, run), replace(FAILED, error=echoed))
    await recorder.close()
    archive = open_archive(f"sqlite:///{tmp_path}/keys.db")
    for form in ("csv", "jsonl", "parquet", "markdown"):
        data = exported(archive, form)
        assert b"Incorrect API key" in data or form == "parquet"
        assert b"planted" not in data
