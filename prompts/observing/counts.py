"""Counters of settled calls for Prometheus, by provider and outcome, since this process started.

Few labels on purpose: a model's or a person's name would make a series each. Calls for which a vendor reported no usage
are counted separately, which shows when a sum is a lower bound.
"""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics, generate_latest

from prompts.observing.call import Call

_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600, 1800)
_LABELS = ("provider", "outcome")


class Counts:
    """The counters; one per process that asks."""

    def __init__(self) -> None:
        disable_created_metrics()  # else each counter gets a second series with its creation time
        self._registry = CollectorRegistry()
        self._calls = self._counter("calls", "Finished requests for an answer.")
        self._tokens = self._counter("tokens", "Tokens as vendors report them.", (*_LABELS, "direction"))
        self._untold = self._counter("calls_without_usage", "Calls whose tokens were not reported: not in the sum.")
        self._money = self._counter("cost_usd", "What calls cost whose cost is known, in US dollars.")
        self._unpriced = self._counter("calls_of_unknown_cost", "Calls whose cost is not known: not in the sum.")
        self._duration = self._histogram("duration_seconds", "From the request until the stream ended.")
        self._first = self._histogram("time_to_first_token_seconds", "From the request to the first visible character.")

    def tell(self, call: Call) -> None:
        """Count one call."""
        labels, usage = (call.provider, call.state), call.usage
        self._calls.labels(*labels).inc()
        for direction, count in (("input", usage.input_tokens), ("output", usage.output_tokens)):
            if count is not None:
                self._tokens.labels(*labels, direction).inc(count)
        if usage.input_tokens is None or usage.output_tokens is None:
            self._untold.labels(*labels).inc()
        if call.cost is not None:
            self._money.labels(*labels).inc(float(call.cost))
        elif not call.free:
            self._unpriced.labels(*labels).inc()
        if call.duration_s is not None:
            self._duration.labels(*labels).observe(call.duration_s)
        if call.first_token_s is not None:
            self._first.labels(*labels).observe(call.first_token_s)

    def close(self) -> None:
        """Does nothing, as nothing is buffered."""

    def text(self) -> str:
        """All counters in Prometheus format. From any thread."""
        return generate_latest(self._registry).decode()

    def _counter(self, name: str, help: str, labels: tuple[str, ...] = _LABELS) -> Counter:
        return Counter(f"collate_{name}", help, labels, registry=self._registry)

    def _histogram(self, name: str, help: str) -> Histogram:
        return Histogram(f"collate_{name}", help, _LABELS, registry=self._registry, buckets=_SECONDS)
