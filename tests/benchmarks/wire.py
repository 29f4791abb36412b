"""A local server for all five formats, in a process of its own, that keeps its own log of times.

Run as a module it serves until its standard input closes; `Wire` starts it so. It shares no interpreter
with what is measured, and its clock is the same: `perf_counter` is one clock for all processes of a host.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from prompts.core.child_process import python
from tests.wire import anthropic, google, ollama, openai_chat, openai_responses
from tests.wire.server import Reply, Script, WireServer

ROOT = Path(__file__).parents[2]
SAMPLE = Path(__file__).with_name("sample.md")


@dataclass(frozen=True, slots=True)
class Pace:
    """How every answer is given."""

    first_s: float = 0.2
    tokens: int = 200
    tokens_per_s: float = 100.0


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer by the server's own clock. Instants are readings of `perf_counter`."""

    model: str
    asked_at: float
    """The request's head had arrived."""
    first_text_at: float
    """Just before the first answer text was written."""
    last_text_at: float
    ended_at: float

    @property
    def first_text_s(self) -> float:
        """What the server itself took to the first text."""
        return self.first_text_at - self.asked_at

    @property
    def duration_s(self) -> float:
        """What the server itself took in all."""
        return self.ended_at - self.asked_at


class Wire:
    """The server as a child process, while used as a context manager."""

    def __init__(self, pace: Pace) -> None:
        self.pace = pace

    def __enter__(self) -> Wire:
        pace = map(str, asdict(self.pace).values())
        command = python("-m", "tests.benchmarks.wire", *pace)
        self._process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().strip()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def answered(self) -> list[Answered]:
        """Every answer given to its end so far, in the order of their ends."""
        with urllib.request.urlopen(f"{self.url}/log", timeout=5) as response:  # noqa: S310
            return [Answered(**row) for row in json.load(response)]


def tokens(count: int) -> list[str]:
    """The sample answer, again and again, in `count` pieces of about a token each."""
    pieces = re.findall(r"\s*\w{1,6}|\s*[^\w\s]|\s+", SAMPLE.read_text("utf-8") + "\n")
    return [pieces[number % len(pieces)] for number in range(count)]


def _beats(events: Sequence[bytes], before: int, count: int) -> list[bytes]:
    """One element a token: what precedes the text goes out with the first, what follows it with the last."""
    first, last = before + 1, before + count - 1
    return [b"".join(events[:first]), *events[first:last], b"".join(events[last:])]


def formats(pieces: list[str]) -> dict[str, tuple[str, list[bytes]]]:
    """End of the path -> content type and beats."""
    n = len(pieces)
    chat = openai_chat.answer(pieces, usage={"prompt_tokens": 9, "completion_tokens": n, "total_tokens": n + 9})
    responses = openai_responses.answer(
        pieces,
        usage={
            "input_tokens": 9, "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": n, "output_tokens_details": {"reasoning_tokens": 0}, "total_tokens": n + 9,
        },
    )  # fmt: skip
    messages = anthropic.answer(pieces, usage={"output_tokens": n})
    gemini = google.answer(pieces, usage=google.counts(candidates=n))
    chats = ollama.answer(pieces, eval_count=n)
    sse = "text/event-stream"
    return {
        "/chat/completions": (sse, _beats(chat, 1, n)),
        "/responses": (sse, _beats(responses, 4, n)),
        "/messages": (sse, _beats(messages, 3, n)),
        google.PATH: (sse, _beats(gemini, 0, n)),
        "/api/chat": (ollama.TYPE, _beats(chats, 0, n)),
    }


def _script(beats: list[bytes], content_type: str, pace: Pace, log: list[Answered]) -> Script:
    async def answer(reply: Reply) -> None:
        await reply.stream(beats, gap_s=1 / pace.tokens_per_s, first_s=pace.first_s, content_type=content_type)
        got = reply.received
        assert got.first_byte_at
        assert got.last_byte_at
        log.append(
            Answered(_model(got.path, got.json), got.at, got.first_byte_at, got.last_byte_at, time.perf_counter())
        )

    return answer


def _model(path: str, body: dict[str, Any]) -> str:
    return body.get("model") or path.rpartition("/")[2].partition(":")[0]


def main(first_s: str, count: str, rate: str) -> None:
    """Serve until standard input closes."""
    pace = Pace(float(first_s), int(count), float(rate))
    log: list[Answered] = []
    with WireServer() as server:
        for path, (content_type, beats) in formats(tokens(pace.tokens)).items():
            server.routes[path] = _script(beats, content_type, pace, log)
        server.routes["/log"] = lambda reply: reply.json([asdict(row) for row in log])
        server.routes["/api/ps"] = lambda reply: reply.json(ollama.ps())
        print(server.url, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
