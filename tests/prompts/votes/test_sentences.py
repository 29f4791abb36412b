"""What is said of a ranking: who is preferred, how many votes would tell, and nothing that a few votes do not say."""

from dataclasses import replace

from prompts.votes.agreement import agreement
from prompts.votes.ranking import ranking
from prompts.votes.sentences import (
    agreement_says,
    counts_say,
    duel_says,
    leanings_say,
    place_says,
    rate_says,
    reach_says,
)
from prompts.votes.style import leanings
from tests.prompts.votes.made import a_vote


def many(won, lost):
    return ranking([a_vote("A", "B", "left") for _ in range(won)] + [a_vote("A", "B", "right") for _ in range(lost)])


def test_a_verdict_says_its_votes_and_how_often_it_would_be_wrong():
    said = duel_says(many(60, 10).duels[0], 0.15)
    assert said.startswith("A is preferred to B: A 8")
    assert "70 votes between them" in said
    assert said.endswith("Chance to say this of equal models, however often you look: under 5 %.")


def test_without_a_verdict_it_says_about_how_many_more_votes_would_tell():
    open_, few = duel_says(many(12, 9).duels[0], 0.15), duel_says(many(2, 1).duels[0], 0.25)
    assert open_.startswith("Cannot distinguish A and B yet: A 5")
    assert "more votes between them would show a preference of 65 in 100." in open_
    assert few.startswith("Too few votes to distinguish A and B: 3 votes between them. About ")
    assert "preference of 75 in 100" in few
    hopeless = replace(many(2, 1).duels[0], votes_needed=None)
    assert "more votes than anybody will give" in duel_says(hopeless, 0.15)


def test_a_voter_hears_how_far_the_votes_reach_and_no_name():
    for found in (many(60, 10), many(3, 2)):
        assert "A" not in reach_says(found).replace("About", "")
    assert reach_says(many(60, 10)).endswith("you may stop here.")
    assert reach_says(ranking([])) == ""


def test_places_are_bands_and_rates_of_few_votes_are_counts():
    first, second = many(60, 10).standings
    assert (place_says(first), place_says(second)) == ("1", "2")
    assert rate_says(first).endswith("of 70 votes")
    assert place_says(many(1, 1).standings[0]) == "1 to 2"
    assert rate_says(many(2, 1).standings[0]) == "2 won, 0 even of 3 votes"
    assert rate_says(ranking([], among=["A", "B"]).standings[0]) == "—"


def test_what_was_left_out_is_said():
    votes = [a_vote(person="ana"), a_vote(gave_away=True), a_vote(choice="skip"), a_vote(choice="both_bad")]
    assert counts_say(ranking(votes)) == (
        "2 votes by 2 people on 2 cases; 1 said both are bad, which counts as even; 1 left out because an answer named "
        "its model; 1 skipped."
    )


def test_agreement_and_leanings_say_their_n_or_that_there_are_too_few():
    shared = [a_vote(case=str(n), person=who) for n in range(12) for who in ("ana", "ben")]
    assert "agree on 100 %" in agreement_says(agreement(shared))
    assert "from 10 pairs on" in agreement_says(agreement(shared[:4]))
    assert "not known" in agreement_says(agreement([]))
    assert leanings_say(leanings(shared)) == ["The left one was preferred 100 % (86 to 100 %) of the time (n = 24)."]
