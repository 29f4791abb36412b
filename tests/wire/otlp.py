"""A collector of OpenTelemetry spans that speaks OTLP over HTTP: it decodes what the exporter really sends."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from tests.wire.server import Reply, WireServer


class Collector:
    """What has come in so far."""

    def __init__(self, server: WireServer) -> None:
        self._server = server
        self.url = server.url

    @property
    def requests(self) -> list[ExportTraceServiceRequest]:
        """Each request, decoded."""
        return [_decoded(each.body, each.headers) for each in self._server.calls("/v1/traces")]

    @property
    def spans(self) -> list[Span]:
        """Every span, in the order in which it came."""
        return [
            span
            for request in self.requests
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]

    @property
    def bytes(self) -> str:
        """Everything that was received, as one text to search in."""
        return "\n".join(str(each) for each in self.requests)


def named(span: Span) -> dict[str, Any]:
    """The attributes of a span."""
    return {each.key: value_of(each.value) for each in span.attributes}


def value_of(value: AnyValue) -> Any:
    """As Python has it."""
    kind = value.WhichOneof("value")
    if kind == "array_value":
        return [value_of(each) for each in value.array_value.values]
    return getattr(value, str(kind))


def _decoded(body: bytes, headers: dict[str, str]) -> ExportTraceServiceRequest:
    plain = gzip.decompress(body) if headers.get("content-encoding") == "gzip" else body
    return ExportTraceServiceRequest.FromString(plain)


@contextmanager
def collecting() -> Iterator[Collector]:
    """A collector, as long as it is needed."""

    async def take(reply: Reply) -> None:
        await reply.body(b"", content_type="application/x-protobuf")

    with WireServer(take) as server:
        yield Collector(server)
