"""An experiment beside promptfoo on the same server: the same prompts, one check, everything kept.

promptfoo is no dependency of ours: `npm install promptfoo` in a folder of its own, and name that folder.

    python -m tests.benchmarks.promptfoo FOLDER 1000 16
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing as mp
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.experiments import ours
from tests.benchmarks.report import figure, title
from tests.wire import openai_chat
from tests.wire.server import Reply, WireServer

CALLS, AT_ONCE = 1_000, 16
ANSWER = ["one ", "two ", "three"]
_QUIET = {
    "PROMPTFOO_DISABLE_TELEMETRY": "1", "PROMPTFOO_DISABLE_UPDATE": "1", "PROMPTFOO_DISABLE_REMOTE_GENERATION": "1",
    "PROMPTFOO_SELF_HOSTED": "1",
}  # fmt: skip


def _serve(said: mp.Queue[str]) -> None:
    async def script(reply: Reply) -> None:
        if reply.received.json.get("stream"):
            await reply.stream(openai_chat.answer(ANSWER))
            return
        message = {"role": "assistant", "content": "".join(ANSWER)}
        await reply.json({
            "id": "c", "object": "chat.completion", "created": 1, "model": "bench",
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 12},
        })  # fmt: skip

    with WireServer(script) as server:
        said.put(server.url)
        time.sleep(24 * 3600)


@contextmanager
def _server() -> Iterator[str]:
    """In a process of its own, for it shares no interpreter with what is measured."""
    spawn = mp.get_context("spawn")
    said: mp.Queue[str] = spawn.Queue()
    process = spawn.Process(target=_serve, args=(said,), daemon=True)
    process.start()
    try:
        yield said.get(timeout=60)
    finally:
        process.kill()
        process.join()


def theirs(folder: Path, url: str, calls: int, at_once: int) -> float:
    """Seconds of `promptfoo eval`, from its own report; raises where an answer is missing."""
    with tempfile.TemporaryDirectory() as place:
        plan, out = Path(place) / "plan.json", Path(place) / "out.json"
        plan.write_text(json.dumps({
            "prompts": ["Which sort should I use? {{n}}"],
            "providers": [{"id": "openai:chat:bench", "config": {"apiBaseUrl": f"{url}/v1", "apiKey": "none"}}],
            "tests": [{"vars": {"n": str(n)}, "assert": [{"type": "contains", "value": "e"}]} for n in range(calls)],
        }))  # fmt: skip
        command = [
            str(folder / "node_modules" / ".bin" / "promptfoo"), "eval", "-c", str(plan), "-o", str(out),
            "--no-cache", "--no-table", "--no-progress-bar", "-j", str(at_once),
        ]  # fmt: skip
        environ = {**os.environ, **_QUIET, "PROMPTFOO_CONFIG_DIR": place}
        began = time.perf_counter()
        subprocess.run(command, env=environ, check=True, stdout=subprocess.DEVNULL, cwd=place)
        seconds = time.perf_counter() - began
        stats = json.loads(out.read_text())["results"]["stats"]
        if stats["successes"] != calls:
            raise RuntimeError(f"promptfoo: {stats}")
        return seconds


def main(folder: str, calls: int = CALLS, at_once: int = AT_ONCE) -> None:
    """Print calls a second of both, and how they compare; the start of both counts."""
    title(f"{calls:,} calls that take no time, {at_once} at once; load {os.getloadavg()[0]:.1f}")
    with _server() as url:
        began, worked = time.perf_counter(), time.process_time()
        asyncio.run(ours(url, calls, at_once, ("chat",)))
        whole, worked = time.perf_counter() - began, time.process_time() - worked
        other = theirs(Path(folder), url, calls, at_once)
        used = resource.getrusage(resource.RUSAGE_CHILDREN)  # here: later the server, too, would count
    figure("experiment, calls per second", calls / whole)
    figure("promptfoo, calls per second", calls / other)
    figure("experiment over promptfoo, seconds", whole / other, most=0.5)
    figure("experiment over promptfoo, seconds of a processor", worked / (used.ru_utime + used.ru_stime))


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
