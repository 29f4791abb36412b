"""Bodies that are packed, and packed otherwise than said."""

from __future__ import annotations

import gzip
import zlib
from functools import cache, partial

from tests.wire.dialects import Dialect
from tests.wire.faults.fault import WHOLE, Fault, whole
from tests.wire.server import Reply

_PACKED = {"content-encoding": "gzip"}
_DEFLATED = {"content-encoding": "deflate"}


@cache
def blanks() -> bytes:
    """64 MB, packed."""
    return gzip.compress(b" " * (64 * 2**20))


async def bomb(reply: Reply, dialect: Dialect, times: int = 1) -> None:
    """Packed so many times."""
    packed = blanks() if times == 1 else gzip.compress(blanks())
    headers = {"content-encoding": ", ".join(["gzip"] * times)}
    await reply.body(packed, headers=headers, content_type=dialect.content_type)


def cut_short(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=31)
    return packer.compress(data[: len(data) // 8]) + packer.flush(zlib.Z_SYNC_FLUSH)


def damaged(data: bytes) -> bytes:
    packed = bytearray(gzip.compress(data))
    packed[20] ^= 0xFF
    return bytes(packed)


def twice(data: bytes) -> bytes:
    return gzip.compress(gzip.compress(data))


def bare_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


def members(data: bytes) -> bytes:
    """Gzip in three members, with the padding that some writers leave."""
    third = len(data) // 3
    return b"".join(map(gzip.compress, (data[:third], data[third : 2 * third], data[2 * third :]))) + bytes(32)


PACKING = (
    Fault("gzip", partial(whole, change=gzip.compress, **_PACKED), "complete", None, WHOLE),
    Fault("gzip in members", partial(whole, change=members, **_PACKED), "complete", None, WHOLE),
    Fault("gzip that is none", partial(whole, **_PACKED), "complete", None, WHOLE),
    Fault("gzip that is not said", partial(whole, change=gzip.compress), "complete", None, WHOLE),
    Fault("gzip twice", partial(whole, change=twice, **{"content-encoding": "gzip, GZIP"}), "complete", None, WHOLE),
    Fault("gzip said to be deflate", partial(whole, change=gzip.compress, **_DEFLATED), "complete", None, WHOLE),
    Fault("deflate", partial(whole, change=zlib.compress, **_DEFLATED), "complete", None, WHOLE),
    Fault("deflate without its header", partial(whole, change=bare_deflate, **_DEFLATED), "complete", None, WHOLE),
    Fault("identity, said aloud", partial(whole, **{"content-encoding": "identity"}), "complete", None, WHOLE),
    Fault("brotli, which nobody asked for", partial(whole, **{"content-encoding": "br"}), "failed", "protocol"),
    Fault("zstd, which nobody asked for", partial(whole, **{"content-encoding": "zstd"}), "failed", "protocol"),
    Fault("an encoding of no name", partial(whole, **{"content-encoding": "\u00e9\u00e8"}), "failed", "protocol"),
    Fault("gzip cut short", partial(whole, change=cut_short, **_PACKED), "incomplete unknown", "connection"),
    Fault("gzip with a damaged byte", partial(whole, change=damaged, **_PACKED), "failed", "protocol"),
    Fault("a gzip bomb", bomb, "failed", "too_long"),
    Fault("a gzip bomb in a gzip bomb", partial(bomb, times=2), "failed", "too_long"),
)  # fmt: skip
