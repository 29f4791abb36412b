"""What the page Local models says: whether a model will fit, how long it stays in memory, how far a pull is.

Pure: Ollama's lists and the machine's memory in, rows and sentences out. Figures that were not measured are called
estimates, and a sentence says how they are calculated.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Literal

import pandas as pd
from pandas.io.formats.style import Styler

from dashboard.local_models.pulls import Pull
from prompts.core import format as text_of
from providers.adapters.ollama_listing import full_name
from providers.catalogue.catalogue import CatalogueModel, catalogue
from providers.config.connections import Connection
from providers.local.machine import Memory
from providers.local.ollama_facts import Installed, Inventory, Loaded, is_this_machine

CONTEXTS = (4_096, 8_192, 16_384, 32_768, 65_536, 131_072)
"""Context lengths to choose from; the first is Ollama's default on machines with little graphics memory."""

COMFORTABLE = 0.8
"""A model "fits" if it needs at most this share of the available memory: other programs need the rest."""

FIT_HELP = (
    "An estimate: size on disk + context cache, which is layers x KV heads x (key + value length) x 2 bytes for "
    "each token of the planned context + work buffers, which are 512 tokens x 4 bytes x the larger of context x heads "
    "and the words of the vocabulary, and less with flash attention. Not included: several questions at once, "
    "pictures, the memory of graphics cards. Fits: under 80 % of the memory available now. Select a row for its sum."
)

Outcome = Literal["loaded", "fits", "tight", "too_large", "unknown", "elsewhere"]
OUTCOMES: Mapping[Outcome, str] = {
    "loaded": "in memory", "fits": "fits", "tight": "tight", "too_large": "does not fit",
    "unknown": "unknown", "elsewhere": "runs at ollama.com",
}  # fmt: skip

STATUSES: Mapping[str, str] = {
    "": "Asking Ollama",
    "pulling manifest": "Asking the library",
    "verifying sha256 digest": "Checking what arrived",
    "writing manifest": "Putting it in place",
    "removing unused layers": "Putting it in place",
    "removing any unused layers": "Putting it in place",
    "success": "Complete",
}
"""Our words for Ollama's names of the steps of a pull."""

QUIET_S = 10.0
"""Seconds after which silence is reported; while downloading, Ollama reports several times a second."""


@dataclass(frozen=True, slots=True)
class Fit:
    """Whether a model will fit into memory, as far as can be said without loading it."""

    outcome: Outcome
    needs_bytes: int | None
    """An estimate; for a loaded model, what Ollama reports. `None` if unknown."""
    reason: str


def fit(model: Installed, loaded: Sequence[Loaded], memory: Memory | None, context_tokens: int) -> Fit:
    """Compares an estimate of the memory needed with the memory available now; `FIT_HELP` has the formula.

    Main memory that other models of Ollama take counts as room it can make, since it unloads them to load another.
    """
    if model.in_cloud:
        return Fit("elsewhere", None, "It runs at ollama.com: what you ask leaves this computer.")
    if (now := Inventory((), tuple(loaded)).in_memory(model.name)) is not None:
        return Fit(
            "loaded", now.size_bytes, f"It is in memory and takes {text_of.size(now.size_bytes)}, as Ollama reports it."
        )
    if model.size_bytes is None:
        return Fit("unknown", None, "Ollama does not report its size.")
    context = min(context_tokens, model.details.context_tokens or context_tokens)
    per_token = model.details.cache_bytes_per_token
    buffers = model.details.work.bytes_at(context) if model.details.work else 0
    needs = model.size_bytes + (per_token or 0) * context + buffers
    weights = text_of.size(model.size_bytes)
    if per_token is None:
        parts = f"At least {weights}, its weights; what its context takes is not reported"
    else:
        cache = f"{text_of.size(per_token * context)} for {context:,} tokens of context"
        work = f" + up to {text_of.size(buffers)} of work buffers" if buffers else "; its work buffers are not reported"
        parts = f"About {text_of.size(needs)}: {weights} of weights + {cache}{work}"
    if memory is None:
        return Fit("unknown", needs, f"{parts}. The memory of the computer that runs Ollama is unknown.")
    outcome, because = _against(needs, loaded, memory, certain=per_token is not None)
    return Fit(outcome, needs, f"{parts}; {because}.")


def _against(needs: int, loaded: Sequence[Loaded], memory: Memory, *, certain: bool) -> tuple[Outcome, str]:
    available = memory.available_bytes
    if needs > memory.total_bytes:
        return "too_large", f"this computer has {text_of.size(memory.total_bytes)} of memory"
    if available is None:
        return "unknown", "this computer does not report how much of its memory is available"
    free = f"{text_of.size(available)} of memory is available now"
    held = sum((model.size_bytes or 0) - (model.gpu_bytes or 0) for model in loaded)
    if needs > available + held:
        return "too_large", f"{free}" + (f", {text_of.size(held)} more once Ollama unloads" if held else "")
    if needs > available:
        return "tight", f"{free}, and {text_of.size(held)} once Ollama unloads what it has loaded"
    if not certain:
        return "unknown", free
    return ("fits", free) if needs <= available * COMFORTABLE else ("tight", f"only {free}")


def runs_here(connection: Connection) -> bool:
    """Whether the server runs on this computer, so that its memory is this computer's."""
    return is_this_machine(connection.base_url)


def stays(model: Loaded, now: datetime, zone: tzinfo) -> str:
    """How long a loaded model stays in memory if nobody asks it, in a sentence."""
    if model.expires_at is None:
        return "Answers begin at once, until Ollama needs the memory."
    left = model.expires_at - now
    if left <= timedelta():
        return "Its time is up: Ollama is unloading it."
    if left > timedelta(days=365):  # keep_alive -1 is reported as a date centuries away
        return "Answers begin at once, until you unload it."
    at = text_of.moment(model.expires_at, now, zone)
    return f"Answers begin at once, until {at} (for {text_of.rough_time(left.total_seconds())} more)."


def table(inventory: Inventory, fits: Sequence[Fit], zone: tzinfo) -> Styler:
    """A row per installed model, in Ollama's order; numbers stay numbers, so that they can be sorted."""
    rows = [
        {
            "Model": model.name,
            "Warm or cold": "runs elsewhere"
            if model.in_cloud
            else "warm"
            if inventory.in_memory(model.name)
            else "cold",
            "Will it fit (estimate)": OUTCOMES[verdict.outcome],
            "Needs (estimate)": verdict.needs_bytes,
            "On disk": None if model.in_cloud else model.size_bytes,
            "Parameters": model.parameters or text_of.UNKNOWN,
            "Quantisation": model.quantization or text_of.UNKNOWN,
            "Context": model.details.context_tokens,
            "Can do": ", ".join(model.details.capabilities or ()) or text_of.UNKNOWN,
            "Family": model.family or text_of.UNKNOWN,
            "Changed": model.modified_at,
        }
        for model, verdict in zip(inventory.installed, fits, strict=True)
    ]
    data = pd.DataFrame(rows)
    for name in ("Needs (estimate)", "On disk", "Context"):
        data[name] = data[name].astype("float64")
    data["Changed"] = pd.to_datetime(data["Changed"], utc=True)
    shown = {"Needs (estimate)": text_of.size, "On disk": text_of.size, "Context": text_of.count}
    style = data.style  # its methods change it in place; what they return has a less precise type
    style.format(
        {name: lambda value, show=show: show(None if pd.isna(value) else int(value)) for name, show in shown.items()}
    )
    style.format(lambda at: text_of.day(None if pd.isna(at) else at.to_pydatetime(), zone), subset=["Changed"])
    return style


def suggestions(inventory: Inventory, pulls: Iterable[Pull]) -> list[CatalogueModel]:
    """The models in the catalogue that are neither installed nor being pulled."""
    known = {full_name(model.name) for model in inventory.installed}
    known |= {full_name(pull.name) for pull in pulls if pull.state == "live"}
    return [row for row in catalogue("ollama") if full_name(row.id) not in known]


def progress_line(pull: Pull) -> str:
    """The progress of a pull in one line."""
    figures = pull.figures
    if (quiet := pull.silent_s) > QUIET_S:
        return f"Ollama has said nothing for {text_of.rough_time(quiet)}"
    if figures.bytes_per_s is None and figures.status in STATUSES:
        return STATUSES[figures.status]
    if not figures.total_bytes:
        return figures.status
    words = [f"{text_of.size(figures.completed_bytes)} of {text_of.size(figures.total_bytes)}"]
    words.append(text_of.share(figures.share))
    if figures.bytes_per_s is not None:
        words.append(f"{text_of.size(round(figures.bytes_per_s))}/s")
        if left := text_of.time_left(figures.left_s):
            words.append(left)
    return " · ".join(words)


def parts_line(pull: Pull) -> str:
    """Which part is being downloaded. The total is not known: Ollama names each part only when its turn comes."""
    figures = pull.figures
    done = f", {figures.parts_done} complete" if figures.parts_done else ""
    return f"Part {figures.parts}{done}"
