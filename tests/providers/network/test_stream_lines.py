"""Whatever form the lines of a stream have, the SDK reads one."""

import pytest

from providers.network.stream_lines import EventLines, JsonLines, Lines, hold_events


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
    (b"data: {}\n", b"data: {}\n"),  # cut before the blank line
    (b'data: {"a', b'data: {"a\n'),  # cut inside the line
    (b'{"error": {\n  "code": 500\n}}\n', b'{"error": {\n  "code": 500\n}}\n'),  # a body that is no stream
    (b"<html>\n<body>Log in</body>", b"<html>\n<body>Log in</body>\n"),
    (b"", b""),
]


@pytest.mark.parametrize(("sent", "read"), EVENTS)
def test_events_have_one_form_wherever_the_bytes_are_cut(sent: bytes, read: bytes) -> None:
    assert plain(EventLines(), sent) == read
    assert plain(EventLines(), *[sent[i : i + 1] for i in range(len(sent))]) == read


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
