"""An OpenTelemetry span for each call, following the semantic conventions for generative AI, without any content.

Enabled if `OTEL_EXPORTER_OTLP_ENDPOINT` is set; the standard SDK reads its other variables itself. A span is made after
its call is settled, from the measured times, so measuring is not affected.
"""

from __future__ import annotations

import logging
import os
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from typing import TYPE_CHECKING

from prompts.observing.call import Call

if TYPE_CHECKING:
    from opentelemetry.sdk.trace.export import SpanExporter

log = logging.getLogger("collate")

ENDPOINT_VARIABLE = "OTEL_EXPORTER_OTLP_ENDPOINT"
_PROVIDERS = {"google": "gcp.gemini", "mistral": "mistral_ai"}
"""Provider names in the conventions that differ from ours; other providers keep our name."""
_OPERATIONS = {"google": "generate_content"}
_NOT_INSTALLED = (
    f"{ENDPOINT_VARIABLE} is set, but no spans are sent, because a package is missing: pip install 'collate[telemetry]'"
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Attribute = str | int | float | tuple[str, ...]


class Spans:
    """Makes a span of each call; the SDK sends them in batches from a thread of its own."""

    def __init__(self, exporter: SpanExporter) -> None:
        from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        named = {SERVICE_VERSION: version("collate")}
        if not os.environ.get("OTEL_SERVICE_NAME"):
            named[SERVICE_NAME] = "collate"
        self._provider = TracerProvider(resource=Resource.create(named), shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("collate", version("collate"))

    def tell(self, call: Call) -> None:
        """Make a span from when the request was sent until its stream ended, with its outcome."""
        from opentelemetry.trace import SpanKind, Status, StatusCode

        began = _nanoseconds(call)
        span = self._tracer.start_span(
            f"{_operation(call)} {call.model}", kind=SpanKind.CLIENT, attributes=attributes(call), start_time=began
        )
        if call.failed:
            span.set_status(Status(StatusCode.ERROR))
        span.end(began + round((call.duration_s or 0.0) * 1e9))

    def close(self) -> None:
        """Send what is left."""
        self._provider.shutdown()


def attributes(call: Call) -> dict[str, Attribute]:
    """The attributes of a call's span. Names that begin with `collate.` are ours; what is unknown is left out."""
    usage, ended = call.usage, call.error or (call.state if call.failed else None)
    named: dict[str, Attribute | None] = {
        "gen_ai.operation.name": _operation(call),
        "gen_ai.provider.name": _PROVIDERS.get(call.provider, call.provider),
        "gen_ai.request.model": call.model,
        "gen_ai.request.temperature": call.temperature,
        "gen_ai.request.top_p": call.top_p,
        "gen_ai.request.max_tokens": call.max_output_tokens,
        "gen_ai.request.seed": call.seed,
        "gen_ai.response.model": call.response_model,
        "gen_ai.response.id": call.response_id,
        "gen_ai.response.finish_reasons": (call.stop_reason,) if call.stop_reason else None,
        "gen_ai.usage.input_tokens": usage.input_tokens,
        "gen_ai.usage.output_tokens": usage.output_tokens,
        "gen_ai.usage.cache_read.input_tokens": usage.cache_read_tokens,
        "gen_ai.usage.cache_creation.input_tokens": usage.cache_write_tokens,
        "gen_ai.usage.reasoning.output_tokens": usage.reasoning_tokens,
        "error.type": ended,
        "server.address": call.host or None,
        "server.port": call.port if call.host else None,
        "http.response.status_code": call.status,
        "collate.completion.id": call.completion_id,
        "collate.attempt": call.attempt,
        "collate.outcome": call.state,
        "collate.time_to_first_token_s": call.first_token_s,
        "collate.cost_usd": None if call.cost is None else float(call.cost),
    }
    return {name: value for name, value in named.items() if value is not None}


def listener() -> Spans | None:
    """The span maker of this process; `None` if spans are not enabled, or the SDK is not installed."""
    if not os.environ.get(ENDPOINT_VARIABLE):
        return None
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

        return Spans(OTLPSpanExporter())
    except ImportError:
        log.warning(_NOT_INSTALLED)
        return None


def _operation(call: Call) -> str:
    return _OPERATIONS.get(call.provider, "chat")


def _nanoseconds(call: Call) -> int:
    """Wall-clock time in nanoseconds, exact to the microsecond, which a float of seconds since 1970 is not."""
    return (call.started_at - _EPOCH) // timedelta(microseconds=1) * 1000
