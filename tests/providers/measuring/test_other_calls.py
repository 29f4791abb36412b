"""What the other calls of a process mean for one: who was first, and who shared a machine."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from providers.measuring.other_calls import OtherCalls

pytestmark = pytest.mark.usefixtures("nobody_called_before")


def call(endpoint: str, *, local: bool = True, name: str = "lab") -> OtherCalls:
    provider: Any = SimpleNamespace(name=name, endpoint=endpoint, local=local)
    return OtherCalls(provider)


@pytest.mark.parametrize(
    ("one", "other", "contended"),
    [
        (call("http://gpu-box:11434"), call("http://gpu-box:8000", name="vllm"), True),
        (call("http://gpu-box:11434"), call("http://other-box:11434"), False),
        (call("https://api.example.com", local=False), call("https://api.example.com", local=False), False),
    ],
)
def test_two_calls_of_one_machine_at_once_both_say_so(one: OtherCalls, other: OtherCalls, contended: bool) -> None:
    one.begin()
    other.begin()
    one.end()
    other.end()
    assert (one.contended, other.contended) == (contended, contended)


def test_what_is_over_slows_nobody() -> None:
    over, later = call("http://gpu-box:11434"), call("http://gpu-box:11434")
    over.begin()
    over.end()
    later.begin()
    later.end()
    assert (over.contended, later.contended) == (False, False)


def test_one_call_is_the_first_of_its_address() -> None:
    addresses = ["http://a", "http://a", "http://b"]
    assert [call(each).none_before() for each in addresses] == [True, False, True]
