"""What a browser asked for reaches it, also where a page begins to be drawn in the same moment."""

from __future__ import annotations

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

from dashboard.kept_responses import RESPONSES, keep_responses


@pytest.fixture(autouse=True)
def kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ForwardMsgQueue, "clear", getattr(ForwardMsgQueue.clear, "__wrapped__", ForwardMsgQueue.clear))
    keep_responses()


def response(kind: str) -> ForwardMsg:
    message = ForwardMsg()
    getattr(message, kind).SetInParent()
    return message


def drawn() -> ForwardMsg:
    message = ForwardMsg()
    message.delta.new_element.text.body = "drawn before"
    return message


@pytest.mark.parametrize("kind", RESPONSES)
@pytest.mark.parametrize("fragments", [None, ["a"]])
def test_a_response_outlives_the_beginning_of_a_page_once(kind: str, fragments: list[str] | None) -> None:
    queue = ForwardMsgQueue()
    queue.enqueue(drawn())
    queue.enqueue(response(kind))
    queue.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=fragments)
    assert [each.WhichOneof("type") for each in queue.flush()].count(kind) == 1
    assert queue.is_empty()


def test_what_was_drawn_before_is_dropped_as_it_was() -> None:
    queue = ForwardMsgQueue()
    queue.enqueue(drawn())
    queue.enqueue(response(RESPONSES[0]))
    queue.clear(retain_lifecycle_msgs=True)
    assert [each.WhichOneof("type") for each in queue.flush()] == [RESPONSES[0]]


def test_keeping_them_twice_is_keeping_them_once() -> None:
    once = ForwardMsgQueue.clear
    keep_responses()
    assert ForwardMsgQueue.clear is once
