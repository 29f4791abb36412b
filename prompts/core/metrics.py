"""Every metric of an answer, defined once: name, definition, source, how to read and format it, which end is better.

Columns, answers, charts, tables, exports and help texts use it, and a test keeps docs/metrics.md in step, so no metric
can mean different things in different places. To add a metric, add a row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from prompts.core import format as text_of
from providers.completion import Completion, Timings
from providers.interface import Usage

Source = Literal["measured here", "as the provider counts", "as priced at the moment of the run"]


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric of an answer."""

    key: str
    """Its name in code, files and exports (the glossary's; OpenTelemetry's if it has one)."""
    name: str
    """Its name for people, capitalised."""
    definition: str
    """One or two sentences."""
    source: Source
    read: Callable[[Completion], float | None]
    """Reads the value from a completion; `None` if unknown."""
    show: Callable[[float | None], str]
    """Formats the value with its unit; "—" if unknown."""
    better: Literal["least", "most"] | None = None
    """Which end is better; `None` if neither."""

    @property
    def label(self) -> str:
        """The name in lower case, for use in a sentence or beside a figure."""
        return self.name[0].lower() + self.name[1:]

    @property
    def help(self) -> str:
        """The help text of a header: the definition, and how the value is known."""
        return f"{self.definition} {self.source[0].upper()}{self.source[1:]}."

    def say(self, completion: Completion) -> str:
        """The value of one answer as text."""
        return self.show(self.read(completion))


def _time(read: Callable[[Timings], float | None]) -> Callable[[Completion], float | None]:
    return lambda done: read(done.timings)


def _tokens(read: Callable[[Usage], int | None]) -> Callable[[Completion], float | None]:
    return lambda done: read(done.usage) if done.usage else None


def _count(value: float | None) -> str:
    return text_of.count(None if value is None else int(value))


def _cost(done: Completion) -> float | None:
    return None if done.cost.exact is None else float(done.cost.exact)


def _money(value: float | None) -> str:
    return text_of.money(None if value is None else Decimal(repr(value)))


def _sum(parts: Iterable[float]) -> float | None:
    found = list(parts)
    return sum(found) if found else None


def _two_places(value: float | None) -> str:
    return text_of.UNKNOWN if value is None else f"{value:.2f}"


def _bytes(value: float | None) -> str:
    if value is None:
        return text_of.UNKNOWN
    return f"{value / 1e6:.1f} MB" if value >= 1e6 else f"{value / 1e3:.0f} KB" if value >= 1e4 else f"{value:.0f} B"


FIRST_OUTPUT = Metric(
    "time_to_first_chunk_s", "First output",
    "Time from just before the request until the first text of any kind, thinking included.",
    "measured here", _time(lambda times: times.time_to_first_chunk_s), text_of.seconds, "least",
)  # fmt: skip
FIRST_TOKEN = Metric(
    "time_to_first_token_s", "First token",
    "Time from just before the request until the first visible character of the answer. Thinking before it counts.",
    "measured here", _time(lambda times: times.time_to_first_token_s), text_of.seconds, "least",
)  # fmt: skip
LAST_TOKEN = Metric(
    "time_to_last_token_s", "Last token",
    "Time from just before the request until the last text of the answer.",
    "measured here", _time(lambda times: times.time_to_last_token_s), text_of.seconds, "least",
)  # fmt: skip
DURATION = Metric(
    "duration_s", "Duration",
    "Time from just before the request until the stream had ended.",
    "measured here", _time(lambda times: times.duration_s), text_of.seconds, "least",
)  # fmt: skip
TOKENS_PER_S = Metric(
    "output_tokens_per_s", "Tokens/s",
    "Answer tokens that came after the first read of the network, divided by the time in which they came. Waiting "
    "and thinking do not count. Unknown where that would say nothing about the model.",
    "measured here", _time(lambda times: times.output_tokens_per_s), text_of.rate, "most",
)  # fmt: skip
CHARACTERS_PER_S = Metric(
    "output_characters_per_s", "Characters/s",
    "Visible characters over the same time. Comparable between models, whose tokens differ in length.",
    "measured here", _time(lambda times: times.output_characters_per_s), text_of.rate, "most",
)  # fmt: skip
TOKENS_IN = Metric(
    "input_tokens", "Tokens in", "Everything the model read, cached parts included.",
    "as the provider counts", _tokens(lambda usage: usage.input_tokens), _count,
)  # fmt: skip
CACHED = Metric(
    "cache_read_tokens", "Cached",
    "Of the tokens in, those that came from the provider's prompt cache: cheaper, and faster.",
    "as the provider counts", _tokens(lambda usage: usage.cache_read_tokens), _count,
)  # fmt: skip
TOKENS_OUT = Metric(
    "output_tokens", "Tokens out", "Everything the model wrote, thinking included.",
    "as the provider counts", _tokens(lambda usage: usage.output_tokens), _count,
)  # fmt: skip
THINKING = Metric(
    "reasoning_tokens", "Thinking",
    "Of the tokens out, those spent on thinking. Unknown where the provider does not split them.",
    "as the provider counts", _tokens(lambda usage: usage.reasoning_tokens), _count,
)  # fmt: skip
CHARACTERS = Metric(
    "output_characters", "Characters",
    "Characters of the answer as it was written, Markdown signs included. Comparable between models, whose tokens "
    "differ in length.",
    "measured here", lambda done: len(done.text) or None, _count,
)  # fmt: skip
COST = Metric(
    "cost_usd", "Cost",
    "US dollars for one answer: every term of it times its own price.",
    "as priced at the moment of the run", _cost, _money, "least",
)  # fmt: skip

FIRST_PICTURE = Metric(
    "time_to_first_picture_s", "First picture",
    "Time from just before the request until the first picture of any kind, previews included.",
    "measured here", _time(lambda times: times.time_to_first_picture_s), text_of.seconds, "least",
)  # fmt: skip
FINAL_PICTURE = Metric(
    "time_to_final_picture_s", "Final picture",
    "Time from just before the request until the picture itself had come.",
    "measured here", _time(lambda times: times.time_to_final_picture_s), text_of.seconds, "least",
)  # fmt: skip
STEPS_PER_S = Metric(
    "steps_per_s", "Steps/s",
    "Steps of a diffusion model between the first and the last that its server reported, over the time between them. "
    "Unknown if none are reported or that time is less than 0.2 s.",
    "measured here", _time(lambda times: times.steps_per_s), text_of.rate, "most",
)  # fmt: skip
MEGAPIXELS = Metric(
    "megapixels", "Megapixels", "Width times height of the picture, in millions of pixels.",
    "measured here", lambda done: _sum(each.width * each.height / 1e6 for each in done.pictures), _two_places,
)  # fmt: skip
FILE_SIZE = Metric(
    "picture_bytes", "File size", "Bytes of the picture as it arrived, in the format that its vendor chose.",
    "measured here", lambda done: _sum(float(each.arrived_bytes) for each in done.pictures), _bytes,
)  # fmt: skip
OF_PICTURES: tuple[Metric, ...] = (FIRST_PICTURE, FINAL_PICTURE, DURATION, STEPS_PER_S, MEGAPIXELS, FILE_SIZE)
"""The metrics of a picture, apart from tokens and cost."""

METRICS: tuple[Metric, ...] = (
    FIRST_OUTPUT, FIRST_TOKEN, LAST_TOKEN, DURATION, TOKENS_PER_S, CHARACTERS_PER_S, TOKENS_IN, CACHED, TOKENS_OUT,
    THINKING, CHARACTERS, COST, FIRST_PICTURE, FINAL_PICTURE, STEPS_PER_S, MEGAPIXELS, FILE_SIZE,
)  # fmt: skip
BY_KEY: Mapping[str, Metric] = {metric.key: metric for metric in METRICS}
