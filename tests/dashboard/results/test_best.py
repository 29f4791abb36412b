"""The verdict card, drawn without a browser."""

from streamlit.testing.v1 import AppTest

from dashboard.results.best_html import WAITING, cards, once
from prompts.analysis.best import TITLES, Best
from tests.patience import PATIENCE_S


def page(run: str) -> None:
    import streamlit as st

    from dashboard.results.best import show_best
    from tests.browser import insights_runs

    show_best(
        insights_runs.find(run), "", on_more=lambda n: st.session_state.update(asked=n), price=lambda n: f"{n} calls"
    )


def drawn(run: str) -> AppTest:
    at = AppTest.from_function(page, default_timeout=PATIENCE_S, args=(run,)).run()
    assert not at.exception
    return at


def test_one_answer_each_offers_what_tells_them_apart_and_asks_for_it() -> None:
    at = drawn("eight")
    button = at.button(key="ask-more")
    assert (button.label, button.help.startswith("12 calls")) == ("Ask each 12 times", True), "28 pairs take 12"
    assert at.caption[0].value == "One answer each: repeat to be sure."
    button.click().run()
    assert at.session_state["asked"] == 12


def test_after_repeats_more_are_offered() -> None:
    assert drawn("repeats").button(key="ask-more").label == "Ask each 18 times"


def test_before_the_end_it_keeps_its_place_and_says_nothing_yet() -> None:
    assert [each.title for each in WAITING] == list(TITLES)
    assert all(not each.names for each in WAITING)


def test_one_model_alone_has_no_card() -> None:
    assert not drawn("one").button


def test_names_are_escaped_ties_said_and_a_shared_doubt_stands_once() -> None:
    html = cards([Best("Cheapest", ("a<b>", "c"), "$1", 2), Best("Fastest", doubt="Not known: the time of <i>.")])
    assert "a&lt;b&gt;<br>c" in html
    assert "tie: " in html
    assert "<i>" not in html
    single = Best("Fastest", ("a",), "1 s", 1, doubt="One answer each: repeat to be sure.")
    assert "repeat to be sure" not in cards([single])
    assert once([single]) == single.doubt
