"""Distinguishes a dead connection from a silent one: TCP keepalive lets the operating system probe the other side.

The system of a server that thinks silently still answers the probes; a machine or cable that is gone does not, and
reading then fails with the system's own timeout.
"""

from __future__ import annotations

import socket

IDLE_S = 30
"""Seconds of silence before the first probe."""
INTERVAL_S = 10
"""Seconds between two probes."""
QUESTIONS = 4
"""Unanswered probes after which the connection is dead: 70 seconds of silence in all."""

_NAMES = {"TCP_KEEPIDLE": IDLE_S, "TCP_KEEPALIVE": IDLE_S, "TCP_KEEPINTVL": INTERVAL_S, "TCP_KEEPCNT": QUESTIONS}
"""macOS has another name for the first; options that a system does not know are left out."""


def options() -> list[tuple[int, int, int]]:
    """Options for every socket to a provider."""
    known = [(getattr(socket, name), value) for name, value in _NAMES.items() if hasattr(socket, name)]
    return [(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1), *((socket.IPPROTO_TCP, name, value) for name, value in known)]
