"""How to connect to PostgreSQL: driver, encryption, timeouts.

Owns what an address leaves open. Prompts must not travel unencrypted by accident: TLS settings in the address or
`PGSSLMODE` are followed; without either, TLS is required unless the server is on this machine (libpq's own default
falls back to plain text).
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Sequence

import sqlalchemy as sa

NAMES = ("postgresql", "postgres")

_DEFAULTS = {
    "application_name": "collate",
    "connect_timeout": "5",  # in seconds, for each of the server's addresses
    # A server that vanished is noticed within half a minute, not hours.
    "keepalives_idle": "15", "keepalives_interval": "5", "keepalives_count": "3", "tcp_user_timeout": "30000",
}  # fmt: skip
_PATIENCE = "-c lock_timeout=2s"  # after that an error is raised, and callers with more patience retry
_UTC = "-c TimeZone=UTC"  # so that a day in a summary is the same for everybody

MIGRATING = sa.text("SELECT pg_advisory_xact_lock(7203171119)")
"""Waits for any other process that is migrating the schema; held until the end of the transaction."""


def prepared(address: sa.URL) -> sa.URL:
    """`address` with our driver and defaults for everything it leaves open."""
    if address.drivername in NAMES:
        address = address.set(drivername="postgresql+psycopg")
    given = address.query
    more = {name: value for name, value in _DEFAULTS.items() if name not in given}
    if "sslmode" not in given and "PGSSLMODE" not in os.environ and not is_local(address):
        more["sslmode"] = "require"
    said = given.get("options", "")
    more["options"] = " ".join([_PATIENCE, said if isinstance(said, str) else " ".join(said), _UTC])
    return address.update_query_dict(more)


def is_local(address: sa.URL) -> bool:
    """Whether the connection to the server stays on this machine."""
    hosts = (
        _listed(address.query.get("hostaddr")) or ([address.host] if address.host else [])
        or _listed(address.query.get("host")) or _listed(os.environ.get("PGHOSTADDR") or os.environ.get("PGHOST"))
    )  # fmt: skip
    return all(_is_here(host) for host in hosts)  # without a host: a socket in libpq's default folder


def _listed(value: str | Sequence[str] | None) -> list[str]:
    """The hosts or ports as a list: libpq and SQLAlchemy each have their own notation for several."""
    values = [value] if isinstance(value, str) else list(value or ())
    return [host for entry in values for host in entry.split(",") if host]


def _is_here(host: str) -> bool:
    if host.startswith(("/", "@")):  # a socket
        return True
    # SQLAlchemy writes the port after each of several hosts.
    return any(_is_loopback(name.strip("[]")) for name in (host, host.rpartition(":")[0]))


def _is_loopback(name: str) -> bool:
    try:
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
