"""Page after page of History, held only as far as it is shown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dashboard.history.pages import FRESH_S, MOST_PAGES, first, fresh, how_many, more
from prompts.core.run_summaries import Filter, Page
from tests.dashboard.history.test_rows import LINE

LOOKED_FOR = Filter(words="x")


class Shelf:
    """Runs numbered from the newest, three a page."""

    def __init__(self, runs: int) -> None:
        self.ids = [str(n) for n in range(runs)]
        self.asked: list[str | None] = []

    def read(self, after: str | None) -> Page:
        self.asked.append(after)
        start = 0 if after is None else self.ids.index(after) + 1
        part = self.ids[start : start + 3]
        rest = part[-1] if self.ids[start + 3 :] else None
        return Page(tuple(replace(LINE, id=each) for each in part), rest)


def ids(loaded) -> list[str]:
    return [line.id for line in loaded.lines]


def test_the_next_page_comes_after_the_first() -> None:
    shelf = Shelf(5)
    loaded = first(LOOKED_FOR, shelf.read, 0)
    assert (ids(loaded), loaded.after) == (["0", "1", "2"], "2")
    longer = more(loaded, shelf.read, 0)
    assert (ids(longer), longer.after) == (["0", "1", "2", "3", "4"], None)
    assert more(longer, shelf.read, 0) is longer


def test_what_was_just_read_is_not_read_again() -> None:
    shelf = Shelf(5)
    loaded = first(LOOKED_FOR, shelf.read, 10)
    assert fresh(loaded, shelf.read, 10 + FRESH_S / 2) is loaded
    assert shelf.asked == [None]


def test_what_is_old_is_read_again_as_far_as_it_was_shown() -> None:
    shelf = Shelf(9)
    loaded = more(first(LOOKED_FOR, shelf.read, 0), shelf.read, 0)
    shelf.ids.insert(0, "new")
    again = fresh(loaded, shelf.read, FRESH_S)
    assert ids(again) == ["new", "0", "1", "2", "3", "4"]
    assert again.read_at == FRESH_S


def test_a_list_that_became_shorter_ends_where_it_ends() -> None:
    shelf = Shelf(9)
    loaded = more(first(LOOKED_FOR, shelf.read, 0), shelf.read, 0)
    shelf.ids = ["0"]
    assert ids(fresh(loaded, shelf.read, FRESH_S)) == ["0"]


def test_a_run_that_moved_to_the_next_page_meanwhile_stands_there_once() -> None:
    shelf = Shelf(9)
    loaded = first(LOOKED_FOR, shelf.read, 0)
    shelf.ids = ["0", "1", "new", "2", "3", "4"]
    assert ids(more(replace(loaded, pages=(replace(loaded.pages[0], after="1"),)), shelf.read, 0)) == [
        "0", "1", "2", "new", "3",
    ]  # fmt: skip


def test_the_list_never_holds_more_than_a_few_pages() -> None:
    shelf = Shelf(3 * MOST_PAGES + 2)
    loaded = first(LOOKED_FOR, shelf.read, 0)
    for _ in range(MOST_PAGES - 1):
        loaded = more(loaded, shelf.read, 0)
    assert (len(loaded.lines), loaded.begins) == (3 * MOST_PAGES, None)
    beyond = more(loaded, shelf.read, 0)
    assert (ids(beyond), beyond.begins) == (shelf.ids[-2:], loaded.after)
    assert ids(fresh(beyond, shelf.read, FRESH_S)) == shelf.ids[-2:]


@pytest.mark.parametrize("limited", [True, False])
def test_that_not_all_was_looked_at_is_known(limited: bool) -> None:
    assert first(LOOKED_FOR, lambda _: Page((), None, limited), 0).limited is limited


@pytest.mark.parametrize(
    ("shown", "found", "total", "said"),
    [
        (1, 1, 1, "1 run"), (50, 435, 435, "435 runs, 50 shown"), (3, 3, 435, "3 of 435 runs"),
        (50, 120, 1435, "120 of 1,435 runs, 50 shown"),
    ],
)  # fmt: skip
def test_it_is_said_of_how_many_runs_these_are(shown: int, found: int, total: int, said: str) -> None:
    assert how_many(shown, found, total) == said
