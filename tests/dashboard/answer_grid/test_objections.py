"""What a vendor objects to in the way we ask, and how it is asked without."""

import pytest

from dashboard.answer_grid.objections import objected_switch, switch_step, without_switch
from providers.config.connections import PRESETS
from providers.errors import Kind, failure


@pytest.mark.parametrize(
    ("kind", "message", "switch"),
    [
        ("bad_request", "Unrecognized request argument supplied: stream_options", "stream_options"),
        ("bad_request", "stream_options.include_usage is not permitted", "stream_options"),
        ("bad_request", "Your organization must be verified to stream this model.", "streaming"),
        ("bad_request", "This model does not support streaming.", "streaming"),
        ("bad_request", "Streaming is not supported for this model", "streaming"),
        ("permission", "streaming is disabled for this key", "streaming"),
        ("bad_request", "Invalid value for temperature", None),
        ("server", "upstream died", None),
        ("connection", "the stream was not finished", None),
        ("bad_request", "stop: not supported", None),
    ],
)
def test_a_refusal_of_our_way_of_asking_is_told_from_others(kind: Kind, message: str, switch: str | None) -> None:
    assert objected_switch(failure(kind, message)) == switch


@pytest.mark.parametrize(("switch", "line"), [("streaming", "stream = false"), ("stream_options", "stream_options = ")])
def test_it_is_offered_and_how_to_keep_it_is_said(switch, line: str) -> None:
    step = switch_step(switch, "groq")
    assert line in step
    assert "[providers.groq]" in step
    asked = without_switch(PRESETS["groq"], switch)
    assert (asked.stream, asked.stream_options) == (switch != "streaming", switch != "stream_options")
