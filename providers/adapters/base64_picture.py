"""Decodes pictures that are text in an answer.

Pure. Whether the bytes are a picture is decided by `files/remade.py`.
"""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from collections.abc import Mapping
from urllib.parse import unquote

from providers import errors

_DATA_URL = re.compile(r"\s*data:[\w.+/-]*(?:;[\w=.-]+)*;base64,", re.IGNORECASE)
_OF_URLS = str.maketrans("-_", "+/")
"""From the alphabet of base64 for addresses, in which Google's SDK and what is built on it write bytes."""


def picture_in(text: object) -> bytes:
    """The bytes of a base64 picture, plain or in a `data:` URL, in either alphabet, with or without line breaks and
    padding.

    Raises `protocol`; the picture was drawn, so it may be charged.
    """
    if not isinstance(text, str):
        raise errors.ProviderError(errors.failure("protocol", _NONE, retry="ask"))
    try:
        return b64decode(text, validate=True)  # the usual case, without a copy of some megabytes for each correction
    except (binascii.Error, ValueError):
        pass
    found = _DATA_URL.match(text[:200])
    told = "".join((unquote(text[found.end() :]) if found else text).split()).translate(_OF_URLS).rstrip("=")
    try:
        return b64decode(told + "=" * (-len(told) % 4), validate=True)
    except (binascii.Error, ValueError) as exc:
        raise errors.ProviderError(errors.failure("protocol", _NONE, retry="ask")) from exc


def preview_in(text: object) -> bytes:
    """The bytes of a preview; empty if it is not written in base64, as the picture itself may still come."""
    try:
        return picture_in(text)
    except errors.ProviderError:
        return b""


def written_in(picture: Mapping[str, object]) -> object:
    """The base64 text of a picture in OpenAI's format; `None` if there is none, or only an address."""
    told, url = picture.get("b64_json"), picture.get("url")
    return told or (url if isinstance(url, str) and _DATA_URL.match(url[:200]) else None)


_NONE = "the picture is not written in base64"
