"""A prompt beside the windows of well-known models."""

from __future__ import annotations

from dashboard.how_it_works.context_windows import ESTIMATE, Length, as_html, windows


def test_the_built_in_models_are_counted_and_the_others_estimated() -> None:
    rows = windows(Length.of("What is a class?"))
    assert [(row.label, row.tokens, row.prompt_tokens) for row in rows if row.counted] == [
        ("Built-in ngram-2", 1, 5), ("Built-in ngram-3", 2, 5), ("Built-in ngram-4", 3, 5),
    ]  # fmt: skip
    hosted = [row for row in rows if not row.counted]
    assert {row.prompt_tokens for row in hosted} == {4}
    assert {"GPT-4o", "Claude Sonnet 5.5"} <= {row.label for row in hosted}


def test_the_smallest_window_comes_first() -> None:
    sizes = [row.tokens for row in windows(Length.pages(1))]
    assert sizes == sorted(sizes)


def test_a_book_does_not_fit_everywhere_and_that_is_said() -> None:
    rows = windows(Length.pages(300))
    assert Length.pages(300).estimated_tokens == 225_000
    assert {row.label: row.share > 1 for row in rows}["GPT-4o"]
    made = as_html(rows)
    assert "does not fit" in made
    assert "sees the last 3 words" in made
    assert "about 86 %" in made  # of Mistral Medium's 262,144


def test_an_estimate_says_that_it_is_one() -> None:
    assert ESTIMATE in as_html(windows(Length.of("x" * 400)))


def test_an_empty_prompt_fills_nothing() -> None:
    assert {row.share for row in windows(Length.of(""))} == {0.0}
