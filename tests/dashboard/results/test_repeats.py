"""The repeats of a run as they are drawn, in process."""

import json
from decimal import Decimal

from streamlit.testing.v1 import AppTest

from prompts.core.run import Run
from providers.completion import Cost
from tests.patience import PATIENCE_S
from tests.prompts.analysis.repeats import run_of, timed


def drawn(run: Run) -> AppTest:
    def page() -> None:
        import streamlit as st

        from dashboard.results.repeats import show_repeats

        show_repeats(st.session_state["run"])

    app = AppTest.from_function(page, default_timeout=PATIENCE_S)
    app.session_state["run"] = run
    app.run()
    assert not app.exception
    return app


def captions(app: AppTest) -> str:
    return " ".join(caption.value for caption in app.caption).replace("\\", "")


def test_a_single_asking_shows_no_spread_but_how_to_get_one() -> None:
    app = drawn(run_of({"a:x": [timed(0.1)], "a:y": [timed(0.2)]}))
    assert "ask each one several times" in app.info[0].value
    assert not app.dataframe


def test_the_table_says_of_how_many_points_each_figure_is() -> None:
    paid, lost = Cost("amount", Decimal("0.01")), Cost("unknown", reason="lost")
    app = drawn(
        run_of(
            {
                "a:x": [timed(0.9, conditions=("first_call",)), timed(0.2, "Yes!"), timed(0.4, "No.")],
                "a:y": [
                    timed(0.3, cost=paid),
                    timed(9.0, state="failed", cost=lost),
                    timed(None, state="empty", cost=paid),
                ],
            }
        )
    )  # fmt: skip
    first, second = app.dataframe[0].value.to_dict("records")
    assert first == {
        "Model": "a:x", "Points": "2 clean of 3", "Median": "300 ms", "p90": "—", "From": "200 ms", "To": "400 ms",
        "Same": "2 of 3", "Cost of all": "no fee",
    }  # fmt: skip
    assert (second["Points"], second["Median"], second["From"]) == ("1 of 3", "300 ms (one point)", "—")
    assert (second["Same"], second["Cost of all"]) == ("—", "≥ $0.020")
    assert "Medians are of the clean points" in captions(app)


def test_it_is_said_whose_median_is_of_all_points_because_too_few_are_clean() -> None:
    first = timed(0.9, conditions=("first_call",))
    app = drawn(run_of({"a:x": [first, timed(0.2), timed(0.3)], "a:y": [first, first, timed(0.3)]}))
    assert "the medians of a:y are of all, diamonds (marked conditions) included" in captions(app)
    assert "the medians are of all" in captions(drawn(run_of({"a:y": [first, first, timed(0.3)]})))


def test_ten_points_show_a_p90_and_say_that_it_is_rough() -> None:
    app = drawn(run_of({"a:x": [timed(n / 10) for n in range(1, 12)]}))
    assert app.dataframe[0].value["p90"][0] == "1.00 s (rough)"


def test_warm_ups_are_left_out_and_their_cost_is_told() -> None:
    app = drawn(run_of({"a:x": [timed(0.1), timed(0.2)]}, fair=True))
    assert app.dataframe[0].value["Points"][0] == "2 of 2"
    assert "1 warm-up call is left out here (cost: no fee)" in captions(app)


def test_a_run_that_still_goes_on_says_so() -> None:
    app = drawn(run_of({"a:x": [timed(0.1), timed(0.2), None]}))
    assert "2 of 3 answers are in" in captions(app)


def test_another_figure_can_be_chosen_and_one_that_nobody_has_says_why() -> None:
    app = drawn(run_of({"a:x": [timed(0.1), timed(0.2)], "a:y": [timed(0.3), timed(0.4)]}))
    app.segmented_control(key="repeats_metric").set_value("Cost").run()
    assert not app.exception
    assert "No figure to draw, because no fee is charged" in captions(app)


def test_the_first_page_is_shown_again_when_another_answer_has_come() -> None:
    run = run_of({"a:x": [timed(0.1, "one"), timed(0.2, "two"), None]})
    app = drawn(run)
    app.get("pagination")[0].set_value(2).run()
    run.live[2].finish(timed(0.1, "two"))
    assert not app.run().exception
    run.live[2].finish(timed(0.1, "three"))
    assert not app.run().exception
    assert app.get("pagination")[0].value == 1


def test_names_of_models_are_text_in_our_own_html() -> None:
    odd = "a:<b>x</b>"
    app = drawn(run_of({odd: [timed(0.1)] * 3, "a:y": [timed(0.2)] * 3}))
    panels = " ".join(json.loads(each.proto.json).get("html", "") for each in app.get("bidi_component"))
    assert "&lt;b&gt;x" in panels
    assert "<b>x" not in panels
