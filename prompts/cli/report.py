"""`collate report`: the evidence on a task, and what to choose by it, as one file."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from prompts.asking.runner import Runner
from prompts.cli.setup import load, pricer
from prompts.core.printable import printable
from prompts.core.targets import TargetError
from prompts.decide.candidate import Use
from prompts.decide.gather import gathered, newest_decision
from prompts.decide.report.contents import ChoiceReport
from prompts.decide.report.formats import CHOICE_FORMATS, file_name
from prompts.decide.shortlist import MustHaves
from prompts.decide.study import Question
from prompts.decide.task import Purpose
from prompts.decide.weights import Weights
from prompts.experiments.experiments import Experiments
from prompts.history.archive import Archive
from prompts.record.recorder import Recorder
from providers.measuring.measure import utc_now


async def report(options: Namespace) -> int:
    """Write the report and print where it is. Raises `ValueError` with a message for people."""
    question = Question(Purpose(options.task), _use(options), _must(options), _weights(options.weights))
    setup = load()
    recorder = await Recorder.open()
    runner = Runner(setup, pricer(setup), recorder)
    try:
        archive, record = Archive(recorder.database), Experiments(runner, recorder)
        found = gathered(archive, record, question, setup.connections, runner.pricer.list_price, utc_now())
        if not found.pool.experiments and not any(each.quality for each in found.candidates):
            raise TargetError(
                f"Nothing on record says anything about {options.task!r}. Name an experiment (`collate results` lists "
                "them), a collection, or words that occur in one."
            )
        made = ChoiceReport(found, newest_decision(archive, found.question.purpose.name))
        path = _write(made, options.output)
        for sentence in made.answer:
            print(printable(sentence))
        print(printable(f"Written: {path}"))
        return 0
    finally:
        await runner.aclose()
        await recorder.close()


def _write(made: ChoiceReport, output: str | None) -> Path:
    path = Path(output or file_name(made, "html"))
    form = CHOICE_FORMATS.get(path.suffix.removeprefix("."))
    if form is None:
        raise TargetError(f"{path.name} is neither .html nor .md.")
    try:
        path.write_bytes(form.make(made))
    except OSError as exc:
        raise TargetError(f"{path} cannot be written: {exc.strerror}.") from None
    return path


def _use(options: Namespace) -> Use:
    return Use(options.per_day, options.tokens_in, options.tokens_out)


def _must(options: Namespace) -> MustHaves:
    return MustHaves(options.budget, options.seconds, options.local, options.eu, context_tokens=options.context)


def _weights(text: str | None) -> Weights:
    if text is None:
        return Weights()
    parts = text.split(",")
    if len(parts) != 3 or not all(part.strip().isdecimal() for part in parts):
        raise TargetError(f"--weights is {text!r}; write three whole numbers, quality,cost,time, such as 5,3,2.")
    return Weights(*(int(part) for part in parts))
