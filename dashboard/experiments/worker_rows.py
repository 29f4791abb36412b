"""Workers in words: what each is and does, and when it was last heard of. Pure."""

from __future__ import annotations

from prompts.core import format as text_of
from prompts.experiments.worker_store import WorkerRow

_KINDS = {"worker": "worker", "dashboard": "dashboard", "run": "collate run"}


def title(row: WorkerRow) -> str:
    """The name of a worker: `gpu-box, worker`."""
    return f"{row.host}, {_KINDS.get(row.kind, row.kind)}"


def line(row: WorkerRow) -> str:
    """What it does: `openai, ollama@gpu-box · 12 calls in progress · 340 a minute · heard of 2 s ago`."""
    said = [", ".join(row.providers), f"{text_of.number_of(row.running, 'call')} in progress"]
    if row.per_minute is not None and not row.silent:
        said.append(f"{text_of.rate(row.per_minute)} a minute")
    said.append(f"last seen {_ago(row.seen_ago_s)} ago")
    if row.silent:
        said.append("silent: after one more minute its calls wait again or are marked unknown")
    elif row.draining:
        said.append("leaving: takes nothing new")
    return " · ".join(said)


def _ago(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 60 else text_of.long_time(seconds)


def summary(rows: list[WorkerRow]) -> str:
    """How many processes ask and how many calls are in progress, in a sentence."""
    asking = sum(not row.silent and not row.draining for row in rows)
    running = sum(row.running for row in rows)
    if not rows:
        return "No worker is running. Start one: collate worker."
    who = "One process asks" if asking == 1 else f"{asking:,} processes ask together"
    return f"{who}, {text_of.number_of(running, 'call')} in progress."
