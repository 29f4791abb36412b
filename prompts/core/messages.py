"""Messages as JSON, and their attachments, each content stored once under its digest."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from prompts.core.run import Run
from prompts.core.sanitize import mended
from providers.interface import Attachment, Message


def message_json(message: Message) -> dict[str, Any]:
    """A message as JSON; attachments are named by digest."""
    attachments = [
        {"name": mended(a.name), "media_type": mended(a.media_type), "sha256": _digest(a)} for a in message.attachments
    ]
    return {"role": message.role, "text": mended(message.text), **({"attachments": attachments} if attachments else {})}


def message_from(values: Mapping[str, Any], files: Mapping[str, bytes]) -> Message:
    """A message from its JSON; `files` holds the contents of attachments by digest."""
    attachments = tuple(
        Attachment(a["name"], a["media_type"], _content(a, files)) for a in values.get("attachments", ())
    )
    return Message(values["role"], values["text"], attachments)


def _content(attachment: Mapping[str, Any], files: Mapping[str, bytes]) -> bytes:
    """The content of an attachment; the first schema stored it inline as base64."""
    return b64decode(attachment["data"]) if "data" in attachment else files[attachment["sha256"]]


def _digest(attachment: Attachment) -> str:
    return sha256(attachment.data).hexdigest()


def file_rows(run: Run) -> list[dict[str, Any]]:
    """Rows for everything attached to a run or to an earlier turn of its conversations, each content once."""
    messages = [Message("user", run.prompt, run.attachments), *(m for cell in run.cells for m in cell.history)]
    files = {_digest(a): a.data for message in messages for a in message.attachments}
    return [{"sha256": digest, "data": data} for digest, data in files.items()]


def digests(request: Mapping[str, Any], histories: Sequence[Any]) -> set[str]:
    """The digests of the attachments that the messages of a stored run name."""
    messages = [*request["messages"], *(message for history in histories for message in history or ())]
    return {a["sha256"] for message in messages for a in message.get("attachments", ()) if "sha256" in a}
