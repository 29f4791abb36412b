"""Whatever is read of what others wrote: nothing but a sentence is said against it, in bounded work and memory."""

from __future__ import annotations

import tracemalloc
from typing import Any

import pytest

from tests.counting import calls
from tests.fuzz.choices import CHOICES
from tests.fuzz.people import PEOPLE
from tests.fuzz.readers import MOST_BYTES, MOST_CALLS, Reader, is_sentence, run
from tests.fuzz.rows import READERS

CASES = 12


@pytest.mark.filterwarnings("ignore:.* is not a valid:UserWarning")  # Google's SDK, of words it does not know
@pytest.mark.parametrize("reader", [*READERS, *PEOPLE, *CHOICES], ids=lambda reader: reader.name)
def test_what_others_wrote_is_read_or_refused_in_a_sentence(reader: Reader) -> None:
    run(reader, 1, 0, lambda reader, given: reader.sentence(given))  # what is imported first is no work of a reader's
    run(reader, CASES, 1, check)


def check(reader: Reader, given: Any) -> None:
    """No other exception, a sentence, bounded work, bounded memory."""
    said: list[str | None] = []
    tracemalloc.start()
    try:
        worked = calls(lambda: said.append(reader.sentence(given)))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert said[0] is None or is_sentence(said[0]), said
    assert worked <= MOST_CALLS
    assert most <= MOST_BYTES
