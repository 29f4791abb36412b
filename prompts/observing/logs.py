"""Logs as one JSON object per line, without prompts, answers or keys.

Our own messages are logged with their text; of an exception only its type and where it was raised, not its message,
which may quote anything. Of other libraries' messages only the origin is logged: they contain requests, answers and
addresses of pages.
"""

from __future__ import annotations

import json
import logging
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, TextIO

from prompts.observing.call import Call
from providers.config.telemetry import TelemetryRules
from providers.network.log_redaction import raised_at
from providers.secrets import redact

_SERVER = "uvicorn.error"
"""The server's lifecycle messages: the sentence is logged, but not the values filled in."""
_ACCESS = "uvicorn.access"
"""Access logs are off: addresses of pages contain what people share."""
log = logging.getLogger("collate.calls")


class JsonLines(logging.Formatter):
    """Formats a record as JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, including what was passed as `extra={"facts": …}`."""
        facts: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _message(record),
        }
        if (raised := raised_at(record)) is not None:
            facts["raised"] = raised
        facts |= getattr(record, "facts", {})
        plain = {name: redact(value) if isinstance(value, str) else value for name, value in facts.items()}
        return json.dumps(plain, default=str, ensure_ascii=False)


def _message(record: logging.LogRecord) -> str:
    if record.name.partition(".")[0] == "collate":
        return record.getMessage()
    return str(record.msg) if record.name == _SERVER else f"{record.module}:{record.lineno}"


class Calls:
    """Logs one line for each settled call."""

    def tell(self, call: Call) -> None:
        """Log the figures and the outcome of a call."""
        facts = {name: value for name, value in asdict(call).items() if value not in (None, "")}
        facts["usage"] = {name: count for name, count in facts["usage"].items() if count is not None}
        log.info("call", extra={"facts": facts})

    def close(self) -> None:
        """Does nothing, as nothing is buffered."""


class _Structured(logging.Logger):
    """A logger created later by a library that brings its own format."""

    def addHandler(self, hdlr: logging.Handler) -> None:  # noqa: N802 -- its name in `logging`
        hdlr.setFormatter(JsonLines())
        super().addHandler(hdlr)


def set_up(rules: TelemetryRules, stream: TextIO | None = None) -> None:
    """Format all logs of this process as configured, to standard error. Idempotent."""
    if rules.logs != "json":
        return
    lines, root = JsonLines(), logging.getLogger()
    if not any(isinstance(each.formatter, JsonLines) for each in root.handlers):
        root.addHandler(logging.StreamHandler(stream or sys.stderr))
    known = [each for each in root.manager.loggerDict.values() if isinstance(each, logging.Logger)]
    for handler in (handler for each in (root, *known) for handler in each.handlers):
        handler.setFormatter(lines)
    logging.getLogger(_ACCESS).disabled = True
    root.manager.setLoggerClass(_Structured)
    logging.getLogger("collate").setLevel(logging.INFO)
