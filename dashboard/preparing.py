"""What the first page needs, imported and made in a thread while the server already listens.

A browser takes about as long to start and to read Streamlit's own files. Whoever needs any of it waits for all of it:
two threads that import at once can meet half-made modules.
"""

from __future__ import annotations

import ast
import gc
import logging
from concurrent.futures import Future
from importlib import import_module
from pathlib import Path
from threading import Thread

from dashboard import server

log = logging.getLogger("collate")

_HERE = Path(__file__).parent
FIRST_PAGES = (_HERE / "main.py", _HERE / "app_pages" / "compare.py")
"""The scripts of the first page, as nearly everybody opens it."""
_done: Future[None] | None = None


def begin() -> None:
    """Start preparing, and return at once. The server calls this as it starts."""
    global _done
    _done = Future()
    # A daemon, so that a record that is away does not keep a process that is to end.
    Thread(target=_fulfil, args=(_done,), name="preparing", daemon=True).start()


def wait(timeout_s: float | None = None) -> None:
    """Return once all is ready; at once if nothing was begun, as outside of a server.

    Raises `TimeoutError`, and what preparing raised: then the server is ending already.
    """
    if _done is not None:
        _done.result(timeout_s)


def is_ready(within_s: float) -> bool:
    """Whether all is ready, at the latest after so many seconds. Raises what preparing raised."""
    try:
        wait(within_s)
    except TimeoutError:
        return False
    return True


def imported_by(script: Path) -> list[str]:
    """The names of our own modules that a script imports at its top."""
    statements = ast.parse(script.read_text("utf-8")).body
    names = [each.module for each in statements if isinstance(each, ast.ImportFrom) and each.module]
    return [name for name in names if name.startswith(("dashboard.", "prompts."))]


def _fulfil(done: Future[None]) -> None:
    gc.disable()  # it would visit again and again what is here to stay: a tenth of the time
    try:
        _prepare()
    except BaseException as exc:
        log.exception("Collate cannot start: a defect of its own")
        server.end()
        done.set_exception(exc)
    else:
        done.set_result(None)
    finally:
        gc.freeze()  # what is imported by now lives as long as the process
        gc.enable()


def _prepare() -> None:
    from dashboard.engine import ask_apart, engine
    from prompts.observing import logs
    from providers.catalogue import catalogue, families

    ask_apart()
    setup = engine().configuration
    logs.set_up(setup.telemetry)
    for script in FIRST_PAGES:
        for name in imported_by(script):
            import_module(name)
    families.families()
    catalogue.defaults()
    if any(each.usable and not each.local for each in setup.connections.values()):
        import_module("genai_prices.data")  # whoever has a key is shown prices
