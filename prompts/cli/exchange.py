"""`collate export` and `import`: the record as files, in the terminal."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from argparse import Namespace
from collections.abc import Generator, Iterable
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO

from prompts.cli.history import filter_of, load, opened
from prompts.core.child_process import python
from prompts.core.format import share
from prompts.core.speed import TimeLeft
from prompts.core.targets import TargetError
from prompts.exchange.exporting import batches, size
from prompts.exchange.exporting import export as exported
from prompts.exchange.formats import FORMATS, FormatName, Selection, check
from prompts.exchange.importing import take_in as taken_from
from prompts.experiments.report.taking_in import MOST_BYTES, is_report_file
from prompts.experiments.report.taking_in import take_in as take_in_report
from prompts.history.archive import Archive
from prompts.record.database_url import is_shared
from prompts.record.rights import OPERATOR, Actor
from providers.measuring.measure import monotonic

TAKES_IN = replace(OPERATOR, person="the command line")
"""The person to whom imported votes and ratings are attributed in a team's record, where people have names."""
_ENDINGS: dict[str, FormatName] = {form.ending: name for name, form in FORMATS.items()}


def export(options: Namespace) -> int:
    """Write runs into a file. Returns 0, or 1 if nothing was found. Raises `ValueError` in words for people."""
    form = _format(options)
    with opened() as archive:
        return _export(options, form, archive)


def _export(options: Namespace, form: FormatName, archive: Archive) -> int:
    runs = tuple(load(archive, run).id for run in options.run)
    selection = Selection(runs or None, replace(filter_of(options), planned=True))
    number = size(archive, selection)
    if number == 0:
        print("Nothing on record matches; no file was written.", file=sys.stderr)
        return 1
    check(form, number)
    if form == "html":
        pieces = _web_page(run for ids in batches(archive, selection) for run in ids)
    else:
        time_left = TimeLeft(monotonic, number)
        pieces = exported(
            archive, selection, form, lambda done: _progress(done, number, time_left), _note, options.links or ""
        )
    if options.file == "-":
        written = sum(sys.stdout.buffer.write(piece) for piece in pieces)
        sys.stdout.buffer.flush()
    else:
        written = _write(Path(options.file), pieces, force=options.force)
        _report(options, f"{options.file}: {number:,} runs", {"file": options.file, "runs": number, "bytes": written})
    return 0


def _web_page(runs: Iterable[str]) -> Iterable[bytes]:
    """The runs as one HTML file, made by a separate program,
    as this package must not import the dashboard's rendering."""
    command = python("-m", "dashboard.exports.html_command")
    done = subprocess.run(command, input="\n".join(runs).encode(), stdout=subprocess.PIPE, check=False)  # noqa: S603
    if done.returncode:
        raise TargetError("The web page could not be made; see the error above.")
    return [done.stdout]


def take_in(options: Namespace) -> int:
    """Import a file. Returns 0. Raises `ValueError` with a message for people; then nothing was imported."""
    by = TAKES_IN if is_shared() and not options.keep_names else OPERATOR
    with _source(options.file) as file, opened() as archive:
        if is_report_file(file):
            return _take_report(options, archive, file, by)
        time_left = TimeLeft(monotonic)
        taken = taken_from(
            archive, file, lambda part: _tell(f"{share(part)} read{time_left.said(part)}", over=part >= 1), by=by
        )
    said = f"{taken.runs:,} new runs, {taken.there:,} already on record, {taken.marks:,} ratings or notes added"
    said += f", {taken.votes:,} votes" if taken.votes else ""
    said += f", {taken.decisions:,} decisions" if taken.decisions else ""
    _report(options, said, asdict(taken))
    return 0


def _take_report(options: Namespace, archive: Archive, file: BinaryIO, by: Actor) -> int:
    """Import the report of an experiment with its answers."""
    id = take_in_report(archive, file.read(MOST_BYTES + 1), by)
    _report(options, f"The experiment is on record. collate results {id[:8]} shows it.", {"experiment": id})
    return 0


@contextmanager
def _source(name: str) -> Generator[BinaryIO]:
    """The file or standard input, seekable: it is read twice, as all of it is checked before anything is imported."""
    if name == "-":
        with TemporaryFile() as file:
            shutil.copyfileobj(sys.stdin.buffer, file)
            yield file
        return
    try:
        file = Path(name).open("rb")  # noqa: SIM115 -- closed below; an error inside is not one of opening
    except OSError as exc:
        raise TargetError(f"{name} cannot be read: {exc.strerror}.") from exc
    with file:
        yield file


def _format(options: Namespace) -> FormatName:
    ending = options.format or Path(options.file).suffix.removeprefix(".").lower()
    if ending not in _ENDINGS:
        known = ", ".join(f".{each}" for each in _ENDINGS)
        raise TargetError(f"{options.file} does not say which format: end it in {known}, or add --format.")
    return _ENDINGS[ending]


def _write(path: Path, pieces: Iterable[bytes], *, force: bool) -> int:
    """Write to a temporary file first, so that a failure leaves no partial file and keeps an old one."""
    if path.exists() and not force:
        raise TargetError(f"{path} already exists. Name another file, or add --force.")
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("xb") as file:
            written = sum(file.write(piece) for piece in pieces)
        beside.replace(path)
    except OSError as exc:
        raise TargetError(f"{path} cannot be written: {exc.strerror}.") from exc
    finally:
        with suppress(OSError):
            beside.unlink()
    return written


def _note(said: str) -> None:
    print(said, file=sys.stderr)


def _progress(done: int, number: int, time_left: TimeLeft) -> None:
    """Show progress on a terminal if there is enough work to wait for."""
    if number > 1000 and (done % 1000 == 0 or done == number):
        _tell(f"{done:,} of {number:,} runs{time_left.said(done)}", over=done == number)


def _tell(said: str, *, over: bool) -> None:
    """Overwrite one line on standard error, if that is a terminal."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{said}", end="\n" if over else "", file=sys.stderr, flush=True)


def _report(options: Namespace, said: str, data: dict[str, object]) -> None:
    print(json.dumps(data) if options.json else said)
