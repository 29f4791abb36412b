"""What may be told of a call: its figures, and nothing that anybody wrote."""

from dataclasses import replace

import pytest

from prompts.observing.call import call_of
from providers.interface import Settings, Usage
from providers.secrets import Secret
from tests.prompts.observing.calls import SETTINGS, call, completion, failed, planted


def test_no_text_is_in_a_call() -> None:
    assert planted(repr(completion("failed", error=failed()))) != []
    assert planted(repr(call("failed", error=failed()))) == []


@pytest.mark.parametrize("written", ["a sentence", "two\nlines", "x" * 129, "é", "", "<b>"])
def test_what_a_vendor_wrote_is_told_only_if_it_is_a_name(written: str) -> None:
    done = replace(completion(), response_model=written, response_id=written, stop_reason=written)
    told = call_of(done, "c-1", SETTINGS)
    assert (told.response_model, told.response_id, told.stop_reason) == (None, None, None)


def test_a_key_that_looks_like_a_name_is_masked() -> None:
    Secret("planted-key-0123456789abc")
    told = call_of(replace(completion(), response_id="planted-key-0123456789abc"), "c-1", Settings())
    assert told.response_id == "***"


@pytest.mark.parametrize(
    ("endpoint", "host", "port"),
    [
        ("https://api.example.com/v1", "api.example.com", 443),
        ("http://[::1]:11434", "::1", 11434),
        ("http://127.0.0.1/v1", "127.0.0.1", 80),
        ("builtin", "", None),
    ],
)
def test_it_says_where_it_went_and_no_path(endpoint: str, host: str, port: int | None) -> None:
    told = call(endpoint=endpoint)
    assert (told.host, told.port) == (host, port)


def test_what_is_not_known_is_none_and_never_zero() -> None:
    told = call(usage=None)
    assert told.usage == Usage()
    assert told.usage.input_tokens is None


@pytest.mark.parametrize(
    ("state", "ended"),
    [("complete", False), ("cut", False), ("refused", False), ("cancelled", False), ("failed", True),
     ("incomplete", True), ("unknown", True)],
)  # fmt: skip
def test_what_somebody_stopped_has_not_failed(state: str, ended: bool) -> None:
    assert replace(call(), state=state).failed is ended  # type: ignore[arg-type]
