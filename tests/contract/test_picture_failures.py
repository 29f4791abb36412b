"""What every provider of pictures owes where none is drawn: what is refused, filtered or told inside success."""

from __future__ import annotations

import json

import pytest

from providers.errors import Kind
from tests.contract.test_pictures import ask, every_wire, wires
from tests.wire.failures import TOLD, Told
from tests.wire.faults.fault import DOCUMENT
from tests.wire.picture_dialects import IN_BASE64, PICTURE_DIALECTS, PictureDialect
from tests.wire.server import Reply

REFUSALS = [(dialect, kind) for dialect in PICTURE_DIALECTS for kind in dialect.refusals]


@pytest.mark.parametrize(("dialect", "kind"), REFUSALS, ids=[f"{d.name}: {kind}" for d, kind in REFUSALS])
async def test_what_is_refused_is_named(dialect: PictureDialect, kind: Kind) -> None:
    status, body = dialect.refusals[kind]

    async def script(reply: Reply) -> None:
        await reply.body(body, status)

    done = await ask(dialect, script)
    assert done.error is not None
    assert (done.error.kind, done.error.status, done.pictures) == (kind, status, ())
    assert done.state == ("unknown" if status == 504 else "filtered" if kind == "filtered" else "failed")


@wires(each for each in PICTURE_DIALECTS if each.filtered[0])
async def test_a_filter_of_contents_is_told_in_the_vendors_word(dialect: PictureDialect) -> None:
    status, body, word = dialect.filtered

    async def script(reply: Reply) -> None:
        await reply.body(body, status, content_type=dialect.content_type if status == 200 else "application/json")

    done = await ask(dialect, script)
    assert (done.state, done.pictures) == ("filtered", ())
    assert word in (done.stop_reason, done.error.message if done.error else None)


@every_wire
@pytest.mark.parametrize("told", TOLD, ids=lambda told: json.dumps(told.document)[:60])
async def test_an_error_inside_success_is_one(dialect: PictureDialect, told: Told) -> None:
    async def script(reply: Reply) -> None:
        await reply.json(told.document)

    done = await ask(dialect, script)
    assert done.error is not None
    assert (done.error.kind, done.error.message, done.pictures) == (told.kind, told.sentence, ())
    may_be_charged = told.kind == "timeout"
    assert done.state == ("filtered" if told.kind == "filtered" else "incomplete" if may_be_charged else "failed")


@wires(each for each in PICTURE_DIALECTS if each.content_type != DOCUMENT)
async def test_an_error_behind_a_preview_keeps_the_preview(dialect: PictureDialect) -> None:
    before = dialect.drawn(IN_BASE64)[:1]
    done = await ask(dialect, [*before, dialect.error_event("It broke")])
    assert done.error is not None
    assert (done.error.kind, done.error.message) == ("server", "It broke")
    assert [each.partial for each in done.pictures] == ([True] if dialect.previews else [])
