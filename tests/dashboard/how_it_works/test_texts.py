"""Every section has its text, and every text its section."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboard.how_it_works import texts
from dashboard.how_it_works.layout import SECTIONS

FILES = {file.stem for file in (Path(texts.__file__).parent / "assets").glob("*.md")}


def test_sections_and_texts_go_together() -> None:
    assert {"intro", *SECTIONS} == FILES


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_text_is_short_calm_and_plain(name: str) -> None:
    text = texts.text(name)
    assert 10 < len(text.split()) < 160
    assert "!" not in text
    assert "<" not in text
