"""Open WebUI's block of thinking: where it opens, and what its lines say."""

import pytest

from providers.measuring.thinking_block import line_in, opened

TAG = '<details type="reasoning" done="true" duration="3">'
SUMMARY = "<summary>Thought for 3 seconds</summary>\n"


@pytest.mark.parametrize("tag", [TAG, "<details type=reasoning>", "<details open type='reasoning'>"])
@pytest.mark.parametrize("between", ["", "\n"])
@pytest.mark.parametrize("summary", ["", SUMMARY])
def test_it_is_open_where_the_thinking_begins_and_not_before(tag: str, between: str, summary: str) -> None:
    begun = tag + between + summary
    assert opened(begun + "Hm") == len(begun)
    assert [opened(begun[:length]) for length in range(len(begun) + 1)] == [0] * (len(begun) + 1)


@pytest.mark.parametrize(
    "text",
    ["Hm", "<detail>", "<details>", '<details type="tool_calls">', '<details type="reasonings">', "<detailstype="],
)
def test_anything_else_does_not_open_it(text: str) -> None:
    assert opened(text) is None


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("> Hm, 2 < 3.\nLet", ("Hm, 2 < 3.\n", 13, False)),
        ("&gt; 2 &lt; 3\n", ("2 < 3\n", 14, False)),
        ("> > a quote\n", ("> a quote\n", 12, False)),
        (">\n", ("\n", 2, False)),
        ("bare\n", ("bare\n", 5, False)),
        ("> Hm.</details>\nYes", ("Hm.", 16, True)),
        ("> I write </details> last.\n", ("I write </details> last.\n", 27, False)),
        ("</details>Yes", ("", 10, True)),
        ("> Hm", None),
    ],
)
def test_a_line_is_what_was_thought(text: str, line: tuple[str, int, bool] | None) -> None:
    assert line_in(text, final=False) == line


def test_what_is_left_at_the_end_is_a_line_too() -> None:
    assert line_in("> Hm", final=True) == ("Hm", 4, False)
