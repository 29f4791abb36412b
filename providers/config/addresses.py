"""Turns an address as people write or paste it into the one that requests use, and says what was changed.

Owns which path endings are a vendor's own endpoint: every SDK adds these itself, so they are cut from an address that
was copied from a request. What was cut is reported, never cut silently.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, urlsplit

from providers.config.pasted import bare
from providers.secrets import Secret, redact

Query = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Address:
    """Where a provider is reached."""

    url: str
    """Without a path that the SDK adds, without query or trailing slash."""
    query: Query = ()
    """Sent with every request, such as Azure's `api-version`."""
    api_version: str | None = None
    """The API version in a Gemini path, if there was one."""
    notes: tuple[str, ...] = ()
    """What was changed, in sentences."""
    problem: str | None = None
    """Why it is not a valid address; `None` if it is."""


_ENDS: Mapping[str, re.Pattern[str]] = {
    kind: re.compile(pattern, re.IGNORECASE)
    for kind, pattern in {
        "openai": r"/(?:chat/completions|completions|responses|embeddings|messages|models|(?:images|audio)/\w+)$",
        "anthropic": r"/v1(?:/(?:messages(?:/\w+)?|complete|models))?$|/messages$",
        "google": r"/(?P<version>v1(?:alpha|beta)?\d*)(?:/openai)?(?:/models(?:/[^/]+)?|/chat/completions)?$",
        "ollama": r"/(?:v1|api)(?:/.*)?$",
        "webui": r"/sdapi(?:/.*)?$|/docs$",
    }.items()
}
"""Path endings that each kind of SDK adds by itself."""
_TWICE = re.compile(r"(/v1)(?:/v1)+(?=/|$)", re.IGNORECASE)
_AMID = re.compile(
    r"(?:[^/?#]*[\s=<(\"':])?(?:https?://)?(?P<address>https?://[^\s<>()\"'`]+)[\s>)\"'`;,\\]*", re.IGNORECASE
)
_USER = re.compile(r"(^|[/\s])[^/\s@]+@")
_BARE_V6 = re.compile(r"(?P<host>[0-9a-f]*:[0-9a-f:]*):(?P<port>\d{2,5})", re.IGNORECASE)
_PORT = re.compile(r"[^:]:(?:(\d{1,9})|[^:\]]*)$")
_CONTROL = re.compile(r"[\x00-\x20\x7f]")
_SECRET = re.compile(r"key|token|secret|sig|code|password", re.IGNORECASE)
_TAKES_QUERY = ("openai", "anthropic")
_NOT_OURS = {
    "google": "Gemini's API takes its key separately from the address", "ollama": "Ollama's API knows none",
    "webui": "the WebUI's API knows none",
}  # fmt: skip


def address(text: str, kind: str, *, usual: str = "", always: bool = False) -> Address:
    """What `text` means for a provider of this kind.

    `usual`: its default address, whose path is added if `text` has none and the same host, or if `always`.
    """
    told = alone = _alone(bare(text))
    told = _ollama_form(told) if kind == "ollama" else told
    parts = _parts(told)
    if parts is None:
        return Address(told, problem=_problem(told))
    notes = (
        [] if alone == bare(text) else [f"The address was read as {_shown(parts)}, without the characters around it."]
    )
    path, version = _path(parts, kind)
    if not path and (own := _parts(usual)) is not None and (always or own.netloc == parts.netloc):
        path = own.path
    if path != parts.path.rstrip("/"):
        notes.append(f"{_shown(parts)} was read as {_shown(parts._replace(path=path))}: Collate adds the rest itself.")
    query = _query(parts)
    if query and kind not in _TAKES_QUERY:
        notes.append(f"What follows “?” in the address is left out: {_NOT_OURS.get(kind, 'it is not used')}.")
        query = ()
    url = parts._replace(path=path, query="", fragment="").geturl()
    return Address(url, query, version, tuple(notes))


def _alone(text: str) -> str:
    """The address itself, without what was pasted around it:
    a command, the name of a setting, brackets, a second `https://`."""
    found = _AMID.fullmatch(text)
    return found["address"] if found else text


def _problem(told: str) -> str:
    """Why it is not an address, and what to write instead if that is known."""
    shown = redact(_USER.sub(r"\1***@", re.split(r"[?#]", told)[0]))  # the rest may be a secret
    scheme, _, rest = shown.rpartition("://")
    host, slash, path = rest.lstrip("/").partition("/")
    if (v6 := _BARE_V6.fullmatch(host)) and _is_v6(v6["host"]):
        host = f"[{v6['host']}]:{v6['port']}"
    elif _is_v6(host):
        host = f"[{host}]"
    name = host.rpartition("@")[2].rpartition(":")[0] or host
    near = name.startswith("[") or name == "localhost" or name.replace(".", "").isdigit()
    instead = f"{scheme.lower() or ('http' if near else 'https')}://{host}{slash}{path}"
    if (near or "." in name) and scheme.lower() in ("", "http", "https") and _parts(instead) and instead != shown:
        return f"{shown!r} is not an address; write {instead}"
    if scheme.lower() in ("http", "https") and (port := _PORT.search(host)) and not 0 < int(port[1] or 0) < 2**16:
        return f"{shown!r} is not an address; its port must be a number from 1 to 65535"
    return f"{shown!r} is not an address; it must begin with http:// or https://"


def _path(parts: SplitResult, kind: str) -> tuple[str, str | None]:
    """The path to keep, and the version of Gemini's API in it."""
    path = _TWICE.sub(r"\1", re.sub(r"(?<!:)/{2,}", "/", parts.path).rstrip("/"))
    found = _ENDS[kind].search(path) if kind in _ENDS else None
    if found is not None:
        path = path[: found.start()]
    return path.rstrip("/"), found["version"] if found is not None and kind == "google" else None


def _query(parts: SplitResult) -> Query:
    query = tuple(parse_qsl(parts.query, keep_blank_values=True))
    for name, value in query:
        if _SECRET.search(name):
            Secret(value)  # registered, so that no message shows it
    return query


def _shown(parts: SplitResult) -> str:
    """The address without parts that may be secret."""
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()


def _parts(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        valid = parts.scheme in ("http", "https") and parts.port != 0 and parts.hostname
        valid = valid and not _CONTROL.search(url)  # urlsplit silently removes these
    except ValueError:
        return None
    return parts if valid else None


def _ollama_form(text: str) -> str:
    """Ollama's own forms: `host`, `host:port`, `:port`, `::1`, with or without scheme and path.

    As for its `OLLAMA_HOST`: 0.0.0.0 and :: are addresses it listens at, so they mean this machine; without a port it
    is 11434 if there is no scheme, and the scheme's default otherwise. `ollama.com` is the vendor's cloud.
    """
    scheme, _, rest = text.rpartition("://")
    rest, slash, path = rest.rstrip("/").partition("/")
    user, at, rest = rest.rpartition("@")
    host, port = rest, ""
    if _is_v6(rest):
        host = f"[{rest}]"
    elif (colon := rest.rfind(":")) > rest.rfind("]"):
        host, port = rest[:colon], rest[colon + 1 :]
    if host in ("", "0.0.0.0", "[::]"):  # noqa: S104 -- a listening address, used as a target
        host = "[::1]" if host == "[::]" else "127.0.0.1"
    if not scheme and not port and (host == "ollama.com" or host.endswith(".ollama.com")):
        scheme = "https"
    usual = {"https": "443", "http": "80"}.get(scheme, "11434")
    return f"{scheme or 'http'}://{user}{at}{host}:{port or usual}{slash}{path}"


def _is_v6(text: str) -> bool:
    try:
        return ipaddress.ip_address(text).version == 6
    except ValueError:
        return False
