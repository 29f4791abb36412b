"""A zip of runs: its pictures are files for any program, and it is taken in as the lines alone are."""

from __future__ import annotations

import io
import json
import zipfile
from hashlib import sha256

import pytest

from prompts.core import unpacked
from prompts.core.run_summaries import Filter
from prompts.exchange import packed
from prompts.exchange.formats import ImportFileError
from prompts.history.archive import Archive
from tests.pictures import picture
from tests.prompts.exchange.recorded import DIGEST, SHOWN, exported, imported


def unzipped(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(members: dict[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", how) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


async def test_each_picture_is_a_file_and_the_lines_name_it(source: Archive) -> None:
    found = unzipped(exported(source, "zip"))
    assert set(found) == {packed.LINES, f"pictures/{DIGEST}.png"}
    assert found[f"pictures/{DIGEST}.png"] == SHOWN.data
    told = [json.loads(line) for line in found[packed.LINES].splitlines()]
    assert [line for line in told if line["kind"] == "picture"] == [
        {"kind": "picture", "sha256": DIGEST, "file": f"pictures/{DIGEST}.png"}
    ]


async def test_the_zip_comes_back_with_all_that_was_on_record(source: Archive, target: Archive) -> None:
    file = exported(source, "zip")
    assert imported(target, file).runs == 2
    ids = [line.id for line in source.page(Filter()).lines]
    assert list(target.runs(ids)) == list(source.runs(ids))
    assert target.picture(DIGEST) == SHOWN.data
    assert imported(target, file).runs == 0, "nothing doubles"


async def test_the_lines_without_their_pictures_are_refused(source: Archive, empty: Archive) -> None:
    found = unzipped(exported(source, "zip"))
    for alone in (found[packed.LINES], zipped({packed.LINES: found[packed.LINES]})):
        with pytest.raises(ImportFileError, match="is not beside it; import the whole zip"):
            imported(empty, alone)
    assert empty.count(Filter()) == 0


async def test_a_picture_that_was_exchanged_is_noticed(source: Archive, empty: Archive) -> None:
    found = unzipped(exported(source, "zip"))
    other = zipped({**found, f"pictures/{DIGEST}.png": picture("PNG", (9, 9))})
    with pytest.raises(ImportFileError, match="the picture is not what its digest says"):
        imported(empty, other)


async def test_what_no_line_names_is_not_looked_at(source: Archive, empty: Archive) -> None:
    found = unzipped(exported(source, "zip"))
    imported(empty, zipped({"../../evil.sh": b"rm", **found, "pictures/more.svg": b"<svg/>"}))
    assert empty.picture(sha256(b"<svg/>").hexdigest()) is None
    assert empty.count(Filter()) == 2


@pytest.mark.parametrize("foreign", [zipped({"a.txt": b"hello"}), zipped({packed.LINES: b"hello\n"}), b"PK\3\4" * 9])
def test_a_foreign_zip_is_called_so(empty: Archive, foreign: bytes) -> None:
    with pytest.raises(ImportFileError, match=r"This is not a Collate export\."):
        imported(empty, foreign)


def test_a_zip_that_would_unpack_without_end_is_not_unpacked(empty: Archive) -> None:
    bomb = zipped({packed.LINES: b"\n", "pictures/x.png": bytes(unpacked.ALWAYS + 1)})
    with pytest.raises(ImportFileError, match="unpack to far more"):
        imported(empty, bomb)


async def test_a_damaged_zip_is_refused_whole(source: Archive, empty: Archive) -> None:
    file = exported(source, "zip")
    at = file.index(SHOWN.data)
    for broken in (file[:-30], file[: at + 9] + b"\xff" + file[at + 10 :]):
        with pytest.raises(ImportFileError, match="The zip cannot be read"):
            imported(empty, broken)
    assert empty.count(Filter()) == 0


def test_a_list_of_files_without_end_is_not_read(empty: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacked, "MOST_AT_ONCE", 5_000)
    with pytest.raises(ImportFileError, match="its list of files is too long"):
        imported(empty, zipped({packed.LINES: b"\n"} | {f"{number}": b"" for number in range(200)}))
