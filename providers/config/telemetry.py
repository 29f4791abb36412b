"""Observability settings for whoever runs Collate: the format of logs, and whether calls are counted at `/metrics`.

Spans are enabled by OpenTelemetry's own variables (`prompts/observing/spans.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal, get_args

from providers.config.toml_files import ConfigurationError
from providers.config.values import as_switch, as_table, only
from providers.secrets import Secret

Logs = Literal["text", "json"]
LOGS: tuple[Logs, ...] = get_args(Logs)
LOGS_VARIABLE, METRICS_VARIABLE, TOKEN_VARIABLE = "COLLATE_LOGS", "COLLATE_METRICS", "COLLATE_METRICS_TOKEN"
_SWITCH = {"1": True, "true": True, "0": False, "false": False}
_LEAST = 16
"""The minimum length of a token in characters, as a shorter one can be guessed."""


@dataclass(frozen=True, slots=True)
class TelemetryRules:
    """Everything is off by default."""

    logs: Logs = "text"
    """`json`: one JSON object per line, without any text that was asked or answered."""
    metrics: bool = False
    token: Secret | None = None
    """Required for reading the counts; `None`: only this computer may read them."""


STRICTEST = TelemetryRules("json")
"""Used while the configured rules are not known."""


def telemetry(table: Mapping[str, Any], known: Mapping[str, str], file: Path) -> TelemetryRules:
    """The rules in force; `known`: the environment and `secrets.toml`. Raises `ConfigurationError`."""
    row = as_table(table.get("telemetry", {}), file, "telemetry")
    only(row, {"logs", "metrics"}, file, "telemetry")
    metrics = _metrics(row, known, file)
    if metrics and find_spec("prometheus_client") is None:
        raise ConfigurationError(
            "Counts for Prometheus are on, but a package is missing: pip install 'collate[telemetry]'"
        )
    return TelemetryRules(_logs(row, known, file), metrics, _token(known))


def _logs(row: Mapping[str, Any], known: Mapping[str, str], file: Path) -> Logs:
    logs: Any = known.get(LOGS_VARIABLE) or row.get("logs", "text")
    if logs not in LOGS:
        place = LOGS_VARIABLE if known.get(LOGS_VARIABLE) else f"{file}: [telemetry] logs"
        raise ConfigurationError(f"{place} is {logs!r}; write one of {', '.join(LOGS)}")
    return logs


def _metrics(row: Mapping[str, Any], known: Mapping[str, str], file: Path) -> bool:
    if (said := known.get(METRICS_VARIABLE)) is None:
        return as_switch(row, "metrics", False, file, "telemetry")
    if said.lower() not in _SWITCH:
        raise ConfigurationError(f"{METRICS_VARIABLE} is {said!r}; write 1 or 0")
    return _SWITCH[said.lower()]


def _token(known: Mapping[str, str]) -> Secret | None:
    said = known.get(TOKEN_VARIABLE, "").strip()
    if said and (len(said) < _LEAST or not said.isascii() or not said.isprintable()):
        raise ConfigurationError(f"{TOKEN_VARIABLE} wants at least {_LEAST} characters, all of them ASCII")
    return Secret(said) if said else None
