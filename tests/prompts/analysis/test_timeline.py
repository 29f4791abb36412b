import random
from fractions import Fraction
from itertools import pairwise

import pytest

from prompts.analysis.timeline import MOST_ROWS, PHASES, SAYS, segments, timeline
from prompts.core.plan import WARM_UP
from prompts.core.targets import Target
from providers.completion import Completion, Timings
from providers.errors import failure
from tests.prompts.analysis.answers import answer, run_of
from tests.runs import answer_of

WHOLE = Timings(
    time_to_first_chunk_s=3.0, time_to_first_token_s=5.0, duration_s=10.0, connected_s=1.0, sent_s=1.1, headers_s=2.0,
    time_to_last_token_s=9.0, prepare_s=0.5,
)  # fmt: skip


def done(**more: object) -> Completion:
    found = answer(**more).completion  # type: ignore[arg-type]
    assert found is not None
    return found


def phases(times: Timings, **more: object) -> list[tuple[str, float, float]]:
    return [(s.phase, s.start_s, s.end_s) for s in segments(done(times=times, **more))]


def test_every_mark_ends_its_phase() -> None:
    assert phases(WHOLE) == [
        ("prepare", -0.5, 0.0), ("connect", 0.0, 1.0), ("wait for headers", 1.0, 2.0),
        ("wait for first output", 2.0, 3.0), ("thinking", 3.0, 5.0), ("writing", 5.0, 9.0), ("ending", 9.0, 10.0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        # a connection that was open, and no thinking
        (Timings(1.0, 1.0, 3.0, headers_s=0.5, time_to_last_token_s=2.5),
         ["wait for headers", "wait for first output", "writing", "ending"]),
        # no network marks: one wait
        (Timings(1.0, 1.0, 3.0, time_to_last_token_s=3.0), ["waiting", "writing"]),
        # connected, but no headers seen: their wait and the first output's are one
        (Timings(1.0, 1.0, 3.0, connected_s=0.2, time_to_last_token_s=3.0), ["connect", "waiting", "writing"]),
        # the first output is unknown: thinking is not split off
        (Timings(None, 2.0, 3.0, headers_s=1.0, time_to_last_token_s=3.0),
         ["wait for headers", "wait for first output", "writing"]),
        # the last token is unknown: writing and ending are one
        (Timings(1.0, 1.0, 3.0), ["waiting", "writing"]),
        # stopped while it thought
        (Timings(1.0, None, 3.0, headers_s=0.5), ["wait for headers", "wait for first output", "thinking"]),
        # stopped before anything arrived
        (Timings(duration_s=3.0, connected_s=0.1, sent_s=0.2), ["connect", "waiting"]),
        (Timings(duration_s=3.0), ["waiting"]),
        # a mark that stands before an earlier one is no mark
        (Timings(1.0, 2.0, 3.0, headers_s=1.5, time_to_last_token_s=3.0),
         ["wait for headers", "wait for first output", "writing"]),
        (Timings(), []),
    ],
)  # fmt: skip
def test_a_missing_mark_merges_its_phases(times: Timings, expected: list[str]) -> None:
    assert [phase for phase, _, _ in phases(times)] == expected


@pytest.mark.parametrize("seed", range(300))
def test_the_phases_follow_one_another_and_add_up_to_the_duration(seed: int) -> None:
    draw = random.Random(seed)

    def mark() -> float | None:
        return None if draw.random() < 0.3 else draw.choice([draw.random(), draw.random() * 100, 0.0])

    duration = draw.random() * 50
    times = Timings(mark(), mark(), duration, None, None, mark(), mark(), mark(), mark(), mark())
    found = [s for s in segments(done(times=times, load=mark())) if s.phase != "prepare"]
    assert found[0].start_s == 0.0
    assert found[-1].end_s == duration
    assert all(one.end_s == next_.start_s and one.start_s < one.end_s for one, next_ in pairwise(found))
    assert sum(Fraction(s.end_s) - Fraction(s.start_s) for s in found) == Fraction(duration)


def test_loading_lies_inside_the_wait_as_the_server_says() -> None:
    found = segments(done(times=WHOLE, load=0.4))
    load, rest = (s for s in found if s.phase in ("load model", "wait for headers"))
    assert (load.start_s, load.end_s, rest.end_s) == (1.0, 1.4, 2.0)
    assert "server says" in load.says


@pytest.mark.parametrize("load", [0.0, 1.0, 40.0])
def test_a_loading_that_does_not_fit_into_the_wait_is_not_drawn(load: float) -> None:
    assert "load model" not in [phase for phase, _, _ in phases(WHOLE, load=load)]


def test_hidden_thinking_is_said_to_be_in_the_wait() -> None:
    found = segments(done(times=Timings(2.0, 2.0, 3.0, headers_s=1.0), flags=("thinking_hidden",)))
    (wait,) = (s for s in found if s.phase == "wait for first output")
    assert "hides the thinking" in wait.says


@pytest.mark.parametrize(
    ("times", "flags", "seconds"),
    [
        (WHOLE, (), 2.0),
        (Timings(1.0, 1.0), (), 0.0),
        (Timings(1.0, 1.0), ("thinking_hidden",), None),
        (Timings(1.0, None), (), None),
    ],
)
def test_thinking_time_is_unknown_where_it_cannot_be_told(
    times: Timings, flags: tuple[str, ...], seconds: float | None
) -> None:
    (bar,) = timeline(run_of(answer(times=times, flags=flags))).bars  # type: ignore[arg-type]
    assert bar.thinking_s == seconds


def test_a_bar_that_ends_early_says_so() -> None:
    late = failure("timeout", "nothing came")
    run = run_of(
        answer(0, state="cancelled", duration=3.0, conditions=("cancelled",)),
        answer(1, state="failed", duration=8.0, error=late),
        answer(2, state="failed", duration=None, error=late),
        answer_of(Target("openai", "m3"), 3, 3),
    )
    assert [bar.outcome for bar in timeline(run).bars] == [
        "stopped after 3.00 s", "failed (timeout) after 8.00 s", "failed (timeout), nothing was timed", "waiting",
    ]  # fmt: skip
    assert timeline(run).bars[0].conditions == "stopped early"


def test_warm_ups_are_left_out() -> None:
    bars = timeline(run_of(answer(repeat=WARM_UP, duration=99.0), answer(repeat=0))).bars
    assert [bar.timings.duration_s for bar in bars] == [2.0]


def test_few_repeats_are_shown_one_by_one() -> None:
    drawn = timeline(run_of(*(answer(repeat=n) for n in range(MOST_ROWS))))
    assert not drawn.chosen
    assert [bar.name for bar in drawn.bars][:2] == ["openai:m0 · repeat 1", "openai:m0 · repeat 2"]


def test_of_many_repeats_the_one_with_the_median_duration_of_proper_answers_stands_for_all() -> None:
    answers = [answer(repeat=n, duration=float(n)) for n in range(1, 25)]
    quick_failures = [answer(repeat=n, duration=0.1, state="failed") for n in range(25, 40)]
    drawn = timeline(run_of(*answers, *quick_failures))
    assert drawn.chosen
    assert [bar.timings.duration_s for bar in drawn.bars] == [12.0]


def test_every_phase_explains_itself() -> None:
    assert set(SAYS) == set(PHASES)
    assert all(text.endswith(".") for text in SAYS.values())
