"""Content words."""

import pytest

from prompts.analysis.agreement.words import content, stem


@pytest.mark.parametrize(
    ("words", "stems"),
    [
        ("complete completed completes", "complet"), ("class classes", "class"), ("study studies", "study"),
        ("painted painting paints paint", "paint"), ("quick quickly", "quick"), ("king", "king"), ("use", "use"),
    ],
)  # fmt: skip
def test_endings_are_cut(words: str, stems: str) -> None:
    assert {stem(word) for word in words.split()} == {stems}


def test_small_words_carry_nothing_and_pairs_stand_for_words_without_spaces() -> None:
    assert content("It was the Tower's lift in Café Noir").stems == {"tower", "lift", "café", "noir"}
    assert content("HTTPS and HTTP").stems == {"https", "http"}
    assert content("它高大").stems == {"它高", "高大"}


@pytest.mark.parametrize(
    ("sentence", "denied"),
    [
        ("Lists are hashable", set()), ("Lists aren't hashable", {"hashabl"}),
        ("Lists are never hashable", {"hashabl"}),
        ("Fruits, not vegetables", {"vegetabl"}), ("Not only fruits", set()), ("I think not", {""}), ("它不好", {"不"}),
    ],
)  # fmt: skip
def test_a_negation_is_remembered_with_what_it_denies(sentence: str, denied: set[str]) -> None:
    assert content(sentence).denied == denied


def test_than_tells_the_two_sides_of_a_comparison_apart() -> None:
    assert content("Lists are slower than tuples").stems != content("Tuples are slower than lists").stems
