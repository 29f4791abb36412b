"""Does work grow with the text and not with its square? The same text four times as long, beside the shorter one.

Processor time of one call, the least of several rounds; both sides of each ratio are measured in the same run. Four
times the text may take eight times as long (the longer one no longer fits the caches of the processor); in its square
it would take sixteen.
"""

from __future__ import annotations

from collections.abc import Callable
from time import process_time

from dashboard.answer_grid.markdown import render
from prompts.analysis.agreement.agreement import agree
from prompts.privacy.sensitive_text import scan
from providers.network.event_lines import EventLines
from tests.benchmarks.report import figure, title

ROUNDS, TIMES, MOST = 3, 4, 8.0
SHORTEST_S = 0.0005  # below it the clock is too coarse for a ratio

PIECES = [
    "word ", "0", "0 ", "sk-", "a@", "a.", "0-", "eyJ", ".eyJ", "-----BEGIN ", "password=", "a://b:", "DE89 ", "xoxb-",
    "\n", "a@b.c-", "012 345 ", "two hours ", "not more than 5 m ", "1 1/2 ", "二十五天", "9:00 ",
    "\u4e2d", "_", "[", "<a ", "**a", "$a ", "&#x", "|a", "May 4 ", "A. ",
]  # fmt: skip


def least(work: Callable[[str], object], text: str) -> float:
    """Seconds of processor time."""
    taken: list[float] = []
    for _ in range(ROUNDS):
        began = process_time()
        work(text)
        taken.append(process_time() - began)
    return max(min(taken), SHORTEST_S)


def streamed(text: str) -> None:
    """One line that never ends, then one event that never does."""
    for piece in ("x", "data: x\n"):
        lines = EventLines()
        for _ in range(len(text)):
            lines.feed(piece.encode())
        lines.feed(b"", final=True)


WORK: dict[str, tuple[Callable[[str], object], int]] = {
    "search for what is sensitive": (scan, 250_000),
    "agreement of two": (lambda text: agree([text, text[::-1]]), 10_000),
    "rendering": (render, 12_000),
    "lines of a stream": (streamed, 20_000),
}


def main() -> None:
    """Print the largest growth of each kind of work, and the text that caused it."""
    title(f"Time for a text {TIMES} times as long, in times of the shorter")
    for name, (work, length) in WORK.items():
        pieces = PIECES[:1] if work is streamed else PIECES
        grown = {
            piece: least(work, (piece * length)[: TIMES * length]) / least(work, (piece * length)[:length])
            for piece in pieces
        }
        worst = max(grown, key=lambda piece: grown[piece])
        figure(f"{name}, worst of {len(grown)} texts", grown[worst], most=MOST, note=repr(worst))


if __name__ == "__main__":
    main()
