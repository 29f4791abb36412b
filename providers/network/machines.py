"""Which machine an address leads to:
models on the same machine share its processor, whatever port and host name are used."""

from __future__ import annotations

import ipaddress
import socket
from functools import lru_cache
from urllib.parse import urlsplit

HERE = "this computer"
"""The name for our own machine, whatever its address."""


@lru_cache(maxsize=1024)
def machine_of(endpoint: str) -> str:
    """The host of an address, without its port; `HERE` for our own under any name. Does no DNS lookup.

    A text that is not an address, such as the built-in provider's, means our own machine.
    """
    try:
        host = (urlsplit(endpoint).hostname or "").rstrip(".")
    except ValueError:
        return endpoint
    own = socket.gethostname().lower()
    if not host or host == "localhost" or host.endswith(".localhost"):
        return HERE
    if host in (own, own.partition(".")[0], f"{own.partition('.')[0]}.local"):
        return HERE
    return HERE if _is_our_address(host) else host


def _is_our_address(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    address = mapped or address
    if address.is_loopback or address.is_unspecified:
        return True
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.bind((str(address), 0))  # only an address of our own can be bound; nothing is sent
    except OSError:
        return False
    return True
