"""Logs that a long operation is still going on, so that whoever waits does not think it hangs."""

from __future__ import annotations

import logging
import threading
from collections.abc import Generator
from contextlib import contextmanager

from prompts.core import format as text_of
from providers.measuring.measure import monotonic

log = logging.getLogger("collate")

EVERY_S = 10.0


@contextmanager
def telling(what: str, every_s: float = EVERY_S) -> Generator[None]:
    """Log `what`, a sentence, and while the block runs the elapsed time; its end only if the time was logged."""
    began, over = monotonic(), threading.Event()

    def tell() -> None:
        while not over.wait(every_s):
            log.warning("still running after %s", text_of.seconds(monotonic() - began))

    log.warning("%s", what)
    teller = threading.Thread(target=tell, name="collate-telling", daemon=True)
    teller.start()
    try:
        yield
    finally:
        over.set()
        teller.join()
    if (took := monotonic() - began) > every_s:
        log.warning("done after %s", text_of.seconds(took))
