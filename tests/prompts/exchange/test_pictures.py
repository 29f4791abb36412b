"""Pictures in a file: they arrive with their answers, and none is kept as somebody else wrote it."""

from __future__ import annotations

import csv
import io
import json
from base64 import b64encode
from hashlib import sha256

import pytest
from openpyxl import load_workbook

from prompts.core.run_summaries import Filter
from prompts.exchange.formats import ImportFileError
from prompts.history.archive import Archive
from prompts.record.rights import Actor
from tests.pictures import moving, picture
from tests.prompts.exchange.recorded import DIGEST, SHOWN, exported, imported


def lines(file: bytes) -> list[dict]:
    return [json.loads(line) for line in file.splitlines()]


def file_of(found: list[dict]) -> bytes:
    return b"".join(json.dumps(line).encode() + b"\n" for line in found)


async def test_a_picture_travels_once_and_arrives_with_its_answers(source: Archive, empty: Archive) -> None:
    file = exported(source)
    assert [line["kind"] for line in lines(file)].count("picture") == 1
    imported(empty, file)
    ids = [line.id for line in source.page(Filter()).lines]
    assert list(empty.runs(ids)) == list(source.runs(ids))
    assert empty.picture(DIGEST) == SHOWN.data


async def test_one_that_moves_travels_whole(source: Archive, empty: Archive) -> None:
    film = moving(3)
    name = sha256(film).hexdigest()
    found = [
        {**line, "pictures": [{**each, "frames": 3, "moving": name} for each in line["pictures"]]}
        if "pictures" in line else line
        for line in lines(exported(source))
    ]  # fmt: skip
    found.insert(1, {"kind": "picture", "sha256": name, "data": b64encode(film).decode()})
    imported(empty, file_of(found))
    (run, *_) = empty.runs([line.id for line in source.page(Filter()).lines])
    assert run.completions[0].completion is not None
    (drawn,) = run.completions[0].completion.pictures
    assert (drawn.sha256, drawn.frames, drawn.moving) == (DIGEST, 3, name)
    assert empty.picture(name) == film
    assert [line["kind"] for line in lines(exported(empty))].count("picture") == 2


async def test_what_is_to_be_seen_travels_with_who_wrote_it(source: Archive, empty: Archive) -> None:
    (run, *_) = source.runs([line.id for line in source.page(Filter()).lines])
    source.describe(run.completions[0].id, DIGEST, "A red cat", "ana")
    imported(empty, exported(source))
    (again, *_) = empty.runs([run.id])
    assert again.completions[0].completion is not None
    assert [(each.described, each.described_by) for each in again.completions[0].completion.pictures] == [
        ("A red cat", "ana")
    ]


async def test_nobody_describes_in_anothers_name(source: Archive, empty: Archive) -> None:
    (run, *_) = source.runs([line.id for line in source.page(Filter()).lines])
    source.describe(run.completions[0].id, DIGEST, "A red cat", "ana")
    imported(empty, exported(source), by=Actor("bob", admin=False))
    (again, *_) = empty.runs([run.id])
    assert again.completions[0].completion is not None
    (picture,) = again.completions[0].completion.pictures
    assert picture.described_by == "ana (imported by bob)"


async def test_what_a_file_brings_is_made_anew_and_its_answers_follow(source: Archive, empty: Archive) -> None:
    """A picture with a text beside it, as anybody may write it into a file."""
    found = lines(exported(source))
    foreign = picture("JPEG", (64, 48), camera="Secret Camera")
    name = sha256(foreign).hexdigest()
    text = file_of(found).replace(DIGEST.encode(), name.encode())
    changed = [
        {**line, "data": b64encode(foreign).decode()} if line["kind"] == "picture" else line for line in lines(text)
    ]
    imported(empty, file_of(changed))
    (run, *_) = empty.runs([line.id for line in source.page(Filter()).lines])
    (stored,) = run.completions
    assert stored.completion is not None
    (known,) = stored.completion.pictures
    assert known.sha256 != name
    assert (known.width, known.height, known.media_type) == (64, 48, "image/jpeg")
    assert b"Secret Camera" not in (empty.picture(known.sha256) or b"Secret Camera")


@pytest.mark.parametrize("data", [b"<svg onload=alert(1)>", b"", SHOWN.data[:50]])
async def test_what_is_no_picture_is_refused(source: Archive, empty: Archive, data: bytes) -> None:
    name = sha256(data).hexdigest()
    text = file_of(lines(exported(source))).replace(DIGEST.encode(), name.encode())
    changed = [
        {**line, "data": b64encode(data).decode()} if line["kind"] == "picture" else line for line in lines(text)
    ]
    with pytest.raises(ImportFileError, match="the picture cannot be imported"):
        imported(empty, file_of(changed))


async def test_an_answer_whose_picture_is_not_in_the_file_keeps_its_facts(source: Archive, empty: Archive) -> None:
    imported(empty, file_of([line for line in lines(exported(source)) if line["kind"] != "picture"]))
    (run, *_) = empty.runs([line.id for line in source.page(Filter()).lines])
    assert run.completions[0].completion is not None
    assert [(each.sha256, each.width) for each in run.completions[0].completion.pictures] == [("", 20)]


async def test_a_table_says_the_facts_of_a_picture_and_not_its_bytes(source: Archive) -> None:
    made = exported(source, "csv")
    row, _ = csv.DictReader(io.StringIO(made.decode("utf-8-sig")))
    assert (row["picture_sizes"], row["picture_types"]) == ('["20x10"]', '["image/png"]')
    assert (row["picture_bytes"], row["picture_sha256"], row["picture_seeds"]) == ("99", f'["{DIGEST}"]', '["0"]')
    assert "steps: 20" in row["picture_settings"]
    assert b64encode(SHOWN.data)[:20] not in made


async def test_excel_says_them_too(source: Archive) -> None:
    sheet = load_workbook(io.BytesIO(exported(source, "xlsx"))).worksheets[0]
    row = dict(zip((cell.value for cell in sheet[1]), (cell.value for cell in sheet[2]), strict=True))
    assert (row["Picture"], row["Picture (bytes)"], row["Picture (SHA-256)"]) == ("20x10", 99, DIGEST)
