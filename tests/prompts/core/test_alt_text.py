"""What is read in place of a picture: words that somebody wrote, else only what is known."""

from __future__ import annotations

from prompts.core.alt_text import LONGEST, alt_text


def test_without_a_description_nothing_is_said_of_what_is_to_be_seen() -> None:
    assert alt_text("GPT Image 2", "A  red\ncat") == "Picture by GPT Image 2 for the prompt: A red cat"
    assert alt_text("GPT Image 2", "") == "Picture by GPT Image 2 for the prompt: —"
    assert alt_text("GPT Image 2", "x" * 999).endswith("x…")
    assert len(alt_text("", "x" * 999)) == len("Picture by  for the prompt: ") + LONGEST


def test_what_somebody_wrote_stands_alone() -> None:
    assert alt_text("GPT Image 2", "A red cat", "A fox") == "A fox"
