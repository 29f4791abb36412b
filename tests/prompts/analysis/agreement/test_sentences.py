"""Where sentences end."""

import pytest

from prompts.analysis.agreement.sentences import split


@pytest.mark.parametrize(
    ("paragraph", "parts"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("Dr. Smith paid 3.5 dollars. He left.", ["Dr. Smith paid 3.5 dollars.", "He left."]),
        ("It ended at 5 p.m. Then we slept.", ["It ended at 5 p.m.", "Then we slept."]),
        ("J. R. R. Tolkien, e.g. in No. 5, wrote.", ["J. R. R. Tolkien, e.g. in No. 5, wrote."]),
        ("She said no. He left.", ["She said no.", "He left."]),
        ("He said \"Yes.\" She left.", ['He said "Yes."', "She left."]),
        ("Wait... what? approx. five", ["Wait... what? approx. five"]),
        ("Er fiel am 9. November 1989. Dann kam der 2. Oktober.",
         ["Er fiel am 9. November 1989.", "Dann kam der 2. Oktober."]),
        ("Hooks are new. useState returns a pair.", ["Hooks are new.", "useState returns a pair."]),
        ("1. The first", ["1. The first"]),
        ("这是一个句子。另一个！好", ["这是一个句子。", "另一个！", "好"]),
        ("هل هذا؟ نعم.", ["هل هذا؟", "نعم."]),
        ("यह एक है। दूसरा", ["यह एक है।", "दूसरा"]),
        ("", []),
    ],
)  # fmt: skip
def test_a_paragraph_is_cut_where_a_sentence_surely_ends(paragraph: str, parts: list[str]) -> None:
    assert list(split(paragraph)) == parts
