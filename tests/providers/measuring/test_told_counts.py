"""Counts that cannot be are unknown, and so is what was written of an answer that broke off."""

import pytest

from providers.interface import Done, Usage
from providers.measuring.told_counts import counted_so_far, final_counts, without_impossible_zeros


@pytest.mark.parametrize(
    ("told", "wrote", "known"),
    [
        (Usage(0, 5), True, Usage(None, 5)),
        (Usage(10, 0), True, Usage(10, None)),
        (Usage(0, 0), True, None),
        (Usage(0, 0), False, Usage(None, 0)),
        (Usage(10, 0), False, Usage(10, 0)),
        (Usage(10, 5), True, Usage(10, 5)),
        (Usage(None, 5), True, Usage(None, 5)),
        (None, True, None),
    ],
)
def test_a_zero_that_cannot_be_is_unknown_and_said_to_be_impossible(
    told: Usage | None, wrote: bool, known: Usage | None
) -> None:
    done = without_impossible_zeros(Done("stop", usage=told), wrote=wrote)
    assert done.usage == known
    assert ("usage_invalid" in done.flags) == (told != known)


@pytest.mark.parametrize(
    ("counted", "known"),
    [
        (Usage(10, 5, 4, 1, 2), Usage(10, None, 4, 1)),
        (Usage(10, None), Usage(10, None)),
        (Usage(None, 5), None),
        (Usage(0, 5), None),
    ],
)
def test_of_an_answer_that_broke_off_only_what_it_read_is_known(counted: Usage, known: Usage | None) -> None:
    done = counted_so_far(Done("stop", "end_turn", counted, flags=("usage_invalid", "not_streamed")))
    assert done is not None
    assert (done.stop, done.stop_reason, done.flags) == ("other", None, ("counted_so_far", "usage_invalid"))
    assert final_counts(done) == known


def test_without_counts_nothing_is_known_of_an_answer_that_broke_off() -> None:
    assert (counted_so_far(None), counted_so_far(Done("stop"))) == (None, None)


def test_the_counts_of_an_answer_with_an_end_hold() -> None:
    assert final_counts(Done("stop", usage=Usage(10, 5))) == Usage(10, 5)
