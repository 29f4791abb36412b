"""Runs as Markdown that can be pasted into a document. Pure.

Owns two promises: every prompt and answer is unchanged, and no text has effects outside its place. An answer is put
into a block quote, so that its headings and lists stay inside; one that would load a picture or contains HTML is put
into a code block instead.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from prompts.core import format as text_of
from prompts.core import metrics
from prompts.core.answer import Answer
from prompts.core.embedded import picture_facts
from prompts.core.feedback import Mark
from prompts.core.metrics import Metric
from prompts.core.printable import visible
from prompts.core.run import Run
from prompts.core.targets import changes
from prompts.record.restore import from_record
from prompts.record.rows import StoredRun
from providers.interface import Settings

_TITLE = 80
_FENCE = re.compile(r"^(?:(?P<marks>`{3,}(?=[^`]*$)|~{3,}).*)$")
_LINE_END = re.compile(r"\r\n|\n|\r")  # the line ends of Markdown, no others
_REACHES_OUT = re.compile(r"!\[|<[A-Za-z/!?]")


def document(runs: Iterable[StoredRun]) -> Iterator[str]:
    """One run after the other."""
    for number, stored in enumerate(runs):
        yield ("\n---\n\n" if number else "") + run_text(from_record(stored))
    yield f"\n---\n\n{_FOOT}\n"


_FOOT = (
    "*Made by Collate. Times were measured on the asking computer; tokens are as the providers count; costs as priced "
    "on the day of the run. “—” is unknown, never 0.*"
)


def run_text(run: Run) -> str:
    """One run: prompt, figures, answers."""
    answers = [answer for answer in run.answers if answer.counts]
    parts = [f"# {_words(run.prompt)}", _about(run), "## Prompt", fenced(run.prompt)]
    parts += [f"Attached: {_words(file.name)}" for file in run.attachments]
    what = "Pictures" if run.draws else "Answers"
    parts += [
        "## Figures",
        _table(answers, draws=run.draws),
        f"## {what}",
        *(_answer(run, answer) for answer in answers),
    ]
    return "\n\n".join(parts) + "\n"


def _about(run: Run) -> str:
    said = changes(Settings(), run.settings)
    manner = [f"all with {', '.join(said)}"] if said else []
    manner += ["a fair race: one warm-up each, not shown"] if run.fair else []
    return " · ".join([f"{run.created_at:%Y-%m-%d %H:%M} UTC", *map(_words, manner), f"run `{run.id}`"])


def _title(run: Run, answer: Answer) -> str:
    again = f", repeat {answer.repeat + 1}" if run.repeats > 1 else ""
    return _words(f"{answer.target}{again}", 200)


def _table(answers: Sequence[Answer], *, draws: bool) -> str:
    figures = _figures(metrics.OF_PICTURES if draws else _MEASURED)
    rows = [[_words(f"{answer.target}", 200), *(show(answer) for show in figures.values())] for answer in answers]
    head = ["Model", *figures]
    sides = ["---", *("---" if name == "Outcome" else "---:" for name in figures)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, sides, *rows))


_MEASURED = (metrics.FIRST_TOKEN, metrics.DURATION, metrics.TOKENS_PER_S, metrics.TOKENS_IN, metrics.TOKENS_OUT)


def _figure(metric: Metric) -> Callable[[Answer], str]:
    return lambda answer: metric.say(answer.completion) if answer.completion else text_of.UNKNOWN


def _figures(measured: Sequence[Metric]) -> dict[str, Callable[[Answer], str]]:
    return {
        "Outcome": _outcome,
        **{metric.name: _figure(metric) for metric in measured},
        "Cost": lambda answer: text_of.cost(answer.completion.cost) if answer.completion else text_of.UNKNOWN,
    }


def _outcome(answer: Answer) -> str:
    label, _ = text_of.STATES[answer.state]
    error = answer.completion.error if answer.completion else None
    return f"{label}: {error.kind.replace('_', ' ')}" if error else label


def _answer(run: Run, answer: Answer) -> str:
    parts = [f"### {_title(run, answer)}"]
    error = answer.completion.error if answer.completion else None
    if error is not None:
        parts.append(f"**{_outcome(answer)}** {_words(error.message, 1000)}")
    elif answer.note:
        parts.append(_words(answer.note, 1000))
    if text := "".join(answer.text_parts):
        parts.append(quoted(text) if stays_inside(text) else fenced(text))
    parts += [f"{_words(picture_facts(each), 1000)}. JSON Lines with pictures has it." for each in answer.pictures]
    parts += [f"{_words(said, 20_000)}" for said in map(_say, answer.marks) if said]
    if answer.tags:
        parts.append(f"Tags: {', '.join(_words(tag) for tag in answer.tags)}")
    return "\n\n".join(parts)


def _say(mark: Mark) -> str:
    said = ["best answer"] if mark.best else []
    said += [{1: "thumb up", -1: "thumb down"}[mark.thumb]] if mark.thumb else []
    said += [f"{mark.stars} of 5 stars"] if mark.stars else []
    said += [mark.note] if mark.note else []
    return f"{mark.person or 'Rated'}: {', '.join(said)}" if said else ""


def quoted(text: str) -> str:
    """`text` as a block quote: any block it opens ends with the quote."""
    return "\n".join(f"> {line}" if line else ">" for line in _LINE_END.split(text))


def fenced(text: str) -> str:
    """`text` as a code block, with fences longer than any in it."""
    longest = max((len(ticks) for ticks in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text}\n{fence}"


def stays_inside(text: str) -> bool:
    """Whether `text`, rendered as Markdown, loads no picture and contains no HTML, ignoring code at the left margin.

    Only fences at the left margin are trusted: in a list a fence may end sooner than it seems.
    """
    fence = ""
    for line in _LINE_END.split(text):
        if fence:
            if re.fullmatch(rf" {{0,3}}{fence[0]}{{{len(fence)},}}[ \t]*", line):
                fence = ""
        elif opened := _FENCE.match(line):
            fence = opened["marks"]
        elif _REACHES_OUT.search(line):
            return False
    return True


def _words(text: str, most: int = _TITLE) -> str:
    """Foreign words on one line, with Markdown characters escaped, and what would turn the words beside them named."""
    line = visible(" ".join(text.split()))
    line = line if len(line) <= most else line[: most - 1] + "…"
    return re.sub(r"([\\`*_{}\[\]<>#|!~$&])", r"\\\1", line)
