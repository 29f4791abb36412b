from typing import Any

from dashboard.results.charts.timeline import COLOURS, chart, cut_at_s, describe
from prompts.analysis.timeline import PHASES, timeline
from providers.completion import Timings
from tests.prompts.analysis.answers import answer, run_of

SLOW_START = Timings(1.0, 1.0, 4.0, time_to_last_token_s=4.0, prepare_s=3.0)


def rows(times: Timings) -> list[dict[str, Any]]:
    bars, _ = chart(timeline(run_of(answer(times=times, conditions=("cold_load",))))).to_dict()["layer"]
    return bars["data"]["values"]


def test_hover_gives_each_phase_its_name_figure_meaning_and_conditions() -> None:
    writing = next(row for row in rows(SLOW_START) if row["phase"] == "writing")
    assert (writing["from"], writing["to"], writing["seconds"]) == (1.0, 4.0, "3.00 s")
    assert writing["span"] == "from 1.00 s to 4.00 s"
    assert (writing["conditions"], writing["outcome"]) == ("model was loaded first", "complete after 4.00 s")
    assert writing["says"] == "From the first to the last answer text."


def test_a_long_preparation_is_cut_in_the_drawing_but_not_in_its_figure() -> None:
    prepare = rows(SLOW_START)[0]
    assert (prepare["from"], prepare["to"], prepare["seconds"]) == (-1.0, 0.0, "3.00 s")
    assert prepare["span"] == "before the clock"
    assert cut_at_s(timeline(run_of(answer(times=SLOW_START)))) == 1.0


def test_a_short_preparation_is_drawn_whole() -> None:
    times = Timings(1.0, 1.0, 4.0, prepare_s=0.5)
    assert rows(times)[0]["from"] == -0.5
    assert cut_at_s(timeline(run_of(answer(times=times)))) is None


def test_every_phase_has_a_colour_of_its_own() -> None:
    assert set(COLOURS) == set(PHASES)
    assert len(set(COLOURS.values())) == len(PHASES)


def test_the_chart_is_told_in_words() -> None:
    run = run_of(answer(0), answer(1, state="cancelled"))
    assert describe(timeline(run)) == (
        "Where the time of each answer went. openai:m0 · complete after 2.00 s; openai:m1 · stopped after 2.00 s."
    )
