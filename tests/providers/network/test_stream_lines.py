"""Whatever form the lines of a stream have, the SDK reads one."""

import pytest

from providers.network.documents import bounded
from providers.network.event_lines import EventLines, hold_events
from providers.network.json_lines import JsonLines
from providers.network.stream_lines import Heard, Lines


def plain(lines: Lines, *pieces: bytes) -> bytes:
    return b"".join([*map(lines.feed, pieces), lines.feed(b"", final=True)])


EVENTS = [
    (b"data: {}\n\n", b"data: {}\n\n"),
    (b"data:{}\n\n", b"data: {}\n\n"),
    (b"data:  [DONE] \n\n", b"data: [DONE]\n\n"),
    (b": a comment\n\ndata: {}\n: another\n\n", b"data: {}\n\n"),
    (b"id: 7\nretry: 3000\ndata: {}\n\nid\n\n", b"data: {}\n\n"),
    (b"retry: 3000\n\n\n\ndata: {}\n\n\n", b"data: {}\n\n"),
    (b"event: ping\n\ndata: {}\n\n", b"data: {}\n\n"),
    (b"data:\n\ndata\n\ndata: {}\n\n", b"data: {}\n\n"),
    (b"foo: bar\nbaz\ndata: {}\n\n", b"data: {}\n\n"),
    (b"event:a\ndata: {}\n\n", b"event: a\ndata: {}\n\n"),
    (b"data: {}\nevent: a\n\n", b"event: a\ndata: {}\n\n"),
    (b"event: a\ndata: {}\n\ndata: {}\n\n", b"event: a\ndata: {}\n\ndata: {}\n\n"),
    (b'data: {"a":\ndata: 1}\n\n', b'data: {"a": 1}\n\n'),
    (b'data: {"type": "message_stop"}\n\n', b'event: message_stop\ndata: {"type": "message_stop"}\n\n'),
    (b"data: {}\n", b"data: {}\n\n"),  # a whole document, which no blank line ends
    (b'data: {"a', b'data: {"a\n'),  # cut inside the line
    (b'{"error": {\n  "code": 500\n}}\n', b'{"error": {\n  "code": 500\n}}\n'),  # a body that is no stream
    (b"<html>\n<body>Log in</body>", b"<html>\n<body>Log in</body>\n"),
    (b"", b""),
]


@pytest.mark.parametrize(("sent", "read"), EVENTS)
def test_events_have_one_form_wherever_the_bytes_are_cut(sent: bytes, read: bytes) -> None:
    assert plain(EventLines(), sent) == read
    assert plain(EventLines(), *[sent[i : i + 1] for i in range(len(sent))]) == read


def test_for_an_sdk_that_stops_at_the_end_mark_the_body_ends_there() -> None:
    lines, sent = EventLines(names=False, stops=True), b"data: {}\n\ndata: [DONE]\n\ndata: {}\n\n"
    lines.heard = Heard()
    assert not lines.over
    assert lines.feed(sent) == b"data: {}\n\n"
    assert lines.over
    assert lines.heard.marked


ODD_EVENTS = [
    b'event: a\ndata: {"type": "a"}\n\nevent: ping\ndata: {"type": "ping"}\n\n',
    b'event: error\ndata: {"type": "error"}\n\n',
    b'event: a\ndata: {"error": {"message": "no more", "code": 500}}\n\nevent: a\ndata: {"type": "a"}\n\n',
    b'data: {"detail": "no such model"}\n\n',
    b'data: {"success" : false, "msg": "no"}\n\n',
    b'data: {"ThrottlingException": {"message": "slow down"}}\n\n',
    b'data: {"status": "failed"}\n\n',
    b'data: {"choices": [{"delta": {"content": "an error, a failure, a message"}}]}\n\n',
    b'data: {"choices": []}\n\ndata: [DONE]\n\ndata: {"choices": []}\n\n',
    b'data: {"choices": []}\n\ndata: {"choices": [{"delta": {"content": "x"}}]}\n\n',
]


@pytest.mark.parametrize("names", [True, False])
@pytest.mark.parametrize("sent", ODD_EVENTS)
def test_what_comes_as_whole_events_is_read_as_what_comes_byte_by_byte(sent: bytes, names: bool) -> None:
    """Plain events take a short way, and nothing else may."""
    at_once, one_by_one = EventLines(names=names), EventLines(names=names)
    at_once.heard, one_by_one.heard = Heard(), Heard()
    assert plain(at_once, sent) == plain(one_by_one, *[sent[i : i + 1] for i in range(len(sent))])
    assert at_once.heard == one_by_one.heard


@pytest.mark.parametrize(
    "sent",
    [
        b'{"message": {"content": "x"}}\n', b'{"error": "no such model"}\n', b'data: {"message": {}}\n',
        b'{"message": {}}\n{"message": "gone", "code": 1}\n', b'{\n"message": {}\n}\n', b"[{}]\n", b"{}\n\n{}\n",
    ],
)  # fmt: skip
def test_lines_of_json_are_read_alike_wherever_the_bytes_are_cut(sent: bytes) -> None:
    at_once, one_by_one = JsonLines(), JsonLines()
    at_once.heard, one_by_one.heard = Heard(), Heard()
    assert plain(at_once, sent) == plain(one_by_one, *[sent[i : i + 1] for i in range(len(sent))])
    assert at_once.heard == one_by_one.heard


def test_a_plain_event_passes_as_it_is() -> None:
    lines, event = EventLines(), b'event: a\ndata: {"type": "a"}\n\n'
    assert lines.feed(event) is event


def test_an_event_is_passed_on_as_soon_as_it_is_whole() -> None:
    lines = EventLines()
    assert lines.feed(b"data: 1\n") == b""
    assert lines.feed(b"\ndata: 2") == b"data: 1\n\n"


def test_names_are_left_out_for_an_sdk_that_knows_none() -> None:
    assert plain(EventLines(names=False), b'event: a\ndata: {"type": "b"}\n\n') == b'data: {"type": "b"}\n\n'


@pytest.mark.parametrize(("sent", "read"), [(b"\n \n{}\n\n{}", b"{}\n{}"), (b'{"a', b'{"a'), (b"{}\n  ", b"{}\n")])
def test_blank_lines_between_json_lines_mean_nothing(sent: bytes, read: bytes) -> None:
    assert plain(JsonLines(), sent) == read
    assert plain(JsonLines(), *[sent[i : i + 1] for i in range(len(sent))]) == read


def test_an_adapter_may_reword_each_document() -> None:
    assert plain(EventLines(bytes.upper), b"event: a\ndata: {b}\n\n: c\n\n") == b"event: a\ndata: {B}\n\n"
    assert plain(JsonLines(bytes.upper), b"{b}\n\n{c}") == b"{B}\n{C}"


@pytest.mark.parametrize(
    ("head", "holds"),
    [
        (b"data: x", True), (b": hi\n\nevent: x\n", True), (b"", False), (b'{"data": 1}', False),
        (b'<html>\ndata:image/gif;base64,R0\n<img src="data:x">', False), (b"a data: x", False),
    ],
)  # fmt: skip
def test_a_web_page_is_no_stream_of_events(head: bytes, holds: bool) -> None:
    assert hold_events(head) is holds


@pytest.mark.parametrize("before", [0, 1, 999, 1999, 2000, 2001, 3999])
def test_a_number_of_thousands_of_digits_is_found_wherever_it_stands(before: int) -> None:
    for digits, bounds in ((3999, False), (4000, True)):
        document = b'{"a": "%b", "n": %b}' % (b"x" * before, b"9" * digits)
        assert (bounded(document) != document) is bounds
