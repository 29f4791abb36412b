"""Text files as part of a prompt: plain text, Markdown, CSV, JSON, and e-mail with its header and text.

Refuses, with a sentence, what is not text. The text is put into the prompt, where it can be read, edited and searched
for private data before it is sent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import message_from_bytes, policy

from providers.files.intake import FileError, name_of

ENDINGS = ("txt", "md", "csv", "json", "eml")
LONGEST = 200_000
"""The most characters of one file: about what fits into the smaller context windows of today."""
_HEAD = ("From", "To", "Cc", "Date", "Subject")

_MARKS = re.compile("`+")


@dataclass(frozen=True, slots=True)
class TextFile:
    """One text file that was read."""

    name: str
    text: str

    @property
    def quoted(self) -> str:
        """The text as it is put into a prompt: between fence lines that do not occur in it."""
        longest = max(map(len, _MARKS.findall(self.text)), default=0)
        mark = "`" * max(3, longest + 1)
        return f"{self.name}:\n{mark}\n{self.text.strip()}\n{mark}"


def is_text(path: str) -> bool:
    """Whether a file is read as text, by the ending of its name."""
    return name_of(path).lower().endswith(tuple(f".{each}" for each in ENDINGS))


def read(path: str, data: bytes) -> TextFile:
    """Read a text file. Raises `FileError`."""
    name = name_of(path)
    text = _mail(data) if name.lower().endswith(".eml") else _decoded(data)
    if text is None or "\x00" in text:
        raise FileError(f"{name} is not text, whatever its name says.")
    if not text.strip():
        raise FileError(f"{name} is empty.")
    if len(text) > LONGEST:
        raise FileError(f"{name} has {len(text):,} characters; up to {LONGEST:,} can be put into a prompt.")
    return TextFile(name, text.replace("\r\n", "\n"))


def _decoded(data: bytes) -> str | None:
    """UTF-8, or UTF-16 if its byte order mark says so;
    else Western European Windows, which some programs still write."""
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _mail(data: bytes) -> str | None:
    """The header fields that people read, then the text; attachments by name only.

    A malformed mail is returned as it is.
    """
    try:
        return _told_mail(data)
    except Exception:  # noqa: BLE001 -- Python's mail parser can raise anything for broken headers and charsets
        return _decoded(data)


def _told_mail(data: bytes) -> str:
    message = message_from_bytes(data, policy=policy.default)
    head = [f"{name}: {message[name]}" for name in _HEAD if message[name]]
    body = message.get_body(("plain",))
    words = str(body.get_content()) if body is not None else "(The message has no plain text.)"
    names = [part.get_filename() or "unnamed" for part in message.iter_attachments()]
    return "\n".join([*head, "", words.strip(), *(f"[attached: {name}]" for name in names)])
