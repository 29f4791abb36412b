"""The memory of this machine, as reported by its operating system.

Owns where Linux, macOS and Windows report these two figures. What a system does not report is `None`; the memory of
graphics cards is reported by none of them and not covered here.
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
    """What a program could still get without swapping; more than what is unused, as caches can be freed."""


def memory() -> Memory | None:
    """The memory of this machine at present; `None` if its system does not report it."""
    readers: Mapping[str, Callable[[], Memory | None]] = {"linux": _linux, "darwin": _macos, "win32": _windows}
    reader = readers.get(sys.platform)
    try:
        return reader() if reader else None
    except (OSError, AttributeError, ValueError):
        return None


def _linux() -> Memory | None:
    """`MemTotal` and `MemAvailable` in /proc/meminfo, see proc(5). They are in KiB, although labelled kB."""
    fields = dict(line.split(":", 1) for line in MEMINFO.read_text("ascii").splitlines() if ":" in line)
    total, available = (_kibibytes(fields.get(name)) for name in ("MemTotal", "MemAvailable"))
    return None if total is None else Memory(total, available)


def _kibibytes(value: str | None) -> int | None:
    number = (value or "").split()
    return int(number[0]) * 1024 if number and number[0].isdigit() else None


def _macos() -> Memory | None:
    """`hw.memsize`, and the percentage that `memory_pressure` calls free: `kern.memorystatus_level`."""
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
    # Does not exist on other systems, so it is looked up by name.
    done = getattr(ctypes, "windll").kernel32.GlobalMemoryStatusEx(ctypes.byref(status))  # noqa: B009
    return Memory(status.ullTotalPhys, status.ullAvailPhys) if done else None
