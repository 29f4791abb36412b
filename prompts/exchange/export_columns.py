"""The columns of CSV and Parquet files as data, for one row per completion. To add a column, add a row here.

The header, Parquet's types and descriptions, and the table in the documentation are all made from it. Unknown is empty,
never 0. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from statistics import median
from typing import Any, Literal

from prompts.core import metrics
from prompts.core.plan import WARM_UP
from prompts.exchange.otel_names import file_name_of
from prompts.record.run_rows import CompletionRows, Row, RunRows
from providers.catalogue.families import family_of

Value = str | int | float | bool | Decimal | datetime | list[str] | None
Kind = Literal["text", "texts", "whole", "number", "money", "instant", "truth"]
"""`texts`: several, in CSV as a JSON array. `whole` and `number` have 64 bits. `instant` is in UTC."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a row is made from: a completion and its run."""

    run: RunRows
    completion: CompletionRows

    @property
    def row(self) -> Row:
        """The completion's row in the database."""
        return self.completion.row

    @property
    def settings(self) -> Mapping[str, Any]:
        """The settings it was asked with."""
        return _object(self, "settings")

    @property
    def cost(self) -> Mapping[str, Any]:
        """Its cost with the lines of the receipt."""
        return _object(self, "cost")

    @property
    def error(self) -> Mapping[str, Any]:
        """Its error; empty if it did not fail."""
        return _object(self, "error")


@dataclass(frozen=True, slots=True)
class Column:
    """One column."""

    name: str
    meaning: str
    kind: Kind
    value: Callable[[Entry], Value]
    unit: str = ""


def _run(name: str, meaning: str, kind: Kind = "text", column: str = "") -> Column:
    return Column(name, meaning, kind, lambda entry: entry.run.row[column or name])


def _own(column: str, meaning: str, kind: Kind = "text", unit: str = "") -> Column:
    return Column(file_name_of(column), meaning, kind, lambda entry: entry.row[column], unit)


def _set(setting: str, meaning: str, kind: Kind) -> Column:
    return Column(file_name_of(setting), meaning, kind, lambda entry: entry.settings.get(setting))


def _seconds(column: str, meaning: str) -> Column:
    return _own(column, meaning, "number", "s")


def _tokens(column: str, meaning: str) -> Column:
    return _own(column, meaning, "whole", "tokens")


def _server(name: str, meaning: str) -> Column:
    return Column(f"server_{name}", meaning, "number", lambda entry: _object(entry, "server_timings").get(name), "s")


def _object(entry: Entry, column: str) -> Mapping[str, Any]:
    return entry.row[column] or {}


def _family(entry: Entry) -> str | None:
    family = family_of(entry.row["provider"], entry.row["model"])
    return family.name if family else None


def _finish_reasons(entry: Entry) -> list[str] | None:
    return [entry.row["stop_reason"]] if entry.row["stop_reason"] else None


def _files(entry: Entry) -> list[str] | None:
    messages: list[Mapping[str, Any]] = entry.run.row["request"]["messages"]
    return [file["name"] for message in messages for file in message.get("attachments", ())] or None


def _adjustments(entry: Entry) -> list[str] | None:
    entries: list[Mapping[str, Any]] = entry.row["adjustments"] or []
    return [f"{each['setting']}: {each['reason']}" for each in entries] or None


def _pairs(column: str) -> Callable[[Entry], list[str] | None]:
    return lambda entry: [f"{name}: {value}" for name, value in _object(entry, column).items()] or None


def _drawn(fact: str) -> Callable[[Entry], list[str] | None]:
    """Reads one fact of each picture, as text; tables contain no picture data."""

    def told(entry: Entry) -> list[str] | None:
        found = [each.get(fact) for each in entry.row["pictures"] or ()]
        return ["" if each is None else str(each) for each in found] or None

    return told


def _dots(entry: Entry) -> list[str] | None:
    return [f"{each['width']}x{each['height']}" for each in entry.row["pictures"] or ()] or None


def _frames(entry: Entry) -> list[str] | None:
    found = [each.get("frames") or 1 for each in entry.row["pictures"] or ()]
    return [str(each) for each in found] if any(each > 1 for each in found) else None


def _bytes(entry: Entry) -> int | None:
    sizes = [each["arrived_bytes"] for each in entry.row["pictures"] or ()]
    return sum(sizes) if sizes else None


def _asked_to_draw(entry: Entry) -> list[str] | None:
    asked: Mapping[str, Any] = entry.settings.get("picture") or {}
    return [f"{name}: {value}" for name, value in asked.items() if value is not None] or None


def _request_id(entry: Entry) -> str | None:
    return entry.completion.attempts[-1]["request_id"] if entry.completion.attempts else None


def _status(entry: Entry) -> int | None:
    return entry.completion.attempts[-1]["status"] if entry.completion.attempts else None


def _earlier_cost(entry: Entry) -> Decimal | None:
    earlier = entry.completion.attempts[:-1]
    amounts = [row["cost_amount"] for row in earlier if row["cost_kind"] == "amount"]
    return sum(amounts, Decimal(0)) if amounts and len(amounts) == len(earlier) else None


def _stars(entry: Entry) -> float | None:
    given = [row["stars"] for row in entry.completion.ratings if row["stars"] is not None]
    return float(median(given)) if given else None


def _thumbs(which: int) -> Callable[[Entry], int | None]:
    def count(entry: Entry) -> int | None:
        given = [row["thumb"] for row in entry.completion.ratings if row["thumb"] is not None]
        return given.count(which) if given else None

    return count


def _notes(entry: Entry) -> list[str] | None:
    said = entry.completion.notes
    return [f"{row['person']}: {row['text']}" if row["person"] else row["text"] for row in said] or None


COLUMNS: tuple[Column, ...] = (
    _run("run_id", "The run: one execution of one prompt over its models.", column="id"),
    _run("run_created_at", "When the run was made.", "instant", "created_at"),
    _run("source", "Where it was asked: page or cli."),
    _run("person", "Who asked, where people log in."),
    Column("experiment", "The collection that it is in.", "text", lambda e: (e.run.experiment or {}).get("name")),
    _run("link_kind", "How it derives from an earlier run: continues, edits or again."),
    _run("link_id", "That earlier run."),
    _run("kept", "figures: neither prompt nor answers were saved; empty: everything was."),
    _own("id", "This answer, the outcome of one request with its retries."),
    _own("position", "Order within the run, from 0.", "whole"),
    _own("cell", "Which of the run's models, from 0; its repeats share it.", "whole"),
    _own("repeat", "Which repeat of it, from 0; -1 is a warm-up.", "whole"),
    Column("warm_up", "Asked only to warm up: its cost is real, its figures count in no statistic.", "truth",
           lambda entry: entry.row["repeat"] == WARM_UP),
    _own("provider", "Who serves."),
    _own("model", "The model that was asked for."),
    _own("response_model", "What answered, in the provider's words."),
    Column("family", "The model's family.", "text", _family),
    _own("endpoint", "The address that the text went to."),
    _run("prompt", "What was asked."),
    _set("system", "The system prompt.", "text"),
    Column("attachments", "Names of the files that were sent along.", "texts", _files),
    Column("earlier_turns", "Turns of the conversation before the prompt.", "whole",
           lambda entry: len(entry.row["history"] or ()), "turns"),
    _set("temperature", "Empty: not set, the provider's default.", "number"),
    _set("top_p", "Likewise.", "number"),
    _set("max_output_tokens", "Likewise.", "whole"),
    _set("seed", "Likewise.", "whole"),
    _set("stop", "Texts that end the answer.", "texts"),
    _set("effort", "How much to think.", "text"),
    _set("num_ctx", "Tokens of context that Ollama was asked to load the model with.", "whole"),
    Column("picture_settings", "How a picture was to be drawn: size, quality, steps, guidance, what to avoid.", "texts",
           _asked_to_draw),
    Column("adjustments", "Settings that the provider could not take as given, and why.", "texts", _adjustments),
    _own("state", "How it ended: complete, cut, filtered, refused, empty, incomplete, failed, cancelled, unknown "
         "(sent, then lost); waiting, queued, sent or streaming while it was being asked."),
    _own("error_kind", "What went wrong."),
    Column("error_message", "In the provider's own words.", "text", lambda entry: entry.error.get("message")),
    Column("http_status", "Of the last attempt.", "whole", _status),
    Column("request_id", "The provider's id of the last attempt.", "text", _request_id),
    Column("attempts", "Requests that were sent for it.", "whole", lambda entry: len(entry.completion.attempts)),
    Column("gen_ai.response.finish_reasons", "Why it stopped, in the provider's word.", "texts", _finish_reasons),
    _own("response_id", "The provider's id of the answer."),
    _own("text", "The answer, exactly as it arrived."),
    _own("thinking", "Streamed thinking."),
    Column("picture_sizes", "Width and height of each picture that was drawn.", "texts", _dots, "pixels"),
    Column("picture_frames", "How many frames each has, if one moves; only the first is shown here.", "texts",
           _frames),
    Column("picture_types", "The format of each as it arrived.", "texts", _drawn("arrived_type")),
    Column(metrics.FILE_SIZE.key, metrics.FILE_SIZE.definition, "whole", _bytes, "bytes"),
    Column("picture_sha256", "The digest of each as it is saved, by which JSON Lines name it. Empty: it is not saved.",
           "texts", _drawn("sha256")),
    Column("picture_seeds", "The seed of each, if reported.", "texts", _drawn("seed")),
    Column("picture_descriptions", "The description of each, if somebody wrote one.", "texts",
           _drawn("described")),
    Column("picture_prompts", "The prompt of each as the vendor rewrote it, if reported.", "texts",
           _drawn("revised_prompt")),
    _own("started_at", "When the last attempt was sent.", "instant"),
    *(
        _seconds(metric.key, metric.definition)
        for metric in (metrics.FIRST_OUTPUT, metrics.FIRST_TOKEN, metrics.LAST_TOKEN, metrics.DURATION)
    ),
    _own(metrics.TOKENS_PER_S.key, metrics.TOKENS_PER_S.definition, "number", "tokens/s"),
    _own(metrics.CHARACTERS_PER_S.key, metrics.CHARACTERS_PER_S.definition, "number", "characters/s"),
    *(_seconds(metric.key, metric.definition) for metric in (metrics.FIRST_PICTURE, metrics.FINAL_PICTURE)),
    _own(metrics.STEPS_PER_S.key, metrics.STEPS_PER_S.definition, "number", "steps/s"),
    _seconds("prepare_s", "Before the clock began: making the connection ready. In none of the times above."),
    _seconds("connected_s", "From just before the request to the open connection."),
    _seconds("sent_s", "From just before the request until all of it was sent."),
    _seconds("headers_s", "From just before the request to the first byte of the response."),
    _server("load_s", "What the server says: loading the model."),
    _server("prompt_s", "What the server says: reading the prompt."),
    _server("eval_s", "What the server says: generating."),
    _server("queue_s", "What the server says: the rest of its total, waiting included."),
    _server("total_s", "What the server says: all of it."),
    _tokens("input_tokens", "Everything read, cache reads and writes included; as the provider counts."),
    _tokens("output_tokens", "Everything generated, thinking included; as the provider counts."),
    _tokens("cache_read_tokens", "Of the input: from the prompt cache."),
    _tokens("cache_write_tokens", "Of the input: written into the prompt cache."),
    _tokens("reasoning_tokens", "Of the output: thinking."),
    Column("cost_usd", "Money for the last attempt, as priced on the day of the run. Empty unless its kind is amount.",
           "money", lambda entry: entry.row["cost_amount"] if entry.row["cost_kind"] == "amount" else None, "US$"),
    Column("cost_at_least_usd", "The known part of an unknown cost: a lower bound; its reason has a column of its own.",
           "money", lambda entry: entry.row["cost_amount"] if entry.row["cost_kind"] == "unknown" else None, "US$"),
    Column("cost_earlier_attempts_usd", "Money for the attempts before the last. Empty: there were none, or one's cost "
           "is not known.", "money", _earlier_cost, "US$"),
    _own("cost_kind", "amount; local: no fee is charged; unknown: never 0, its reason has a column of its own."),
    Column("cost_reason", "Why the cost is not known, or how it was reached.", "text", lambda e: e.cost.get("reason")),
    Column("price_source", "Where the prices come from.", "text", lambda entry: entry.cost.get("source")),
    Column("price_date", "The day of the price data.", "text", lambda entry: entry.cost.get("price_date")),
    _own("conditions", "The conditions of the measurement, such as first_call, cold_load, cache_hit.", "texts"),
    _own("flags", "What is odd about the answer, such as repaired, other_model, usage_missing.", "texts"),
    Column("fingerprint", "What the provider reports about the model that served.", "texts", _pairs("fingerprint")),
    Column("versions", "The software that asked.", "texts", _pairs("versions")),
    Column("stars", "1 to 5: the median of those that were given.", "number", _stars, "stars"),
    Column("thumbs_up", "How many people; empty: nobody gave a thumb.", "whole", _thumbs(1), "people"),
    Column("thumbs_down", "Likewise.", "whole", _thumbs(-1), "people"),
    Column("best", "Somebody's best answer of the run.", "truth",
           lambda entry: any(row["best"] for row in entry.completion.ratings)),
    Column("tags", "What it was tagged.", "texts", lambda e: [row["name"] for row in e.completion.tags] or None),
    Column("notes", "What people wrote, with their names where people log in.", "texts", _notes),
)  # fmt: skip


def documentation() -> str:
    """The columns as a Markdown table."""
    kinds: Mapping[Kind, str] = {"texts": "list of texts", "truth": "true or false"}
    rows = [f"| `{each.name}` | {each.meaning} | {each.unit or kinds.get(each.kind, each.kind)} |" for each in COLUMNS]
    return "\n".join(("| column | meaning | unit or type |", "|---|---|---|", *rows))
