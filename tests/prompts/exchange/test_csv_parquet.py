"""CSV and Parquet: a row for each answer, unknown empty, text that no spreadsheet executes, types that are told."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pyarrow.parquet as pq
import pytest

from prompts.core.csv_safety import defused
from prompts.core.run_summaries import Filter, Spend
from prompts.exchange.export_columns import COLUMNS, documentation
from prompts.exchange.exporting import export
from prompts.exchange.formats import Selection
from prompts.exchange.otel_names import OPENTELEMETRY
from prompts.experiments.case_files import read_cases
from prompts.record.recorder import Recorder
from tests.prompts.exchange.recorded import exported, fill, imported, many
from tests.prompts.samples import FULL, NOW, PARTLY_PRICED, a_run, begin


@pytest.fixture
async def archive(open_archive, tmp_path):
    await fill(f"sqlite:///{tmp_path}/source.db")
    return open_archive(f"sqlite:///{tmp_path}/source.db")


@pytest.fixture
def rows(archive):
    return list(csv.DictReader(io.StringIO(exported(archive, "csv").decode("utf-8-sig"), newline="")))


@pytest.fixture
def table(archive):
    return pq.read_table(io.BytesIO(exported(archive, "parquet")))


def test_every_answer_is_a_row_warm_ups_too(rows):
    assert [(row["position"], row["repeat"], row["warm_up"], row["state"]) for row in rows] == [
        ("0", "0", "false", "complete"), ("1", "0", "false", "complete"), ("2", "-1", "true", "cancelled"),
    ]  # fmt: skip


def test_a_row_says_what_is_known(rows):
    row = rows[0]
    assert row["text"] == FULL.text
    assert row["gen_ai.request.model"] == "gpt-4o"
    assert row["gen_ai.response.finish_reasons"] == '["stop"]'
    assert row["gen_ai.usage.reasoning.output_tokens"] == "2"
    assert row["gen_ai.request.stop_sequences"] == '["END", "\\n\\n"]'
    assert row["time_to_first_token_s"] == "0.2"
    assert row["duration_s"] == str(1 / 3)
    assert (row["cost_usd"], row["cost_kind"]) == ("0.000123456789012345", "amount")
    assert (row["family"], row["experiment"], row["link_kind"]) == ("GPT", "Spring", "edits")
    assert (row["stars"], row["thumbs_up"], row["thumbs_down"], row["best"]) == ("2.5", "1", "1", "true")
    assert (row["tags"], row["notes"]) == ('["German", "good"]', '["ann: the one that worked"]')
    assert row["run_created_at"] == NOW.isoformat()
    assert rows[1]["earlier_turns"] == "2"
    assert (rows[1]["attempts"], rows[1]["cost_earlier_attempts_usd"]) == ("2", "0.000123456789012345")


def test_unknown_is_empty_and_never_zero(rows):
    asked_nobody = rows[2]
    for name in ("cost_usd", "duration_s", "gen_ai.usage.input_tokens", "stars", "thumbs_up", "text", "error.type"):
        assert asked_nobody[name] == ""


def test_what_a_spreadsheet_would_execute_is_defused(rows):
    assert rows[0]["prompt"] == "'=Question 0?"


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        " =1",
        "+1",
        "-1",
        "@x",
        "\tx",
        "\rx",
        "\x00x",
        "＝1",
        "\n=1",
        "\u3000＠x",
        "\u200b=1",
        "\ufeff=1",
        "\x1b=1",
        "\u202e =1",
    ],
)
def test_formulas_are_defused(text):
    assert defused(text) == "'" + text


@pytest.mark.parametrize("text", ["", "a=1", "1-1", "'=1", "x@y", '["=1"]'])
def test_other_text_stays_as_it_is(text):
    assert defused(text) == text


def test_excel_knows_the_encoding_and_other_programs_see_only_the_first_column(archive):
    made = exported(archive, "csv")
    assert made.startswith(b"\xef\xbb\xbf")
    assert made.count(b"\xef\xbb\xbf") == 1
    assert next(csv.reader([made.decode("utf-8-sig").splitlines()[0]])) == [column.name for column in COLUMNS]
    assert read_cases(made, "runs.csv").columns[0] == COLUMNS[0].name


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (["x" * 32_767, "🙂" * 16_383], []),
        (["x" * 32_768], ["2 cells are"]),  # the prompt and the answer
        (["🙂" * 16_384, "é" * 32_768, "short"], ["4 cells are"]),
    ],
)
def test_what_excel_will_not_show_whole_is_said(open_archive, tmp_path, texts, said):
    archive, notes = open_archive(f"sqlite:///{tmp_path}/a.db"), []
    for number, text in enumerate(texts):
        many(archive, 1, text, start=number)
    made = b"".join(export(archive, Selection(), "csv", note=notes.append))
    assert all(text in made.decode() for text in texts)
    assert [note.split(" longer")[0] for note in notes] == said


async def test_what_is_known_of_a_cost_is_no_cost(open_archive, tmp_path):
    """A spreadsheet that adds up a column must not take a lower bound for an amount."""
    url = f"sqlite:///{tmp_path}/a.db"
    recorder, run = await Recorder.open(url), a_run(targets=2)
    await recorder.begin_run(run)
    for number, done in enumerate((FULL, PARTLY_PRICED)):
        await recorder.finish(await begin(recorder, run, number), done)
    await recorder.close()
    archive = open_archive(url)
    made = exported(archive, "csv").decode("utf-8-sig")
    costs = [(row["cost_usd"], row["cost_at_least_usd"]) for row in csv.DictReader(io.StringIO(made, newline=""))]
    assert costs == [("0.000123456789012345", ""), ("", "0.00012")]
    assert archive.page(Filter()).lines[0].spend == Spend(Decimal("0.000243456789012345"), 1, 0, 1)
    other = open_archive(f"sqlite:///{tmp_path}/b.db")
    imported(other, exported(archive))
    (taken,) = other.runs([run.id])
    assert [each.completion.cost for each in taken.completions] == [FULL.cost, PARTLY_PRICED.cost]


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n", "\u2028", "\x0b", "\x85"])
def test_no_text_ends_a_row_and_so_begins_a_cell_of_its_own(open_archive, tmp_path, end):
    archive = open_archive(f"sqlite:///{tmp_path}/a.db")
    many(archive, 2, f"harmless{end}=cmd|' /C calc'!A0")
    found = list(csv.reader(io.StringIO(exported(archive, "csv").decode("utf-8-sig"), newline="")))
    assert [len(row) for row in found] == [len(COLUMNS)] * 3
    assert not [cell for row in found for cell in row if cell.startswith("=")]


def test_parquet_holds_the_same_with_types_and_descriptions(table, rows):
    assert table.column_names == list(rows[0])
    assert table.num_rows == len(rows) == 3
    first, _, last = table.to_pylist()
    assert first["run_created_at"] == NOW
    assert first["cost_usd"] == Decimal("0.000123456789012345")
    assert first["tags"] == ["German", "good"]
    assert first["prompt"] == "=Question 0?"
    assert first["warm_up"] is False
    assert last["gen_ai.usage.input_tokens"] is None
    field = table.schema.field("duration_s")
    assert field.type == "double"
    assert field.metadata[b"unit"] == b"s"
    assert field.metadata[b"description"].startswith(b"Time from just before")


def test_parquet_comes_in_parts(archive, monkeypatch):
    monkeypatch.setattr("prompts.exchange.csv_parquet._ROWS", 2)
    file = pq.ParquetFile(io.BytesIO(exported(archive, "parquet")))
    assert [file.metadata.row_group(n).num_rows for n in range(file.num_row_groups)] == [2, 1]


def test_every_column_is_described_once():
    names = [column.name for column in COLUMNS]
    assert len(set(names)) == len(names)
    assert set(names) >= {*OPENTELEMETRY.values(), "gen_ai.response.finish_reasons"}
    for column in COLUMNS:
        assert f"| `{column.name}` | {column.meaning} |" in documentation()
    assert all(column.unit for column in COLUMNS if column.name.endswith(("_s", "_usd")))
