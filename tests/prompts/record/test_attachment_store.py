"""Files that were sent along: one that a model drew is kept once, among the pictures."""

from __future__ import annotations

from hashlib import sha256

import pytest
import sqlalchemy as sa

from prompts.record import attachment_store, picture_store
from prompts.record.database import writing
from prompts.record.schema import attachments
from tests.pictures import picture

DRAWN, OTHER = picture("PNG", (20, 10)), b"a text"
DIGEST, NAME = (sha256(each).hexdigest() for each in (DRAWN, OTHER))


def kept(connection: sa.Connection) -> set[str]:
    return set(connection.scalars(sa.select(attachments.c.sha256)))


def test_what_is_there_as_a_picture_is_not_kept_again(engine: sa.Engine) -> None:
    with writing(engine).begin() as connection:
        picture_store.put(connection, {DIGEST: DRAWN})
        assert attachment_store.put(connection, {DIGEST: DRAWN, NAME: OTHER}) == 1
        assert attachment_store.put(connection, {DIGEST: DRAWN, NAME: OTHER}) == 0
        assert kept(connection) == {NAME}
        assert attachment_store.contents(connection, [DIGEST, NAME, "0" * 64]) == {DIGEST: DRAWN, NAME: OTHER}
        assert attachment_store.contents(connection, []) == {}


def test_a_picture_takes_the_place_of_what_was_sent_along_before(engine: sa.Engine) -> None:
    with writing(engine).begin() as connection:
        attachment_store.put(connection, {DIGEST: DRAWN})
        picture_store.put(connection, {DIGEST: DRAWN})
        assert kept(connection) == set()
        assert attachment_store.contents(connection, [DIGEST]) == {DIGEST: DRAWN}


@pytest.mark.parametrize(("named", "left"), [({DIGEST}, {DIGEST: DRAWN}), (set(), {})])
def test_a_picture_stays_while_a_message_names_it(engine: sa.Engine, named: set[str], left: dict[str, bytes]) -> None:
    with writing(engine).begin() as connection:
        picture_store.put(connection, {DIGEST: DRAWN})
        assert picture_store.drop_unused(connection, named) == 1 - len(left)
        assert attachment_store.contents(connection, [DIGEST]) == left
