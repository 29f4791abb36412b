"""Turns a file that somebody has into the attachment that is sent, and says what was changed.

Owns the order: recognise it, check that it is complete, then turn it upright, remove metadata and name it by its type.
Refuses, with a sentence, what cannot be sent.
"""

from __future__ import annotations

from dataclasses import dataclass

from providers.files.bare_picture import DamagedError
from providers.files.kinds import PDF, media_type, named, otherwise
from providers.files.pdfs import read_pdf, whole
from providers.files.pictures import MOST_PIXELS, Room, TooManyPixelsError, cleaned, fitted, read
from providers.interface import Attachment

_LONGEST_NAME = 120


class FileError(ValueError):
    """The file cannot be sent; the message is a sentence for people."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What will be sent, and what a person should know about it."""

    file: Attachment
    remarks: tuple[str, ...] = ()


def take(path: str, data: bytes) -> Taken:
    """Prepare a file; of `path`, as given by a browser or person, only the last part counts. Raises `FileError`."""
    name = name_of(path)
    if not data:
        raise FileError(f"{name} is empty.")
    kind = media_type(data)
    if kind is None and (other := otherwise(data)):
        raise FileError(f"{name} is {other}.")
    if kind is None:
        raise FileError(f"{name} is not a PNG, JPEG, WebP or GIF picture and not a PDF, whatever its name says.")
    fitting = named(name, kind)
    remarks = [f"{name} is sent as {fitting}, which is what it is."] if fitting != name else []
    content, more = _pdf(name, data) if kind == PDF else _picture(name, data, kind)
    return Taken(Attachment(fitting, kind, content), (*remarks, *more))


def name_of(path: str) -> str:
    """The last part of a path, cut to a maximum length."""
    return path.replace("\\", "/").rsplit("/", 1)[-1][:_LONGEST_NAME] or "file"


def scaled(file: Attachment, room: Room) -> Taken:
    """A picture reduced to fit. Raises `FileError`."""
    try:
        data = fitted(file.data, room)
        kind = media_type(data) or file.media_type
        before, after = read(file.data), read(data)
    except DamagedError as exc:
        raise FileError(f"{file.name}: {exc}.") from exc
    smaller = f"{after.width:,} × {after.height:,} pixels"
    what = f"its first frame, {smaller}" if before.frames > after.frames else smaller
    return Taken(Attachment(named(file.name, kind), kind, data), (f"{file.name} is sent as {what}.",))


def _picture(name: str, data: bytes, kind: str) -> tuple[bytes, list[str]]:
    try:
        clean = cleaned(data, kind)
    except DamagedError as exc:
        raise FileError(f"{name} is damaged: {exc}.") from exc
    except TooManyPixelsError as exc:
        raise FileError(
            f"{name} has more than {MOST_PIXELS / 1_000_000:.0f} million pixels. Make it smaller first."
        ) from exc
    remarks = list[str]()
    if clean.turned:
        remarks.append(f"{name} was turned upright, as its camera says: otherwise models would see it on its side.")
    if clean.place_removed:
        remarks.append(f"{name} is sent without the place where it was taken.")
    return clean.data, remarks


def _pdf(name: str, data: bytes) -> tuple[bytes, list[str]]:
    content = whole(data)
    remarks = list[str]()
    if len(content) < len(data):
        remarks.append(f"{len(data) - len(content):,} bytes before the beginning of {name} were left out.")
    found = read_pdf(content)
    if not found.complete:
        remarks.append(f"{name} breaks off: many models cannot open it. Download or save it again.")
    if found.pages == 0:
        remarks.append(f"{name} has no pages.")
    if found.encrypted:
        remarks.append(f"{name} is encrypted: many models cannot open it. Save it without a password first.")
    return content, remarks
