from __future__ import annotations

import random
import unicodedata
from itertools import pairwise

import pytest

from prompts.analysis.diff import BUDGET, Difference, difference, longest_common
from tests.counting import calls

ALPHABETS = {
    "words": ["the", "cat", "sat", " ", " ", "\n", "\n\n", ".", ", ", "```\n", "- ", "\t", "\r\n"],
    "chinese": [*"的一是不了人我在有他", "。", "\n"],
    "marks": ["e\u0301", "\u0301", "a", " ", "\n", "नमस्ते", "\u200d", "\u0e33", "ก"],
    "emoji": ["👩‍👩‍👧", "👍🏽", "🇩🇪", "🇫🇷", "🇫", "❤️", "x", " ", "🏽"],
    "halves": ["\ud83d", "\ude00", "a", " "],
}


def base_of(found: Difference) -> str:
    return "".join(piece.text for piece in found.pieces if piece.kind != "inserted")


def other_of(found: Difference) -> str:
    return "".join(piece.text for piece in found.pieces if piece.kind != "deleted")


def marked(base: str, other: str) -> str:
    signs = {"kept": "{}", "deleted": "[-{}]", "inserted": "[+{}]"}
    return "".join(signs[piece.kind].format(piece.text) for piece in difference(base, other).pieces)


@pytest.mark.parametrize("alphabet", ALPHABETS)
@pytest.mark.parametrize("budget", [BUDGET, 30, 0])
def test_both_texts_come_back_exactly(alphabet: str, budget: int) -> None:
    dice = random.Random(alphabet)
    for _ in range(400):
        base = "".join(dice.choices(ALPHABETS[alphabet], k=dice.randrange(40)))
        changed = [dice.choice(ALPHABETS[alphabet]) if dice.random() < 0.3 else c for c in base]
        other = "".join(changed if dice.random() < 0.7 else dice.choices(ALPHABETS[alphabet], k=dice.randrange(40)))
        found = difference(base, other, budget)
        assert base_of(found) == base
        assert other_of(found) == other
        assert all(piece.text for piece in found.pieces)
        assert found.same == (base == other)
        assert found.shared_words <= min(found.base_words, found.other_words)


@pytest.mark.parametrize("alphabet", ["marks", "emoji", "halves"])
def test_no_piece_begins_inside_a_character(alphabet: str) -> None:
    dice = random.Random(alphabet)
    for _ in range(400):
        base, other = ("".join(dice.choices(ALPHABETS[alphabet], k=dice.randrange(30))) for _ in range(2))
        for side, dropped in ((base, "inserted"), (other, "deleted")):
            at = 0
            for piece in difference(base, other).pieces:
                if piece.kind == dropped:
                    continue
                before, after = side[max(0, at - 1) : at], side[at]
                at += len(piece.text)
                assert not before or before == "\n" or unicodedata.category(after)[0] != "M"
                assert not before or before == "\n" or after != "\u200d"
                assert not (before == "\ud83d" and after == "\ude00")


@pytest.mark.parametrize(
    ("base", "other", "shown"),
    [
        ("", "", ""),
        ("", "new", "[+new]"),
        ("old", "", "[-old]"),
        ("the same", "the same", "the same"),
        ("the quick fox", "the slow fox", "the [-quick][+slow] fox"),
        ("one two", "one two three", "one two[+ three]"),
        ("one\ntwo\nthree\n", "one\n2\nthree\n", "one\n[-two][+2]\nthree\n"),
        ("a line\nleft out\nand more", "a line\nand more", "a line\n[-left out\n]and more"),
        ("a\nb\n\nc", "a\n\nc", "a[-\nb]\n\nc"),
        ("wrapped here", "wrapped\nhere", "wrapped[- ][+\n]here"),
        ("It is 12.", "It is 13.", "It is [-12][+13]."),
        ("今天天气很好", "今天天气不好", "今天天气[-很][+不]好"),
        ("cafe\u0301 au lait", "cafe au lait", "[-cafe\u0301][+cafe] au lait"),
        ("ok 👍🏽", "ok 👍🏿", "ok [-👍🏽][+👍🏿]"),
        ("go 🇩🇪🇫🇷", "go 🇩🇪🇪🇸", "go 🇩🇪[-🇫🇷][+🇪🇸]"),
        ("  indented", "indented", "[-  ]indented"),
    ],
)  # fmt: skip
def test_what_is_marked(base: str, other: str, shown: str) -> None:
    assert marked(base, other) == shown


def test_a_line_that_stays_is_kept_though_its_words_stand_elsewhere_too() -> None:
    base = "alpha beta gamma\nbeta gamma delta\nthe end"
    other = "beta gamma delta\nalpha beta gamma\nthe end"
    assert "beta gamma delta\n" in marked(base, other) or "alpha beta gamma\n" in marked(base, other)
    assert marked(base, other).endswith("the end")


def test_a_chance_word_between_two_long_changes_is_not_kept() -> None:
    base = "we went down to the harbour in the evening and looked at ships"
    other = "nobody ever thought about the price of bread before that winter"
    assert marked(base, other) == f"[-{base}][+{other}]"


def test_words_are_counted_without_punctuation() -> None:
    found = difference("One, two: three!", "One; two. Four?")
    assert (found.shared_words, found.base_words, found.other_words) == (2, 3, 3)
    assert found.share == pytest.approx(4 / 6)
    assert difference("...", "!").share is None


def test_a_passage_beyond_the_budget_is_replaced_whole_and_said() -> None:
    base, other = "a b c d e f\nend", "b c d e f g\nend"
    assert difference(base, other).not_compared == 0
    found = difference(base, other, budget=10)
    assert found.not_compared == 1
    assert [(piece.kind, piece.text) for piece in found.pieces] == [
        ("deleted", "a b c d e f"), ("inserted", "b c d e f g"), ("kept", "\nend"),
    ]  # fmt: skip


def lengths_by_table(a: str, b: str) -> int:
    row = [0] * (len(b) + 1)
    for x in a:
        before = row[:]
        for j, y in enumerate(b):
            row[j + 1] = before[j] + 1 if x == y else max(before[j + 1], row[j])
    return row[-1]


def test_the_common_subsequence_is_the_longest() -> None:
    dice = random.Random(3)
    for _ in range(500):
        a, b = ("".join(dice.choices("abcd", k=dice.randrange(12))) for _ in range(2))
        pairs = longest_common(a, b)
        assert all(a[i] == b[j] for i, j in pairs)
        assert all(p[0] < q[0] and p[1] < q[1] for p, q in pairwise(pairs))
        assert len(pairs) == lengths_by_table(a, b)


DICE = random.Random(7)
WORDS = ["".join(DICE.choices("abcdefghijklm", k=DICE.randint(1, 9))) for _ in range(600)]


def prose(words: int) -> str:
    return "\n\n".join(" ".join(DICE.choices(WORDS, k=60)) + "." for _ in range(words // 60))


LONG = prose(2300)  # some 3,000 tokens
HARD = {
    "nothing in common": (LONG, prose(2300)),
    "much in common": (LONG, LONG.replace("a ", "b ")),
    "one line each": (LONG.replace("\n", " "), prose(2300).replace("\n", " ")),
    "equal short lines": ("ab\n" * 3000, "ab\ncd\n" * 1500),
    "equal words": ("a " * 3000, "b a " * 1500),
    "no spaces": tuple("".join(chr(DICE.randint(0x4E00, 0x5000)) for _ in range(4500)) for _ in range(2)),
    "punctuation": (". , " * 1500, ", . " * 1500),
    "one word": ("x" * 12_000, "x" * 11_999 + "y"),
    "spaces": (" " * 12_000, "\n" * 12_000),
}


@pytest.mark.parametrize("kind", HARD)
def test_two_answers_of_3000_tokens_are_compared_whole_whatever_they_have_in_common(kind: str) -> None:
    base, other = HARD[kind]
    found: list[Difference] = []
    work = calls(lambda: found.append(difference(base, other)))
    assert found[0].not_compared == 0
    assert "".join(piece.text for piece in found[0].pieces if piece.kind != "inserted") == base
    assert "".join(piece.text for piece in found[0].pieces if piece.kind != "deleted") == other
    assert work < 60 * (len(base) + len(other))
