"""Spans as a real collector receives them: the names of the conventions, the measured times, the true outcome."""

from __future__ import annotations

from datetime import timedelta

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span as Sent
from opentelemetry.proto.trace.v1.trace_pb2 import Status

from prompts.observing import spans
from prompts.observing.spans import ENDPOINT_VARIABLE, listener
from providers.completion import Timings
from providers.interface import Usage
from tests.prompts.observing.calls import BEGAN, call, failed, planted
from tests.wire.otlp import Collector, collecting, named


def sent(collector: Collector, monkeypatch: pytest.MonkeyPatch, *calls: object) -> list[Sent]:
    monkeypatch.setenv(ENDPOINT_VARIABLE, collector.url)
    told = listener()
    assert told is not None
    for each in calls:
        told.tell(each)  # type: ignore[arg-type]
    told.close()
    return collector.spans


def test_a_call_is_a_span_with_the_names_of_the_conventions(monkeypatch: pytest.MonkeyPatch) -> None:
    with collecting() as collector:
        (span,) = sent(collector, monkeypatch, call())
        (request,) = collector.requests
        everything = collector.bytes
    assert (span.name, span.kind) == ("chat gpt-4o", Sent.SPAN_KIND_CLIENT)
    assert named(span) == {
        "gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-4o",
        "gen_ai.request.temperature": 0.5, "gen_ai.request.top_p": 0.9, "gen_ai.request.max_tokens": 200,
        "gen_ai.request.seed": 7, "gen_ai.response.id": "resp-1", "gen_ai.response.finish_reasons": ["stop"],
        "gen_ai.usage.input_tokens": 10, "gen_ai.usage.output_tokens": 20,
        "gen_ai.usage.cache_read.input_tokens": 3, "gen_ai.usage.cache_creation.input_tokens": 2,
        "gen_ai.usage.reasoning.output_tokens": 4, "server.address": "api.example.com", "server.port": 443,
        "http.response.status_code": 200, "collate.completion.id": "c-1", "collate.attempt": 2,
        "collate.outcome": "complete", "collate.time_to_first_token_s": 0.25, "collate.cost_usd": 0.0021,
    }  # fmt: skip
    assert planted(everything) == []
    resource = {each.key: each.value.string_value for each in request.resource_spans[0].resource.attributes}
    assert resource["service.name"] == "collate"


def test_its_times_are_those_that_were_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    with collecting() as collector:
        whole, never = sent(collector, monkeypatch, call(), call("cancelled", timings=Timings()))
    began = (BEGAN - BEGAN.replace(year=1970, month=1, day=1, hour=0, minute=0, second=0, microsecond=0)) / timedelta(
        microseconds=1
    )
    assert whole.start_time_unix_nano == round(began) * 1000
    assert whole.end_time_unix_nano - whole.start_time_unix_nano == 1_500_000_000
    assert never.end_time_unix_nano == never.start_time_unix_nano


def test_it_ends_with_the_true_outcome(monkeypatch: pytest.MonkeyPatch) -> None:
    with collecting() as collector:
        found = sent(
            collector, monkeypatch, call(), call("refused"), call("cancelled"), call("incomplete"),
            call("failed", error=failed()),
        )  # fmt: skip
        everything = collector.bytes
    outcomes = [(named(each)["collate.outcome"], each.status.code, named(each).get("error.type")) for each in found]
    fine, wrong = Status.STATUS_CODE_UNSET, Status.STATUS_CODE_ERROR
    assert outcomes == [
        ("complete", fine, None), ("refused", fine, None), ("cancelled", fine, None),
        ("incomplete", wrong, "incomplete"), ("failed", wrong, "rate_limit"),
    ]  # fmt: skip
    assert planted(everything) == [], "no error's words, which may quote a prompt"
    assert [each.status.message for each in found] == [""] * 5


def test_what_is_unknown_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    with collecting() as collector:
        (span,) = sent(collector, monkeypatch, call(provider="builtin", endpoint="builtin", usage=Usage(3, None)))
    assert named(span)["gen_ai.usage.input_tokens"] == 3
    assert not {"gen_ai.usage.output_tokens", "server.address", "server.port"} & set(named(span))


def test_the_conventions_names_of_providers_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with collecting() as collector:
        found = sent(collector, monkeypatch, call(provider="google"), call(provider="mistral"), call(provider="lab"))
    assert [named(each)["gen_ai.provider.name"] for each in found] == ["gcp.gemini", "mistral_ai", "lab"]
    assert found[0].name == "generate_content gpt-4o"


def test_nothing_is_made_unless_a_collector_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ENDPOINT_VARIABLE, raising=False)
    assert listener() is None


def test_without_the_extra_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv(ENDPOINT_VARIABLE, "http://127.0.0.1:9")

    def missing(_: object) -> None:
        raise ImportError

    monkeypatch.setattr(spans, "Spans", missing)
    assert listener() is None
    assert "collate[telemetry]" in caplog.text


def test_our_names_are_those_of_the_published_conventions() -> None:
    from opentelemetry.semconv._incubating.attributes import gen_ai_attributes

    published = {value for value in vars(gen_ai_attributes).values() if isinstance(value, str)}
    ours = {name for name in spans.attributes(call()) if name.startswith("gen_ai.")}
    assert ours - published == set()
