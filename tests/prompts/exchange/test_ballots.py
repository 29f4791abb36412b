"""Blind votes that travel: with their answers, none doubled, and in nobody else's name."""

import json
from dataclasses import replace

import pytest

from prompts.exchange.formats import ImportFileError, Selection
from prompts.record.rights import Actor
from prompts.votes.agreement import agreement
from prompts.votes.on_record import Votes
from prompts.votes.ranking import ranking
from prompts.votes.sentences import counts_say
from prompts.votes.showing import Said, ShownAnswer, ShownPair, voted
from prompts.votes.vote_store import Wanted
from prompts.votes.votes import BallotCase, Contestant, Pair
from tests.prompts.exchange.recorded import exported, imported, lines
from tests.prompts.history.made import Answer, put
from tests.prompts.votes.made import SPRING, a_ballot, a_vote

IDS = {name: f"00000000-0000-4000-8000-0000000000{n}" for n, name in enumerate(("a-0", "b-0", "a-1", "b-1"), 10)}
BALLOT = "00000000-0000-4000-8000-000000000001"
CONTESTANTS = tuple(Contestant(f"builtin:{x}", f"builtin:{x}") for x in "ab")


def vote(number, choice="left", case="0", **more):
    """A vote with ids as the record's own."""
    made = a_vote(choice=choice, case=case, ballot_id=BALLOT, id=f"00000000-0000-4000-8000-0000000001{number}", **more)
    sides = (replace(side, completion_id=IDS[side.completion_id], name=side.target) for side in (made.left, made.right))
    return replace(made, **dict(zip(("left", "right"), sides, strict=True)))


def filled(archive):
    """Two runs, a ballot of their answers, votes of two people, one of whom has finished."""
    runs = [
        archive.write(lambda c, n=n: put(c, f"Prompt {n}", *(Answer(f"{x}", id=IDS[f"{x}-{n}"]) for x in "ab")))
        for n in range(2)
    ]
    store = Votes(archive)
    cases = tuple(BallotCase(str(n), ((IDS[f"a-{n}"],), (IDS[f"b-{n}"],))) for n in range(2))
    store.add(replace(a_ballot(BALLOT), contestants=CONTESTANTS, cases=cases))
    for each in (
        vote(10, person="ana", reason="tone"),
        vote(11, "both_bad", "1", person="ana"),
        vote(12, person="ben"),
    ):
        store.cast(each)
    store.finish(BALLOT, "ana")
    return store, runs


@pytest.fixture
def source(open_archive, tmp_path):
    return filled(open_archive(f"sqlite:///{tmp_path}/source.db"))


def test_a_ballot_travels_with_its_answers_and_is_the_same_there(source, target):
    store, _ = source
    taken = imported(target, exported(store.archive))
    assert (taken.runs, taken.votes) == (2, 3)
    there = Votes(target)
    assert (there.ballot(BALLOT), there.votes()) == (store.ballot(BALLOT), store.votes())
    assert there.finished(BALLOT, "ana")
    assert not there.finished(BALLOT, "ben")
    assert lines(target) == lines(store.archive)


def test_taken_in_again_nothing_doubles_and_what_was_voted_meanwhile_is_joined(source, target):
    store, _ = source
    imported(target, exported(store.archive))
    Votes(target).cast(vote(20, "tie", "1", person="ben"))
    store.cast(vote(21, "left", "1", person="cleo"))
    taken = imported(target, exported(store.archive))
    assert (taken.runs, taken.votes) == (0, 1)
    assert imported(target, exported(store.archive)).votes == 0
    assert len(Votes(target).votes()) == 5


def test_the_same_person_on_the_same_answers_in_both_places_keeps_the_vote_that_is_there(source, target):
    store, _ = source
    imported(target, exported(store.archive))
    Votes(target).cast(vote(20, "tie", "1", person="ben"))
    store.cast(vote(22, "right", "1", person="ben"))
    assert imported(target, exported(store.archive)).votes == 0
    assert [each.choice for each in Votes(target).votes(Wanted(person="ben"))] == ["left", "tie"]


def test_a_vote_of_somebody_who_has_been_shown_the_names_is_kept_but_is_no_blind_vote(source, target):
    store, _ = source
    store.cast(vote(23, "left", "1", person="ben"))
    assert ranking(store.votes()).counted == 4
    data = exported(store.archive)
    store.take_back(vote(23).id, "ben")
    store.finish(BALLOT, "ben")
    assert imported(store.archive, data).votes == 1
    after = ranking(store.votes())
    assert (after.counted, after.imported) == (3, 1)
    assert "1 left out because they were imported from a file" in counts_say(after)


def test_a_record_that_is_moved_by_a_file_keeps_its_ranking(source, target):
    imported(target, exported(source[0].archive))
    assert ranking(Votes(target).votes()) == ranking(source[0].votes())


def test_no_vote_in_a_file_that_somebody_with_a_login_imports_is_a_blind_vote(source, target):
    """Whoever made the file may have known the names by then."""
    imported(target, exported(source[0].archive), by=Actor("ana", admin=False))
    found = Votes(target).votes()
    assert (ranking(found).counted, agreement(found).pairs) == (0, 0)


def test_no_file_says_of_its_votes_that_they_were_cast_here(source, target):
    found = [json.loads(line) for line in exported(source[0].archive).splitlines()]
    next(line for line in found if line["kind"] == "vote")["imported"] = False
    with pytest.raises(ImportFileError, match="imported"):
        imported(target, "\n".join(map(json.dumps, found)).encode())


def test_in_a_team_nobody_votes_in_anothers_name(source, target):
    store, _ = source
    data = exported(store.archive)
    imported(target, data, by=Actor("ana", admin=False))
    imported(target, data, by=Actor("ana", admin=False))
    assert sorted({each.person for each in Votes(target).votes()}) == ["ana", "ben (imported by ana)"]
    assert len(Votes(target).votes()) == 3


def test_what_a_file_of_somebody_with_a_login_claims_is_ranked_apart_from_what_was_asked_here(source, target):
    """Also in one's own name: whose answers they are, only the file says."""
    imported(target, exported(source[0].archive), by=Actor("ana", admin=False))
    store = Votes(target)
    ballot = store.ballot(BALLOT)
    assert [each.shown for each in ballot.contestants] == [f"builtin:{x} (imported by ana)" for x in "ab"]
    seen = ShownPair(ShownAnswer("one", False, False), ShownAnswer("two", False, False), None, (), False)
    pair = Pair("1", 0, 1, IDS["a-1"], IDS["b-1"])
    here = voted(ballot, pair, seen, "left", Said("00000000-0000-4000-8000-000000000150", "cleo", SPRING))
    store.cast(here)
    asked_here = a_vote(ballot_id="another", person="cleo")
    models = [each.name for each in ranking([*store.votes(), asked_here], by="model").standings]
    assert sorted(models) == [
        "builtin:a", "builtin:a (imported by ana)", "builtin:b", "builtin:b (imported by ana)",
    ]  # fmt: skip
    assert ranking(store.votes(), among=[each.shown for each in ballot.contestants]).counted == 1


def test_the_mark_travels_on_and_the_next_to_import_puts_their_own(source, target, open_archive, tmp_path):
    imported(target, exported(source[0].archive), by=Actor("ana", admin=False))
    moved, third = (open_archive(f"sqlite:///{tmp_path}/{name}.db") for name in ("moved", "third"))
    imported(moved, exported(target))
    assert Votes(moved).ballot(BALLOT) == Votes(target).ballot(BALLOT)
    imported(third, exported(target), by=Actor("eve", admin=True))
    assert {each.shown for each in Votes(third).ballot(BALLOT).contestants} == {
        "builtin:a (imported by eve)", "builtin:b (imported by eve)",
    }  # fmt: skip


@pytest.mark.parametrize("forged", ["openai:gpt-5", "builtin:a-better-one", ""])
def test_no_file_names_another_model_than_the_one_that_answered(source, target, forged):
    found = [json.loads(line) for line in exported(source[0].archive).splitlines()]
    next(line for line in found if line["kind"] == "ballot")["contestants"][0]["name"] = forged
    with pytest.raises(ImportFileError, match=r"names .* what .*builtin:a.* wrote"):
        imported(target, "\n".join(map(json.dumps, found)).encode())


def test_a_ballot_stays_behind_where_one_of_its_answers_does(source, target):
    store, runs = source
    imported(target, exported(store.archive, selection=Selection((runs[0],))))
    assert Votes(target).lines() == []
    store.archive.delete([runs[1]])
    imported(target, exported(store.archive, selection=Selection((runs[0],))))
    assert len(Votes(target).votes()) == 3


@pytest.mark.parametrize(
    ("kind", "change", "said"),
    [
        ("vote", {"choice": "both"}, "choice"), ("vote", {"left_id": IDS["b-0"]}, "itself"),
        ("vote", {"ballot_id": IDS["a-0"]}, "does not follow its ballot"), ("vote", {"surprise": 1}, "surprise"),
        ("ballot", {"cases": [{"key": "0", "answers": [["x"]]}]}, "for each contestant"),
        ("ballot", {"cases": [{"key": "0"}]}, "cases"), ("ballot", {"reveal": "never"}, "reveal"),
        ("ballot", {"name": "x" * 500}, "name"), ("reveal", {"at": "soon"}, "at"),
        ("vote", {"left_marks": -1}, "left_marks"),
    ],
)  # fmt: skip
def test_what_is_damaged_is_named_and_nothing_is_taken(source, target, kind, change, said):
    found = [json.loads(line) for line in exported(source[0].archive).splitlines()]
    first = next(line for line in found if line["kind"] == kind)
    first.update(change)
    with pytest.raises(ImportFileError, match=said):
        imported(target, "\n".join(map(json.dumps, found)).encode())
    assert Votes(target).lines() == []
    assert lines(target)[-1] == {"kind": "end", "runs": 0, "completions": 0}


def test_a_file_that_lost_a_ballot_is_noticed(source, target):
    found = [json.loads(line) for line in exported(source[0].archive).splitlines()]
    kept = [line for line in found if line["kind"] not in ("ballot", "vote", "reveal")]
    with pytest.raises(ImportFileError, match="as many"):
        imported(target, "\n".join(map(json.dumps, kept)).encode())
