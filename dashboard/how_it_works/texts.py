"""The texts of the page, one file a section. They are our own, so Streamlit may read their Markdown."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).with_name("assets")


@cache
def text(section: str) -> str:
    """The Markdown of one section."""
    return (_FOLDER / f"{section}.md").read_text(encoding="utf-8")
