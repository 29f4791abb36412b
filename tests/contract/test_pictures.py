"""What every provider of pictures owes: what is sent and kept, odd counts, keys, Stop."""

from __future__ import annotations

import asyncio
import io
import json
import re
import zlib
from base64 import b64encode
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

import pytest
from PIL import Image, PngImagePlugin

from prompts.core.plain_json import to_json
from providers.completion import Completion
from providers.interface import Request, Settings
from providers.measuring.measure import complete
from providers.pictures import PictureSettings, Shown
from providers.registry import list_models
from providers.secrets import MASK
from tests.contract.asking import in_json, opened, posts, unpriced
from tests.patience import PATIENCE_S
from tests.pictures import moving, picture
from tests.wire import webui
from tests.wire.dialects import KEY
from tests.wire.picture_dialects import IN_BASE64, PICTURE_DIALECTS, PNG, PREVIEW_IN_BASE64, PictureDialect
from tests.wire.server import Reply, Script, WireServer


def wires(dialects: Iterable[PictureDialect]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("dialect", list(dialects), ids=lambda dialect: dialect.name)


every_wire = wires(PICTURE_DIALECTS)
PLAIN = Settings(picture=PictureSettings())


async def ask(dialect: PictureDialect, script: Script | Sequence[bytes], **options: Any) -> Completion:
    with WireServer() as server:
        for path, document in dialect.sides.items():
            server.routes[path] = in_json(document)
        server.routes[dialect.path] = script if callable(script) else dialect.playing(script)
        async with opened(dialect.connect(server.url)) as provider:
            request = Request.ask(dialect.model, "Say hello.", PLAIN)
            done = await complete(provider, request, price=unpriced, **options)
    assert posts(dialect, server) == 1
    return done


@every_wire
async def test_what_is_not_set_is_not_sent_and_the_picture_comes_once(dialect: PictureDialect) -> None:
    sent: list[Any] = []
    shown: list[object] = []

    async def script(reply: Reply) -> None:
        sent.append(reply.received.json)
        await dialect.playing()(reply)

    done = await ask(dialect, script, on_delta=shown.append)
    assert sent == [dict(dialect.bare)]
    assert (done.state, done.error, done.text, done.flags) == ("complete", None, "", ())
    assert [(each.width, each.partial, each.arrived_bytes) for each in done.pictures] == [(64, False, len(PNG))]
    assert isinstance(shown[-1], Shown)
    assert done.timings.time_to_final_picture_s is not None
    usage = dialect.counted.usage
    assert (done.usage.output_tokens if done.usage else None) == usage.output_tokens


@every_wire
async def test_its_models_are_listed(dialect: PictureDialect) -> None:
    with WireServer() as server:
        for path, document in {**dialect.sides, dialect.listing[0]: dialect.listing[1]}.items():
            server.routes[path] = in_json(document)
        async with opened(dialect.connect(server.url)) as provider:
            assert dialect.model in [each.id for each in await list_models(provider)]


def bomb() -> bytes:
    """A PNG of 900 million pixels in less than a kilobyte of header and a megabyte of nothing."""

    def part(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    side = (30_000).to_bytes(4, "big")
    head = part(b"IHDR", side + side + b"\x01\x00\x00\x00\x00")
    return b"\x89PNG\r\n\x1a\n" + head + part(b"IDAT", zlib.compress(bytes(2**20))) + part(b"IEND", b"")


NO_PICTURES = {
    "not base64": ("%%%", "not written in base64"),
    "base64 cut short": (IN_BASE64[:-5], "the picture cannot be shown"),
    "base64 cut inside a byte": (IN_BASE64[:-7], "not written in base64"),
    "a picture cut short": (b64encode(PNG[: len(PNG) // 2]).decode(), "the picture cannot be shown"),
    "a PNG without its last bytes": (b64encode(PNG[:-3]).decode(), "its end is missing"),
    "a JPEG without its last bytes": (b64encode(picture("JPEG")[:-2]).decode(), "its end is missing"),
    "AVIF": (b64encode(picture("AVIF")).decode(), "it is AVIF"),
    "bytes of no kind": (b64encode(b"hello" * 20).decode(), "neither PNG, JPEG, WebP nor GIF"),
    "SVG": (b64encode(b"<svg onload=alert(1)>").decode(), "SVG"),
    "SVG as XML": (b64encode(b'<?xml version="1.0"?><svg/>').decode(), "SVG"),
    "a web page": (b64encode(b"<!doctype html><script>1</script>").decode(), "neither PNG"),
    "a PDF": (b64encode(b"%PDF-1.7\n%").decode(), "neither PNG"),
    "a bomb of pixels": (b64encode(bomb()).decode(), "more pixels"),
}  # fmt: skip


@every_wire
@pytest.mark.parametrize("what", NO_PICTURES)
async def test_what_is_no_picture_is_a_failure_that_says_so(dialect: PictureDialect, what: str) -> None:
    told, words = NO_PICTURES[what]
    done = await ask(dialect, dialect.drawn(told))
    assert done.error is not None
    assert (done.error.kind, done.error.retry) == ("protocol", "ask")  # it was drawn, so it may be charged
    assert done.state in ("failed", "incomplete")
    assert [each for each in done.pictures if not each.partial] == []
    assert words in done.error.message


IN_LINES = "\r\n".join(IN_BASE64[at : at + 76] for at in range(0, len(IN_BASE64), 76))
FOR_URLS = IN_BASE64.replace("+", "-").replace("/", "_")
WRITTEN = {
    "in lines": IN_LINES, "a line": f"{IN_BASE64}\n", "data: URL": f"data:image/png;base64,{IN_BASE64}",
    "data: URL in lines": f"DATA:image/png;BASE64, {IN_LINES}", "alphabet for addresses": FOR_URLS,
    "without padding": IN_BASE64.rstrip("="), "data: URL with %": f"data:image/png;base64,{quote(IN_BASE64, safe='')}",
}  # fmt: skip


@every_wire
@pytest.mark.parametrize("how", WRITTEN)
async def test_a_picture_is_read_however_a_host_writes_base64(dialect: PictureDialect, how: str) -> None:
    done = await ask(dialect, dialect.drawn(WRITTEN[how]))
    assert (done.state, [each.arrived_bytes for each in done.pictures]) == ("complete", [len(PNG)])


@wires(each for each in PICTURE_DIALECTS if each.previews)
@pytest.mark.parametrize("odd", [b'"%%%"', b"null", b'""', b'"AAAA"'])
async def test_a_preview_that_cannot_be_read_costs_no_picture(dialect: PictureDialect, odd: bytes) -> None:
    preview = json.dumps(PREVIEW_IN_BASE64).encode()
    events = [each.replace(preview, odd) for each in dialect.drawn(IN_BASE64)]
    assert events != dialect.drawn(IN_BASE64)
    done = await ask(dialect, events)
    assert (done.state, done.error, [each.partial for each in done.pictures]) == ("complete", None, [False])


@every_wire
async def test_a_file_in_place_of_an_answer_is_named_and_may_be_charged(dialect: PictureDialect) -> None:
    async def script(reply: Reply) -> None:
        await reply.body(PNG, content_type="image/png")

    done = await ask(dialect, script)
    assert done.error is not None
    assert (done.error.kind, done.error.retry, done.pictures) == ("protocol", "ask", ())
    assert done.error.message == "HTTP 200 with a file of image/png in place of an answer"


@every_wire
async def test_a_picture_stands_as_its_file_says_that_it_is_held(dialect: PictureDialect) -> None:
    done = await ask(dialect, dialect.drawn(b64encode(picture("JPEG", (64, 48), orientation=6)).decode()))
    assert [(each.width, each.height) for each in done.pictures] == [(48, 64)]


@every_wire
@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
async def test_one_that_moves_says_that_its_first_frame_is_shown_and_is_kept_whole(
    dialect: PictureDialect, kind: str
) -> None:
    told: list[object] = []
    done = await ask(dialect, dialect.drawn(b64encode(moving(3, kind=kind)).decode()), on_delta=told.append)
    (drawn,) = done.pictures
    assert (done.state, drawn.frames) == ("complete", 3)
    assert isinstance(last := told[-1], Shown)
    assert set(last.contents) == {drawn.sha256, drawn.moving}


@every_wire
@pytest.mark.parametrize("nothing", [None, "", 7, [], {}, False])
async def test_nothing_in_place_of_a_picture_is_no_answer(dialect: PictureDialect, nothing: object) -> None:
    done = await ask(dialect, dialect.drawn(nothing))
    assert done.state in ("failed", "incomplete", "empty")
    assert [each for each in done.pictures if not each.partial] == []


@every_wire
async def test_a_picture_is_what_its_bytes_are_whatever_its_type_claims(dialect: PictureDialect) -> None:
    for data, kind in ((picture("JPEG", (64, 48)), "image/jpeg"), (moving(), "image/gif")):
        done = await ask(dialect, dialect.drawn(b64encode(data).decode()))
        assert (done.state, [each.arrived_type for each in done.pictures]) == ("complete", [kind])


COUNT = re.compile(rb'("\w*(?:[Tt]okens|TokenCount)"):\s?\d+')


@every_wire
@pytest.mark.parametrize("count", [b"-1", b"1.5", b'"many"', b"[]", b"9" * 5000])
async def test_odd_counts_cost_no_picture(dialect: PictureDialect, count: bytes) -> None:
    events = [COUNT.sub(rb"\1:" + count, event) for event in dialect.answer((), ())]
    done = await ask(dialect, events)
    assert (done.state, len(done.pictures)) == ("complete", 1)
    assert done.usage is None or done.usage.output_tokens is None or not dialect.counted.usage.output_tokens
    assert ("usage_invalid" in done.flags) is (dialect.counted.usage.output_tokens is not None)


def saying(words: str) -> bytes:
    """A picture that says something beside its pixels."""
    texts, into = PngImagePlugin.PngInfo(), io.BytesIO()
    texts.add_text("parameters", words)
    Image.new("RGB", (64, 48)).save(into, "PNG", pnginfo=texts)
    return into.getvalue()


@every_wire
async def test_what_the_file_says_of_its_making_is_told_where_the_answer_says_nothing(dialect: PictureDialect) -> None:
    file = saying(webui.in_file_of_sdcpp(seed=3735928559))  # the seed that the WebUI's own answer has
    (found,) = (await ask(dialect, dialect.drawn(b64encode(file).decode()))).pictures
    assert (found.seed, found.drawn_with["steps"], found.drawn_with["guidance"]) == (3735928559, "20", "7.0")


@every_wire
async def test_a_key_that_is_said_back_is_masked_wherever_it_stands(dialect: PictureDialect) -> None:
    shown: list[object] = []
    events = dialect.drawn(b64encode(saying(f"my key is {KEY}")).decode())
    named = re.compile(rb'("(?:model|modelVersion|responseId|size)": ?")[^"]*"')
    done = await ask(dialect, [named.sub(rb"\1" + KEY.encode() + b'"', each) for each in events], on_delta=shown.append)
    assert done.state == "complete"
    assert KEY not in f"{done!r}{shown!r}{to_json(done, run='r', id='i', repeat=0)}"
    assert done.pictures[0].metadata["parameters"] == f"my key is {MASK}"
    assert "key_masked" in done.flags


@every_wire
async def test_a_stop_closes_the_connection_and_keeps_a_preview(dialect: PictureDialect) -> None:
    begun, loop = asyncio.Event(), asyncio.get_running_loop()

    async def script(reply: Reply) -> None:
        first = dialect.drawn(IN_BASE64)[:1]
        await reply.stream(first, content_type=dialect.content_type, end=False)
        if not dialect.previews:
            loop.call_soon_threadsafe(begun.set)
        await reply.stall()

    with WireServer() as server:
        for path, document in dialect.sides.items():
            server.routes[path] = in_json(document)
        server.routes[dialect.path] = script
        async with opened(dialect.connect(server.url)) as provider:
            request = Request.ask(dialect.model, "Say hello.", PLAIN)
            asked = complete(provider, request, price=unpriced, on_delta=lambda _: begun.set())
            task = asyncio.create_task(asked)
            await begun.wait()
            task.cancel()
            done = await task
            left = server.calls(dialect.path)[0].disconnected
            assert await asyncio.to_thread(left.wait, PATIENCE_S)
    assert done.state == "cancelled"
    assert [each.partial for each in done.pictures] == ([True] if dialect.previews else [])
