"""Keeps keys out of logs: what HTTP libraries log of headers, status lines and exceptions, and our own tracebacks.

Debugging a connection must not write a key into a log.
"""

from __future__ import annotations

import logging
import traceback
from pathlib import Path
from types import TracebackType
from typing import cast

from providers.secrets import redact

_LOGGERS = (
    *(f"{name}.{part}" for name in ("httpcore", "httpcore2") for part in ("connection", "http11", "http2", "proxy")),
    "httpx", "httpx2", "collate",
)  # fmt: skip


class _Redacting(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = redact(record.getMessage()), ()
        if record.exc_info:
            record.raised = raised_at(record)
            record.exc_text = redact(_FORMATTER.formatException(cast(_Raised, record.exc_info)))
            record.exc_info = None  # else a handler would print the exception itself
        return True


def raised_at(record: logging.LogRecord) -> str | None:
    """The type and origin of the exception in a log record, without its message; `None` if it has none."""
    if not record.exc_info or record.exc_info[0] is None:
        return getattr(record, "raised", None)
    kind, _, trace = record.exc_info
    places = [f"{Path(each.filename).name}:{each.lineno} {each.name}" for each in traceback.extract_tb(trace)]
    return " > ".join([*places, kind.__name__])


_Raised = tuple[type[BaseException], BaseException, TracebackType | None]
_FORMATTER = logging.Formatter()


def redact_logs() -> None:
    """Redact keys in these logs from now on. Idempotent."""
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        if not any(isinstance(each, _Redacting) for each in logger.filters):
            logger.addFilter(_Redacting())
