"""What is made for the browser before a vote tells nothing of the models: over many ballots, on both databases."""

import io
import re
from hashlib import sha256
from random import Random

import pytest
from PIL import Image

from dashboard.answer_grid.offered_pictures import OfferedPictures
from dashboard.votes.pair_html import pair_html
from dashboard.votes.plain_text import unformatted
from prompts.history.archive import Archive
from prompts.record.database import open_database
from prompts.votes import answers
from prompts.votes.ballots import About, made
from prompts.votes.drawing import next_pair
from prompts.votes.showing import shown
from prompts.votes.votes import Pair
from providers.files.small_pictures import even
from tests.pictures import picture
from tests.prompts.history.made import Answer, put
from tests.prompts.votes.planted import AT, MODELS, leaks, plant, telling

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
        readings = archive.read(lambda c, ballot=ballot: answers.readings(c, ballot))
        pair = next_pair(ballot, [], "ana", Random(n), readings)
        texts = archive.read(lambda c, pair=pair: answers.texts(c, sorted(pair.answers)))
        seen = shown(ballot, pair, texts, unformatted if n % 3 == 0 else None)
        gave_away += seen.gave_away
        found += leaks(pair_html(seen, seen.prompt).encode(), ballot)
    assert found == []
    assert 0 < gave_away < BALLOTS


def test_no_byte_of_a_pair_of_pictures_tells_a_model(archive):
    """Neither the page nor the pictures themselves: no digest, name, format, size or word beside the pixels."""
    big, small = picture("PNG", (1024, 512), camera="Zebra 7B"), picture("JPEG", (300, 150), camera="Okapi 70B")
    digests = {sha256(data).hexdigest(): data for data in (big, small)}
    beside = ("", "Here is the cat you asked for.")  # few models write beside a picture
    drawn = [Answer(beside[n], MODELS[n], pictures=(digest,)) for n, digest in enumerate(digests)]
    run = archive.write(lambda c: put(c, "A cat?", *drawn))
    ballot = made(About("b", AT, "Cats", "Cats"), archive.read(lambda c: answers.of_runs(c, [run])))
    pair = Pair(ballot.cases[0].key, 0, 1, drawn[0].id, drawn[1].id)
    offered = OfferedPictures()
    texts = archive.read(lambda c: answers.texts(c, sorted(pair.answers)))
    seen = shown(ballot, pair, texts, None, lambda digest: offered.offer(digest, "even"))
    html = pair_html(seen, seen.prompt)
    received = [html.encode(), *(even(data) for data in digests.values())]
    for each in received:
        assert leaks(each, ballot) == []
        assert not [digest for digest in digests if digest.encode() in each or digest[:8].encode() in each]
    found = [re.sub("api/v1/pictures/[0-9a-f]{40}|Left|Right", "", side) for side in html.split("<section")[1:]]
    assert found[0].rstrip("</div>") == found[1].rstrip("</div>"), "but for their addresses both sides are alike"
    sizes = set()
    for data in received[1:]:
        with Image.open(io.BytesIO(data)) as image:
            sizes.add((image.format, image.size, image.mode, frozenset(image.info) - {"background"}))
    assert len(sizes) == 1


def test_the_search_for_leaks_finds_each_kind(archive):
    """Else it would find nothing whatever came."""
    ballot = archive.write(lambda c: plant(c, cases=1))
    for each in telling(ballot):
        assert leaks(b"\x00page \xff" + each + b"\x01", ballot)
