"""How a dead connection is told from a silent one: the operating system asks the other side whether it is there.

A server that thinks in silence still answers these questions of TCP, without its program knowing of them; a
machine that is gone, or a cable that is, does not, and the read then fails with the system's own time-out.
"""

from __future__ import annotations

import socket

IDLE_S = 30
"""Silence after which the other side is asked."""
INTERVAL_S = 10
"""Between two questions."""
QUESTIONS = 4
"""Unanswered ones after which the connection is dead: 70 seconds of silence in all."""

_NAMES = {"TCP_KEEPIDLE": IDLE_S, "TCP_KEEPALIVE": IDLE_S, "TCP_KEEPINTVL": INTERVAL_S, "TCP_KEEPCNT": QUESTIONS}
"""macOS calls the first of them by the second's name; what a system does not know it leaves out."""


def options() -> list[tuple[int, int, int]]:
    """Options for every socket to a provider."""
    known = [(getattr(socket, name), value) for name, value in _NAMES.items() if hasattr(socket, name)]
    return [(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1), *((socket.IPPROTO_TCP, name, value) for name, value in known)]
