"""The command line: asking, the record, and starting the dashboard. Same engine as the pages, without Streamlit.

`parser` defines the arguments of each command. Heavy modules are imported inside the command that needs them: a
built-in model prints its first word within a second of the start.
"""

from __future__ import annotations

import errno
import os
import sys
from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from io import TextIOWrapper

from prompts.cli.interrupts import HUNG_UP, Ended, has_hung_up, heed_signals, let_go_of_the_terminal, run_until_ended
from prompts.cli.parser import parser
from prompts.core.child_process import python

USAGE_ERROR = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns the exit status: 0 good, 1 a completion or a check failed, 2 wrong usage."""
    _speak_utf8()
    heed_signals()
    known = parser()
    if not (sys.argv[1:] if arguments is None else arguments):
        known.print_help(sys.stderr)
        return USAGE_ERROR
    try:
        options = known.parse_args(arguments)
        return _COMMANDS[options.command](options)
    except ValueError as exc:  # TargetError, ConfigurationError, an empty prompt: each says what to do
        from prompts.core.printable import printable

        print(f"collate: {printable(str(exc))}", file=sys.stderr)  # it may quote a file, a model or a vendor
        return USAGE_ERROR
    except Ended as exc:
        return exc.status
    except (BrokenPipeError, BaseExceptionGroup) as exc:
        if has_hung_up(exc):
            let_go_of_the_terminal()
            return HUNG_UP
        if isinstance(exc, BaseExceptionGroup) and exc.split(BrokenPipeError)[1] is not None:
            raise
        # The reader of our output has gone (a closed pipe); what was being asked has been stopped.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as exc:
        if has_hung_up(exc):
            let_go_of_the_terminal()
            return HUNG_UP
        if exc.errno != errno.ENOSPC:
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else flushing it at exit would fail again
        print("collate: the disk is full: not everything could be written.", file=sys.stderr)
        return 1


def _speak_utf8() -> None:
    """Write UTF-8 to files and pipes whatever the locale; a terminal gets escapes for what it cannot show."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper) and not stream.isatty():
            stream.reconfigure(encoding="utf-8")
        elif isinstance(stream, TextIOWrapper) and stream is not sys.stdin:
            stream.reconfigure(errors="backslashreplace")


def _ask(options: Namespace) -> int:
    from prompts.cli import ask
    from providers.interface import Settings

    prompt = sys.stdin.read() if options.prompt == "-" else options.prompt
    settings = Settings(
        options.system, options.temperature, options.top_p, options.max_tokens, options.seed,
        tuple(options.stop), options.effort, options.num_ctx,
    )  # fmt: skip
    wanted: list[str] = options.model or ask.default_targets()
    show = ask.JsonLines() if options.json else ask.Terminal()
    return run_until_ended(ask.ask(prompt, wanted, settings, options.repeat, show, record=not options.no_record))


def _models(options: Namespace) -> int:
    from prompts.cli import models

    return run_until_ended(models.print_models(options.provider, as_json=options.json))


def _check(options: Namespace) -> int:
    from prompts.cli import models

    return run_until_ended(models.print_checks(options.target, as_json=options.json))


def _recorded(options: Namespace) -> int:
    """Run a command that needs the record; explains why it cannot be used."""
    from prompts.cli import exchange, history, votes
    from prompts.record.database import RecordError

    try:
        match options.command:
            case "history":
                return history.print_history(options)
            case "show":
                return history.print_run(options)
            case "rerun":
                return run_until_ended(history.rerun(options))
            case "trail":
                return history.print_trail(options)
            case "votes":
                return votes.show(options)
            case "export":
                return exchange.export(options)
            case _:
                return exchange.take_in(options)
    except RecordError as exc:
        raise ValueError(str(exc)) from exc


def _experiments(options: Namespace) -> int:
    from prompts.cli import results, run
    from prompts.record.database import RecordError

    try:
        return run_until_ended(run.run(options) if options.command == "run" else results.show(options))
    except RecordError as exc:
        raise ValueError(str(exc)) from exc


def _worker(options: Namespace) -> int:
    from prompts.cli import worker
    from prompts.record.database import RecordError

    try:
        return run_until_ended(worker.work(options))
    except RecordError as exc:
        raise ValueError(str(exc)) from exc


def _decide(options: Namespace) -> int:
    from prompts.cli import report, watch
    from prompts.record.database import RecordError

    try:
        return run_until_ended(report.report(options) if options.command == "report" else watch.watch(options))
    except RecordError as exc:
        raise ValueError(str(exc)) from exc


def _prompts(options: Namespace) -> int:
    from prompts.cli import prompt_library

    return prompt_library.print_prompts(options)


def _dashboard(options: Namespace) -> int:
    """Become the dashboard server, which is a separate program: this package must not import the screen."""
    command = python("-m", "dashboard")
    if options.headless:
        command += ["--server.headless", "true"]  # without a screen Streamlit defaults to this
    if options.port:
        command += ["--server.port", str(options.port)]
    if os.name == "posix":
        # Replace this process, so that a signal meant for the server reaches it.
        os.execv(command[0], command)  # noqa: S606 -- our own program and a number
    return _beside(command)


def _beside(command: Sequence[str]) -> int:
    """Run the server as a child: on Windows exec would start a new process and leave both reading the terminal."""
    import subprocess

    try:
        return subprocess.call(command)  # noqa: S603 -- as above
    except KeyboardInterrupt:
        return 0


_COMMANDS: Mapping[str, Callable[[Namespace], int]] = {
    "ask": _ask, "models": _models, "check": _check, "dashboard": _dashboard, "prompts": _prompts,
    "worker": _worker,
    **dict.fromkeys(("history", "show", "rerun", "votes", "trail", "export", "import"), _recorded),
    **dict.fromkeys(("run", "results"), _experiments), **dict.fromkeys(("report", "watch"), _decide),
}  # fmt: skip

if __name__ == "__main__":
    sys.exit(main())
