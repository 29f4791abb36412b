"""Ballots and votes on record, on both databases: one vote a person and pair, locked once its models were told."""

import pickle
from dataclasses import replace
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa

from prompts.record.database_errors import RecordError
from prompts.record.vote_tables import votes as vote_table
from prompts.votes.on_record import Votes
from prompts.votes.vote_store import Wanted
from prompts.votes.votes import Origin, VoteError
from tests.prompts.votes.made import a_ballot, a_vote


@pytest.fixture
def store(archive):
    store = Votes(archive)
    store.add(a_ballot())
    return store


def test_a_ballot_and_a_vote_come_back_as_they_were(store):
    vote = a_vote("B", "A", "both_bad", case="1", person="ana", reason="tone", gave_away=True)
    assert store.cast(vote)
    assert store.ballot("ballot") == a_ballot() == pickle.loads(pickle.dumps(a_ballot()))  # noqa: S301
    assert store.votes() == [vote] == pickle.loads(pickle.dumps([vote]))  # noqa: S301
    assert store.ballot("no such ballot") is None


def test_text_that_no_database_takes_is_mended_on_the_way_in(store):
    store.add(a_ballot("odd", name="A\x00B\ud800", task="Tas\x00k"))
    assert "\x00" not in store.ballot("odd").name
    assert store.tasks() == sorted(["Poems", store.ballot("odd").task])


def test_a_person_votes_once_on_a_pair_whichever_side_it_stands_on(store):
    first = a_vote("A", "B", "left", case="0", person="ana")
    assert store.cast(first)
    assert not store.cast(a_vote("B", "A", "left", case="0", person="ana"))
    assert store.cast(a_vote("B", "A", "left", case="0", person="ben"))
    assert [vote.person for vote in store.votes()] == ["ana", "ben"]
    assert store.votes()[0] == first


def test_two_tabs_that_vote_at_once_leave_one_vote(store):
    ready, outcomes = Barrier(2), []

    def vote(choice):
        ready.wait()
        outcomes.append(store.cast(a_vote(choice=choice, case="0", person="ana")))

    tabs = [Thread(target=vote, args=(choice,)) for choice in ("left", "right")]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()
    assert sorted(outcomes) == [False, True]
    assert len(store.votes()) == 1


def test_a_vote_can_be_taken_back_by_whoever_gave_it_and_then_given_anew(store):
    vote = a_vote(case="0", person="ana")
    store.cast(vote)
    store.take_back(vote.id, "ben")
    assert store.votes() == [vote]
    store.take_back(vote.id, "ana")
    store.take_back(vote.id, "ana")
    assert store.votes() == []
    assert store.cast(a_vote(choice="right", case="0", person="ana"))


def test_a_reason_is_the_voters_own_and_given_before_the_names(store):
    vote = a_vote(case="0", person="ana")
    store.cast(vote)
    assert not store.give_reason(vote.id, "ben", "tone")
    assert store.give_reason(vote.id, "ana", "brief")
    store.reveal(vote.id, "ana")
    assert not store.give_reason(vote.id, "ana", "tone")
    assert store.votes() == [replace(vote, reason="brief", revealed=True)]


def test_a_pair_that_was_revealed_is_locked(store):
    vote = a_vote(case="0", person="ana")
    store.cast(vote)
    store.reveal(vote.id, "ben")
    assert not store.votes()[0].revealed
    store.reveal(vote.id, "ana")
    with pytest.raises(VoteError, match="can no longer be changed"):
        store.take_back(vote.id, "ana")
    assert not store.cast(a_vote(choice="right", case="0", person="ana"))
    assert [each.choice for each in store.votes()] == ["left"]


def test_whoever_has_finished_votes_no_more_and_others_go_on(store):
    mine = a_vote(case="0", person="ana")
    store.cast(mine)
    store.finish("ballot", "ana")
    store.finish("ballot", "ana")
    assert store.finished("ballot", "ana")
    assert not store.finished("ballot", "ben")
    with pytest.raises(VoteError, match="cannot vote on this ballot any more"):
        store.cast(a_vote(case="1", person="ana"))
    with pytest.raises(VoteError, match="can no longer be changed"):
        store.take_back(mine.id, "ana")
    assert store.cast(a_vote(case="1", person="ben"))
    assert [vote.revealed for vote in store.votes()] == [True, False]


def test_votes_are_found_by_ballot_task_person_and_origin(store):
    store.add(a_ballot("other", task="Mail", origin=Origin("experiment", "plan")))
    store.cast(a_vote(case="0", person="ana"))
    store.cast(a_vote(case="0", person="ben"))
    store.cast(a_vote(case="0", person="ana", ballot_id="other", choice="skip"))
    found = {
        name: [(vote.ballot_id, vote.person) for vote in store.votes(wanted)]
        for name, wanted in {
            "ballot": Wanted(ballot="ballot"), "task": Wanted(task="Mail"), "person": Wanted(person="ana"),
            "origin": Wanted(origin="plan"), "none": Wanted(task="Mail", person="ben"),
        }.items()
    }  # fmt: skip
    assert found == {
        "ballot": [("ballot", "ana"), ("ballot", "ben")], "task": [("other", "ana")],
        "person": [("ballot", "ana"), ("other", "ana")], "origin": [("other", "ana")], "none": [],
    }  # fmt: skip
    assert {(line.id, line.task, line.votes, line.people) for line in store.lines()} == {
        ("ballot", "Poems", 2, 2), ("other", "Mail", 0, 0),
    }  # fmt: skip


def test_a_ballot_goes_with_its_votes_and_then_nobody_votes_on_it(store):
    store.cast(a_vote(case="0", person="ana"))
    store.finish("ballot", "ana")
    store.delete("ballot")
    assert (store.lines(), store.votes(), store.finished("ballot", "ana")) == ([], [], False)
    assert store.archive.read(lambda c: c.scalar(sa.select(sa.func.count()).select_from(vote_table))) == 0
    for late in (
        lambda: store.cast(a_vote(case="0", person="ben")),
        lambda: store.finish("ballot", "ben"),
    ):
        with pytest.raises(RecordError, match="no longer on record"):
            late()
