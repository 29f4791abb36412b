"""Where a link leads, for reading: only what every browser goes to as it is written leads anywhere.

An address can be written so that it reads as one host and leads to another (`2130706433` is 127.0.0.1, `%65vil` is
evil), or so that a letter has readers whom nobody sees (`?bcc=`). Such a link leads nowhere and stays text.
"""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import SplitResult, parse_qsl, urlsplit

_NAME = re.compile(r"(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}\.?")
# A browser reads a name that ends so as a number, in whichever way it is written.
_NUMBER = re.compile(r"(?:.*\.)?(?:\d+|0x[0-9a-f]*)\.?")
_MAILBOX = re.compile(rf"[\w.+-]+@{_NAME.pattern}", re.ASCII | re.IGNORECASE)
_SIX = re.compile(r"\[[0-9a-f:.]+\]")
_WORDS_OF_A_LETTER = {"subject", "body"}


def leads_to(url: str) -> str | None:
    """The host, or the mailbox, that a link leads to; `None` if it may not lead anywhere."""
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
    """Whether a link's text is the place that it leads to, or an address there, letter by letter and nothing before it.

    An address may name somebody else before an `@`; letters of other scripts may look like these.
    """
    place = leads_to(url)
    before = "(mailto:)?" if url.lower().startswith("mailto:") else "(https?://)?"
    return place is not None and text.isascii() and bool(re.fullmatch(rf"{before}{re.escape(place)}([/?#].*)?", text))


def _host(parts: SplitResult) -> str | None:
    """The name or number of a host in the one way of writing it that can be read."""
    host = parts.netloc.lower().rpartition("@")[2].removesuffix(f":{parts.port or ''}")
    if _NAME.fullmatch(host) and not _NUMBER.fullmatch(host):
        return host
    if host.startswith("["):
        return host if _SIX.fullmatch(host) and IPv6Address(host[1:-1]) else None
    return str(IPv4Address(host))
