"""Where a link leads, as a text for people; only an address that every browser reads as it is written leads anywhere.

An address can be written so that it seems to name one host but leads to another (`2130706433` is 127.0.0.1, `%65vil`
is evil), or so that an e-mail gets hidden recipients (`?bcc=`). Such a link leads nowhere and stays text.
"""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import SplitResult, parse_qsl, urlsplit

_NAME = re.compile(r"(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}\.?")
# A browser reads a name that ends like this as an IP address, whatever its notation.
_NUMBER = re.compile(r"(?:.*\.)?(?:\d+|0x[0-9a-f]*)\.?")
_MAILBOX = re.compile(rf"[\w.+-]+@{_NAME.pattern}", re.ASCII | re.IGNORECASE)
_SIX = re.compile(r"\[[0-9a-f:.]+\]")
_WORDS_OF_A_LETTER = {"subject", "body"}


def leads_to(url: str) -> str | None:
    """The host or e-mail address that a link leads to; `None` if it may not lead anywhere."""
    try:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https"):
            return _host(parts)
    except ValueError:  # not a well-formed address
        return None
    if parts.scheme != "mailto" or not _MAILBOX.fullmatch(parts.path):
        return None
    said = {name.lower() for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    return parts.path if said <= _WORDS_OF_A_LETTER else None


def says_where(text: str, url: str) -> bool:
    """Whether a link's text already shows where it leads: the place, alone or as the beginning of an address there.

    Strict on purpose: an address may name another host before an `@`, and letters of other scripts may look the same.
    """
    place = leads_to(url)
    before = "(mailto:)?" if url.lower().startswith("mailto:") else "(https?://)?"
    return place is not None and text.isascii() and bool(re.fullmatch(rf"{before}{re.escape(place)}([/?#].*)?", text))


def _host(parts: SplitResult) -> str | None:
    """The host's name or IP address in its usual notation; `None` or `ValueError` for any other notation."""
    host = parts.netloc.lower().rpartition("@")[2].removesuffix(f":{parts.port or ''}")
    if _NAME.fullmatch(host) and not _NUMBER.fullmatch(host):
        return host
    if host.startswith("["):
        return host if _SIX.fullmatch(host) and IPv6Address(host[1:-1]) else None
    return str(IPv4Address(host))
