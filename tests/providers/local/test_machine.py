import ctypes
import sys
from pathlib import Path

import pytest

from providers.local import machine
from providers.local.machine import Memory, memory

MEMINFO = (
    "MemTotal:       32768000 kB\nMemFree:          100000 kB\nMemAvailable:   16384000 kB\nHugePages_Total:       0\n"
)


def test_linux_tells_total_and_available_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "meminfo").write_text(MEMINFO)
    monkeypatch.setattr(machine, "MEMINFO", tmp_path / "meminfo")
    monkeypatch.setattr(sys, "platform", "linux")
    assert memory() == Memory(32_768_000 * 1024, 16_384_000 * 1024)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("MemTotal: 1000 kB\n", Memory(1_024_000, None)),
        ("MemTotal: much\nMemAvailable: 5 kB\n", None),
        ("", None),
    ],
)
def test_what_linux_does_not_tell_is_not_made_up(
    text: str, told: Memory | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "meminfo").write_text(text)
    monkeypatch.setattr(machine, "MEMINFO", tmp_path / "meminfo")
    monkeypatch.setattr(sys, "platform", "linux")
    assert memory() == told


def test_a_file_that_cannot_be_read_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "MEMINFO", tmp_path / "nothing-here")
    monkeypatch.setattr(sys, "platform", "linux")
    assert memory() is None


@pytest.mark.parametrize(
    ("free", "available"), [(40, 6_400_000_000), (0, 0), (None, None), (101, None)], ids=["40", "0", "untold", "odd"]
)
def test_macos_tells_the_share_that_is_free(
    free: int | None, available: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {"hw.memsize": 16_000_000_000, "kern.memorystatus_level": free}
    monkeypatch.setattr(machine, "_sysctl", lambda name, _: told[name])
    monkeypatch.setattr(sys, "platform", "darwin")
    assert memory() == Memory(16_000_000_000, available)


def test_windows_fills_the_structure_it_is_handed(monkeypatch: pytest.MonkeyPatch) -> None:
    class Kernel:
        def GlobalMemoryStatusEx(self, reference: object) -> int:  # noqa: N802 -- its name there
            status = reference._obj  # pyright: ignore[reportAttributeAccessIssue]
            assert status.dwLength == 64
            status.ullTotalPhys, status.ullAvailPhys = 8_000, 3_000
            return 1

    class Windows:
        kernel32 = Kernel()

    monkeypatch.setattr(ctypes, "windll", Windows, raising=False)
    monkeypatch.setattr(sys, "platform", "win32")
    assert memory() == Memory(8_000, 3_000)


def test_a_system_that_is_not_known_tells_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "plan9")
    assert memory() is None
