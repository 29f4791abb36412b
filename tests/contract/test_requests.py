"""What every provider sends: no setting that is unset, every one that is set, the prompt to the character."""

from dataclasses import fields
from typing import Any

from providers.interface import EFFORTS, Request, Settings
from providers.measuring.measure import complete
from tests.contract.asking import every_wire, opened, sent, unpriced
from tests.wire.dialects import Dialect
from tests.wire.server import WireServer

PLACE = {"run": "r", "id": "i", "repeat": 0}


@every_wire
async def test_unset_settings_are_absent_from_the_body(dialect: Dialect) -> None:
    body, _ = await sent(dialect, Settings())
    assert body == dialect.bare


ONE_BY_ONE = [
    Settings(system="Be brief."), Settings(temperature=0.0), Settings(top_p=0.0), Settings(max_output_tokens=9),
    Settings(seed=0), Settings(stop=("END",)), *(Settings(effort=effort) for effort in EFFORTS),
    Settings(num_ctx=8192),
]  # fmt: skip


@every_wire
async def test_a_setting_reaches_the_body_or_is_said_not_to(dialect: Dialect) -> None:
    for settings in ONE_BY_ONE:
        body, done = await sent(dialect, settings)
        (setting,) = [f.name for f in fields(Settings) if getattr(settings, f.name) != getattr(Settings(), f.name)]
        unsent = [a for a in done.adjustments if a.setting == setting and a.sent is None]
        assert (body == dialect.bare) == bool(unsent), settings


@every_wire
async def test_any_prompt_arrives_to_the_character(dialect: Dialect) -> None:
    prompt = "\x00\x07 é\u2028\u202e 🌍 日本語 {{x}} <b>" + "long " * 40_000
    with WireServer() as server:
        server.routes[dialect.path] = dialect.playing()
        async with opened(dialect.connect(server.url)) as provider:
            done = await complete(provider, Request.ask(dialect.model, prompt), price=unpriced)
    assert done.state == "complete"
    assert prompt in list(_strings(server.calls(dialect.path)[0].json))


def _strings(data: Any) -> list[str]:
    if isinstance(data, str):
        return [data]
    children = data.values() if isinstance(data, dict) else data if isinstance(data, list) else []
    return [text for child in children for text in _strings(child)]
