"""Whether a prompt was cut, from counts alone: no alarm where it was not, whatever the text."""

import pytest

from providers.adapters.ollama_context import PromptCuts, least_tokens, most_tokens
from providers.interface import Attachment, Message, Request, Settings, Usage

WORDS = "one two three four five six seven eight " * 500  # 4,000 words
LONG = Request.ask("m", WORDS)


def talk(*texts: str, system: str | None = None) -> Request:
    """A conversation of these turns, the user's first."""
    roles = ("user", "assistant")
    messages = tuple(Message(roles[n % 2], text) for n, text in enumerate(texts))
    return Request("m", messages, Settings(system=system))


def judged(request: Request, read: int | None, wrote: int | None, context: int | None) -> bool:
    return PromptCuts().judge(request, Usage(read, wrote), context)


@pytest.mark.parametrize(
    ("read", "wrote", "context", "cut"),
    [
        (4096, 1, 4096, True),  # exactly at the context
        (4095, 200, 4096, True),  # the rest of the answer took the place of the prompt's beginning
        (2050, 100, 4096, True),  # half of it, as llama.cpp cuts: fewer tokens than there are words
        (2050, 100, None, True),
        (26, 100, None, True),
        (5200, 300, 8192, False),
        (5200, 300, None, False),
        (4100, 50, 8192, False),
    ],
)
def test_a_long_prompt_was_cut_where_the_counts_cannot_be_otherwise(
    read: int, wrote: int, context: int | None, cut: bool
) -> None:
    assert judged(LONG, read, wrote, context) == cut


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (" " * 20_000 + "Why?", 30),  # blanks go many to a token
        ("=" * 5_000, 90),
        ("\n\n\n\n" * 1_000 + "x", 80),
        ("東京は日本の首都です。" * 400, 2_400),
        ("서울은 대한민국의 수도입니다 " * 300, 2_000),
        ("x" * 3_000, 400),
        ("word " * 3_000, 3_010),
        ("🌍" * 1_000, 1_000),
    ],
)
def test_text_of_few_tokens_raises_no_false_alarm(text: str, read: int) -> None:
    assert not judged(Request.ask("m", text), read, 10, None)
    assert not judged(Request.ask("m", text), read, 10, 131_072)


def test_what_surely_fits_was_not_cut_whatever_an_old_server_counts() -> None:
    """Before 2024 only what was not in the cache was counted."""
    assert not judged(Request.ask("m", "one two three four five"), 1, 10, 4096)


@pytest.mark.parametrize("usage", [None, Usage(None, 5)])
def test_without_counts_nothing_is_said(usage: Usage | None) -> None:
    assert not PromptCuts().judge(LONG, usage, 4096)


def test_a_picture_takes_room_that_its_text_does_not_show() -> None:
    message = Message("user", "What is it?", (Attachment("a.png", "image/png", b"x"),))
    assert judged(Request("m", (message,)), 4096, 9, 4096)
    assert not judged(Request("m", (message,)), 800, 9, 4096)


def test_a_conversation_that_shrinks_was_cut() -> None:
    """Older turns were dropped: what is left has as many tokens as its words, but fewer than there were before."""
    cuts = PromptCuts()
    first = talk("word " * 600)
    assert not cuts.judge(first, Usage(2_400, 300), None)  # of long words
    after = talk("word " * 600, "answer " * 200, "And then?")
    assert cuts.judge(after, Usage(900, 10), None)
    fresh = PromptCuts()
    assert not fresh.judge(after, Usage(900, 10), None)  # nothing is known of what was before


def test_a_conversation_that_grows_was_not_cut_and_others_do_not_matter() -> None:
    cuts = PromptCuts()
    for model_first, read in ((talk("word " * 600), 2_400), (talk("word " * 600, system="Be brief."), 2_404)):
        assert not cuts.judge(model_first, Usage(read, 300), None)
    assert not cuts.judge(talk("word " * 600, "answer " * 200, "And then?"), Usage(2_620, 10), None)
    assert not cuts.judge(talk("other " * 600, "answer " * 200, "And then?"), Usage(900, 10), None)


def test_memory_of_conversations_is_bounded() -> None:
    cuts = PromptCuts()
    for n in range(2_000):
        cuts.judge(talk(f"question {n}"), Usage(10, 1), None)
    assert len(cuts._read) <= 256


@pytest.mark.parametrize("text", ["", "a", "Hello, world!", "東京", "naïve café", "🌍", "\ud800", "a b\tc\n"])
def test_the_bounds_hold_around_every_text(text: str) -> None:
    request = Request.ask("m", text)
    assert 0 <= least_tokens(request) <= most_tokens(request)
