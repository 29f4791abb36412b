"""Text from models: exact to the character, except for what no database takes."""

import pytest

from providers.measuring.text_gatherer import REPLACEMENT, Gatherer


def gather(*pieces: str) -> tuple[str, bool, int]:
    gatherer = Gatherer()
    given = "".join([*(gatherer.add(piece) for piece in pieces), gatherer.finish()])
    assert given == gatherer.text
    return given, gatherer.repaired, gatherer.size


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "é",
        "日本語",
        "👩‍👩‍👧",
        "a\u2028b\u2029c\u0085d",
        "\x01\x1b[31m\x7f",
        "\ufeffmark",
        "\U0010ffff",
        "\ufffd",
        "\r\n",
    ],
)
def test_storable_text_is_kept_however_it_is_cut(text: str) -> None:
    assert gather(text) == (text, False, len(text.encode()))
    assert gather(*text) == (text, False, len(text.encode()))


@pytest.mark.parametrize(
    ("pieces", "text"),
    [
        (["\ud83c", "\udf0d"], "🌍"),
        (["a\ud83c", "\udf0db"], "a🌍b"),
        (["a\ud83c", "", "\udf0db"], "a🌍b"),
        (["\ud83c\udf0d"], "🌍"),
        (["\ud83c", "\udf0d\ud83c", "\udf0d"], "🌍🌍"),
    ],
)
def test_a_pair_of_surrogates_is_joined_across_deltas(pieces: list[str], text: str) -> None:
    assert gather(*pieces) == (text, False, len(text.encode()))


@pytest.mark.parametrize(
    ("pieces", "text"),
    [
        (["a\x00b"], f"a{REPLACEMENT}b"),
        (["\ud83c"], REPLACEMENT),
        (["\ud83c", "b"], f"{REPLACEMENT}b"),
        (["\ud83c", "\ud83c", "\udf0d"], f"{REPLACEMENT}🌍"),
        (["\udf0d\ud83c"], REPLACEMENT * 2),
        (["é\x00", "\x00"], f"é{REPLACEMENT}{REPLACEMENT}"),
    ],
)
def test_what_cannot_be_stored_is_replaced_and_noted(pieces: list[str], text: str) -> None:
    assert gather(*pieces) == (text, True, len(text.encode()))


def test_a_delta_shows_nothing_of_half_a_character() -> None:
    gatherer = Gatherer()
    assert gatherer.add("a\ud83c") == "a"
    assert gatherer.add("\udf0d") == "🌍"
    assert gatherer.finish() == ""


def test_the_gathered_text_is_always_utf8() -> None:
    for first in ("a", "\ud83c", "\udf0d", "\x00", ""):
        for second in ("b", "\ud83c", "\udf0d", "\x00", ""):
            text = gather(first, second)[0]
            assert text.encode().decode() == text
