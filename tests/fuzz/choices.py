"""What people chose, as a file or an address says it: ballots, votes, decisions, and the links that open them."""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from dashboard.decide.decision_html import decision_html
from prompts.decide import decision_store, watch_store
from prompts.decide.ageing import aged
from prompts.exchange.formats import ImportFileError
from prompts.exchange.importing import take_in
from prompts.exchange.votes_table import votes_csv
from prompts.history.archive import Archive
from prompts.record.database import open_database
from prompts.votes import vote_store
from prompts.votes.agreement import agreement
from prompts.votes.on_record import Votes
from prompts.votes.ranking import ranking
from prompts.votes.sentences import counts_say, reach_says
from prompts.votes.style import held_equal, leanings
from tests.fuzz.mutating import mutated_text
from tests.fuzz.readers import Reader
from tests.fuzz.rows import JSON
from tests.prompts.decide.test_decisions import PRICE, decided
from tests.prompts.exchange.recorded import exported
from tests.prompts.exchange.test_ballots import BALLOT, IDS, filled
from tests.prompts.samples import NOW

DECISION = "11111111-1111-4111-8111-111111111111"
Line = dict[str, Any]


@contextmanager
def _record() -> Iterator[Archive]:
    """A new record."""
    with tempfile.TemporaryDirectory() as folder:
        engine = open_database(f"sqlite:///{Path(folder, 'collate.db')}")
        try:
            yield Archive(engine)
        finally:
            engine.dispose()


def _lines() -> list[Line]:
    """A record with votes and a decision, as it leaves."""
    with _record() as archive:
        filled(archive)
        archive.write(lambda c: decision_store.add(c, replace(decided(), id=DECISION)))
        return [json.loads(line) for line in exported(archive).splitlines()]


LINES = _lines()
TOLD = [n for n, line in enumerate(LINES) if line["kind"] in ("ballot", "vote", "reveal", "decision")]
ODD = JSON | st.sampled_from([2**70, 1e308, "9" * 400, "0001-01-01T00:00:00+00:00", [[]], [{}] * 400, {"a": 1}])
WORDS = (
    "", " ", "\u202e", "<script>", "\x00\ud800", "x" * 190, "left", "skip", "tone", "NaN", "1e999", "-3", "2026-02-30",
    "2026-11-30", "1999-12-31T23:59:59.999999+14:00", BALLOT, DECISION, *IDS.values(),
)  # fmt: skip
NUMBER = st.integers(0, 999)
COUNTS = (0, 1, 2**31 - 1, 2**53, 10**12)
Place = tuple[int, int, int, Any]


def _altered(places: list[Place]) -> list[Line]:
    """The lines with some value of some of them, however deep, replaced by one of its kind or, rarely, by any other."""
    found = deepcopy(LINES)
    for number, place, pick, other in places:
        inside, name = (known := list(_places(found[TOLD[number % len(TOLD)]])))[place % len(known)]
        now = inside[name]
        inside[name] = (
            WORDS[pick % len(WORDS)] if isinstance(now, str) and pick % 8
            else not now if isinstance(now, bool)
            else COUNTS[pick % len(COUNTS)] if isinstance(now, int)
            else (now * 3)[pick % 3 : pick] if isinstance(now, list)
            else dict(list(now.items())[1:]) if isinstance(now, dict)
            else deepcopy(other)
        )  # fmt: skip
    return found


def _places(inside: Any) -> Iterator[tuple[Any, Any]]:
    for name, value in list(inside.items() if isinstance(inside, dict) else enumerate(inside)):
        yield inside, name
        if isinstance(value, dict | list):
            yield from _places(value)


def _read(places: list[Place]) -> None:
    """Taken in whole, then shown as every page shows it."""
    with _record() as archive:
        take_in(archive, io.BytesIO("\n".join(map(json.dumps, _altered(places))).encode()))
        _show_votes(archive)
        for each in archive.read(decision_store.every):
            aged(each, PRICE, (), {}, NOW)
            assert "<script" not in decision_html(each)


def _show_votes(archive: Archive) -> None:
    store = Votes(archive)
    lines, votes = store.lines(), store.votes()
    assert all(store.ballot(each.id) for each in lines)
    for by in ("contestant", "model"):
        found = ranking(votes, by=by)
        assert counts_say(found)
        reach_says(found)
    agreement(votes)
    leanings(votes)
    held_equal(votes)
    votes_csv(votes, {each.id: each for each in lines})


def _opened(text: str) -> None:
    """What the pages Vote and Choose look up of their addresses."""
    with _record() as archive:
        assert archive.read(lambda c: vote_store.ballot(c, text)) is None
        assert archive.read(lambda c: vote_store.finished_at(c, text, text)) is None
        assert archive.read(lambda c: vote_store.read(c, vote_store.Wanted(text, text, text, text))) == []
        assert archive.read(lambda c: decision_store.find(c, text)) is None
        assert archive.read(lambda c: watch_store.looks_of(c, text)) == []


CHOICES = (
    Reader("decisions and votes, JSON Lines",
           st.lists(st.tuples(NUMBER, NUMBER, NUMBER, ODD), min_size=1, max_size=3), _read,
           (ImportFileError,)),
    Reader("addresses of ballots and decisions",
           mutated_text(BALLOT, DECISION) | st.text(st.characters(categories=("Cs", "Cc", "L"))), _opened),
)  # fmt: skip
