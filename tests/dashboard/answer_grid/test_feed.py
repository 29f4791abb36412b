"""What one viewer is sent of an answer, and from where on."""

from __future__ import annotations

import json
import re
from typing import get_args

import pytest

from dashboard.answer_grid.feed import Board, Change, Viewer, _common
from dashboard.answer_grid.protocol import TONES
from prompts.core.answer import LIVE
from prompts.core.format import STATES
from providers.completion import State
from tests.dashboard.answer_grid.viewed import Column, Run, Screen, Trouble, look, still

TEXT = "# Tïtle 😀\n\nSome **bold** text.\n\n1. one\n\n2. two 😀😀\n\n```py\nx = 1\n\ny = '😀'\n```\n\nThe end 😀."


def test_a_viewer_sees_the_answer_grow_to_the_whole() -> None:
    column = Column()
    viewer, screen = Viewer(Board(Run([column]), still)), Screen(1)
    sent = 0
    for character in TEXT:
        column.text_parts.append(character)
        change, _ = viewer.changes(0)
        sent += len(json.dumps(change))
        screen.apply(change)
    column.status = "complete"
    look(viewer, screen)
    whole = Screen(1)
    look(Viewer(Board(Run([column]), still)), whole)
    assert screen.html() == whole.html()
    assert screen.columns[0]["tail"] == ""
    assert screen.columns[0]["head"]["label"] == "Complete"


def test_nothing_is_sent_when_nothing_is_new() -> None:
    viewer = Viewer(Board(Run([Column(text_parts=["a"])]), still))
    assert viewer.changes(0)[0] is not None
    assert viewer.changes(0) == (None, False)


def test_a_long_tail_costs_its_new_characters_only() -> None:
    column = Column(text_parts=["```\n"])
    viewer = Viewer(Board(Run([column]), still))
    sent = 0
    for number in range(500):
        column.text_parts.append(f"line {number}\n")
        sent += len(json.dumps(viewer.changes(0)[0]))
    assert sent < 20 * sum(map(len, column.text_parts))


@pytest.mark.parametrize("at", range(0, len(TEXT), 7))
def test_a_viewer_resumes_where_it_was(at: int) -> None:
    column = Column(text_parts=[TEXT[:at]], thinking_parts=["hm, "])
    run = Run([column])
    board, screen = Board(run, still), Screen(1)
    first = Viewer(board)
    look(first, screen)
    column.text_parts.append(TEXT[at:])
    column.thinking_parts.append("yes")
    column.status = "complete"
    blocks_before = len(screen.columns[0]["blocks"])
    again = Viewer(Board(run, still), first.cursor)  # the first board may have gone
    change, _ = again.changes(0)
    screen.apply(change)
    whole = Screen(1)
    look(Viewer(Board(run, still)), whole)
    assert screen.html() == whole.html()
    assert screen.columns[0]["thinking"] == "hm, yes"
    assert "reset" not in (change or {})
    assert len((change or {}).get("blocks", [])) == len(whole.columns[0]["blocks"]) - blocks_before


def test_a_resumed_viewer_is_told_that_the_tail_it_shows_is_gone() -> None:
    column = Column(text_parts=["```\na\n```\n"])
    change, _ = Viewer(Board(Run([column]), still), "0.1.0").changes(0)
    assert change is not None
    assert change["tail"] == (0, "")


@pytest.mark.parametrize("cursor", ["", "x", "0.0.0,0.0.0", "0.99.0", "7.0.0", "0.-1.0", "0.0", "9" * 5000])
def test_a_cursor_that_does_not_fit_starts_over(cursor: str) -> None:
    viewer = Viewer(Board(Run([Column(text_parts=["a\n\nb"], status="complete")]), still), cursor)
    change, _ = viewer.changes(0)
    assert change is not None
    assert change["reset"]
    assert len(change["blocks"]) == 2


def test_a_new_attempt_starts_over() -> None:
    column = Column(text_parts=["old\n\nold"], status="complete")
    viewer, screen = Viewer(Board(Run([column]), still)), Screen(1)
    look(viewer, screen)
    column.text_parts, column.status = ["new"], "streaming"
    column.attempt = 1
    look(viewer, screen)
    assert screen.html() == "<p>new</p>\n"
    assert screen.columns[0]["head"]["live"]


def test_a_final_status_is_told_with_the_last_text() -> None:
    column = Column(text_parts=["word " * 5000], status="complete")
    viewer = Viewer(Board(Run([column]), still))
    change, more = viewer.changes(0)
    assert more
    assert change is not None
    assert change["head"]["live"]
    while more:
        change, more = viewer.changes(0)
    assert change is not None
    assert not change["head"]["live"]


def test_thinking_is_said_while_there_is_no_answer() -> None:
    column = Column(thinking_parts=["hm"])
    viewer, screen = Viewer(Board(Run([column]), still)), Screen(1)
    look(viewer, screen)
    assert screen.columns[0]["head"]["label"] == "Thinking"
    column.text_parts.append("a")
    look(viewer, screen)
    assert screen.columns[0]["head"]["label"] == "Answering"


def test_an_open_block_that_is_dear_to_draw_is_drawn_less_often() -> None:
    now = 0.0

    def clock() -> float:
        nonlocal now
        now += 0.005  # each look at the clock is 5 ms on, so each drawing costs 5 ms
        return now

    column = Column()
    viewer = Viewer(Board(Run([column]), clock))
    drawn = 0
    for _ in range(100):
        column.text_parts.append("a")
        drawn += "tail" in (viewer.changes(0)[0] or {})
    assert 2 <= drawn <= 5


def test_two_viewers_share_one_drawing() -> None:
    column = Column(text_parts=["a\n\nb"])
    board = Board(Run([column]), still)
    one, _ = Viewer(board).changes(0)
    two, _ = Viewer(board).changes(0)
    assert one is not None
    assert two is not None
    assert one["blocks"][0] is two["blocks"][0]


def test_every_state_has_its_words() -> None:
    assert set(get_args(State)) | LIVE == set(TONES) == set(STATES)


@pytest.mark.parametrize(
    ("a", "b", "n"), [("", "", 0), ("a", "", 0), ("abc", "abd", 2), ("abc", "abcd", 3), ("x", "y", 0)]
)
def test_the_common_beginning(a: str, b: str, n: int) -> None:
    assert _common(a, b) == n


def test_earlier_turns_come_once_and_before_the_answer() -> None:
    column = Column(text_parts=["now"], earlier=(("user", "**why**"), ("assistant", "**so**")))
    viewer, seen = Viewer(Board(Run([column]), still)), list[Change]()
    for n in range(4):
        change, _ = viewer.changes(0)
        seen += [change] if change else []
        column.note = f"head {n}"
    first, *others = seen
    assert first["reset"]
    assert first["earlier"] == [
        ("You", '<pre class="plain">**why**</pre>\n'), ("Answer", "<p><strong>so</strong></p>\n"),
    ]  # fmt: skip
    assert first["tail"] == (0, "<p>now</p>\n")
    assert ["earlier" in change for change in others] == [False, False]


def test_a_mark_is_part_of_the_head() -> None:
    change, _ = Viewer(Board(Run([Column(mark="differs: seed 4")]), still)).changes(0)
    assert change is not None
    assert change["head"]["mark"] == "differs: seed 4"


def test_no_name_or_sentence_of_others_turns_what_our_own_words_beside_it_say() -> None:
    turning = "m\u202emoc.knab \u2066"
    column = Column(
        title=turning, subtitle=f"x:{turning} → evil.example", mark=turning, note=turning,
        figures=(("model", turning, turning),), problem=Trouble(turning, turning),
    )  # fmt: skip
    screen = Screen(1)
    look(Viewer(Board(Run([column]), still)), screen)
    head = screen.columns[0]["head"]
    assert head["subtitle"] == "x:m<U+202E>moc.knab <U+2066> → evil.example"
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", json.dumps(head, ensure_ascii=False))
