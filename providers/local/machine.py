"""The memory of this machine, as its operating system tells it.

Owns where Linux, macOS and Windows keep these two figures. What a system does not tell is `None`;
the memory of a graphics card is told by none of them and is no part of this.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

MEMINFO = Path("/proc/meminfo")


@dataclass(frozen=True, slots=True)
class Memory:
    """Main memory, in bytes."""

    total_bytes: int
    available_bytes: int | None = None
    """What a program could still get without swapping; more than what lies idle, since caches give way."""


def memory() -> Memory | None:
    """What this machine has now; `None` where its system does not say."""
    readers: Mapping[str, Callable[[], Memory | None]] = {"linux": _linux, "darwin": _macos, "win32": _windows}
    reader = readers.get(sys.platform)
    try:
        return reader() if reader else None
    except (OSError, AttributeError, ValueError):
        return None


def _linux() -> Memory | None:
    """`MemTotal` and `MemAvailable` of /proc/meminfo, see proc(5). They count KiB, although they write kB."""
    fields = dict(line.split(":", 1) for line in MEMINFO.read_text("ascii").splitlines() if ":" in line)
    total, available = (_kibibytes(fields.get(name)) for name in ("MemTotal", "MemAvailable"))
    return None if total is None else Memory(total, available)


def _kibibytes(value: str | None) -> int | None:
    number = (value or "").split()
    return int(number[0]) * 1024 if number and number[0].isdigit() else None


def _macos() -> Memory | None:
    """`hw.memsize`, and the share that `memory_pressure` calls free: `kern.memorystatus_level`, in per cent."""
    total, free = _sysctl("hw.memsize", ctypes.c_uint64()), _sysctl("kern.memorystatus_level", ctypes.c_int())
    if total is None:
        return None
    return Memory(total, None if free is None or not 0 <= free <= 100 else total * free // 100)


def _sysctl(name: str, value: ctypes.c_uint64 | ctypes.c_int) -> int | None:
    size = ctypes.c_size_t(ctypes.sizeof(value))
    failed = ctypes.CDLL(None).sysctlbyname(name.encode(), ctypes.byref(value), ctypes.byref(size), None, 0)
    return None if failed else value.value


class _MemoryStatus(ctypes.Structure):
    """`MEMORYSTATUSEX` of the Windows API."""

    _fields_ = (
        ("dwLength", ctypes.c_uint32), ("dwMemoryLoad", ctypes.c_uint32),
        ("ullTotalPhys", ctypes.c_uint64), ("ullAvailPhys", ctypes.c_uint64),
        ("ullTotalPageFile", ctypes.c_uint64), ("ullAvailPageFile", ctypes.c_uint64),
        ("ullTotalVirtual", ctypes.c_uint64), ("ullAvailVirtual", ctypes.c_uint64),
        ("ullAvailExtendedVirtual", ctypes.c_uint64),
    )  # fmt: skip


def _windows() -> Memory | None:
    status = _MemoryStatus(dwLength=ctypes.sizeof(_MemoryStatus))
    # Not there elsewhere, so it is looked up by name.
    done = getattr(ctypes, "windll").kernel32.GlobalMemoryStatusEx(ctypes.byref(status))  # noqa: B009
    return Memory(status.ullTotalPhys, status.ullAvailPhys) if done else None
