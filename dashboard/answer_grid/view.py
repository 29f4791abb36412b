"""A run and its answers as the answer grid shows them: titles, notes and formatted figures.

Only reads; every number is formatted by `prompts.core.format`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dashboard.answer_grid.problems import ColumnProblem, problem_of
from prompts.core import format as text_of
from prompts.core import metrics
from prompts.core.alt_text import alt_text
from prompts.core.answer import Answer, AnswerState, LiveAnswer
from prompts.core.rate_reasons import why_no_rate
from prompts.core.run import NOT_KEPT, Run
from prompts.core.targets import UPLOADED, changes
from providers.catalogue.catalogue import find
from providers.completion import Completion
from providers.config.connections import Connection
from providers.interface import Adjustment, Settings
from providers.measuring.measure import monotonic
from providers.pictures import Picture

Figure = tuple[str, str, str]
"""Label, formatted value, and what it means."""


class ColumnView:
    """One column of the grid, live or recorded; see `protocol.ColumnView`."""

    def __init__(self, run: Run, live: LiveAnswer, connections: Mapping[str, Connection]) -> None:
        self._run, self._live, self._connections = run, live, connections

    @property
    def _answer(self) -> Answer:
        return self._live.now

    @property
    def title(self) -> str:
        """The model's label, or its name if it has none; numbered where the model has several columns."""
        target = self._answer.target
        known = find(target.provider, target.model)
        again = f" · repeat {self._answer.repeat + 1}" if self._answer.repeat else ""
        return (known.label if known else target.model) + self._copy + again

    @property
    def _copy(self) -> str:
        if self._answer.label:
            return ""  # runs put side by side are told apart by the time in the subtitle
        answer = self._answer
        alike = [each.id for each in answers_of(self._run, answer.repeat) if str(each.target) == str(answer.target)]
        return f" · {alike.index(answer.id) + 1}" if len(alike) > 1 else ""

    @property
    def subtitle(self) -> str:
        """Provider, model and the host the text goes to; with several runs side by side, also when it was asked."""
        target, connection = self._answer.target, self._connections.get(self._answer.target.provider)
        place = (
            self._answer.completion.endpoint if self._answer.completion else connection.endpoint if connection else ""
        )
        when = f"{self._answer.label} · " if self._answer.label else ""
        return f"{when}{target.provider}:{target.model} → {host(place)}"

    @property
    def text_parts(self) -> Sequence[str]:
        """The answer so far; only grows within an attempt."""
        return self._answer.text_parts

    @property
    def thinking_parts(self) -> Sequence[str]:
        """The thinking so far."""
        return self._answer.thinking_parts

    @property
    def status(self) -> AnswerState:
        """The state of the answer."""
        return self._answer.state

    @property
    def attempt(self) -> int:
        """Grows when the answer is asked again or its text turns out to be thinking: what was shown is void."""
        return self._answer.attempt + self._answer.moves

    @property
    def note(self) -> str | None:
        """Why it waits, why it was not sent, or what to know about the answer; `None` if there is nothing to say."""
        done = self._answer.completion
        if done is not None and self._run.textless:
            return NOT_KEPT
        if done is None and (sign := self._sign) is not None:
            return sign
        remarks = [said(a) for a in self._answer.adjustments if self._matters(a)]
        remarks += [text_of.FLAGS[flag] for flag in done.flags] if done else []
        asked = f"Asked: “{_short(self._answer.asked)}”" if self._answer.asked else ""
        return " · ".join(filter(None, (asked, self._answer.note or "; ".join(remarks)))) or None

    @property
    def pictures(self) -> Sequence[Picture]:
        """The pictures so far."""
        return self._answer.pictures

    @property
    def askable(self) -> bool:
        """Whether a model can be asked again: false for what a person uploaded."""
        return self._answer.target.provider != UPLOADED

    def alt(self, picture: Picture) -> str:
        """Alternative text of one of its pictures."""
        return alt_text(self.title, self._run.prompt, picture.described)

    def content(self, digest: str) -> bytes | None:
        """The bytes of one of its pictures; `None` if they are not in memory."""
        return self._answer.contents.get(digest)

    def made_from(self, picture: Picture) -> Mapping[str, str]:
        """Prompt, model, settings, seed and time, and the metadata of the picture's own file, by name."""
        answer = self._answer
        said = {
            "Prompt": self._run.prompt, "Model": str(answer.target),
            "Settings": "; ".join(changes(Settings(), answer.target.settings)),
            "Seed": "" if picture.seed is None else str(picture.seed), "Drawn as": picture.revised_prompt or "",
            "Made at": answer.completion.started_at.isoformat() if answer.completion else "",
        }  # fmt: skip
        own = {name: value for name, value in {**picture.metadata, **picture.drawn_with}.items() if name not in said}
        return {**{name: value for name, value in said.items() if value}, **own}

    @property
    def _sign(self) -> str | None:
        """Progress or signs of life from the server while no text comes; `None` if there are none."""
        if (step := self._answer.step) is not None:
            return f"Step {step.done}{f' of {step.of}' if step.of else ''}"
        sign = self._answer.sign
        if sign is None:
            return None
        words = f" (“{sign.words}”)" if sign.words else ""
        ago = max(0, round(monotonic() - sign.at))
        return f"No text yet, but signs of life from the server{words}: {sign.count}, the last {ago} s ago."

    def _matters(self, adjustment: Adjustment) -> bool:
        """Whether to show it in the note. What an adapter adds by itself is shown only if it cut the answer."""
        return is_set(self._answer.target.settings, adjustment) or self._answer.state == "cut"

    @property
    def elapsed_s(self) -> float | None:
        """Seconds since the request was sent; `None` before that."""
        return None if self._answer.sent_at is None else monotonic() - self._answer.sent_at

    @property
    def mark(self) -> str | None:
        """How its settings differ from the run's shared ones; `None` if they do not."""
        differs = changes(self._run.settings, self._answer.target.settings)
        return f"differs: {', '.join(differs)}" if differs else None

    @property
    def earlier(self) -> Sequence[tuple[str, str]]:
        """Role and text of each turn before this answer."""
        return [(message.role, message.text) for message in self._answer.history]

    @property
    def figures(self) -> Sequence[Figure]:
        """The figures under the answer; empty until it has ended."""
        return figures(self._answer.completion, draws=self._run.draws) if self._answer.completion else ()

    @property
    def problem(self) -> ColumnProblem | None:
        """What went wrong, and what to do; `None` while all is well."""
        return problem_of(self._run, self._answer, self._connections)


class RunView:
    """One repeat of a run as the SSE route reads it."""

    def __init__(self, run: Run, connections: Mapping[str, Connection], repeat: int = 0) -> None:
        self.run = run
        self.id = view_id(run, repeat)
        self.columns = [ColumnView(run, each, connections) for each in run.live if each.now.repeat == repeat]

    @property
    def finished(self) -> bool:
        """Whether the run has ended: nothing more will come."""
        return self.run.finished

    @property
    def draws(self) -> bool:
        """Whether pictures are asked for."""
        return self.run.draws


def answers_of(run: Run, repeat: int) -> list[Answer]:
    """The answers of one repeat, in the order of the columns."""
    return [answer for answer in run.answers if answer.repeat == repeat]


def view_id(run: Run, repeat: int) -> str:
    """The id of one repeat of a run in addresses; the run's own id for the first."""
    return f"{run.id}.{repeat}" if repeat else run.id


def parse_view_id(name: str) -> tuple[str, int]:
    """Run id and repeat (from 0) of a `view_id`."""
    run_id, _, repeat = name.partition(".")
    return run_id, int(repeat) if repeat.isdecimal() else 0


def figures(done: Completion, *, draws: bool = False) -> Sequence[Figure]:
    """First token, duration, rate, tokens and cost of one completion; the help says how they were measured.

    `draws`: the figures of pictures instead.
    """
    conditions = ", ".join(text_of.CONDITIONS[c] for c in done.conditions) or "clean"
    measured = f"Measured here; conditions: {conditions}."
    if draws:
        return [
            *((each.label, each.say(done), f"{each.definition} {measured}") for each in metrics.OF_PICTURES),
            *((each.label, each.say(done), each.help) for each in (metrics.TOKENS_OUT,) if done.usage),
            (metrics.COST.label, text_of.cost(done.cost), done.cost.reason or done.cost.source or ""),
        ]
    rates = why_no_rate(done)
    return [
        *(
            (metric.label, metric.say(done), f"{metric.definition} {measured}")
            for metric in (metrics.FIRST_OUTPUT, metrics.FIRST_TOKEN, metrics.DURATION)
        ),
        (metrics.TOKENS_PER_S.label, metrics.TOKENS_PER_S.say(done), rates or metrics.TOKENS_PER_S.help),
        ("chars/s", metrics.CHARACTERS_PER_S.say(done), rates or metrics.CHARACTERS_PER_S.help),
        ("in", metrics.TOKENS_IN.say(done), metrics.TOKENS_IN.help),
        ("out", metrics.TOKENS_OUT.say(done), metrics.TOKENS_OUT.help),
        (metrics.COST.label, text_of.cost(done.cost), done.cost.reason or done.cost.source or ""),
    ]


def said(adjustment: Adjustment) -> str:
    """An adjustment in words: why, which setting, and what is sent instead."""
    sent = adjustment.sent
    if sent is not None and sent.isdecimal():
        sent = text_of.count(int(sent))
    return f"{adjustment.reason}: {adjustment.setting} {f'is sent as {sent}' if sent else 'is not sent'}"


def is_set(settings: Settings, adjustment: Adjustment) -> bool:
    """Whether the adjustment concerns a setting that the user has set, not one that our adapter adds."""
    return getattr(settings, adjustment.setting, None) not in (None, ())


def _short(prompt: str) -> str:
    line = " ".join(prompt.split())
    return line if len(line) <= _LONGEST_PROMPT else f"{line[:_LONGEST_PROMPT].rstrip()}…"


_LONGEST_PROMPT = 400


def host(endpoint: str) -> str:
    """The host (and port) of an address."""
    return endpoint.removeprefix("https://").removeprefix("http://").split("/")[0]
