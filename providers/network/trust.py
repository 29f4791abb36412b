"""Which certificates are trusted: those of the system, and a company's own.

Owns one TLS context for all SDKs, as each would otherwise look elsewhere. The check cannot be switched off. The
operating system decides if it can (macOS, Windows); elsewhere its certificate files are read, once.
"""

from __future__ import annotations

import re
import ssl
import sys
from functools import cache
from pathlib import Path
from typing import Any

import truststore

from providers.network import keepalive
from providers.network.kept_connections import KeptConnections

_STORES = (
    "/etc/ssl/certs/ca-certificates.crt", "/etc/ssl/cert.pem", "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/pki/tls/cert.pem", "/etc/ssl/ca-bundle.pem",
)  # fmt: skip
"""Where Linux distributions keep certificates, if not where OpenSSL was built to look."""
_PEM = re.compile(rb"-----BEGIN ((?:X509 |TRUSTED )?CERTIFICATE)-----.+?-----END \1-----", re.DOTALL)
_ENDINGS = (".pem", ".crt", ".cer", ".0")
_HASHED = re.compile(r"[0-9a-f]{8}\.\d")
"""The file names in a folder that OpenSSL searches itself."""


class TrustError(ValueError):
    """A file or folder of certificates cannot be used; the message says why."""


CONNECTIONS_KEPT = 256
"""How many idle connections are kept open for later requests, for some seconds."""


@cache
def trusting(authorities: tuple[str, ...] = ()) -> ssl.SSLContext:
    """A context that trusts the system's authorities and those in `authorities`: files or folders, PEM or DER.

    Raises `TrustError`.
    """
    if sys.platform in ("darwin", "win32"):
        context: ssl.SSLContext = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        for place in authorities:
            _trust(context, Path(place))
        return context
    # Not truststore: it would read the whole store again for every connection, while it is being timed.
    context, store = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), Path(_system_store())
    context.load_verify_locations(store)
    for place in map(Path, authorities):
        if place.is_dir() and any(_HASHED.fullmatch(each.name) for each in place.iterdir()):
            context.load_verify_locations(capath=place)
        elif place.resolve() != store.resolve():
            _trust(context, place)
    return context


def network(http: Any, proxy: str | None, verify: ssl.SSLContext | None) -> Any:
    """The lowest transport of `http` (the module httpx or httpx2); `verify`: `trusting()` by default."""
    trusted = verify or trusting()
    encrypted = proxy is not None and proxy.lower().startswith("https:")
    through = http.Proxy(proxy, ssl_context=trusted if encrypted else None) if proxy else None
    transport = http.AsyncHTTPTransport(
        retries=0, trust_env=False, verify=trusted, proxy=through, socket_options=keepalive.options()
    )
    transport._pool = KeptConnections(transport._pool, CONNECTIONS_KEPT)  # the library accepts no other pool
    return transport


def _trust(context: ssl.SSLContext, place: Path) -> None:
    files = [file for file in sorted(place.iterdir()) if file.suffix.lower() in _ENDINGS] if place.is_dir() else [place]
    if not sum(_add(context, file) for file in files):
        raise TrustError(f"{place} contains no readable certificate")


def _system_store() -> str:
    built_in = ssl.get_default_verify_paths().openssl_cafile
    there = next((file for file in (built_in, *_STORES) if Path(file).is_file()), None)
    if there is not None:
        return there
    import certifi  # installed with httpx: for a machine without a store, such as a bare container

    return certifi.where()


def _add(context: ssl.SSLContext, file: Path) -> int:
    """Trust the certificates in `file`; returns how many there were. Other text around them is ignored."""
    try:
        data = file.read_bytes()
    except OSError as exc:
        raise TrustError(f"{file} cannot be read: {exc.strerror or exc}") from exc
    blocks = [block[0] for block in _PEM.finditer(data)]
    try:
        if blocks:
            context.load_verify_locations(cadata=b"\n".join(blocks).decode("ascii"))
        elif data.startswith(b"\x30"):  # DER, as Windows exports it
            context.load_verify_locations(cadata=data)
            return 1
    except (ssl.SSLError, UnicodeDecodeError) as exc:
        raise TrustError(f"{file} contains a damaged certificate ({exc})") from exc
    return len(blocks)
