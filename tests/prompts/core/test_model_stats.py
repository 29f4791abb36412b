"""Medians of what the record holds: which answers count, how many, and from when."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy.dialects import postgresql

from prompts.core.model_stats import Measured, Median, Reading, summarise
from prompts.core.plan import WARM_UP
from prompts.core.targets import Target
from prompts.record.reads import _READINGS, readings
from prompts.record.recorder import Recorder
from providers.completion import Completion, Timings
from tests.prompts.samples import FULL, NOW, a_run, begin
from tests.runs import with_cell

CLEAN = replace(FULL, conditions=())


def reading(
    first: float | None = 0.2, rate: float | None = 50.0, *, clean: bool = True, model: str = "gpt-4o", day: int = 0
) -> Reading:
    return Reading("openai", model, NOW + timedelta(days=day), clean, first, 1.0, rate)


def test_a_median_is_over_the_clean_answers_and_says_how_many() -> None:
    (found,) = summarise([reading(0.1, day=1), reading(0.3, day=4), reading(0.2, day=2), reading(9.0, clean=False)])
    assert found == Measured(
        "openai", "gpt-4o", 3, 1, NOW + timedelta(days=1), NOW + timedelta(days=4),
        Median(0.2, 3), Median(1.0, 3), Median(50.0, 3),
    )  # fmt: skip


def test_each_figure_has_its_own_n() -> None:
    (found,) = summarise([reading(0.1, None), reading(0.3, 40.0)])
    assert (found.time_to_first_token_s, found.output_tokens_per_s) == (Median(0.2, 2), Median(40.0, 1))


def test_without_a_clean_answer_there_is_no_figure_but_it_is_said_how_many_there_were() -> None:
    (found,) = summarise([reading(clean=False, day=1), reading(clean=False, day=2)])
    assert (found.clean, found.other, found.time_to_first_token_s) == (0, 2, None)
    assert (found.first, found.last) == (NOW + timedelta(days=1), NOW + timedelta(days=2))


def test_models_are_kept_apart() -> None:
    assert [m.model for m in summarise([reading(), reading(model="o3"), reading()])] == ["gpt-4o", "o3"]
    assert summarise([]) == ()


async def keep(recorder: Recorder, *done: Completion, model: str = "gpt-4o", repeat: int = 0) -> None:
    run = replace(a_run(targets=len(done)), created_at=done[0].started_at)
    for number in range(len(done)):
        run = with_cell(run, number, target=Target("openai", model), repeat=repeat)
    await recorder.begin_run(run)
    for number, given in enumerate(done):
        await recorder.finish(await begin(recorder, run, number), given)


def timed(first: float, days: int = 0) -> Completion:
    timings = Timings(time_to_first_token_s=first, duration_s=2.0)
    return replace(CLEAN, timings=timings, started_at=NOW + timedelta(days=days))


async def test_the_record_is_summed_up_by_model(recorder: Recorder) -> None:
    await keep(recorder, timed(0.1), timed(0.3, days=2), replace(timed(0.2), state="cut"))
    await keep(recorder, timed(0.5), model="o3")
    four, three = recorder.measured()
    assert four == Measured(
        "openai", "gpt-4o", 3, 0, NOW, NOW + timedelta(days=2), Median(0.2, 3), Median(2.0, 3), None
    )
    assert (three.model, three.time_to_first_token_s) == ("o3", Median(0.5, 1))


async def test_what_failed_or_was_not_clean_or_warmed_up_is_in_no_median(recorder: Recorder) -> None:
    odd = [replace(timed(9.0), state=state) for state in ("failed", "cancelled", "incomplete", "empty", "refused")]
    await keep(recorder, timed(0.1), *odd, replace(timed(9.0), conditions=("first_call",)))
    await keep(recorder, timed(9.0), repeat=WARM_UP)
    (found,) = recorder.measured()
    assert (found.clean, found.other, found.time_to_first_token_s) == (1, 1, Median(0.1, 1))


async def test_only_the_newest_answers_of_the_newest_runs_are_read(recorder: Recorder) -> None:
    await keep(recorder, timed(0.1, days=1))
    await keep(recorder, timed(0.2, days=2), timed(0.3, days=3), timed(0.4, days=4))

    def read(runs: int, done: int) -> list[float | None]:
        with recorder._engine.connect() as connection:
            return sorted(r.time_to_first_token_s or 0 for r in readings(connection, runs, done))

    assert read(9, 9) == [0.1, 0.2, 0.3, 0.4]
    assert read(1, 9) == [0.2, 0.3, 0.4]
    assert read(9, 2) == [0.3, 0.4]


def test_the_question_can_be_put_to_postgresql() -> None:
    text = str(_READINGS.compile(dialect=postgresql.dialect()))
    assert "row_number() OVER (PARTITION BY completions.provider, completions.model" in text
    assert "completions.conditions IS NULL" in text
