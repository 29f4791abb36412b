"""Names under which workers ask a provider:
`openai` for any that has its key, `ollama@gpu-box` for one machine's own."""

from __future__ import annotations

import socket
from collections.abc import Iterable, Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

from prompts.asking.runner import Connections
from providers.config.connections import Connection


def asked_as(connection: Connection) -> str:
    """The connection's name, with the name of the machine if that is asked one call at a time."""
    return f"{connection.name}@{_computer(connection)}" if connection.local else connection.name


def _computer(connection: Connection) -> str:
    """The name of the computer that answers, as seen in the network."""
    host = urlsplit(connection.base_url).hostname or "" if connection.base_url else ""
    return socket.gethostname().lower() if not host or _is_loopback(host) else host.lower()


def is_here(connection: Connection) -> bool:
    """Whether the address means another machine in each process, such as localhost."""
    host = urlsplit(connection.base_url).hostname if connection.base_url else None
    return connection.local and (host is None or _is_loopback(host))


def _is_loopback(host: str) -> bool:
    """Whether that host name is this computer."""
    try:
        return host == "localhost" or ip_address(host).is_loopback or ip_address(host).is_unspecified
    except ValueError:
        return False


def names(providers: Iterable[str], connections: Connections) -> dict[str, str]:
    """Each provider with the name under which it is asked."""
    return {name: asked_as(connections[name]) for name in sorted(set(providers))}


def served(connections: Connections, only: Iterable[str] = ()) -> Mapping[str, str]:
    """What a process on this machine can ask: each such name with its provider. `only`: restrict it to these."""
    wanted = {each.lower() for each in only}
    found = {asked_as(each): name for name, each in connections.items() if each.usable}
    return {
        name: provider
        for name, provider in found.items()
        if not wanted or name in wanted or provider in wanted
    }  # fmt: skip
