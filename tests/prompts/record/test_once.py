"""Said once in a transaction, and anew in the next or after it has changed."""

from __future__ import annotations

import sqlalchemy as sa

from prompts.record.once import forget, once


def test_a_thing_is_done_once_in_a_transaction_and_anew_in_the_next():
    engine, done = sa.create_engine("sqlite://"), list[str]()

    def work() -> int:
        done.append("done")
        return len(done)

    with engine.begin() as connection:
        assert [once(connection, "it", work), once(connection, "it", work)] == [1, 1]
        assert once(connection, "another", work) == 2
        forget(connection, "it")
        assert once(connection, "it", work) == 3
    with engine.begin() as connection:
        assert once(connection, "it", work) == 4
    engine.dispose()


def test_before_a_transaction_has_begun_nothing_is_kept():
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        forget(connection, "it")
        assert [once(connection, "it", lambda: 1), once(connection, "it", lambda: 2)] == [1, 2]
    engine.dispose()
