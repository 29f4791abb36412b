"""The arguments of the command line: commands, options and their help."""

from __future__ import annotations

import argparse
from decimal import Decimal, InvalidOperation
from importlib.metadata import version
from math import inf, nan
from typing import Any

from providers.interface import EFFORTS

ENDINGS = (".jsonl", ".zip", ".csv", ".xlsx", ".parquet", ".md", ".html")
_RUN = "its id, the beginning of it, or “last”"


def parser() -> argparse.ArgumentParser:
    """All commands and options."""
    top = argparse.ArgumentParser(
        "collate", description="Ask several language models one question and compare.",
        epilog='Begin with: collate dashboard, or: collate ask "What is the capital of France?" More of a command: '
        "collate COMMAND --help",
    )  # fmt: skip
    top.add_argument("--version", action="version", version=f"collate {version('collate')}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND", title="commands")

    dashboard = commands.add_parser("dashboard", help="open the dashboard in a browser")
    dashboard.add_argument("--port", type=int, help="default 8501, or the next free one")
    dashboard.add_argument("--headless", action="store_true", help="do not open a browser")

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
    ask.add_argument("--num-ctx", type=_positive, metavar="N", help="tokens of context that Ollama loads a model with")
    ask.add_argument("--repeat", type=_positive, default=1, metavar="K", help="ask each model K times")
    ask.add_argument("--json", action="store_true", help="one JSON object per completion, one line each")
    ask.add_argument("--no-record", action="store_true", help="keep nothing in the database")

    _experiments(commands)

    models = commands.add_parser("models", help="list the models of each provider")
    models.add_argument("provider", nargs="*", help="only these")
    models.add_argument("--json", action="store_true", help="one JSON object per model, one line each")

    check = commands.add_parser("check", help="check the connections: key, host, models, a one-token answer")
    check.add_argument("target", nargs="*", help="PROVIDER or PROVIDER:MODEL; default: all that look usable")
    check.add_argument("--json", action="store_true", help="one JSON object per step, one line each")

    history = commands.add_parser("history", help="list and search what is on record, newest first")
    history.add_argument("words", nargs="*", help='words of the prompt or an answer; "a phrase" in quotes, begin*')
    _filters(history)
    history.add_argument("--limit", type=_positive, default=20, help="how many runs (default 20)")
    history.add_argument("--json", action="store_true", help="one JSON object per run, one line each")

    show = commands.add_parser("show", help="one run: prompt, answers, figures")
    show.add_argument("run", help=_RUN)
    show.add_argument("--json", action="store_true", help="one JSON object per completion, one line each")

    rerun = commands.add_parser("rerun", help="ask a run on record again, and compare the answers with the old ones")
    rerun.add_argument("run", help=_RUN)
    rerun.add_argument("--json", action="store_true", help="one JSON object per completion, one line each")

    export = commands.add_parser("export", help="write runs into a file for others")
    export.add_argument("file", help=f'what to write, by its ending: {", ".join(ENDINGS)}; "-" is standard output')
    export.add_argument("run", nargs="*", help=f"{_RUN}; default: everything that the options find")
    export.add_argument("--format", choices=[ending[1:] for ending in ENDINGS], help="instead of by the file's ending")
    export.add_argument("--search", dest="words", nargs="+", default=[], metavar="WORD", help="only runs with these")
    _filters(export)
    _links(export)
    export.add_argument("--columns", action=_Columns, nargs=0, help="print what each column of CSV and Parquet means")
    export.add_argument("--force", action="store_true", help="overwrite an existing file")
    export.add_argument("--json", action="store_true", help="print what was written as a JSON object")

    take_in = commands.add_parser("import", help="import a colleague's runs, or an experiment with its answers")
    take_in.add_argument(
        "file", help='a .jsonl or .zip of "collate export" or "collate results --report"; "-" reads standard input'
    )
    take_in.add_argument(
        "--keep-names",
        action="store_true",
        help="in a team's record: keep people's names as they are in the file, to move your own record",
    )
    take_in.add_argument("--json", action="store_true", help="print what was imported as a JSON object")

    votes = commands.add_parser(
        "votes", help="blind votes: which answers people prefer; without an id, the list of ballots"
    )
    votes.add_argument(
        "ballot",
        nargs="?",
        help="its id, the beginning of it, its name, or “last”: this reveals the names, so vote first",
    )
    votes.add_argument("--task", help="the votes of every ballot about this")
    votes.add_argument("--save", metavar="FILE", help="write the votes, one per row: a .csv or .xlsx")
    votes.add_argument("--json", action="store_true", help="print the ranking as a JSON object")

    trail = commands.add_parser("trail", help="who deleted, imported or set what, newest first")
    trail.add_argument("--limit", type=_positive, default=20, help="how many lines (default 20)")
    trail.add_argument("--json", action="store_true", help="one JSON object per line of it")

    _prompts(commands.add_parser("prompts", help="the library of prompts: list, show, versions"))
    return top


def _experiments(commands: Any) -> None:
    run = commands.add_parser(
        "run", help="run an experiment: prompts x cases x models, checked and compared",
        epilog="Exit status: 0 passed, 1 under the gate, 2 could not be run to its end, 3 budget reached.",
    )  # fmt: skip
    run.add_argument("file", nargs="?", help="the plan, as TOML or promptfoo's YAML; see docs/experiments.md")
    run.add_argument(
        "--example", nargs="?", choices=("mail", "pictures"), const="mail",
        help="no key, free: sort support mail with two built-in models, or let one draw by prompts vague and detailed",
    )  # fmt: skip
    run.add_argument(
        "--budget", type=dollars, metavar="USD", help="US dollars that are never exceeded, instead of the file's"
    )
    run.add_argument(
        "--encoding", type=_encoding, metavar="NAME",
        help="the encoding of the file of cases, such as gb18030, instead of the plan's or the guessed one",
    )  # fmt: skip
    run.add_argument("--resume", action="store_true", help="continue the newest experiment of the file's name")
    run.add_argument("--from-record", action="store_true", help="take over answers to identical requests on record")
    run.add_argument("--at-once", type=_positive, default=16, metavar="N", help="calls at once to each hosted provider")
    run.add_argument("--yes", action="store_true", help="answer yes to the questions asked before anything is sent")
    run.add_argument("--save-as", metavar="FILE", help="write the plan as .toml, or as promptfoo's .yaml; send nothing")
    run.add_argument("--quiet", action="store_true", help="print nothing but errors")
    _reports(run)

    results = commands.add_parser("results", help="the results of an experiment; without an id, the list of all")
    results.add_argument("experiment", nargs="?", help="its id, the beginning of it, its name, or “last”")
    _reports(results)

    worker = commands.add_parser(
        "worker", help="ask experiments on this machine too, together with others on the team's PostgreSQL",
        epilog="SIGTERM or Ctrl-C: nothing new is asked, calls in progress have 30 s to end, then it leaves. Exit "
        "status: 0 left as asked, 2 there is nothing to join.",
    )  # fmt: skip
    worker.add_argument(
        "--at-once", type=_positive, default=16, metavar="N", help="calls at once to each hosted provider"
    )
    worker.add_argument(
        "--only", metavar="NAMES", help="listen for these only, such as openai,ollama@gpu-box; default: all with a key"
    )
    worker.add_argument("--drain", action="store_true", help="leave as soon as nothing waits that it could ask")
    worker.add_argument(
        "--metrics-port", type=_port, metavar="PORT", help="counts for Prometheus at /metrics of this port"
    )
    worker.add_argument(
        "--sql", action="store_true", help="print what an administrator runs to make its tables; ask nothing"
    )

    report = commands.add_parser("report", help="which model for a task: a page that a manager can read")
    report.add_argument("task", help="an experiment's or a collection's name, a task of the library, or your own words")
    report.add_argument("-o", "--output", metavar="FILE", help="a .html or .md; default: a name made from the task")
    report.add_argument(
        "--per-day", type=_positive, default=100, metavar="N", help="requests a day, for the monthly cost"
    )
    report.add_argument("--tokens-in", type=_positive, metavar="N", help="of one request, instead of those measured")
    report.add_argument("--tokens-out", type=_positive, metavar="N", help="of one answer, instead of those measured")
    report.add_argument("--budget", type=dollars, metavar="USD", help="must have: a cost of at most this per month")
    report.add_argument("--seconds", type=_seconds, metavar="S", help="must have: a median time of at most S seconds")
    report.add_argument("--context", type=_positive, metavar="N", help="must have: at least N tokens of context")
    report.add_argument("--local", action="store_true", help="must have: text stays on this computer or network")
    report.add_argument("--eu", action="store_true", help="must have: text stays here or in the EU")
    report.add_argument("--weights", metavar="Q,C,T", help="how much quality, cost and time count, such as 5,3,2")

    watch = commands.add_parser(
        "watch", help="run watched experiments again when they are due, and report changes beyond chance",
        epilog="Exit status: 0 no certain change, 1 a certain change, 2 something could not be asked.",
    )  # fmt: skip
    watch.add_argument("action", nargs="?", choices=("ask", "add", "stop", "list"), default="ask", help="default: ask")
    watch.add_argument("experiment", nargs="?", help="its id, the beginning of it, or its name; asked even if not due")
    watch.add_argument("--every", type=_positive, default=7, metavar="DAYS", help="days from one run to the next")
    watch.add_argument(
        "--budget", type=dollars, metavar="USD", help="with add: the most that one run may cost; else all runs together"
    )


def _reports(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="print the results as a JSON object")
    command.add_argument("--junit", metavar="FILE", help="write a JUnit report for continuous integration")
    command.add_argument("--html", metavar="FILE", help="write a report as one page")
    command.add_argument(
        "--report", metavar="FILE", action="append", default=[],
        help="write a report by its ending: .html, .md, .csv, .xlsx, .xml (JUnit), .jsonl or .zip with pictures "
        "(both to be imported); repeat",
    )  # fmt: skip
    _links(command)


def _links(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--links", type=_dashboard, metavar="ADDRESS",
        help="where your dashboard is opened: each row of an .xlsx then opens its run there",
    )  # fmt: skip


def _prompts(command: argparse.ArgumentParser) -> None:
    """The subcommands of `collate prompts`; without one, the library is listed."""
    command.set_defaults(words=[], task=None)
    said = "one JSON object per prompt or version, one line each"
    command.add_argument("--json", action="store_true", help=said)
    actions = command.add_subparsers(dest="action", metavar="list, show, versions")
    found = actions.add_parser("list", help="all prompts, or those with these words")
    found.add_argument("words", nargs="*", help="words of the name, the text or the notes")
    found.add_argument("--task", help="only for this task, such as translation")
    show = actions.add_parser("show", help="one prompt as the TOML file that it is")
    versions = actions.add_parser("versions", help="every version of a prompt, newest first")
    for each in (show, versions):
        each.add_argument("prompt", help="its name as listed; classify@3 is the third version")
    for each in (found, show, versions):
        # No default here: it would override an option given before the subcommand.
        each.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help=said)


def _filters(command: argparse.ArgumentParser) -> None:
    """Options that filter a list of runs; some may be repeated."""
    command.add_argument("-m", "--model", action="append", metavar="PROVIDER:MODEL", help="that asked this model")
    command.add_argument("--provider", action="append", help="that asked this provider")
    command.add_argument("--family", action="append", help="that asked a model of this family, such as Claude")
    command.add_argument("--tag", action="append", help="with this tag")
    command.add_argument("--stars", type=_positive, help="with an answer rated so, or better")
    command.add_argument("--best", action="store_true", help="with an answer called the best")
    command.add_argument("--since", metavar="DAY", help="from that day on (UTC), like 2026-11-24")
    command.add_argument("--until", metavar="DAY", help="up to that day (UTC)")
    command.add_argument("--cost-from", type=dollars, metavar="USD", help="with an answer that cost at least so much")
    command.add_argument("--cost-to", type=dollars, metavar="USD", help="with an answer that cost at most so much")
    command.add_argument("--outcome", choices=("good", "failed", "interrupted"), help="with an answer that ended so")
    command.add_argument("--person", help="asked by this person")


class _Columns(argparse.Action):
    """Prints the names of the columns and exits, as `--help` does."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from prompts.exchange.export_columns import documentation

        print(documentation())
        parser.exit()


def dollars(text: str) -> Decimal:
    """An amount in US dollars, with or without the dollar sign."""
    try:
        amount = Decimal(text.removeprefix("$"))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not an amount in US dollars; write it like 0.50")
    return amount


def _dashboard(text: str) -> str:
    from prompts.core.run_links import dashboard_address

    try:
        return dashboard_address(text)
    except ValueError as exc:
        raise argparse.ArgumentTypeError(str(exc)) from None


def _encoding(text: str) -> str:
    from prompts.experiments.encodings import known

    try:
        return known(text)
    except ValueError as exc:
        raise argparse.ArgumentTypeError(str(exc)) from None


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = nan
    if not 0 < seconds < inf:
        raise argparse.ArgumentTypeError(f"{text!r} is not a time in seconds; write it like 2.5")
    return seconds


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65_535:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a port; write one from 1 to 65535, or 0 for any that is free"
        )
    return int(text)


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("must be 1 or more, and whole")
    return int(text)
