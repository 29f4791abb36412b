"""What a test has left open: connections, files of a record, and processes, each to be closed by whoever opened it.

Left to the garbage collector they would fail some other test, whichever happens to run when it comes by. Where the
system does not show what a process holds (it has no `/proc`), only the garbage collector's own warnings are seen.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager

_FILES = (".db", "-wal", "-journal")
_kept: set[str] = set()


def held() -> set[str]:
    """The sockets and the files of records that this process has open, and the processes it has started."""
    found = {link for link in map(_target, _entries("/proc/self/fd")) if _counts(link)}
    # The main thread last: to it go the processes of a thread that ends meanwhile.
    threads = reversed(_entries("/proc/self/task"))
    return found | {f"process {child}" for thread in threads for child in _children(thread)}


def _entries(folder: str) -> list[str]:  # plain texts, for this is done twice for each of many thousand tests
    try:
        return [f"{folder}/{name}" for name in os.listdir(folder)]
    except OSError:
        return []


def _target(link: str) -> str:
    try:
        return os.readlink(link)
    except OSError:  # closed meanwhile
        return ""


def _counts(target: str) -> bool:
    return target.startswith("socket:") or target.removesuffix(" (deleted)").endswith(_FILES)


def _children(task: str) -> list[str]:
    try:
        with open(f"{task}/children") as children:
            return children.read().split()
    except OSError:
        return []


@contextmanager
def lasting() -> Iterator[None]:
    """What is opened in here is meant to last longer than the test that happens to be the first to want it."""
    before = held()
    yield
    _kept.update(held() - before)


@contextmanager
def none() -> Iterator[None]:
    """Fails if something was opened in here and is still open."""
    gc.freeze()  # only what this test makes is looked through, which takes no time
    before = held()
    yield
    gc.collect()  # what cannot be reached any more warns now, and pytest fails this test for it
    left = held() - before - _kept
    assert not left, f"left open: {', '.join(sorted(left))}"
