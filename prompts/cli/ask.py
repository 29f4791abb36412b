"""`collate ask`: one run in the terminal, as text for people or as lines of JSON for programs."""

from __future__ import annotations

import sys
from typing import Protocol

from prompts.asking.runner import Runner
from prompts.cli.setup import check_asked, load, pricer
from prompts.core.answer import Answer
from prompts.core.plain_json import to_json
from prompts.core.plan import Plan, plan
from prompts.core.printable import printable
from prompts.core.reservation import PAID_TWICE, may_be_paid_twice
from prompts.core.run import Run
from prompts.core.targets import parse_target
from prompts.record.recorder import Recorder, RecordError
from providers.builtin import gguf
from providers.completion import GOOD_STATES
from providers.config.configuration import Configuration
from providers.interface import Settings

_NGRAMS = ["builtin:ngram-2", "builtin:ngram-3", "builtin:ngram-4"]

_WITHOUT = "To ask without keeping anything, add --no-record."


def default_targets() -> list[str]:
    """The targets if none are named: the built-in model and an n-gram, or only n-grams where that model is missing."""
    return [f"builtin:{gguf.SHIPPED}", "builtin:ngram-3"] if gguf.SHIPPED in gguf.files() else _NGRAMS


class Show(Protocol):
    """Displays a run while it is being asked."""

    def start(self, run: Run) -> None:
        """Called before the run is asked."""
        ...

    def changed(self, answer: Answer) -> None:
        """Called when an answer has new text or a new state."""
        ...

    def end(self, run: Run) -> None:
        """Called when all answers are done."""
        ...


async def ask(prompt: str, wanted: list[str], settings: Settings, repeats: int, show: Show, *, record: bool) -> int:
    """Ask and display. Returns 0, or 1 if a completion failed. Raises `ValueError` for what cannot be asked."""
    setup = load()
    targets = [parse_target(text, setup.connections, settings) for text in wanted]
    check_asked(setup, [setup.connections[target.provider] for target in targets])
    asked = plan(prompt, targets, repeats=repeats, source="cli", settings=settings)
    _, status = await run_and_show(asked, setup, show, record=record)
    return status


async def run_and_show(plan: Plan, setup: Configuration, show: Show, *, record: bool) -> tuple[Run, int]:
    """Ask what is planned and display it; returns the run and the exit status.

    Raises `ValueError`: then nothing was sent.
    """
    try:
        recorder = await Recorder.open() if record else None
    except RecordError as exc:
        raise ValueError(f"{exc} {_WITHOUT}") from exc
    runner = Runner(setup, pricer(setup), recorder)
    try:
        run = runner.start(plan)
        await runner.begin(run, setup.connections)
        show.start(run)
        await runner.ask(run, setup.connections, show.changed)
        show.end(run)
    except RecordError as exc:
        raise ValueError(f"{exc} Nothing was sent. {_WITHOUT}") from exc
    finally:
        await runner.aclose()
        kept = recorder is None or await _closed(recorder)
    return run, 0 if kept and all(answer.state in GOOD_STATES for answer in run.answers) else 1


async def _closed(recorder: Recorder) -> bool:
    """Close the record; `False` if an answer could not be saved, so that it exists on the screen only."""
    try:
        await recorder.close()
    except RecordError as exc:
        print(f"collate: {exc}", file=sys.stderr)
        return False
    return True


class JsonLines:
    """One JSON object per completion, in the order in which they finish."""

    def start(self, run: Run) -> None:
        """Remembers the run, whose id every line carries."""
        self._run = run

    def changed(self, answer: Answer) -> None:
        """Prints the answer once it has its outcome."""
        if answer.completion is not None:
            print(to_json(answer.completion, run=self._run.id, id=answer.id, repeat=answer.repeat), flush=True)

    def end(self, run: Run) -> None:
        """Does nothing: every line has been printed."""


class Terminal:
    """Answers one below the other as they stream, then one table.

    The first unfinished answer is printed live, the others when their turn comes, so that each answer stays in one
    piece and can be copied.
    """

    def start(self, run: Run) -> None:
        """Starts with the first answer."""
        self._run = run
        self._current = -1
        self._printed = 0
        self._next()

    def changed(self, answer: Answer) -> None:
        """Prints what is new in the current answer, and the following answers that are done."""
        self._catch_up()
        while (shown := self._shown()) is not None and shown.completion is not None:
            self._close(shown)
            self._next()
            self._catch_up()

    def end(self, run: Run) -> None:
        """Prints the comparison table."""
        from prompts.cli.table import print_table

        print_table([answer.completion for answer in run.answers if answer.completion is not None])

    def _shown(self) -> Answer | None:
        live = self._run.live
        return live[self._current].now if self._current < len(live) else None

    def _next(self) -> None:
        self._current += 1
        self._printed = self._moves = 0
        if (answer := self._shown()) is not None:
            again = f"  (repeat {answer.repeat + 1})" if answer.repeat else ""
            name = printable(f"{answer.target}")
            print(f"── {name}{again} " + "─" * max(4, 60 - len(name) - len(again)), flush=True)
            for adjustment in answer.adjustments:
                instead = f"; {adjustment.sent} is sent" if adjustment.sent else "; not sent"
                print(printable(f"   {adjustment.setting}: {adjustment.reason}{instead}"), file=sys.stderr)

    def _catch_up(self) -> None:
        answer = self._shown()
        if answer is not None and answer.moves != self._moves:
            if self._printed:
                print("\n[The text above was thinking, recognised by its closing tag.]", flush=True)
            self._printed, self._moves = 0, answer.moves
        new = answer.text_parts[self._printed :] if answer is not None else ()
        self._printed += len(new)
        if new:
            print(printable("".join(new)), end="", flush=True)

    def _close(self, answer: Answer) -> None:
        print("\n" if answer.text_parts else "", end="")
        done = answer.completion
        if done is not None and done.error is not None:
            step = done.error.next_step(provider=done.provider, model=done.model, endpoint=done.endpoint)
            print(printable(f"[{done.error.kind}] {done.error.message}"))
            print(printable(f"{step} {PAID_TWICE}" if may_be_paid_twice(done) else step))
        if answer.note:
            print(printable(answer.note))
        print()
