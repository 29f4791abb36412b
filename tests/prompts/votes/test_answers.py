"""Answers as a ballot reads them from the record, on both databases."""

from dataclasses import replace

import sqlalchemy as sa

from prompts.record.schema import completions
from prompts.votes.answers import drawn, of_runs, readings, texts
from prompts.votes.votes import BallotCase, Contestant
from tests.prompts.history.made import Answer, put
from tests.prompts.votes.made import a_ballot

ZEBRA = "acme:zebra"


def of(*ids, target="openai:gpt-4o"):
    """A ballot that says of these answers who wrote them."""
    return replace(
        a_ballot(), contestants=(Contestant("A", target), Contestant("B", "acme:none")),
        cases=(BallotCase("0", (ids, ())),),
    )  # fmt: skip


def test_an_answer_of_another_model_than_the_ballot_says_is_never_shown(archive):
    """Who brings in a ballot could else have votes on one model's answers counted for another."""
    mine, theirs = Answer("a"), Answer("b", ZEBRA)
    archive.write(lambda c: put(c, "Why?", mine, theirs))
    assert set(archive.read(lambda c: readings(c, of(mine.id, theirs.id)))) == {mine.id}
    both = replace(of(mine.id), cases=(BallotCase("0", ((mine.id,), ())), BallotCase("1", ((), (mine.id,)))))
    assert archive.read(lambda c: readings(c, both)) == {}


def test_the_same_prompt_in_two_runs_is_one_case_and_its_answers_are_repeats(archive):
    runs = [archive.write(lambda c: put(c, "Same?", Answer("a"), Answer("b", ZEBRA))) for _ in range(2)]
    runs.append(archive.write(lambda c: put(c, "Other?", Answer("c"))))
    found = archive.read(lambda c: of_runs(c, runs))
    assert [each.name for each in found].count(ZEBRA) == 2
    assert len({each.case for each in found}) == 2


def test_an_answer_that_never_came_or_is_empty_takes_no_part(archive):
    run = archive.write(
        lambda c: put(c, "Why?", Answer("good"), Answer("", ZEBRA), Answer("half", ZEBRA, "failed"),
                      Answer("asked", ZEBRA, "streaming"), Answer("no", ZEBRA, "refused"))
    )  # fmt: skip
    found = archive.read(lambda c: of_runs(c, [run]))
    shown = archive.read(lambda c: texts(c, [each.completion_id for each in found]))
    assert sorted(each.text for each in shown.values()) == ["good", "no"]


def test_what_a_filter_withheld_or_replaced_takes_no_part_nor_is_it_shown_any_more(archive):
    """Neither for a new ballot nor on one from before."""
    black = Answer("", ZEBRA, "filtered", pictures=("d1",))
    half = Answer("Half of", ZEBRA, "filtered")
    run = archive.write(lambda c: put(c, "Why?", Answer("good"), black, half))
    assert [each.target for each in archive.read(lambda c: of_runs(c, [run]))] == ["openai:gpt-4o"]
    assert archive.read(lambda c: readings(c, of(black.id, half.id, target=ZEBRA))) == {}
    assert archive.read(lambda c: texts(c, [black.id, half.id])) == {}


def test_one_model_with_two_settings_is_two_contestants_named_by_what_differs(archive):
    first, second = Answer("cold"), Answer("hot")
    run = archive.write(lambda c: put(c, "Why?", first, second, Answer("z", ZEBRA)))
    for answer, settings in ((first, {"temperature": 0, "seed": 1}), (second, {"temperature": 1.5, "seed": 1})):
        change = completions.update().where(completions.c.id == answer.id).values(settings=settings)
        archive.write(lambda c, change=change: c.execute(change))
    names = [each.name for each in archive.read(lambda c: of_runs(c, [run]))]
    assert names == ["openai:gpt-4o · temperature 0", "openai:gpt-4o · temperature 1.5", ZEBRA]


def test_another_conversation_before_the_prompt_is_another_case(archive):
    answers = [Answer("a"), Answer("b", ZEBRA)]
    run = archive.write(lambda c: put(c, "And then?", *answers))
    history = [{"role": "user", "text": "First?"}, {"role": "assistant", "text": "This."}]
    change = completions.update().where(completions.c.id == answers[0].id).values(history=history)
    archive.write(lambda c: c.execute(change))
    found = archive.read(lambda c: of_runs(c, [run]))
    assert found[0].case != found[1].case
    shown = archive.read(lambda c: texts(c, [answers[0].id]))[answers[0].id]
    assert shown.earlier == (("user", "First?"), ("assistant", "This."))


def test_what_reads_the_same_has_one_digest_and_what_is_gone_has_none(archive):
    same, spaced, other = Answer("word"), Answer(" word\n"), Answer("Word")
    archive.write(lambda c: put(c, "Why?", same, spaced, other))
    ids = [each.id for each in (same, spaced, other)]
    found = archive.read(lambda c: readings(c, of(*ids, "no such completion")))
    assert sorted(found) == sorted(ids)
    assert found[same.id] == found[spaced.id] != found[other.id]
    archive.write(lambda c: c.execute(sa.delete(completions)))
    assert archive.read(lambda c: readings(c, of(*ids))) == {}


def test_pictures_take_part_and_are_never_held_against_texts(archive):
    drew = Answer("", pictures=("a" * 64,)), Answer("with a word", ZEBRA, pictures=("b" * 64,))
    lost = Answer("", "acme:lost", pictures=("",))
    run = archive.write(lambda c: put(c, "A cat?", *drew, lost, Answer("A cat is an animal.", "acme:writer")))
    found = archive.read(lambda c: of_runs(c, [run]))
    assert [each.completion_id for each in found][:2] == [each.id for each in drew]
    assert found[0].case == found[1].case != found[2].case
    assert lost.id not in [each.completion_id for each in found]
    shown = archive.read(lambda c: texts(c, [each.id for each in (*drew, lost)]))
    assert [shown[each.id].pictures for each in drew] == [("a" * 64,), ("b" * 64,)]
    assert lost.id not in shown


def test_what_was_drawn_is_found_without_previews_and_what_was_not_kept(archive):
    both = Answer("", ZEBRA, pictures=("a" * 64, "b" * 64))
    none = Answer("word"), Answer("", "acme:lost", pictures=("",))
    archive.write(lambda c: put(c, "A cat?", both, *none))
    ids = [each.id for each in (both, *none)]
    assert archive.read(lambda c: drawn(c, [*ids, "gone"])) == {both.id: (("a" * 64, ""), ("b" * 64, ""))}
    assert archive.read(lambda c: drawn(c, [])) == {}


def test_what_was_drawn_comes_with_what_a_person_said_it_shows(archive):
    answer = Answer("", ZEBRA, pictures=("a" * 64,))
    archive.write(lambda c: put(c, "A cat?", answer))
    told = [{"sha256": "a" * 64, "width": 9, "height": 9, "described": "A cat", "described_by": "ana"}]
    archive.write(lambda c: c.execute(sa.update(completions).values(pictures=told)))
    assert archive.read(lambda c: drawn(c, [answer.id])) == {answer.id: (("a" * 64, "A cat"),)}


def test_the_same_picture_is_not_voted_on_against_itself(archive):
    same, other = (Answer("", ZEBRA, pictures=(each * 64,)) for each in "ab")
    again = Answer("Here it is.", ZEBRA, pictures=("a" * 64,))
    archive.write(lambda c: put(c, "A cat?", same, again, other))
    found = archive.read(lambda c: readings(c, of(same.id, again.id, other.id, target=ZEBRA)))
    assert found[same.id] == found[again.id] != found[other.id]
