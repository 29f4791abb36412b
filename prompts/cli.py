"""The command line: `collate ask`, `models`, `check`, `dashboard`. Same engine as the page, no Streamlit.

Heavy modules are imported inside the command that needs them: a built-in model prints its first word
within a second of the start.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence
from importlib.metadata import version
from io import TextIOWrapper
from pathlib import Path

from providers.interface import EFFORTS

USAGE_ERROR = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns the exit status: 0 good, 1 a completion or a check failed, 2 wrong usage."""
    _speak_utf8()
    options = parser().parse_args(arguments)
    command = {"ask": _ask, "models": _models, "check": _check, "dashboard": _dashboard}[options.command]
    try:
        return command(options)
    except ValueError as exc:  # TargetError, ConfigurationError, an empty prompt: each says what to do
        print(f"collate: {exc}", file=sys.stderr)
        return USAGE_ERROR
    except KeyboardInterrupt:
        return 130
    except (BrokenPipeError, BaseExceptionGroup) as exc:
        if isinstance(exc, BaseExceptionGroup) and exc.split(BrokenPipeError)[1] is not None:
            raise
        # Whoever read the output has gone: what was still being asked has been stopped.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _speak_utf8() -> None:
    """Files and pipes are UTF-8 whatever the locale; a terminal gets an escape for what it cannot show."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper) and not stream.isatty():
            stream.reconfigure(encoding="utf-8")
        elif isinstance(stream, TextIOWrapper) and stream is not sys.stdin:
            stream.reconfigure(errors="backslashreplace")


def parser() -> argparse.ArgumentParser:
    """All commands and options."""
    top = argparse.ArgumentParser("collate", description="Ask several language models one question and compare.")
    top.add_argument("--version", action="version", version=f"collate {version('collate')}")
    commands = top.add_subparsers(dest="command", required=True)

    ask = commands.add_parser("ask", help="ask one or more models and compare the answers")
    ask.add_argument("prompt", help='what to ask; "-" reads it from standard input')
    ask.add_argument("-m", "--model", action="append", metavar="PROVIDER:MODEL", help="whom to ask; repeat for more")
    ask.add_argument("--system", help="system prompt")
    ask.add_argument("--temperature", type=float)
    ask.add_argument("--top-p", type=float)
    ask.add_argument("--max-tokens", type=_positive, help="maximum of output tokens")
    ask.add_argument("--seed", type=int)
    ask.add_argument("--stop", action="append", default=[], help="text that ends the answer; repeat for more")
    ask.add_argument("--effort", choices=EFFORTS, help="how much to think, mapped to each vendor's own control")
    ask.add_argument("--repeat", type=_positive, default=1, metavar="K", help="ask each model K times")
    ask.add_argument("--json", action="store_true", help="one JSON object per completion, one line each")
    ask.add_argument("--no-record", action="store_true", help="keep nothing in the database")

    models = commands.add_parser("models", help="list the models of each provider")
    models.add_argument("provider", nargs="*", help="only these")
    models.add_argument("--json", action="store_true", help="one JSON object per model, one line each")

    check = commands.add_parser("check", help="check the connections: key, host, models, a one-token answer")
    check.add_argument("target", nargs="*", help="PROVIDER or PROVIDER:MODEL; default: all that look usable")
    check.add_argument("--json", action="store_true", help="one JSON object per step, one line each")

    dashboard = commands.add_parser("dashboard", help="open the dashboard in a browser")
    dashboard.add_argument("--port", type=int, help="default 8501, or the next free one")
    dashboard.add_argument("--headless", action="store_true", help="do not open a browser")
    return top


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return value


def _ask(options: argparse.Namespace) -> int:
    from prompts import ask
    from providers.interface import Settings

    prompt = sys.stdin.read() if options.prompt == "-" else options.prompt
    settings = Settings(
        options.system, options.temperature, options.top_p, options.max_tokens, options.seed,
        tuple(options.stop), options.effort,
    )  # fmt: skip
    wanted: list[str] = options.model or ask.DEFAULT_TARGETS
    show = ask.JsonLines() if options.json else ask.Terminal()
    return asyncio.run(ask.ask(prompt, wanted, settings, options.repeat, show, record=not options.no_record))


def _models(options: argparse.Namespace) -> int:
    from prompts import listing

    return asyncio.run(listing.print_models(options.provider, as_json=options.json))


def _check(options: argparse.Namespace) -> int:
    from prompts import listing

    return asyncio.run(listing.print_checks(options.target, as_json=options.json))


def _dashboard(options: argparse.Namespace) -> int:
    """Start the server as a program of its own: this package does not know the screen."""
    import subprocess

    root = Path(__file__).resolve().parent.parent
    command = [sys.executable, "-m", "streamlit", "run", "dashboard/app.py"]
    command += ["--server.headless", "true" if options.headless else "false"]
    if options.port:
        command += ["--server.port", str(options.port)]
    try:
        return subprocess.call(command, cwd=root)  # noqa: S603 -- our own program and a number
    except KeyboardInterrupt:
        return 0


if __name__ == "__main__":
    sys.exit(main())
