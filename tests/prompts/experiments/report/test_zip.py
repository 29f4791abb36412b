"""A report with its pictures beside it: a stranger finds them by name, and another Collate takes them in."""

from __future__ import annotations

import io
import json
import re
import zipfile
from base64 import b64decode
from dataclasses import replace
from hashlib import sha256

import pytest
from PIL import Image

from prompts.core.unpacked import unpacked
from prompts.experiments.report import zip as report_zip
from prompts.experiments.report.contents import Report, report_of
from prompts.experiments.report.formats import FORMATS, file_name
from prompts.experiments.report.jsonl import ReportError, loads
from prompts.experiments.report.taking_in import is_report_file
from prompts.experiments.report.zip import KIND, as_zip
from providers.pictures import Picture
from tests.pictures import picture
from tests.prompts.experiments.asked_cells import asked

LARGE, OTHER = picture("PNG", (800, 600)), picture("JPEG", (640, 640))
CONTENTS = {sha256(each).hexdigest(): each for each in (LARGE, OTHER)}
DRAWN = [
    Picture(sha256(data).hexdigest(), kind, *size, kind, len(data))
    for data, kind, size in ((LARGE, "image/png", (800, 600)), (OTHER, "image/jpeg", (640, 640)))
]


def drawn() -> Report:
    """Two cases by two models: the first case drew the same picture twice, the other another one."""
    experiment, cells = asked("+ +", "+ +")
    made = [
        replace(cell, completion=replace(cell.completion, pictures=(DRAWN[cell.cell.case],)))
        for cell in cells
        if cell.completion
    ]
    return report_of(experiment, made, picture=CONTENTS.get)


def opened(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_each_picture_is_a_file_once_and_named_by_what_it_is_of() -> None:
    found = opened(b"".join(as_zip(drawn())))
    files = [name for name in found if name.startswith("pictures/")]
    assert [re.sub("case-([12]).*repeat-1", r"case-\1", name) for name in files] == [
        "pictures/0001-case-1.png", "pictures/0002-case-2.jpg",
    ]  # fmt: skip
    assert [found[name] for name in files] == [LARGE, OTHER]
    assert set(found) == {*files, "report.html", "experiment.jsonl"}
    assert file_name(drawn(), "Zip with pictures").endswith("-with-pictures.zip")


def test_the_page_shows_them_small_and_opens_them_whole() -> None:
    found = opened(b"".join(as_zip(drawn())))
    page = found["report.html"].decode()
    assert set(re.findall("<a href='(pictures/[^']+)'><img", page)) == set(found) - {"report.html", "experiment.jsonl"}
    shown = [
        Image.open(io.BytesIO(b64decode(each))) for each in re.findall("src='data:image/webp;base64,([^']+)'", page)
    ]
    assert [image.size for image in shown] == [(320, 240), (320, 240), (320, 320), (320, 320)]


def test_the_zip_reads_back_as_the_lines_alone_do() -> None:
    report = drawn()
    data = b"".join(as_zip(report))
    source = unpacked(io.BytesIO(data), len(data), KIND)
    lines = source.lines().readline
    zipped = loads(b"".join(iter(lambda: lines(1 << 20), b"")), source.beside)
    assert zipped == loads(FORMATS["JSON Lines"].make(report))
    assert len(zipped[2]) == 2


def test_lines_without_their_pictures_are_refused() -> None:
    lines = opened(b"".join(as_zip(drawn())))["experiment.jsonl"]
    with pytest.raises(ReportError, match="is not beside it; import the whole zip"):
        loads(lines)


def test_a_picture_without_room_is_named_and_stays_small_in_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_zip, "MOST_BYTES", len(LARGE))
    found = opened(b"".join(as_zip(drawn())))
    assert len([name for name in found if name.startswith("pictures/")]) == 1
    page = found["report.html"].decode()
    assert page.count("<img") == 4
    assert "Left out for lack of space: 2 pictures" in page
    entries = [
        each
        for line in found["experiment.jsonl"].splitlines()[1:]
        for each in json.loads(line)["completion"]["pictures"]
    ]
    assert sorted("file" in each for each in entries) == [False, False, True, True]


def test_a_picture_that_cannot_be_read_is_said_and_the_rest_comes() -> None:
    report = replace(drawn(), picture={**CONTENTS, DRAWN[0].sha256: LARGE[:40]}.get)
    found = opened(b"".join(as_zip(report)))
    assert found["report.html"].decode().count("cannot be read just now") == 2
    assert [data for name, data in found.items() if name.startswith("pictures/")] == [OTHER]


def test_one_picture_at_a_time_is_in_memory() -> None:
    asked_for = list[str]()

    def content(digest: str) -> bytes | None:
        asked_for.append(digest)
        return CONTENTS.get(digest)

    pieces = as_zip(replace(drawn(), picture=content))
    assert LARGE in next(pieces)
    assert len(asked_for) == 1, "the first picture is on its way before the next is read"


@pytest.mark.parametrize(("members", "is_one"), [(["experiment.jsonl"], True), (["collate.jsonl"], False)])
def test_a_zip_is_known_by_the_lines_in_it(members: list[str], is_one: bool) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in members:
            archive.writestr(name, b"{}")
    file.seek(0)
    assert is_report_file(file) is is_one
    assert file.tell() == 0
    assert not is_report_file(io.BytesIO(file.getvalue()[:30]))
