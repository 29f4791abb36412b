"""No key in a log: what HTTP libraries write of headers, status lines and exceptions, and tracebacks in our own.

Owns the redaction of these logs; whoever debugs a connection must not thereby keep a key.
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
            record.exc_info = None  # else a handler prints the exception itself
        return True


def raised_at(record: logging.LogRecord) -> str | None:
    """The type of the exception that a record tells of and where it came from, without its words; `None`: of none."""
    if not record.exc_info or record.exc_info[0] is None:
        return getattr(record, "raised", None)
    kind, _, trace = record.exc_info
    places = [f"{Path(each.filename).name}:{each.lineno} {each.name}" for each in traceback.extract_tb(trace)]
    return " > ".join([*places, kind.__name__])


_Raised = tuple[type[BaseException], BaseException, TracebackType | None]
_FORMATTER = logging.Formatter()


def redact_logs() -> None:
    """From now on no key in these logs. Idempotent."""
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        if not any(isinstance(each, _Redacting) for each in logger.filters):
            logger.addFilter(_Redacting())
