"""Thinking between tags in the answer text: what is thinking, what only speaks of it, wherever the pieces are cut."""

import pytest

from providers.interface import Delta, Moved
from providers.measuring.thinking_tags import ThinkingTags


def split(*pieces: str) -> tuple[str, str, bool]:
    """Thinking, answer, and whether anything was found in tags."""
    thinking, answer = [], []

    def take(found) -> None:
        for piece in found:
            if isinstance(piece, Moved):
                thinking.extend(answer)
                answer.clear()
            else:
                (answer if piece.kind == "text" else thinking).append(piece.text)

    tags = ThinkingTags(lambda: "".join(answer))
    for piece in pieces:
        take(tags.read(piece) if tags.wakes(piece) else [Delta("text", piece)])
    take(tags.read("", final=True))
    return "".join(thinking), "".join(answer), tags.found


THOUGHT = [
    "<think>{}</think>\n\n{}", "<think>\n{}\n</think>{}", "\n\n<think>{}</think> {}", "<thinking>{}</thinking>\n{}",
    "<thought>{}</thought>\n{}", "<thoughts>{}</thoughts>\n{}", "<reasoning>{}</reasoning>\n{}",
    "<THINK>{}</THINK>\n{}", '<think time="3">{}</think>\n{}', "[THINK]{}[/THINK]{}", "◁think▷{}◁/think▷{}",
    "<seed:think>{}</seed:think>{}", "<mm:think>{}</mm:think>\n\n{}", "<think>{}</thinking>\n{}",
    "<|begin_of_thought|>{}<|end_of_thought|>\n<|begin_of_solution|>{}<|end_of_solution|>",
    "<|START_THINKING|>{}<|END_THINKING|><|START_RESPONSE|>{}<|END_RESPONSE|>",
    "<unused94>thought{}<unused95>{}", "<|channel>thought{}<channel|>{}",
    "<|channel|>analysis<|message|>{}<|end|><|start|>assistant<|channel|>final<|message|>{}<|return|>",
    "<|start|>assistant<|channel|>analysis<|message|>{}<|channel|>final<|message|>{}",
    "{}</think>\n\n{}", "{}\n</think>\n{}", "{}</think>{}", "{} </think>\n\n{}", "{}[/THINK]{}",
    "{}</reasoning>\n\n{}", "{}◁/think▷{}", "<think></think>\n{}{}", "</think>\n\n{}{}",
    "analysis{}assistantfinal{}",
    '<details type="reasoning" done="true" duration="3">\n<summary>Thought</summary>\n> {}\n</details>\n{}',
    '\n<details open type=reasoning>\n{}\n</details>{}',
]  # fmt: skip
HM, ANSWER = "Hm, 2 < 3. Let me see.", "It is **4**, a[0] < b."


@pytest.mark.parametrize("form", THOUGHT)
@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_thinking_in_tags_is_thinking_wherever_it_is_cut(form: str, size: int) -> None:
    empty = form.count("{}{}")
    text = form.format("" if empty else HM, ANSWER)
    thinking, answer, found = split(*(text[i : i + size] for i in range(0, len(text), size)))
    assert (thinking.strip().removeprefix("analysis"), answer, found) == ("" if empty else HM, ANSWER, True)


@pytest.mark.parametrize(
    "text",
    [
        "Plain.",
        "  An indented beginning.",
        '```html\n<details type="reasoning" done="true">\nhm\n</details>\n```\nThat is the format.',
        "<details><summary>More</summary>\nit is 4\n</details>\nThat is all.",
        '<details type="tool_calls" done="true">\n<summary>Executed</summary>\n</details>\nThat is all.',
        "<details",
        '<details type="reasoning"',
        "<html><body>a page</body></html>",
        "<thesis>is no tag</thesis>",
        "[1] a list, [think again] and [/x]",
        "<think> is a tag that some models write, and </think> closes it.",
        "<think> and </think> are tags.",
        "Models wrap their thoughts in <think> and </think>\n\nThen they answer.",
        "The model closes its thinking with </think> and then answers.",
        "It ends with `</think>`\n\nand goes on.",
        'It ends with "</think>"\n\nand goes on.',
        "```\nhm\n</think>\n\nanswer\n```\nThat is the format.",
        "`a </think> b`, says the manual.",
        "The tag is </think>.",
        "In the middle <think>of it</think> stands a pair.",
        "a < b and c</think",
        "analysis of the matter: assistantfinal is no word.",
        "<",
        "",
    ],
)
@pytest.mark.parametrize("size", [1, 4, 1000])
def test_text_that_only_speaks_of_tags_is_left_alone(text: str, size: int) -> None:
    assert split(*(text[i : i + size] for i in range(0, len(text), size))) == ("", text, False)


@pytest.mark.parametrize(
    "text", ["<think>Let me", "<think>Let me</thi", "<think>", "<|channel|>analysis<|message|>Let"]
)
def test_a_tag_that_is_never_closed_leaves_no_answer(text: str) -> None:
    thinking, answer, found = split(*text)
    assert (answer, found) == ("", True)
    assert text.endswith(thinking)


def test_thinking_may_come_twice_before_the_answer() -> None:
    assert split("<think>a</think>\n<think>b</think>\nc") == ("ab", "c", True)


def test_a_word_in_quotes_does_not_end_the_thinking() -> None:
    assert split("<think>I write `</think>` last.</think>4")[:2] == ("I write `</think>` last.", "4")


def test_a_plain_answer_is_hardly_looked_at() -> None:
    tags = ThinkingTags(str)
    list(tags.read("Hello"))
    assert not any(map(tags.wakes, [" there", " 2 > 1", "!"]))
