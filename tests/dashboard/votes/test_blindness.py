"""What is made for the browser before a vote tells nothing of the models: over many ballots, on both databases."""

from random import Random

import pytest

from dashboard.votes.pair_html import pair_html
from dashboard.votes.plain_text import unformatted
from prompts.history.archive import Archive
from prompts.record.database import open_database
from prompts.votes import answers
from prompts.votes.drawing import next_pair
from prompts.votes.showing import shown
from tests.prompts.votes.planted import leaks, plant, telling

BALLOTS = 200


@pytest.fixture
def archive(tmp_path):
    engine = open_database(f"sqlite:///{tmp_path}/collate.db")
    yield Archive(engine)
    engine.dispose()


def test_no_byte_of_two_hundred_ballots_tells_a_model(archive):
    """Through the record and everything that makes the page of a pair; formatted and not."""
    found, gave_away = [], 0
    for n in range(BALLOTS):
        ballot = archive.write(lambda c: plant(c, cases=3, repeats=1 + n % 2))  # noqa: B023 -- called at once
        ids = [id for case in ballot.cases for several in case.answers for id in several]
        readings = archive.read(lambda c, ids=ids: answers.readings(c, ids))
        pair = next_pair(ballot, [], "ana", Random(n), readings)
        texts = archive.read(lambda c, pair=pair: answers.texts(c, sorted(pair.answers)))
        seen = shown(ballot, pair, texts, unformatted if n % 3 == 0 else None)
        gave_away += seen.gave_away
        found += leaks(pair_html(seen, seen.prompt).encode(), ballot)
    assert found == []
    assert 0 < gave_away < BALLOTS


def test_the_search_for_leaks_finds_each_kind(archive):
    """Else it would find nothing whatever came."""
    ballot = archive.write(lambda c: plant(c, cases=1))
    for each in telling(ballot):
        assert leaks(b"\x00page \xff" + each + b"\x01", ballot)
