"""Pictures that stand as text in an answer -> their bytes. Pure. What the bytes are is for `files/remade.py` to say."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from collections.abc import Mapping

from providers import errors

_DATA_URL = re.compile(r"\s*data:[\w.+/-]*(?:;[\w=.-]+)*;base64,", re.IGNORECASE)


def picture_in(text: object) -> bytes:
    """The bytes of a picture in base64, alone or in a `data:` URL, in lines or not. Raises `protocol`: it was drawn, so
    it may be charged.
    """
    if not isinstance(text, str):
        raise errors.ProviderError(errors.failure("protocol", _NONE, retry="ask"))
    found = _DATA_URL.match(text[:200])
    try:
        return b64decode("".join((text[found.end() :] if found else text).split()), validate=True)
    except (binascii.Error, ValueError) as exc:
        raise errors.ProviderError(errors.failure("protocol", _NONE, retry="ask")) from exc


def written_in(picture: Mapping[str, object]) -> object:
    """What stands for a picture that is told as OpenAI tells it; `None`: nothing, or an address."""
    told, url = picture.get("b64_json"), picture.get("url")
    return told or (url if isinstance(url, str) and _DATA_URL.match(url[:200]) else None)


_NONE = "the picture is not written in base64"
