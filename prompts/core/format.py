"""Numbers and states as text: every figure shown to people, on the pages and in the terminal, is formatted here.

Pure. Unknown is "—", never 0; every number has its unit or stands under a header that names it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, tzinfo
from decimal import Decimal

from prompts.core.answer import AnswerState
from prompts.core.run_summaries import Spend
from providers.completion import Cost
from providers.interface import Condition, Flag

UNKNOWN = "—"

STATES: Mapping[AnswerState, tuple[str, str]] = {
    "waiting": ("waiting", "It is not this model's turn yet."),
    "preparing": ("preparing", "The connection is being made ready; no clock runs."),
    "sent": ("sent", "Asked; nothing has arrived yet."),
    "streaming": ("answering", "The answer is arriving."),
    "complete": ("complete", "The model said that its answer is finished."),
    "cut": ("cut", "The answer reached the limit of output tokens, so it stops early."),
    "filtered": ("filtered", "The vendor's content filter withheld the answer or part of it."),
    "refused": ("refused", "The model declined to answer."),
    "empty": ("empty", "The model finished without any text."),
    "incomplete": ("incomplete", "Text arrived, but its end was never confirmed."),
    "failed": ("failed", "No answer; the error says why."),
    "cancelled": ("stopped", "You stopped it; the text so far is kept."),
    "unknown": ("unknown", "Sent, then lost: it may have been answered, and charged."),
}
"""The name of each state, and what it means."""

CONDITIONS: Mapping[Condition, str] = {
    "first_call": "first call of this session",
    "new_connection": "opened a new connection",
    "cold_load": "model was loaded first",
    "cache_hit": "prompt partly from cache",
    "retried": "retried",
    "cancelled": "stopped early",
    "contended": "shared the processor with other work",
}

FLAGS: Mapping[Flag, str] = {
    "repaired": "undecodable characters were replaced",
    "end_marker_missing": "ended without the protocol's end marker",
    "stop_reason_unknown": "no known stop reason was given",
    "prompt_cut": "prompt was cut by the server: it is longer than the context that the model was loaded with",
    "not_streamed": "not streamed: the host sent the answer in one piece, so it has no rates",
    "text_repeated": "the host sent its text more than once; it is shown as it arrived, without rates",
    "tool_asked": "the model asked for a tool instead of continuing its answer",
    "paused": "the vendor paused the answer before its end",
    "usage_missing": "no token counts were reported",
    "counted_so_far": "the answer broke off: tokens in were reported before, tokens out are not known",
    "usage_invalid": "impossible token counts were reported",
    "other_model": "a different model answered than was asked",
    "thinking_hidden": "the vendor hides the thinking, so the first token includes it",
    "thinking_in_tags": "thinking was found between tags in the answer and separated from it",
    "key_masked": "the host repeated one of your keys; it was masked",
    "glimpse_unreadable": "a preview of the picture could not be read and was left out",
    "drawn_otherwise": "the server drew with another seed, steps or guidance than it was asked for",
    "uploaded": "uploaded: made elsewhere, so neither its time nor its cost is known here",
    "rate_includes_thinking": "thinking is not counted separately, so tokens/s includes it",
}


def seconds(value: float | None) -> str:
    """A duration: `230 ms`, `1.24 s`, `12.3 s`, `2 min 5 s`."""
    if value is None:
        return UNKNOWN
    if value < 0.9995:
        return f"{value * 1000:.1f} ms" if value < 0.00995 else f"{value * 1000:.0f} ms"
    if value < 9.995:
        return f"{value:.2f} s"
    if value < 119.95:
        return f"{value:.1f} s"
    minutes, rest = divmod(round(value), 60)
    return f"{minutes} min {rest} s"


def long_time(seconds_: float | None) -> str:
    """A long working time: `45 s`, `12 min`, `8.3 h`, `1,204 h`."""
    if seconds_ is None:
        return UNKNOWN
    if seconds_ < 59.5:
        return seconds(seconds_)
    hours = seconds_ / 3600
    if hours < 0.995:
        return f"{seconds_ / 60:.0f} min"
    return f"{hours:.1f} h" if hours < 99.95 else f"{hours:,.0f} h"


def rate(value: float | None) -> str:
    """Tokens (or characters) per second with three digits: `8.53`, `85.3`, `1,204`."""
    if value is None:
        return UNKNOWN
    return f"{value:,.0f}" if value >= 99.95 else f"{value:.1f}" if value >= 9.995 else f"{value:.2f}"


def count(value: int | None) -> str:
    """An integer with thousands separators: `1,234`."""
    return UNKNOWN if value is None else f"{value:,}"


def money(amount: Decimal | None) -> str:
    """US dollars with two significant digits below a cent: `$12.30`, `$0.012`, `$0.00042`, `$0`."""
    if amount is None:
        return UNKNOWN
    if amount == 0:
        return "$0"
    if amount >= Decimal("0.995"):
        return f"${amount:,.2f}"
    digits = 1 - amount.adjusted()
    rounded = f"{amount:.{max(digits, 3)}f}"
    return "$" + (rounded.rstrip("0") if digits > 3 else rounded)


def unit_price(dollars: Decimal | None) -> str:
    """US dollars per million tokens, with all digits but at least cents: `$2.50`, `$0.15`, `$0.075`."""
    if dollars is None:
        return UNKNOWN
    exact = f"{dollars.normalize():f}"
    return f"${dollars:.2f}" if len(exact.partition(".")[2]) < 2 else f"${exact}"


def days(first: datetime, last: datetime) -> str:
    """A range of days: `2026-11-20`, or `2026-11-20 to 2026-11-23`."""
    start, end = f"{first:%Y-%m-%d}", f"{last:%Y-%m-%d}"
    return start if start == end else f"{start} to {end}"


def cost(value: Cost) -> str:
    """An amount; `≥ $0.012` if only part of it is known; `no fee` for local models; "—" if unknown."""
    if value.kind == "local":
        return "no fee"
    return ("≥ " if value.kind == "unknown" and value.amount is not None else "") + money(value.amount)


def total(costs: Iterable[Cost]) -> str:
    """The sum of several costs: `$0.012`; `≥ $0.012` if one is unknown; `no fee` if none has a fee."""
    several = list(costs)
    amounts = [cost.amount for cost in several if cost.amount is not None]
    unknown = any(cost.kind == "unknown" for cost in several)
    if not amounts:
        return UNKNOWN if unknown or not several else "no fee"
    return ("≥ " if unknown else "") + money(sum(amounts, Decimal(0)))


def spent(spend: Spend) -> str:
    """A sum kept in the record, written as `total` writes it."""
    if not spend.priced and not spend.amount:
        return UNKNOWN if spend.unknown or not spend.free else "no fee"
    return ("≥ " if spend.unknown else "") + money(spend.amount)


def grown(then: float, now: float) -> str:
    """Relative change: `+50 %`, `−8.1 %`, `12 times`. `then` must be above 0."""
    ratio = now / then
    if ratio >= 10:
        return f"{ratio:,.0f} times"
    sign = "+" if ratio >= 1 else "−"
    return f"{sign}{probability(abs(ratio - 1))}" if ratio != 1 else "same"


def probability(part: float) -> str:
    """A probability or small share with two digits: `62 %`, `4.1 %`, `0.35 %`, `under 0.01 %`."""
    percent = part * 100
    if 0 < percent < 0.01:
        return "under 0.01 %"
    return f"{percent:.0f} %" if percent >= 9.95 or percent == 0 else f"{percent:#.2g} %"


def share(part: float | None) -> str:
    """A share, 0 to 1, as `62 %`; `100 %` and `0 %` only if it is exactly all or nothing."""
    if part is None:
        return UNKNOWN
    if 0 < part < 0.01:
        return "under 1 %"
    if 0.99 < part < 1:
        return "over 99 %"
    return f"{part * 100:.0f} %"


SHARE_ON_AXIS = "format(100 * datum.value, '.0f') + ' %'"
"""The same as an expression of Vega, for the labels of an axis or a legend."""


def size(value: int | None) -> str:
    """Bytes in decimal units, as disks and Ollama count them: `380 B`, `980 MB`, `4.7 GB`, `123 GB`."""
    if value is None:
        return UNKNOWN
    for limit, unit in ((999.5, "B"), (999.5e3, "kB"), (999.5e6, "MB")):
        if value < limit:
            return f"{value / (limit / 999.5):.0f} {unit}"
    return f"{value / 1e9:,.0f} GB" if value >= 99.95e9 else f"{value / 1e9:.1f} GB"


def rough_time(value: float | None) -> str:
    """An estimated time: `40 s`, `4 min`, `1 h 47 min`, `2 d 3 h`."""
    if value is None:
        return UNKNOWN
    if value < 99.5:
        return f"{value:.0f} s"
    minutes = round(value / 60)
    if minutes < 100:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours < 48 else f"{hours // 24} d {hours % 24} h"


def time_left(value: float | None, *, at_least: bool = False) -> str:
    """`about 2 min left`, in steps of five from ten seconds on; empty if unknown or under a second."""
    if value is None or value < 1:
        return ""
    return f"{'at least' if at_least else 'about'} {rough_time(5 * round(value / 5) if value >= 10 else value)} left"


_PARTS = {"inference_geo": "region"}
_DEVICE = re.compile(r"con|prn|aux|nul|conin|conout|(com|lpt)[0-9¹²³]")
_DIGEST = 12  # how many characters of a digest are shown, as in Ollama's own lists


def served(fingerprint: Mapping[str, str]) -> str:
    """What served an answer: `system fingerprint fp_44709d6fcb`, `digest a6eb4748fd29, quantization Q4_K_M`."""
    shown = {
        name: said.removeprefix("sha256:")[:_DIGEST] if name == "digest" else said for name, said in fingerprint.items()
    }
    return ", ".join(f"{_PARTS.get(name, name.replace('_', ' '))} {said}" for name, said in shown.items())


def moment(instant: datetime, now: datetime, zone: tzinfo) -> str:
    """A time in `zone`: `14:38` if today, else `2026-11-24 14:38`."""
    local = instant.astimezone(zone)
    return f"{local:%H:%M}" if local.date() == now.astimezone(zone).date() else f"{local:%Y-%m-%d %H:%M}"


def day(instant: datetime | None, zone: tzinfo) -> str:
    """The day in `zone`: `2026-11-24`."""
    return UNKNOWN if instant is None else f"{instant.astimezone(zone):%Y-%m-%d}"


def ago(instant: datetime, now: datetime, zone: tzinfo) -> str:
    """A relative time: `just now`, `5 min ago`, `3 h ago`, `yesterday 14:38`, `4 days ago`, `2026-10-02`."""
    minutes = int((now - instant).total_seconds() // 60)
    local = instant.astimezone(zone)
    nights = (now.astimezone(zone).date() - local.date()).days
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min ago"
    if nights < 1 or minutes < 6 * 60:
        return f"{minutes // 60} h ago"
    if nights == 1:
        return f"yesterday {local:%H:%M}"
    return f"{nights} days ago" if nights < 7 else f"{local:%Y-%m-%d}"


def exactly(instant: datetime, zone: tzinfo) -> str:
    """A time to the second with its zone: `2026-11-24 14:38:05, Europe/Berlin`."""
    return f"{instant.astimezone(zone):%Y-%m-%d %H:%M:%S}, {zone}"


def day_name(day: date, today: date) -> str:
    """A day as a heading: `Today`, `Yesterday`, `Friday, 20 November`; with the year if it is not this year."""
    nights = (today - day).days
    if nights in (0, 1):
        return ("Today", "Yesterday")[nights]
    return f"{day:%A}, {day.day} {day:%B}" + ("" if day.year == today.year else f" {day.year}")


def number_of(number: int, thing: str) -> str:
    """A number with its noun: `1 run`, `1,204 runs`."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def frame_shown(frames: int) -> str:
    """Which frame of an animated picture is shown: `first of 12 frames`; empty for a still picture."""
    return f"first of {count(frames)} frames" if frames > 1 else ""


def people(number: int) -> str:
    """A number of people: `1 person`, `1,204 people`."""
    return "1 person" if number == 1 else f"{number:,} people"


def stars(value: float) -> str:
    """A number of stars: `4`, `3.5`."""
    return f"{value:g}"


def file_stem(name: str, without: str) -> str:
    """`name` reduced to letters, digits and hyphens, valid at the start of a file name; `without` if nothing is left.

    After a name that Windows reserves for a device (`con`, `lpt1`) `without` is appended.
    """
    stem = re.sub(r"[\W_]+", "-", name.lower()).strip("-")[:60] or without
    return f"{stem}-{without}" if _DEVICE.fullmatch(stem) else stem
