"""The private channel between the asking process and the pages it serves.

Owns who may speak (both ends prove that they hold the same key, without showing it), how messages are delimited, and
how large one may be. Messages are pickled, so nothing is read from an end that has not proved itself.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import io
import pickle
import secrets
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from providers.secrets import Secret

MOST_BYTES = 256 * 2**20
"""The largest message allowed; the largest in practice is the start of a run with its attachments."""
PROOF_S = 10.0
"""Time limit, in seconds, for the other end to prove itself."""
CLOSE_S = 1.0
"""Time limit, in seconds, for delivering what was sent last."""
KEY_BYTES = 32
_HEAD_BYTES = 4
_NONCE_BYTES = 32
Met = Callable[["Channel"], Awaitable[None]]


class ChannelError(Exception):
    """The other end is gone, cannot prove itself, or sends something that cannot be understood."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where an asking process listens, and the key it requires."""

    socket: Path | None
    """A Unix socket; `None`: a TCP port of this machine, as on Windows."""
    port: int
    key: bytes = field(repr=False)


class Channel:
    """A connection whose other end has proved itself. For use on one event loop."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def send(self, message: object) -> None:
        """Send one message, after those sent before.

        Raises `ValueError` if it cannot be sent, `ChannelError` if nobody is there.
        """
        body = _pickled(message)
        if len(body) > MOST_BYTES:
            raise ValueError(f"{len(body) / 2**20:,.0f} MB are too much for one request; {_MOST} at most.")
        self._writer.write(len(body).to_bytes(_HEAD_BYTES, "big") + body)
        try:
            await self._writer.drain()
        except OSError as exc:
            raise ChannelError("the other end is gone") from exc

    async def receive(self) -> Any:
        """The next message. Raises `ChannelError` when the other end is gone."""
        size = int.from_bytes(await _exactly(self._reader, _HEAD_BYTES), "big")
        if size > MOST_BYTES:
            raise ChannelError(f"a message of {size} bytes is too large")
        return pickle.loads(await _exactly(self._reader, size))  # noqa: S301 -- the other end has proved itself

    async def close(self) -> None:
        """Close the connection. What was sent is still delivered, unless the other end does not accept it."""
        await _close(self._writer)


@asynccontextmanager
async def listening(met: Met, key: bytes, socket: Path | None) -> AsyncGenerator[Address]:
    """Accept callers that hold `key` and pass the channel to each to `met`: at a Unix socket or, if that is `None`, a
    free port.

    On leaving, every channel is closed, and whatever `met` was doing with it is cancelled.
    """
    open_ones = set[asyncio.Task[None]]()

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 -- we run in a task
        open_ones.add(task)
        try:
            await _prove(reader, writer, key, b"host", b"caller")
            await met(Channel(reader, writer))
        except (ChannelError, asyncio.CancelledError):
            pass  # the caller is gone or was not entitled, or listening has ended
        finally:
            await _close(writer)
            open_ones.discard(task)

    server = await (
        asyncio.start_unix_server(meet, socket) if socket is not None else asyncio.start_server(meet, "127.0.0.1", 0)
    )
    try:
        yield Address(socket, 0 if socket is not None else server.sockets[0].getsockname()[1], key)
    finally:
        server.close()
        for task in open_ones:
            task.cancel()
        if open_ones:
            await asyncio.wait(open_ones)


async def connect(address: Address) -> Channel:
    """A channel to the process that listens there. Raises `ChannelError`, also if that does not hold the key."""
    try:
        reader, writer = await (
            asyncio.open_unix_connection(address.socket)
            if address.socket is not None
            else asyncio.open_connection("127.0.0.1", address.port)
        )
    except OSError as exc:
        raise ChannelError("nobody listens there") from exc
    try:
        await _prove(reader, writer, address.key, b"caller", b"host")
    except BaseException:
        await _close(writer)
        raise
    return Channel(reader, writer)


async def _prove(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, key: bytes, ours: bytes, theirs: bytes
) -> None:
    """Prove that we hold the key and check that the other end does: each signs both nonces and its own role."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    try:
        async with asyncio.timeout(PROOF_S):
            writer.write(nonce)
            other = await _exactly(reader, _NONCE_BYTES)
            writer.write(_signed(key, ours, nonce, other))
            shown = await _exactly(reader, hashlib.sha256().digest_size)
    except TimeoutError as exc:
        raise ChannelError("the other end proved nothing in time") from exc
    if not hmac.compare_digest(shown, _signed(key, theirs, other, nonce)):
        raise ChannelError("the other end does not have the key")


def _signed(key: bytes, part: bytes, own: bytes, other: bytes) -> bytes:
    return hmac.digest(key, part + own + other, "sha256")


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    try:
        async with asyncio.timeout(CLOSE_S):
            await writer.wait_closed()
    except (TimeoutError, OSError):
        writer.transport.abort()


async def _exactly(reader: asyncio.StreamReader, size: int) -> bytes:
    try:
        return await reader.readexactly(size)
    except (asyncio.IncompleteReadError, OSError) as exc:
        raise ChannelError("the other end is gone") from exc


_MOST = f"{MOST_BYTES // 2**20} MB"


class _Pickler(pickle.Pickler):
    """Also pickles keys (`Secret`), which refuse it everywhere else: this channel is between our own processes."""

    def reducer_override(self, obj: object) -> Any:
        if isinstance(obj, Secret):
            return Secret, (obj.reveal(),)
        if isinstance(obj, BaseException):  # rebuilt without its constructor, which may take other arguments
            return _raisable, (type(obj), obj.args, obj.__dict__)
        return NotImplemented


def _pickled(message: object) -> bytes:
    held = io.BytesIO()
    try:
        _Pickler(held, pickle.HIGHEST_PROTOCOL).dump(message)
    except (pickle.PicklingError, TypeError, AttributeError) as exc:
        raise ValueError(f"{type(message).__name__} cannot be sent to another process: {exc}") from exc
    return held.getvalue()


def _raisable(kind: type[BaseException], args: tuple[object, ...], fields: dict[str, object]) -> BaseException:
    made = kind.__new__(kind, *args)
    made.__dict__.update(fields)
    return made
