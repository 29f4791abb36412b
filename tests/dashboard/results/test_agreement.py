"""The agreement of a run as HTML, and whose answers count."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.results.agreement import authors, is_counted, left_out
from dashboard.results.agreement_html import Author, agreement_html, summary
from prompts.analysis.agreement.agreement import agree
from prompts.core.run import Run
from prompts.core.targets import Target
from tests.patience import PATIENCE_S
from tests.prompts.analysis.repeats import run_of, timed
from tests.prompts.samples import BARE
from tests.runs import started

PEOPLE = [Author("gpt", "openai:gpt"), Author("opus <x>", "anthropic:opus <x>"), Author("flash", "google:flash")]


def html_of(*texts: str) -> str:
    return agreement_html(agree(texts), PEOPLE[: len(texts)])


def a_run(*targets: str, repeats: int = 1) -> Run:
    return started("What?", [Target(*target.split(":")) for target in targets], repeats=repeats)


@pytest.mark.parametrize(
    ("run", "short"),
    [
        (a_run("a:x", "b:y"), ["x", "y"]),
        (a_run("a:x", "b:y", repeats=2), ["x", "y", "x · 2", "y · 2"]),
        (a_run("a:x", "b:x"), ["a:x", "b:x"]),
        (a_run("a:x", "a:x"), ["a:x · column 1", "a:x · column 2"]),
    ],
)
def test_every_answer_has_a_short_name_of_its_own(run: Run, short: list[str]) -> None:
    assert [who.short for who in authors(run.answers)] == short


def test_repeats_of_one_model_share_a_chip_that_counts_them() -> None:
    people = authors(a_run("a:x", "b:y", repeats=3).answers)
    assert {who.asked for who in people} == {"x", "y"}
    texts = ["The sky is blue." if who.asked == "x" else "Grass grows green." for who in people]
    html = agreement_html(agree([*texts[:-1], "The sky is blue."]), people)
    assert '<span class="agree-chip" title="a:x, a:x · 2, a:x · 3">x 3/3</span> ' in html
    assert '<span class="agree-chip" title="b:y · 3">y 1/3</span>' in html
    assert '<span class="agree-chip" title="b:y, b:y · 2">y 2/3</span>' in html


def test_a_warm_up_is_no_answer() -> None:
    def page() -> None:
        import streamlit as st

        from dashboard.results.agreement import show_agreement

        show_agreement(st.session_state["run"])

    app = AppTest.from_function(page, default_timeout=PATIENCE_S)
    app.session_state["run"] = run_of({"a:x": [timed(0.1, "The sky is blue."), timed(0.2, "Grass grows.")]}, fair=True)
    app.run()
    assert list(app.dataframe[0].value["Model"]) == ["x", "x · 2"]


def test_only_answers_that_ended_properly_count_and_the_others_are_named() -> None:
    run = a_run("a:good", "a:cut", "a:bad", "a:blank", "a:live")
    outcomes = (("complete", "Yes."), ("cut", "Ye"), ("failed", "Ye"), ("complete", " \n"))
    for live, (state, text) in zip(run.live, outcomes, strict=False):
        live.finish(replace(BARE, state=state, text=text))
    assert [is_counted(answer) for answer in run.answers] == [True, True, False, False, False]
    assert left_out(run.answers).endswith("empty: a:bad (failed), a:blank (complete), a:live (waiting).")
    assert left_out(run.answers[:2]) == ""


def test_the_summary_counts_conflicts_and_what_all_say() -> None:
    texts = ["The old tower is 30 m tall. Grass grows green.", "The old tower is 40 m tall. Grass grows green."]
    assert summary(agree(texts)) == (
        "2 answers. 1 statement in conflict. Worded alike by both: 1. Mentioned by both: 0 key facts."
    )


def test_conflicts_come_first_with_each_value_and_its_authors() -> None:
    html = html_of("The old tower is 30 m tall.", "The old tower is 40 m tall.", "Grass grows green.")
    assert html.index('data-part="conflict"') < html.index('data-part="one"')
    assert '<mark>40 m</mark> <span class="agree-chip" title="anthropic:opus &lt;x&gt;">' in html
    assert "<q>The old tower is <mark>40 m</mark> tall.</q>" in html
    assert 'class="agree-fact agree-disputed"' in html


def test_a_part_is_quoted_in_its_sentence() -> None:
    one = 'SQLite is "small". It needs <3 servers and was first released in 2000.'
    html = html_of(one, "SQLite was first released in 2001.")
    rest = '<span class="muted">It needs &lt;3 servers and </span>'
    assert f"<q>{rest}was first released in <mark>2000</mark>.</q>" in html
    assert 'title="It needs &lt;3 servers and was first released in 2000.">… was first' in html


def test_the_words_that_not_all_have_are_underlined() -> None:
    html = html_of("The old & red tower stands on a hill.", "The old & tall tower stands on a hill.")
    assert "The old &amp; <u>red</u> tower stands on a hill." in html
    assert "The old &amp; <u>tall</u> tower stands on a hill." in html
    assert ">Worded alike by both <" in html


def test_what_may_be_said_in_other_words_is_not_said_by_one_only() -> None:
    html = html_of("A warm kitchen speeds all fermentation up.", "Fermentation goes faster in a warm room.")
    assert 'data-part="unsure"' in html
    assert 'data-part="one"' not in html


def test_a_conflict_is_shown_by_a_sentence_with_the_value_of_its_first_side() -> None:
    first = [f"The old tower was built in {when}." for when in ("May 1889", "1889", "1889", "1887")]
    html = agreement_html(agree(first), authors(a_run("a:w", "a:x", "a:y", "a:z").answers))
    assert '<span class="agree-text">The old tower was built in <mark>1889</mark>.</span>' in html


def test_no_text_of_a_model_becomes_markup() -> None:
    evil = 'The <img src=x onerror=alert(1)> & <script>it</script> 3 < 4 "tower" of Bad\' Name<svg stands.'
    html = html_of(evil, evil, 'I met Bad\' Name<svg in 1999 & "2001".')
    assert "<img" not in html
    assert "<script" not in html
    assert "<svg" not in html
    assert 'opus <x>' not in html  # fmt: skip


def test_long_parts_are_folded_and_nothing_is_dropped() -> None:
    words = "apple banana cherry damson elder fig grape hazel iris juniper kale lemon".split()
    text = " ".join(f"Every {word} tree grows here." for word in words)
    html = html_of(text, text)
    assert "<summary>4 more</summary>" in html
    assert all(f"Every {word} tree grows here." in html for word in words)


def test_a_fact_says_who_mentions_it_and_who_does_not() -> None:
    html = html_of("It opened in 1889.", "In 1889 it opened.", "It is old.")
    assert 'title="Mentioned by openai:gpt, anthropic:opus &lt;x&gt;. Not by google:flash."' in html
    assert '1889 <span class="agree-share">2/3</span>' in html
