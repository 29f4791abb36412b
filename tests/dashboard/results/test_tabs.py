"""Which views a run has: of pictures only those that say something of pictures."""

from __future__ import annotations

from uuid import uuid4

import pytest

from dashboard.results.tabs import AGREEMENT, SHEET, TABLE, THEN_NOW, _views
from prompts.core.plan import Link, Relation
from prompts.core.targets import Target
from providers.interface import Settings
from providers.pictures import PictureSettings
from tests.runs import answer_of, run_of

DRAW, WRITE = Settings(picture=PictureSettings()), Settings()


def views(settings: Settings, relation: Relation | None = None, repeats: int = 1) -> tuple[str, ...]:
    link = Link(relation, str(uuid4())) if relation else None
    answers = [answer_of(Target("builtin", "shapes", settings), n, 0, n) for n in range(repeats)]
    return _views(run_of("A cat?", answers, link=link))


@pytest.mark.parametrize(
    ("relation", "repeats", "shown"),
    [
        (None, 1, (TABLE,)), (None, 4, (TABLE, SHEET)), ("again", 1, (THEN_NOW, TABLE)),
        ("edits", 4, (THEN_NOW, TABLE, SHEET)), ("continues", 1, (TABLE,)),
    ],
)  # fmt: skip
def test_pictures_are_looked_at_beside_their_repeats_and_their_earlier_run(
    relation: Relation | None, repeats: int, shown: tuple[str, ...]
) -> None:
    assert views(DRAW, relation, repeats) == shown


def test_texts_have_all_views_and_are_beside_an_earlier_run_only_when_they_repeat_it() -> None:
    assert AGREEMENT in views(WRITE)
    assert SHEET not in views(WRITE, repeats=4)
    assert (views(WRITE, "again")[0], views(WRITE, "edits")[0]) == (THEN_NOW, TABLE)
