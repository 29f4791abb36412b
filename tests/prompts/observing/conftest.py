"""What is tested with the extra `telemetry` is left out where that is not installed; `make test` installs it."""

from __future__ import annotations

from importlib.util import find_spec

_THERE = find_spec("prometheus_client") and find_spec("opentelemetry.exporter")
collect_ignore = [] if _THERE else ["test_counts.py", "test_planted_prompts.py", "test_spans.py", "test_teller.py"]
