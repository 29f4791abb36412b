"""Everything that reads what others wrote: one row a reader, with what it may refuse in a sentence.

python -m tests.fuzz.readers 20000            # so many cases each, and how many of them were refused
python -m tests.fuzz.readers 20000 promptfoo  # of those readers whose name holds the word
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import SearchStrategy

MOST_BYTES = 48 * 2**20
"""Of memory, for one of these small inputs."""
MOST_CALLS = 2_000_000
"""Of functions, likewise: half of them are an SDK's, which builds its types when it first reads an answer."""
LONGEST_SENTENCE = 2_500


@dataclass(frozen=True, slots=True)
class Reader:
    """What reads `inputs`. Raises nothing but `refuses`, whose message is a sentence for people."""

    name: str
    inputs: SearchStrategy[Any]
    read: Callable[[Any], object]
    refuses: tuple[type[Exception], ...] = ()
    share: float = 1.0
    """How many cases it gets of what others get: fewer where each costs much."""

    def sentence(self, given: Any) -> str | None:
        """What it says against this input; `None` where it takes it. Raises what it must not."""
        try:
            self.read(given)
        except self.refuses as exc:
            return str(exc)
        return None


def is_sentence(said: str) -> bool:
    """Whether people can be shown it."""
    return (
        bool(said.strip()) and len(said) <= LONGEST_SENTENCE and "Traceback" not in said and " object at 0x" not in said
    )


def run(reader: Reader, cases: int, number: int, check: Callable[[Reader, Any], object]) -> None:
    """`check` for so many inputs, the same ones for the same `number`. The smallest that fails is shown."""

    @seed(number)
    @settings(
        max_examples=max(1, int(cases * reader.share)), deadline=None, database=None, derandomize=False,
        suppress_health_check=list(HealthCheck), phases=(Phase.generate, Phase.shrink),
    )  # fmt: skip
    @given(reader.inputs)
    def each(given: Any) -> None:
        check(reader, given)

    each()


def main(cases: str = "2000", word: str = "") -> None:
    """Print how many inputs each reader was given, and how many it refused."""
    from tests.fuzz.choices import CHOICES
    from tests.fuzz.people import PEOPLE
    from tests.fuzz.rows import READERS

    for reader in (each for each in (*READERS, *PEOPLE, *CHOICES) if word in each.name):
        counts = Counter[str]()

        def check(reader: Reader, given: Any, counts: Counter[str] = counts) -> None:
            said = reader.sentence(given)
            assert said is None or is_sentence(said), said
            counts["refused" if said is not None else "taken"] += 1

        try:
            run(reader, int(cases), 1, check)
            print(f"{reader.name}: {counts.total():,} cases, {counts['refused']:,} refused", flush=True)
        except Exception as exc:  # noqa: BLE001 -- a list of what falls is what this is for
            print(f"{reader.name}: FELL after {counts.total():,}: {type(exc).__name__}: {exc}", flush=True)
            for note in getattr(exc, "__notes__", []):
                print("   ", note[:2000])


if __name__ == "__main__":
    main(*sys.argv[1:])
