"""How a command ends when it is interrupted: what arrived is kept, and a second Ctrl-C ends it at once."""

from __future__ import annotations

import asyncio
import errno
import os
import signal
import stat
import sys
from collections.abc import Coroutine, Generator
from contextlib import contextmanager, suppress
from typing import Any, cast

INTERRUPTED, HUNG_UP = 130, 129
"""Exit statuses of a command that was interrupted, and of one whose terminal was closed: as shells say it, 128 and the
number of the signal."""
_SHOW_CURSOR = b"\x1b[?25h"
_HANG_UP = getattr(signal, "SIGHUP", None)  # Windows has none


class Ended(KeyboardInterrupt):
    """An interrupt by this signal. `status` is the exit status that it means."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.status = 128 + number


def heed_signals() -> None:
    """Turn signals that end a process into an interrupt like Ctrl-C, so that no partial file is left."""
    for number in _ends():
        signal.signal(number, _end)


def has_hung_up(exc: BaseException) -> bool:
    """Whether `exc` says, of all that went wrong, that the terminal has been closed."""
    if isinstance(exc, BaseExceptionGroup):
        return all(map(has_hung_up, cast("BaseExceptionGroup[BaseException]", exc).exceptions))
    return isinstance(exc, OSError) and exc.errno == errno.EIO


def let_go_of_the_terminal() -> None:
    """Write to nowhere instead of to a terminal that was closed, where every word would fail."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        with suppress(OSError):  # one that is not open
            if stat.S_ISCHR(os.fstat(stream).st_mode):
                os.dup2(nowhere, stream)
    os.close(nowhere)


def _end(number: int, _: object) -> None:
    if number == _HANG_UP:
        let_go_of_the_terminal()
    raise Ended(number)


def run_until_ended(work: Coroutine[Any, Any, int]) -> int:
    """Run `work` in an event loop. Signals that end the process cancel it first, so that what arrived is kept.

    Further ones do not disturb that, as a closed terminal sends several; a second Ctrl-C ends the process at once.
    """

    async def main() -> int:
        loop, asked = asyncio.get_running_loop(), asyncio.ensure_future(work)

        def on_signal(number: int, _: object) -> None:
            nonlocal told
            if number == _HANG_UP:
                let_go_of_the_terminal()
            if not told:
                told = number
                loop.call_soon_threadsafe(asked.cancel)
            elif number == signal.SIGINT:
                _end_at_once()

        for number in _ends():
            signal.signal(number, on_signal)
        return await asked

    told = 0
    try:
        return asyncio.run(main())
    except asyncio.CancelledError:
        raise Ended(told or signal.SIGINT) from None
    finally:
        heed_signals()


@contextmanager
def interruptible() -> Generator[None]:
    """While the event loop stands still, as for something to be typed: the first signal interrupts."""
    before = {number: signal.signal(number, _end) for number in _ends()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _ends() -> list[signal.Signals]:
    """Signals that interrupt or end a process, or close its terminal,
    except ignored ones (as with `nohup`); Windows has no SIGHUP."""
    names = ("SIGINT", "SIGTERM", "SIGHUP")
    known = [number for name in names if (number := getattr(signal, name, None)) is not None]
    return [number for number in known if signal.getsignal(number) is not signal.SIG_IGN]


def _end_at_once() -> None:
    """As a kill would: unwinding could take as long as what it interrupts, and its traceback would help nobody."""
    said = b"collate: Ended at once. What was not recorded yet is lost, and may have been charged.\n"
    with suppress(OSError):  # a closed terminal
        os.write(2, (_SHOW_CURSOR if sys.stderr.isatty() else b"") + said)  # a live table hides the cursor
    os._exit(INTERRUPTED)
