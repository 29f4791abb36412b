"""The page Vote in process: one vote a pair, taken back, revealed and locked; what is gone or the same is not shown."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from dashboard import state
from dashboard.engine import engine
from dashboard.votes import booth as booths
from dashboard.votes.booth import Booth
from prompts.record.schema import completions
from prompts.votes.ballots import Source
from prompts.votes.on_record import Votes
from prompts.votes.votes import Ballot, Origin
from tests.prompts.history.made import Answer, put
from tests.prompts.votes.made import a_vote
from tests.prompts.votes.planted import plant

PAGE = "app_pages/vote.py"


@pytest.fixture
def page(app: AppTest) -> AppTest:
    return app.switch_page(PAGE)


@pytest.fixture
def store(app: AppTest) -> Votes:
    return Votes(engine().archive)


@pytest.fixture
def ballot(store: Votes) -> Ballot:
    made = store.archive.write(lambda c: plant(c, cases=3))
    store.add(made)
    return made


def opened(page: AppTest, ballot: str, name: str = "Ana") -> AppTest:
    page.query_params["ballot"] = ballot
    page.session_state[state.VOTER] = name
    return drawn(page)


def drawn(page: AppTest) -> AppTest:
    page.run()
    assert not page.exception
    return page


def press(page: AppTest, key: str) -> AppTest:
    page.button(key=key).click()
    return drawn(page)


def choose(page: AppTest, choice: str) -> AppTest:
    """Press the button of the pair that is shown."""
    return press(page, f"vote-{choice}-{page.session_state[state.BOOTH].number}")


def said(page: AppTest) -> str:
    kinds = ("caption", "error", "warning", "markdown", "info", "subheader", "header")
    shown = " ".join(str(element.value) for kind in kinds for element in page.get(kind))
    return shown.replace("\\", "").replace("\u2060", "")


def test_without_a_ballot_the_page_says_where_answers_come_from(page: AppTest) -> None:
    assert "There is no ballot yet" in said(drawn(page))


def test_a_ballot_that_is_gone_is_said(page: AppTest) -> None:
    assert "no longer on record" in said(opened(page, "nowhere"))


def test_whoever_opens_a_link_gives_a_name_first_and_nothing_is_shown_before(page: AppTest, ballot: Ballot) -> None:
    page.query_params["ballot"] = ballot.id
    assert "Who votes?" in said(drawn(page))
    assert state.BOOTH not in page.session_state or page.session_state[state.BOOTH] is None


def test_who_takes_part_follows_the_answers_that_there_are(page: AppTest, store: Votes) -> None:
    few, more = (
        tuple(
            store.archive.write(lambda c, names=names: put(c, "Same?", *(Answer(name, name) for name in names)))
            for names in several
        )
        for several in ([["a:one", "b:two"]], [["a:one", "b:two", "c:three"]])
    )
    page.session_state[state.BALLOT_OF] = Source(Origin("runs"), "", few)
    assert drawn(page).multiselect(key="ballot-among").value == ["a:one", "b:two"]
    page.session_state[state.BALLOT_OF] = Source(Origin("runs"), "", more)
    assert drawn(page).multiselect(key="ballot-among").value == ["a:one", "b:two", "c:three"]


def test_runs_of_history_become_a_ballot_with_a_task_of_its_own(page: AppTest, store: Votes) -> None:
    runs = [
        store.archive.write(lambda c, n=n: put(c, "Same?", Answer(f"a{n}"), Answer(f"b{n}", "acme:zebra")))
        for n in range(2)
    ]
    page.session_state[state.BALLOT_OF] = Source(Origin("runs"), "", tuple(runs))
    assert "4 answers, to 1 prompt" in said(drawn(page))
    page.text_input(key="ballot-name").input("Mine")
    page.text_input(key="ballot-task").input("Mail")
    press(page, "ballot-make")
    (line,) = store.lines()
    made = store.ballot(line.id)
    assert (line.name, line.task, [each.name for each in made.contestants]) == (
        "Mine", "Mail", ["openai:gpt-4o", "acme:zebra"],
    )  # fmt: skip
    assert [len(ids) for ids in made.cases[0].answers] == [2, 2]


@pytest.mark.parametrize(
    ("runs", "why"),
    [
        ([("Alone?", ["a:one"])], "at least two models"),
        ([("Alone?", ["a:one", "a:one"])], "at least two models"),
        ([("One?", ["a:one"]), ("Two?", ["b:two"])], "answered by two models"),
    ],
    ids=["one answer", "repeats of one model", "no prompt in common"],
)
def test_answers_that_cannot_be_compared_are_no_ballot_and_it_is_said_why(
    page: AppTest, store: Votes, runs: list[tuple[str, list[str]]], why: str
) -> None:
    ids = [
        store.archive.write(lambda c, prompt=prompt, names=names: put(c, prompt, *(Answer(n, n) for n in names)))
        for prompt, names in runs
    ]
    page.session_state[state.BALLOT_OF] = Source(Origin("runs"), "", tuple(ids))
    assert why in said(drawn(page))
    assert not [each for each in page.button if each.key == "ballot-make"]
    assert "There is no ballot yet" in said(press(page, "ballot-cancel"))


def test_with_one_left_of_those_who_take_part_there_is_no_ballot_to_make(page: AppTest, store: Votes) -> None:
    run = store.archive.write(lambda c: put(c, "Same?", Answer("a", "a:one"), Answer("b", "b:two")))
    page.session_state[state.BALLOT_OF] = Source(Origin("runs"), "", (run,))
    assert not drawn(page).button(key="ballot-make").disabled
    page.multiselect(key="ballot-among").set_value(["a:one"])
    assert "at least two models" in said(drawn(page))
    assert page.button(key="ballot-make").disabled


def test_a_second_press_on_the_same_pair_is_no_second_vote(page: AppTest, store: Votes, ballot: Ballot) -> None:
    """The button's run is over before the next pair is there: what it holds is of the pair that is gone."""
    opened(page, ballot.id)
    before: Booth = page.session_state[state.BOOTH]
    choose(page, "left")
    assert page.session_state[state.BOOTH].number == before.number + 1
    assert not [button for button in page.button if button.key == f"vote-left-{before.number}"]
    assert [vote.choice for vote in store.votes()] == ["left"]


def test_a_vote_is_about_what_was_shown(page: AppTest, store: Votes, ballot: Ballot) -> None:
    opened(page, ballot.id)
    pair = page.session_state[state.BOOTH].pair
    press(page, "vote-plain")
    assert page.session_state[state.BOOTH].pair == pair
    choose(page, "right")
    (vote,) = store.votes()
    assert (vote.left.completion_id, vote.right.completion_id, vote.case) == (pair.left_id, pair.right_id, pair.case)
    assert (vote.left.marks, vote.right.marks, vote.person) == (0, 0, "Ana")


def test_whoever_votes_on_pictures_sees_them_alone_and_reads_what_cannot_be_hidden(
    page: AppTest, store: Votes, ballot: Ballot
) -> None:
    pair = [Answer("Here it is.", f"acme:{each}", pictures=(each * 64,)) for each in "ab"]
    run = store.archive.write(lambda c: put(c, "A cat.", *pair))
    page.session_state[state.BALLOT_OF] = Source(Origin("runs"), "", (run,))
    press(drawn(page), "ballot-make")
    (line,) = [each for each in store.lines() if each.id != ballot.id]
    opened(page, line.id)
    assert "shape of a picture and how sharp it is cannot be hidden" in said(page)
    assert "Here it is." not in said(page)
    assert not [button for button in page.button if button.key == "vote-plain"], "there is no text to make plain"
    assert "cannot be hidden" not in said(opened(page, ballot.id)), "of texts nothing is said"


def test_undo_shows_the_same_pair_again_and_also_after_a_reload(page: AppTest, store: Votes, ballot: Ballot) -> None:
    opened(page, ballot.id)
    pair = page.session_state[state.BOOTH].pair
    choose(page, "tie")
    page.session_state[state.BOOTH] = None
    drawn(page)
    press(page, "vote-undo")
    assert store.votes() == []
    assert page.session_state[state.BOOTH].pair == pair


def test_a_pair_decided_in_another_tab_gives_way_to_the_next(page: AppTest, store: Votes, ballot: Ballot) -> None:
    opened(page, ballot.id)
    pair = page.session_state[state.BOOTH].pair
    sides = (replace(a_vote().left, completion_id=pair.left_id), replace(a_vote().right, completion_id=pair.right_id))
    store.cast(replace(a_vote(person="Ana", ballot_id=ballot.id), left=sides[0], right=sides[1]))
    drawn(page)
    assert page.session_state[state.BOOTH].pair != pair


def test_names_asked_for_after_a_vote_lock_it(page: AppTest, store: Votes, ballot: Ballot) -> None:
    each = replace(ballot, id="each", reveal="each")
    store.add(each)
    opened(page, "each")
    choose(page, "left")
    assert "Left was" not in said(page)
    press(page, "vote-tell")
    assert "Left was" in said(page)
    assert not [button for button in page.button if button.key == "vote-undo"]
    assert store.votes()[0].revealed


def test_the_end_shows_names_and_judges_by_everybody(page: AppTest, store: Votes, ballot: Ballot) -> None:
    opened(page, ballot.id)
    choose(page, "left")
    assert "acme" not in said(page)
    press(page, "vote-reveal")
    assert "Too few votes to distinguish" in said(page)
    assert "acme:okapi-70b" in said(page)
    assert not [button for button in page.button if str(button.key).startswith("vote-left")]
    assert store.finished(ballot.id, "Ana")


def test_answers_that_are_gone_while_somebody_votes_are_passed_over(
    page: AppTest, store: Votes, ballot: Ballot
) -> None:
    opened(page, ballot.id)
    keep = {id for case in ballot.cases[:1] for ids in case.answers for id in ids}
    store.archive.write(lambda c: c.execute(completions.delete().where(completions.c.id.not_in(keep))))
    page.session_state[state.BOOTH] = replace(page.session_state[state.BOOTH], pair=None, texts=None)
    drawn(page)
    assert page.session_state[state.BOOTH].pair.answers <= keep
    store.archive.write(lambda c: c.execute(completions.delete()))
    page.session_state[state.BOOTH] = None
    assert "nothing" in said(drawn(page))


def test_the_ranking_leaves_out_what_one_is_still_voting_on(page: AppTest, store: Votes, ballot: Ballot) -> None:
    other = replace(ballot, id="other", task="Mail")
    store.add(other)
    store.cast(a_vote("A", "B", person="Ana", ballot_id=ballot.id))
    store.cast(a_vote("C", "D", person="Ben", ballot_id="other"))
    page.session_state[state.VOTER] = "Ana"
    page.session_state[state.VOTES_SHOW] = "ranking"
    drawn(page)
    assert "1 ballot that you have begun" in said(page)
    assert "builtin:c" in said(page)
    assert "builtin:a" not in said(page)
    store.finish(ballot.id, "Ana")
    assert "builtin:a" in said(drawn(page))


def test_a_ballot_is_deleted_with_its_votes(page: AppTest, store: Votes, ballot: Ballot) -> None:
    store.cast(a_vote(ballot_id=ballot.id))
    drawn(page)
    press(page, f"ballot-delete-now-{ballot.id}")
    assert (store.lines(), store.votes()) == ([], [])


def test_however_many_votes_there_are_the_page_asks_as_few_questions(
    page: AppTest, store: Votes, ballot: Ballot
) -> None:
    opened(page, ballot.id)
    counts = []
    for more in (1, 300):
        for n in range(more):
            store.cast(a_vote("A", "B", case=str(n), person=f"{more}", ballot_id=ballot.id))
        asked: list[str] = []
        listener = lambda *parts, asked=asked: asked.append(parts[2])  # noqa: E731
        bind = store.archive._engine
        sa.event.listen(bind, "before_cursor_execute", listener)
        drawn(page)
        sa.event.remove(bind, "before_cursor_execute", listener)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 10


def test_the_draw_is_not_foreseeable() -> None:
    """Whoever knows the code cannot reckon which side is whose: the chance comes from the operating system."""
    assert type(booths._chance).__name__ == "SystemRandom"
