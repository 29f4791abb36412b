"""Content words."""

import pytest

from prompts.analysis.agreement.words import exclude, stem, words


@pytest.mark.parametrize(
    ("words", "stems"),
    [
        ("complete completed completes", "complet"), ("class classes", "class"), ("study studies", "study"),
        ("painted painting paints paint", "paint"), ("quick quickly", "quick"), ("king", "king"), ("use", "use"),
    ],
)  # fmt: skip
def test_endings_are_cut(words: str, stems: str) -> None:
    assert {stem(word) for word in words.split()} == {stems}


def stems(sentence: str) -> set[str]:
    return {word.stem for word in words(sentence)[0]}


def test_small_words_carry_nothing_and_pairs_stand_for_words_without_spaces() -> None:
    assert stems("It was the Tower's lift in Café Noir") == {"tower", "lift", "café", "noir"}
    assert stems("HTTPS and HTTP") == {"https", "http"}
    assert stems("它的高大") == {"它高", "高大", "大"}
    assert stems("フルマラソンの距離はJR駅から") == {"フルマラソン", "距離", "離", "jr", "駅"}
    assert stems("L'employeur n’est pas la cause d'un retard") == {"employeur", "caus", "retard"}


def test_a_word_says_where_it_stands() -> None:
    assert [(word.stem, word.start) for word in words("The old tower")[0]] == [("old", 4), ("tower", 8)]


@pytest.mark.parametrize(
    ("sentence", "places"),
    [
        ("Lists are hashable", ()), ("Lists aren't hashable", (6,)), ("Lists are never hashable", (10,)),
        ("Fruits, not vegetables", (8,)), ("Not only fruits", ()), ("I think not", (8,)), ("它不好", (1,)),
        ("Nicht nur Obst", ()), ("La moka senza sapone", (8,)),
        ("Linked instead of copied", (7,)), ("Use a link instead", ()), ("Statt zu kopieren", (0,)),
    ],
)  # fmt: skip
def test_it_is_told_where_a_sentence_denies(sentence: str, places: tuple[int, ...]) -> None:
    assert words(sentence)[1] == places


def test_than_tells_the_two_sides_of_a_comparison_apart() -> None:
    assert stems("Lists are slower than tuples") != stems("Tuples are slower than lists")


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("safe", "unsafe", True), ("rises", "falls", True), ("increased", "declines", True), ("medium", "high", True),
        ("possible", "impossible", True), ("sicher", "unsicher", True), ("basso", "alto", True), ("more", "less", True),
        ("augmente", "diminue", True), ("permitido", "prohibido", True), ("north", "south", True),
        ("rises", "increases", False), ("safe", "rises", False), ("old", "gold", False),
    ],
)  # fmt: skip
def test_words_that_exclude_each_other(one: str, other: str, expected: bool) -> None:
    assert exclude(stem(one), stem(other)) is expected
    assert exclude(stem(other), stem(one)) is expected
