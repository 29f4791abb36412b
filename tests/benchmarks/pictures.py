"""How quickly a record of 10,000 pictures is listed beside one of as many texts, and what its small pictures cost.

Both records are made in a temporary folder, 5,000 runs of two answers. The pictures of the newest runs are there, noise
of 1024 x 1024 that cannot be packed; of the others the rows alone, for a list reads nothing else.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from prompts.core.run_summaries import Filter
from prompts.history.archive import Archive
from prompts.record import picture_store
from prompts.record.database import open_database
from prompts.record.schema import completions, runs
from providers.files.small_pictures import even, small
from tests.benchmarks.report import figure, median, spread, title
from tests.pictures import noise

RUNS, ANSWERS, PAGE, ROUNDS = 5_000, 2, 50, 15
AT = datetime(2026, 11, 20, tzinfo=UTC)
METADATA = {"parameters": "Steps: 20, Sampler: Euler a, CFG scale: 7, " * 10}


def fill(connection: sa.Connection, digests: list[str]) -> None:
    """The rows; each answer drew the next of `digests`, over and over. None: each is a text."""
    for number in range(RUNS):
        run_id, at = str(UUID(int=number + 1)), AT + timedelta(seconds=number)
        request = {"messages": [{"role": "user", "text": "A lighthouse"}], "settings": {}}
        connection.execute(runs.insert(), {
            "id": run_id, "created_at": at, "source": "page", "prompt": f"A lighthouse {number}", "request": request,
        })  # fmt: skip
        connection.execute(completions.insert(), [_answer(run_id, number, n, at, digests) for n in range(ANSWERS)])


def _answer(run_id: str, number: int, position: int, at: datetime, digests: list[str]) -> dict[str, Any]:
    drawn = [{
        "sha256": digests[(number * ANSWERS + position) % len(digests)], "media_type": "image/png", "width": 1024,
        "height": 1024, "arrived_type": "image/png", "arrived_bytes": 1_500_000, "metadata": METADATA,
    }] if digests else None  # fmt: skip
    return {
        "id": str(UUID(int=10**6 + number * ANSWERS + position)), "run_id": run_id, "position": position,
        "cell": position, "repeat": 0, "provider": "openai", "model": f"gpt-image-{position}", "state": "complete",
        "text": "" if digests else "A lighthouse stands on a cliff. " * 20, "asked_at": at, "pictures": drawn,
        "cost_kind": "local",
    }  # fmt: skip


def timed(action: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    """Milliseconds of each round, after one that does not count."""
    action()
    times = list[float]()
    for _ in range(rounds):
        began = perf_counter()
        action()
        times.append(1000 * (perf_counter() - began))
    return times


def main() -> None:
    """Print the figures."""
    picture = noise((1024, 1024))
    digest = sha256(picture).hexdigest()
    with tempfile.TemporaryDirectory() as folder:
        title(f"{RUNS * ANSWERS:,} pictures on record: the newest {PAGE} runs, as History asks for them")
        found = dict[str, list[float]]()
        for name, digests in (("pictures", [digest]), ("texts", [])):
            engine = open_database(f"sqlite:///{Path(folder) / name}.db")
            with engine.begin() as connection:
                fill(connection, digests)
                picture_store.put(connection, {digest: picture} if digests else {})
            archive = Archive(engine)
            found[name] = timed(lambda archive=archive: archive.page(Filter(), None, PAGE))
            spread(f"a page of {name}", found[name], " ms", most=200)
            if digests:
                spread("a picture read from the record", timed(lambda: Archive(engine).picture(digest)), " ms")  # noqa: B023
            engine.dispose()
        figure("a page of pictures / of texts", median(found["pictures"]) / median(found["texts"]))
        title("One picture of 1024 x 1024, made anew")
        spread("small, for a list", timed(lambda: small(picture)), " ms")
        spread("alike, for a vote", timed(lambda: even(picture), 5), " ms")
        figure("bytes of a small one", len(small(picture)), " B", most=20_000)


if __name__ == "__main__":
    main()
