"""What is said beside the numbers."""

from dataclasses import replace

import pytest

from providers.interface import Adjustment, Condition, Done, Settings, Usage
from providers.measuring.conditions import conditions, drawn_otherwise, flags
from providers.pictures import Picture, PictureSettings


def said(known: tuple[Condition, ...] = (), **told: object) -> tuple[str, ...]:
    usual: dict[str, object] = {
        "first_call": False, "new_connection": False, "usage": Usage(10, 5), "contended": False, "attempt": 1,
        "state": "complete",
    }  # fmt: skip
    return conditions(known, **{**usual, **told})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("told", "condition"),
    [
        ({"first_call": True}, "first_call"),
        ({"new_connection": True}, "new_connection"),
        ({"usage": Usage(10, 5, cache_read_tokens=1)}, "cache_hit"),
        ({"contended": True}, "contended"),
        ({"attempt": 2}, "retried"),
        ({"state": "cancelled"}, "cancelled"),
    ],
)
def test_each_condition_is_said_when_it_holds(told: dict[str, object], condition: str) -> None:
    assert said(**told) == (condition,)


@pytest.mark.parametrize("usage", [None, Usage(10, 5), Usage(10, 5, cache_read_tokens=0)])
def test_clean_is_no_condition_at_all(usage: Usage | None) -> None:
    assert said(usage=usage) == ()


def test_what_the_adapter_knew_comes_first_and_once() -> None:
    assert said(("cold_load", "new_connection"), new_connection=True) == ("cold_load", "new_connection")


def flagged(
    done: Done | None, *, repaired: bool = False, thinking: bool = False, asked: str = "gpt-5.4",
    endpoint: str = "https://api.openai.com/v1",
) -> tuple:  # fmt: skip
    return flags(done, asked=asked, endpoint=endpoint, repaired=repaired, thinking_seen=thinking)


@pytest.mark.parametrize(
    ("done", "more", "expected"),
    [
        (Done("stop", usage=Usage(1, 1)), {}, ()),
        (None, {}, ()),
        (None, {"repaired": True}, ("repaired",)),
        (Done("other", usage=Usage(1, 1)), {}, ("stop_reason_unknown",)),
        (Done("stop"), {}, ("usage_missing",)),
        (Done("stop", flags=("usage_invalid",)), {}, ("usage_invalid",)),
        (Done("stop", usage=Usage(1, 9, reasoning_tokens=5)), {}, ("thinking_hidden",)),
        (Done("stop", usage=Usage(1, 9, reasoning_tokens=5)), {"thinking": True}, ()),
        (Done("stop", usage=Usage(1, 9, reasoning_tokens=0)), {}, ()),
        (Done("stop", usage=Usage(1, 1), response_model="gpt-5.4-mini"), {}, ("other_model",)),
        (Done("stop", usage=Usage(1, 1), response_model="gpt-5.4-2026-03-05"), {}, ()),
        (Done("stop", usage=Usage(1, 1), flags=("end_marker_missing",)), {}, ("end_marker_missing",)),
    ],
)
def test_flags(done: Done | None, more: dict[str, bool], expected: tuple[str, ...]) -> None:
    assert flagged(done, **more) == expected


@pytest.mark.parametrize(
    ("endpoint", "expected"),
    [
        ("https://mine.openai.azure.com/openai/v1", ()),
        ("https://mine.services.ai.azure.com/models", ()),
        ("https://gate.azure-api.net/openai", ()),
        ("https://azure.com.example/v1", ("other_model",)),
    ],
)
def test_a_deployment_bears_its_owners_name(endpoint: str, expected: tuple[str, ...]) -> None:
    done = Done("stop", usage=Usage(1, 1), response_model="gpt-4o-2024-08-06")
    assert flagged(done, asked="our-assistant", endpoint=endpoint) == expected


DRAWN = Picture("", "image/png", 8, 8, "image/png", 9, seed=42, drawn_with={"steps": "20", "guidance": "7.0"})


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (Settings(), False),
        (Settings(seed=42, picture=PictureSettings(steps=20, guidance=7)), False),
        (Settings(seed=7), True),
        (Settings(seed=-1), False),  # any seed
        (Settings(picture=PictureSettings(steps=2)), True),
        (Settings(picture=PictureSettings(guidance=7.5)), True),
    ],
)
def test_a_picture_that_says_other_settings_than_were_sent_was_drawn_otherwise(asked: Settings, expected: bool) -> None:
    assert drawn_otherwise(asked, (), [DRAWN]) is expected


def test_only_what_was_sent_and_is_reported_is_compared() -> None:
    asked = Settings(seed=7, picture=PictureSettings(steps=2))
    assert not drawn_otherwise(asked, (), [])
    assert not drawn_otherwise(asked, (), [replace(DRAWN, seed=None, drawn_with={"steps": "many"})])
    assert not drawn_otherwise(asked, [Adjustment("seed", ""), Adjustment("steps", "")], [DRAWN])
    assert not drawn_otherwise(Settings(seed=42), (), [DRAWN, replace(DRAWN, seed=43)]), "a second one, unasked"
