"""How PostgreSQL is reached: by which driver, how protected, and how long it is waited for.

Owns what an address leaves unsaid. Refuses to send prompts over a network in the clear by accident:
what an address or `PGSSLMODE` says of TLS is followed, and where neither does, TLS is required
unless the server is on this machine (libpq alone would do without whenever the server does).
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Sequence

import sqlalchemy as sa

NAMES = ("postgresql", "postgres")

_DEFAULTS = {
    "application_name": "collate",
    "connect_timeout": "5",  # seconds, for each of the server's addresses
    # A server that vanished without a word is noticed within half a minute, not within hours.
    "keepalives_idle": "15", "keepalives_interval": "5", "keepalives_count": "3", "tcp_user_timeout": "30000",
}  # fmt: skip
_PATIENCE = "-c lock_timeout=2s"  # then it is said, and tried again by whoever has more
_UTC = "-c TimeZone=UTC"  # a day in a summary is the same day for everybody

MIGRATING = sa.text("SELECT pg_advisory_xact_lock(7203171119)")
"""Waits for whoever else is bringing the schema up to date; ends with the transaction."""


def prepared(address: sa.URL) -> sa.URL:
    """`address` with our driver and everything it leaves unsaid."""
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
    """Whether nothing leaves this machine on the way to the server."""
    hosts = (
        _listed(address.query.get("hostaddr")) or ([address.host] if address.host else [])
        or _listed(address.query.get("host")) or _listed(os.environ.get("PGHOSTADDR") or os.environ.get("PGHOST"))
    )  # fmt: skip
    return all(_is_here(host) for host in hosts)  # none at all: a socket in libpq's own folder


def _listed(value: str | Sequence[str] | None) -> list[str]:
    """libpq and SQLAlchemy both take several hosts, each in its own way."""
    values = [value] if isinstance(value, str) else list(value or ())
    return [host for entry in values for host in entry.split(",") if host]


def _is_here(host: str) -> bool:
    if host.startswith(("/", "@")):  # a socket
        return True
    # SQLAlchemy writes the port behind each of several hosts.
    return any(_is_loopback(name.strip("[]")) for name in (host, host.rpartition(":")[0]))


def _is_loopback(name: str) -> bool:
    try:
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
