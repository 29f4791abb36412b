"""Where the time of each answer went: its time marks as phases that follow one another without a gap.

Owns which mark ends which phase and what is said of it. Pure. Does not invent a split: if a mark is missing or precedes
an earlier one, the two phases next to it are shown as one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from prompts.analysis.spread import MEASURABLE, askings, names
from prompts.core import format as text_of
from prompts.core.answer import Answer
from prompts.core.run import Run
from providers.completion import Completion, Timings

Phase = Literal[
    "prepare", "connect", "waiting", "load model", "wait for headers", "wait for first output", "thinking", "writing",
    "ending",
]  # fmt: skip
PHASES: tuple[Phase, ...] = (
    "prepare", "connect", "waiting", "load model", "wait for headers", "wait for first output", "thinking", "writing",
    "ending",
)  # fmt: skip
"""In the order in which a bar shows them."""
MOST_ROWS = 24
"""If the repeats of all targets are more than this, each target shows one of its repeats only."""

SAYS: dict[Phase, str] = {
    "prepare": "Making client and connection ready, before the clock starts: in none of the times.",
    "connect": "Until the connection was open: name, network and encryption.",
    "waiting": "Until the first output of an answer; sending, headers and first output were not measured separately.",
    "load model": "How long the server says that it loaded the model; it does not say when during the wait.",
    "wait for headers": "Sending the prompt, until the reply's headers arrived.",
    "wait for first output": "From the headers to the first piece of answer or thinking.",
    "thinking": "From the first piece of thinking to the first answer text.",
    "writing": "From the first to the last answer text.",
    "ending": "From the last answer text until the stream had ended.",
}
_FOLLOWS: dict[Phase, Phase] = {
    "connect": "waiting", "wait for headers": "wait for first output", "waiting": "thinking",
    "wait for first output": "thinking", "thinking": "writing", "writing": "ending",
}  # fmt: skip
"""What was going on after a phase if no further mark was reached."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One phase of a bar. Start and end are in seconds from just before the request."""

    phase: Phase
    start_s: float
    end_s: float
    says: str
    """What the phase is, and how that is known."""

    @property
    def seconds(self) -> float:
        """The length of the phase in seconds."""
        return self.end_s - self.start_s


@dataclass(frozen=True, slots=True)
class Bar:
    """One answer on the shared time axis. Without segments nothing was timed; `outcome` says what happened."""

    name: str
    answer: Answer
    segments: tuple[Segment, ...]
    """They follow one another from 0 to the duration; preparing, which comes first, is before 0."""
    outcome: str
    conditions: str

    @property
    def timings(self) -> Timings:
        """The figures behind the bar; all unknown while there is no completion."""
        return self.answer.completion.timings if self.answer.completion else Timings()

    @property
    def thinking_s(self) -> float | None:
        """Seconds from the first output to the first token;
        0 if no thinking was streamed, `None` if that is not known."""
        times, done = self.timings, self.answer.completion
        first, token = times.time_to_first_chunk_s, times.time_to_first_token_s
        if done is None or first is None or token is None or "thinking_hidden" in done.flags:
            return None
        return token - first


@dataclass(frozen=True, slots=True)
class Timeline:
    """The bars of a run, in the order of its columns."""

    bars: tuple[Bar, ...]
    chosen: bool
    """Whether each target shows only one repeat, that of the median duration."""


def timeline(run: Run) -> Timeline:
    """The bars of `run`, without warm-ups."""
    targets = askings(run)
    chosen = sum(map(len, targets)) > MOST_ROWS
    bars: list[Bar] = []
    for name, answers in zip(names(targets), targets, strict=True):
        for answer in [_median(answers)] if chosen else answers:
            again = f" · repeat {answer.repeat + 1}" if len(answers) > 1 else ""
            bars.append(_bar(name + again, answer))
    return Timeline(tuple(bars), chosen)


def segments(done: Completion) -> tuple[Segment, ...]:
    """The phases of one completion; those after 0 add up to its duration."""
    times = done.timings
    before = (_segment("prepare", -times.prepare_s, 0.0),) if times.prepare_s else ()
    if times.duration_s is None or times.duration_s < 0:
        return before
    found: list[Segment] = []
    start = 0.0
    for phase, end in _ends(times, times.duration_s):
        if end > start:
            found.append(_segment(phase, start, end, _reservation(phase, done)))
            start = end
    return (*before, *_with_load(found, done))


def _ends(times: Timings, duration: float) -> list[tuple[Phase, float]]:
    """Each phase with the mark that ends it, in order; the last one ends with the stream."""
    connected, headers, first, token, last = _in_order(
        (
            times.connected_s, times.headers_s, times.time_to_first_chunk_s, times.time_to_first_token_s,
            times.time_to_last_token_s,
        ), duration,
    )  # fmt: skip
    pairs: list[tuple[Phase, float | None]] = [
        ("connect", connected),
        ("wait for headers", headers),
        ("waiting" if headers is None else "wait for first output", token if first is None else first),
        ("thinking", token),
        ("writing", last),
    ]
    known: list[tuple[Phase, float]] = [(phase, mark) for phase, mark in pairs if mark is not None]
    return [*known, (_FOLLOWS[known[-1][0]] if known else "waiting", duration)]


def _in_order(marks: Sequence[float | None], duration: float) -> list[float | None]:
    """The marks, with those that precede an earlier one or follow the end replaced by `None`."""
    kept: list[float | None] = []
    floor = 0.0
    for mark in marks:
        fits = mark is not None and floor <= mark <= duration
        kept.append(mark if fits else None)
        floor = mark if mark is not None and fits else floor
    return kept


def _reservation(phase: Phase, done: Completion) -> str:
    """What else a phase contains because a mark is missing; empty if nothing."""
    times = done.timings
    waits = phase in ("waiting", "wait for first output")
    if waits and "thinking_hidden" in done.flags:
        return "The vendor hides the thinking, so it is in here."
    if waits and times.time_to_first_chunk_s is None:
        came = times.time_to_first_token_s is not None
        return "The first output was not marked, so thinking may be in it." if came else "No sign of an answer came."
    if phase == "thinking" and times.time_to_first_token_s is None:
        return "No answer text followed."
    if phase == "writing" and times.time_to_last_token_s is None:
        return "The last text was not marked, so the stream's ending is in it."
    return ""


def _with_load(found: list[Segment], done: Completion) -> list[Segment]:
    """The segments with the model's load time, as the server reports it, at the start of the wait that contains it."""
    load = done.server_timings.load_s if done.server_timings else None
    for n, wait in enumerate(found):
        if wait.phase in ("waiting", "wait for headers"):
            middle = wait.start_s + (load or 0.0)
            if wait.start_s < middle < wait.end_s:
                rest = Segment(wait.phase, middle, wait.end_s, wait.says + " Without the loading.")
                return [*found[:n], _segment("load model", wait.start_s, middle), rest, *found[n + 1 :]]
            return found
    return found


def _segment(phase: Phase, start: float, end: float, more: str = "") -> Segment:
    return Segment(phase, start, end, f"{SAYS[phase]} {more}".rstrip())


def _bar(name: str, answer: Answer) -> Bar:
    done = answer.completion
    if done is None:
        return Bar(name, answer, (), text_of.STATES[answer.state][0], "")
    label, after = text_of.STATES[done.state][0], text_of.seconds(done.timings.duration_s)
    kind = f" ({done.error.kind.replace('_', ' ')})" if done.error else ""
    timed = done.timings.duration_s is not None
    outcome = f"{label}{kind} after {after}" if timed else f"{label}{kind}, nothing was timed"
    return Bar(name, answer, segments(done), outcome, _conditions(done))


def _conditions(done: Completion) -> str:
    return ", ".join(text_of.CONDITIONS[condition] for condition in done.conditions) or "clean"


def _median(answers: Sequence[Answer]) -> Answer:
    """The repeat of median duration (the lower of two) among proper answers, else among all that were timed."""
    timed = [(d, answer.repeat, answer) for answer in answers if (d := _duration(answer)) is not None]
    proper = [each for each in timed if each[2].state in MEASURABLE] or timed
    if not proper:
        return answers[0]
    ranked = sorted(proper, key=lambda each: each[:2])
    return ranked[(len(ranked) - 1) // 2][2]


def _duration(answer: Answer) -> float | None:
    return answer.completion.timings.duration_s if answer.completion else None
