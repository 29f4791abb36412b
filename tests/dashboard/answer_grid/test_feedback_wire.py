"""What a browser may ask of marks, and what is dropped."""

from __future__ import annotations

import pytest

from dashboard.answer_grid.feedback_wire import ColumnMarks, Marks, Notice, Wish, as_data, follow, wishes
from dashboard.feedback.view import Chip


def wish(**more: object) -> dict[str, object]:
    return {"number": 7, "column": 1, "what": "thumb", "value": 1, **more}


@pytest.mark.parametrize(
    ("sent", "heard"),
    [
        (wish(), Wish(7, 1, "thumb", 1)),
        (wish(number=7.0, column=1.0, value=-1.0), Wish(7, 1, "thumb", -1)),
        (wish(what="best", value=0), Wish(7, 1, "best", 0)),
        (wish(what="more", value=0), Wish(7, 1, "more", 0)),
        (wish(what="undo", value=0), Wish(7, 1, "undo", 0)),
    ],
)
def test_a_click_is_heard(sent: object, heard: Wish) -> None:
    assert list(wishes([sent], 2)) == [heard]


@pytest.mark.parametrize(
    "sent",
    [
        wish(column=2), wish(column=-1), wish(column=0.5), wish(column="0"), wish(column=None), wish(column=[]),
        wish(what="delete"), wish(what=None), wish(what=[]), wish(value=2), wish(value="1"), wish(value={}),
        wish(what="best", value=-1), wish(number=None), wish(number=-1), wish(number=1.5), wish(number=float("nan")),
        wish(number=float("inf")), wish(number=10**400), {}, "thumb", None, 7,
    ],
    ids=str,
)  # fmt: skip
def test_what_makes_no_sense_is_dropped_and_the_rest_is_heard(sent: object) -> None:
    assert list(wishes([sent, wish()], 2)) == [Wish(7, 1, "thumb", 1)]


@pytest.mark.parametrize("sent", [None, "x", {"number": 1}, 3])
def test_only_a_list_is_listened_to(sent: object) -> None:
    assert list(wishes(sent, 2)) == []


def test_no_flood_is_listened_to() -> None:
    assert len(list(wishes([wish()] * 100_000, 2))) == 100


def test_clicks_are_followed_in_their_order_and_nobody_listens_without_marks() -> None:
    followed: list[Wish] = []
    marks = Marks([ColumnMarks(), ColumnMarks()], followed.append)
    follow(marks, [wish(), wish(what="best", number=8)])
    follow(None, [wish()])
    assert [each.number for each in followed] == [7, 8]


def test_the_browser_gets_plain_data() -> None:
    columns = [ColumnMarks(1, True, True, [Chip("Best", "Says you.", "best")], {"a1": "A cat"})]
    assert as_data(None) is None
    assert as_data(Marks(columns, print, 5, Notice(9, "Saved.", 1, undo=True))) == {
        "heard": 5,
        "columns": [
            {
                "thumb": 1,
                "best": True,
                "more": True,
                "chips": [("Best", "Says you.", "best")],
                "described": {"a1": "A cat"},
            }
        ],
        "notice": {"number": 9, "text": "Saved.", "column": 1, "undo": True, "failed": False},
    }
