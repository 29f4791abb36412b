"""The command line as a process of its own, and the host that it asks."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from prompts.core.child_process import python
from tests.wire.dialects import DIALECTS, KEY
from tests.wire.server import Reply, Script, WireServer

ROOT = Path(__file__).parents[3]
CHAT = DIALECTS[1]
COMMAND = python("-m", "prompts.cli.main")
GREETINGS = """\
name = "Greetings"
targets = ["wire:llama"]
[settings]
max_output_tokens = 10
[[prompt]]
name = "plain"
prompt = "Say hello to {{name}}."
"""
"""An experiment that asks the host `wire`; it lacks cases."""


def environment(home: Path, **more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "WIRE_KEY": KEY, "PWD": str(home), **more}


def refusing(kind: Any) -> Script:
    async def script(reply: Reply) -> None:
        status, body = CHAT.refusals[kind]
        await reply.body(body, status)

    return script


def body(server: WireServer) -> Any:
    return server.calls(CHAT.path)[0].json
