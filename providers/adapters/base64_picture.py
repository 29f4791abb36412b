"""Pictures that stand as text in an answer -> their bytes. Pure. What the bytes are is for `files/remade.py` to say."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode

from providers import errors

_DATA_URL = re.compile(r"data:[\w.+/-]*(?:;[\w=.-]+)*;base64,")


def picture_in(text: object) -> bytes:
    """The bytes of a picture in base64, alone or in a `data:` URL. Raises `protocol`: it was drawn, so it may be
    charged.
    """
    if not isinstance(text, str):
        raise errors.ProviderError(errors.failure("protocol", _NONE, retry="ask"))
    found = _DATA_URL.match(text[:200])
    try:
        return b64decode(text[found.end() :] if found else text, validate=True)
    except (binascii.Error, ValueError) as exc:
        raise errors.ProviderError(errors.failure("protocol", _NONE, retry="ask")) from exc


_NONE = "the picture is not written in base64"
