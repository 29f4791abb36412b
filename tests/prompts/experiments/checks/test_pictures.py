"""Checks of pictures as a table, and what checks say of answers that are not of their kind."""

from __future__ import annotations

from typing import Any

import pytest

from prompts.experiments.checks.check import Check, CheckError, Subject
from prompts.experiments.checks.kinds import KINDS, judge, look, validate
from providers.pictures import Picture


def drawn(*sizes: tuple[int, int], came: str = "image/png") -> Subject:
    pictures = tuple(Picture("a" * 64, "image/webp", *size, came, 9) for size in sizes)
    return Subject("", draws=True, pictures=pictures)


def check(kind: str, **options: Any) -> Check:
    return Check(f"picture-{kind}", **options)


@pytest.mark.parametrize(
    ("given", "subject", "passed", "reason"),
    [
        (check("size", value="512x256"), drawn((512, 256)), True, "512 × 256."),
        (check("size", value=" 512 × 256 "), drawn((512, 256)), True, "512 × 256."),
        (check("size", value="512x256"), drawn((256, 512)), False, "256 × 512."),
        (check("size", value="512x256"), drawn((512, 256), (8, 8)), False, "8 × 8."),
        (check("aspect", value="16:9"), drawn((1920, 1080)), True, "1920 × 1080 is 1.778, against 1.778."),
        (check("aspect", value="16:9"), drawn((1365, 768)), True, "1365 × 768 is 1.777, against 1.778."),
        (check("aspect", value="16:9"), drawn((1344, 768)), False, "1344 × 768 is 1.75, against 1.778."),
        (check("aspect", value="16:9", tolerance=0.05), drawn((1344, 768)), True,
         "1344 × 768 is 1.75, against 1.778 ± 0.05."),
        (check("aspect", value="1.5"), drawn((1536, 1024)), True, "1536 × 1024 is 1.5, against 1.5."),
        (check("aspect", value="1:1", tolerance=0), drawn((512, 511)), False, "512 × 511 is 1.002, against 1 ± 0."),
        (check("type", values=("png", "webp")), drawn((8, 8)), True, "It came as png."),
        (check("type", values=("jpg",)), drawn((8, 8), came="image/jpeg"), True, "It came as jpeg."),
        (check("type", values=("webp",)), drawn((8, 8)), False, "It came as png."),
        (check("size", value="8x8", negated=True), drawn((8, 8)), False, "8 × 8."),
        (check("size", value="8x8"), Subject("", "filtered", draws=True), False,
         "No picture came: the answer ended as filtered."),
    ],
)  # fmt: skip
def test_what_each_finds(given: Check, subject: Subject, passed: bool, reason: str) -> None:
    validate(given)
    found = look(subject, given, {})
    assert (found.passed, found.reason) == (passed, reason)


def test_every_check_of_pictures_is_tried_above() -> None:
    tried = {row[0].kind for row in test_what_each_finds.pytestmark[0].args[1]}  # type: ignore[attr-defined]
    assert {name for name, kind in KINDS.items() if kind.looks_at == "picture"} == tried


def test_a_check_that_does_not_apply_says_why_and_neither_passes_nor_fails() -> None:
    checks = (Check("contains", "cat"), check("size", value="8x8"))
    on_text = judge(checks, Subject("A cat."), {})
    assert (on_text.passed, on_text.findings[1].passed) == (True, None)
    assert on_text.findings[1].reason == "It looks at pictures, and this answer is text."
    on_picture = judge(checks, drawn((8, 8)), {})
    assert (on_picture.passed, on_picture.findings[0].passed) == (True, None)
    assert on_picture.findings[0].reason == "It looks at text, and this answer is a picture."
    assert judge(checks[:1], drawn((8, 8)), {}).passed is None


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (check("size", value="large"), "“large” is not a size; write width x height in pixels, such as 1024x1024."),
        (check("size", value="0x8"), "“0x8” is not a size"),
        (check("aspect", value="wide"), "“wide” is not an aspect ratio; write width:height, such as 16:9."),
        (check("aspect", value="16:0"), "“16:0” is not an aspect ratio"),
        (check("aspect", value="1:1", tolerance=-1), "A tolerance must not be negative."),
        (check("type", values=("svg",)), "“svg” is not a type of picture; there are png, jpeg, webp, gif."),
    ],
)
def test_what_is_refused_beforehand(given: Check, sentence: str) -> None:
    with pytest.raises(CheckError) as caught:
        validate(given)
    assert sentence in str(caught.value)


def test_each_case_may_have_its_own_size() -> None:
    found = look(drawn((8, 4)), check("size", value="{{size}}"), {"size": "8x4"})
    assert found.passed is True
    assert "is not a size" in look(drawn((8, 4)), check("size", value="{{size}}"), {"size": "big"}).reason
