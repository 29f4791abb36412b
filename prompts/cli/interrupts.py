"""How a command ends when it is interrupted: what arrived is kept, and a second Ctrl-C ends it at once."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Coroutine, Generator
from contextlib import contextmanager, suppress
from typing import Any

INTERRUPTED = 130
"""Exit status of a command that was interrupted."""
_SHOW_CURSOR = b"\x1b[?25h"


def heed_signals() -> None:
    """Turn signals that end a process into an interrupt like Ctrl-C, so that no partial file is left."""
    for number in _ends():
        signal.signal(number, signal.default_int_handler)


def run_until_ended(work: Coroutine[Any, Any, int]) -> int:
    """Run `work` in an event loop. Signals that end the process cancel it first, so that what arrived is kept.

    Further ones do not disturb that, as a closed terminal sends several; a second Ctrl-C ends the process at once.
    """

    async def main() -> int:
        loop, asked, told = asyncio.get_running_loop(), asyncio.ensure_future(work), False

        def on_signal(number: int, _: object) -> None:
            nonlocal told
            if not told:
                loop.call_soon_threadsafe(asked.cancel)
            elif number == signal.SIGINT:
                _end_at_once()
            told = True

        for number in _ends():
            signal.signal(number, on_signal)
        return await asked

    try:
        return asyncio.run(main())
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None
    finally:
        heed_signals()


@contextmanager
def interruptible() -> Generator[None]:
    """While the event loop stands still, as for something to be typed: the first signal interrupts."""
    before = {number: signal.signal(number, signal.default_int_handler) for number in _ends()}
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
