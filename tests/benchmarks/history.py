"""How quickly a million completions are listed, filtered, searched and summed up, on SQLite.

A record of 250,000 runs over four targets is made in a temporary folder: two and a half years, 40 models
of unequal popularity, ten people, 1 % failures, words as common and as rare as words are. It is made as a
record of the schema before the catalogue, and then opened, so that step is timed too. What is measured is
`Archive`, as the page asks it, in a process that did not make the record.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import accumulate
from multiprocessing import get_context
from pathlib import Path
from random import Random
from time import perf_counter
from uuid import UUID

from prompts.core.run import Run
from prompts.core.run_summaries import Filter
from prompts.core.targets import Target
from prompts.history.archive import Archive
from prompts.record.database import open_database
from prompts.record.recorder import Recorder
from tests.benchmarks.report import figure, spread, title
from tests.prompts.record.older import put_back
from tests.prompts.samples import FULL
from tests.runs import started

ANSWERS, ROUNDS, BURST = 4, 9, 2_000
PAGE_MS, SEARCH_MS, RECORD_MS = 200, 300, 2
LAST = datetime(2026, 11, 20, tzinfo=UTC)
SPAN = timedelta(days=900)
BEFORE = "0003"
_SYLLABLES = [a + b for a in "bdfghjklmnprstvz" for b in ("a", "e", "i", "o", "u", "ai", "or")]
_NAMED = "runs", "completions", "tags", "ratings"


def word(rank: int) -> str:
    """The word of that rank: the lower, the more common."""
    digits: list[str] = []
    rank += len(_SYLLABLES)
    while rank:
        rank, digit = divmod(rank, len(_SYLLABLES))
        digits.append(_SYLLABLES[digit])
    return "".join(digits)


class Maker:
    """Makes rows, the same ones each time."""

    def __init__(self, runs: int) -> None:
        self.runs, self.random = runs, Random(11)
        self.words = [word(rank) for rank in range(60_000)]
        self.weights = list(accumulate(1 / (rank + 3) for rank in range(60_000)))
        self.sentences = [self._words(self.random.randint(6, 16)) for _ in range(40_000)]
        self.targets = [(provider, f"model-{n}") for n, provider in enumerate(_PROVIDERS * 8)]
        self.popular = list(accumulate(1 / (n + 1) for n in range(len(self.targets))))

    def _words(self, count: int) -> str:
        return " ".join(self.random.choices(self.words, cum_weights=self.weights, k=count))

    def text(self, sentences: int) -> str:
        """Sentences of others, and a few words of its own."""
        return ". ".join([*self.random.choices(self.sentences, k=sentences), self._words(8)])

    def rows(self) -> Iterator[tuple[tuple[object, ...], list[tuple[object, ...]]]]:
        """Each run with its completions, the oldest first."""
        begin = LAST - SPAN
        for n in range(self.runs):
            at = (begin + SPAN * (n / self.runs)).replace(tzinfo=None).isoformat(" ", "microseconds")
            run = self._id()
            person = f"person-{n % 10}@example.org"
            prompt = self.text(2)
            request = json.dumps({"messages": [{"role": "user", "text": prompt}], "settings": {}})
            experiment = "experiment" if n % 2_500 == 0 else None
            yield (
                (run, at, "page", prompt, request, person, experiment),
                [self._completion(run, at, position) for position in range(ANSWERS)],
            )

    def _completion(self, run: str, at: str, position: int) -> tuple[object, ...]:
        random = self.random
        ((provider, model),) = random.choices(self.targets, cum_weights=self.popular)
        model = "rare-model" if random.random() < 5e-6 else model
        good = random.random() > 0.01
        seconds, cost = random.lognormvariate(1, 0.6), f"{random.lognormvariate(-7, 1.5):.8f}"
        kind = "local" if provider == "ollama" else "unknown" if random.random() < 0.02 else "amount"
        return (
            self._id(), run, position, position, 0, provider, model, "complete" if good else "failed",
            "https://api.example.com/v1", "{}", _FRAME[position % 2] + self.text(8) if good else "", at, at,
            seconds / 3 if good else None, seconds, random.randint(20, 400), random.randint(50, 900),
            kind, cost if kind == "amount" else None,
            _RECEIPT, '["new_connection"]', None if good else "server", None if good else _ERROR,
        )  # fmt: skip

    def _id(self) -> str:
        return str(UUID(int=self.random.getrandbits(128), version=4))


_PROVIDERS = ["openai", "anthropic", "google", "ollama", "mistral"]
_RECEIPT = '{"lines":[{"what":"input","tokens":120,"price":"2.50","amount":"0.0003"}],"source":"genai-prices"}'
_ERROR = '{"kind":"server","message":"The server had an error","status":500}'
_FRAME = "always even ", "always odd "  # words that no prompt has, and two that no answer has both of
_RUN = "id, created_at, source, prompt, request, person, experiment_id"
_COMPLETION = (
    "id, run_id, position, cell, repeat, provider, model, state, endpoint, settings, text, started_at, asked_at, "
    "time_to_first_token_s, duration_s, input_tokens, output_tokens, cost_kind, cost_amount, cost, conditions, "
    "error_kind, error"
)


def make(path: Path, runs: int) -> None:
    """A record of `runs` runs, of the schema before the catalogue."""
    put_back(f"sqlite:///{path}", BEFORE)
    maker, connection = Maker(runs), sqlite3.connect(path)
    connection.execute("PRAGMA synchronous=OFF")
    for table in ("ratings", "tags", "attempts", "completions", "runs"):
        connection.execute(f"DELETE FROM {table}")  # noqa: S608 -- constants
    rows, done = maker.rows(), 0
    while some := [row for _, row in zip(range(2_000), rows, strict=False)]:
        _insert(connection, "runs", _RUN, [run for run, _ in some])
        answers = [answer for _, answers in some for answer in answers]
        _insert(connection, "completions", _COMPLETION, answers)
        done += len(answers)
        _mark(connection, [str(answer[0]) for answer in answers], first=done == len(answers))
    connection.execute("INSERT INTO experiments VALUES ('experiment', ?, 'Summaries', NULL)", (str(LAST)[:26],))
    connection.commit()
    connection.close()


def _mark(connection: sqlite3.Connection, ids: list[str], *, first: bool) -> None:
    """Of a thousand answers: ten are tagged, 20 rated; of all, three have a tag of their own."""
    at = "2026-11-20 00:00:00.000000"
    _insert(connection, "tags", "completion_id, name, person, changed_at", [(id, "kept", "", at) for id in ids[::100]])
    if first:
        mine = [(id, "only three", "", at) for id in ids[:3]]
        _insert(connection, "tags", "completion_id, name, person, changed_at", mine)
    stars = [(id, "", n % 5 + 1, 0, at) for n, id in enumerate(ids[::50])]
    _insert(connection, "ratings", "completion_id, person, stars, best, changed_at", stars)


def _insert(connection: sqlite3.Connection, table: str, columns: str, rows: list[tuple[object, ...]]) -> None:
    assert table in _NAMED
    marks = ", ".join("?" * (columns.count(",") + 1))
    connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)  # noqa: S608 -- names are ours


RARE, OTHER, COMMON, ALSO = word(30_000), word(25_000), word(2), word(5)
FILTERS: dict[str, Filter] = {
    "a popular model": Filter(targets=("openai:model-0",)),
    "three popular models": Filter(targets=("openai:model-0", "anthropic:model-1", "google:model-2")),
    "the least popular model": Filter(targets=("mistral:model-39",)),
    "a model asked a few times": Filter(targets=tuple(f"{provider}:rare-model" for provider in _PROVIDERS)),
    "a provider": Filter(providers=("ollama",)),
    "a family that fits nothing": Filter(families=("Claude",)),
    "a tag on one of a hundred": Filter(tags=("kept",)),
    "a tag on three": Filter(tags=("only three",)),
    "five stars": Filter(stars=5),
    "failed": Filter(outcome="failed"),
    "interrupted, which none are": Filter(outcome="interrupted"),
    "good": Filter(outcome="good"),
    "one day": Filter(since=date(2025, 6, 1), until=date(2025, 6, 1)),
    "before an early day": Filter(until=date(2024, 7, 1)),
    "dear": Filter(cost_from=Decimal("0.05")),
    "dearer than any": Filter(cost_from=Decimal(1000)),
    "cheap": Filter(cost_to=Decimal("0.001")),
    "one person": Filter(person="person-3@example.org"),
    "an experiment": Filter(experiment="experiment"),
    "a popular model, failed, one person": Filter(
        targets=("openai:model-0",), outcome="failed", person="person-3@example.org"
    ),
    "a popular model, failed, dearer than any": Filter(
        targets=("openai:model-0",), outcome="failed", cost_from=Decimal(1000)
    ),
    "a popular model, five stars, one person, cheap": Filter(
        targets=("openai:model-0",), stars=5, person="person-3@example.org", cost_to=Decimal("0.01")
    ),
}
SEARCHES: dict[str, Filter] = {
    "rare": Filter(words=RARE),
    "rare + rare": Filter(words=f"{RARE} {OTHER}"),
    "rare + common": Filter(words=f"{RARE} {COMMON}"),
    "common": Filter(words=COMMON),
    "common + common": Filter(words=f"{COMMON} {ALSO}"),
    "common + common, a popular model": Filter(words=f"{COMMON} {ALSO}", targets=("openai:model-0",)),
    "common + common, failed": Filter(words=f"{COMMON} {ALSO}", outcome="failed"),
    "common + common, a tag on three": Filter(words=f"{COMMON} {ALSO}", tags=("only three",)),
    "in every answer, in no prompt": Filter(words="always even"),
    "in half of the answers each, in none together": Filter(words="even odd"),
    "in every answer, dearer than any": Filter(words="always even", cost_from=Decimal(1000)),
    "in every answer, a model asked a few times": Filter(
        words="always even", targets=tuple(f"{provider}:rare-model" for provider in _PROVIDERS)
    ),
    "a phrase of common words": Filter(words=f'"{COMMON} {ALSO}"'),
    "the beginning of a word": Filter(words=f"{word(300)[:4]}*"),
}


def timed(action: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    """Milliseconds of each round."""
    found: list[float] = []
    for _ in range(rounds):
        began = perf_counter()
        action()
        found.append((perf_counter() - began) * 1000)
    return found


def bring_up(path: Path) -> None:
    """The step that makes cards and full text of what is there."""
    began = perf_counter()
    open_database(f"sqlite:///{path}").dispose()
    figure("bringing the record up to the newest schema", perf_counter() - began, " s")
    figure("file", path.stat().st_size / 1e9, " GB")


def measure(path: Path) -> None:
    """Every figure, in a process of its own."""
    engine = open_database(f"sqlite:///{path}")
    archive, before = Archive(engine), _largest()
    title(f"A page of 50 runs of 250,000, {ROUNDS} rounds")
    spread("first page", timed(lambda: archive.page(Filter())), " ms", most=PAGE_MS)
    after = None
    for _ in range(20):
        after = archive.page(Filter(), after).after
    spread("page 21", timed(lambda: archive.page(Filter(), after)), " ms", most=PAGE_MS)
    for name, wanted in FILTERS.items():
        spread(name, timed(lambda wanted=wanted: archive.page(wanted)), " ms", most=PAGE_MS)
    for name, wanted in SEARCHES.items():
        page = archive.page(wanted)
        spread(f"search: {name}", timed(lambda wanted=wanted: archive.page(wanted)), " ms", most=SEARCH_MS)
        print(f"{'':54} {len(page.lines)} runs{', limited' if page.limited else ''}{', more' if page.after else ''}")
    spread("what there is to filter by", timed(archive.facets), " ms", most=PAGE_MS)
    figure("memory that all of it took", (_largest() - before) / 1e3, " MB")
    title("Summaries")
    month, ever = Filter(since=(LAST - timedelta(days=30)).date()), Filter()
    for name, wanted in (("30 days", month), ("a million", ever)):
        rounds = ROUNDS if wanted is month else 1
        spread(f"days of {name}", timed(lambda wanted=wanted: archive.days(wanted), rounds), " ms")
        spread(f"targets of {name}", timed(lambda wanted=wanted: archive.targets(wanted), rounds), " ms")
    figure("memory that it took", (_largest() - before) / 1e3, " MB")
    engine.dispose()
    title(f"Recording a burst of {BURST} completions at the end of it")
    figure("wall time of a completion, intent and result", asyncio.run(_recorded(path)), " ms", most=RECORD_MS)


async def _recorded(path: Path) -> float:
    """Milliseconds for each completion of a burst of `BURST`, from the intent to the result."""
    recorder, maker = await Recorder.open(f"sqlite:///{path}"), Maker(1)
    runs = [started(maker.text(2), [Target("openai", "gpt-4o")] * ANSWERS) for _ in range(BURST // ANSWERS)]

    async def ask(run: Run) -> None:
        await recorder.begin_run(run)
        for answer in run.answers:
            attempt = await recorder.begin_attempt(answer.id, 1, endpoint="e", target=answer.target)
            await recorder.finish(attempt, replace(FULL, text=maker.text(8)))

    began = perf_counter()
    await asyncio.gather(*map(ask, runs))
    took = perf_counter() - began
    await recorder.close()
    return took * 1000 / BURST


def _largest() -> float:
    """Kilobytes of memory, at the most so far (Linux)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main() -> None:
    """Make the record, measure, and delete it."""
    options = argparse.ArgumentParser()
    options.add_argument("--runs", type=int, default=250_000)
    options.add_argument("--keep", type=Path, help="a file to make, or to measure again if it is there")
    asked = options.parse_args()
    context = get_context("spawn")
    with tempfile.TemporaryDirectory() as folder:
        path = asked.keep or Path(folder) / "collate.db"
        title(f"A record of {asked.runs * ANSWERS:,} completions")
        if not path.exists():
            began = perf_counter()
            _apart(context.Process(target=make, args=(path, asked.runs)))
            figure("making it", perf_counter() - began, " s")
        _apart(context.Process(target=bring_up, args=(path,)))
        _apart(context.Process(target=measure, args=(path,)))


def _apart(process: object) -> None:
    process.start()
    process.join()


if __name__ == "__main__":
    main()
