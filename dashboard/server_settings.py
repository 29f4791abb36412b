"""The server's settings: those that Collate ships, and how the user's own `config.toml` overrules them.

Owns the order: flags and environment first, then the user's files, then `dashboard/.streamlit/config.toml`. Streamlit
reads that last file however the app is started, so every way of starting is safe; but it ranks it above the user's
files, so we pass what those say about the same settings as flags. Imports no Streamlit.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

SHIPPED = Path(__file__).parent / ".streamlit" / "config.toml"
_SCHEMES = ("light", "dark")


def users_files() -> list[Path]:
    """The user's own settings files; the last one wins."""
    return [folder / ".streamlit" / "config.toml" for folder in (Path.home(), Path.cwd())]


def overruled(environ: Mapping[str, str] = os.environ) -> dict[str, object]:
    """Those of our settings for which the user's files have another value, with that value.

    Settings in environment variables are left out, since those win anyway. A file that cannot be read is left to
    Streamlit, which reports it.
    """
    ours, theirs = _read(SHIPPED), {}
    for file in users_files():
        theirs |= _read(file)
    # Ours are set per colour scheme and would win over one for both, so set the user's for each scheme.
    for name, value in list(theirs.items()):
        section, _, option = name.partition(".")
        if section == "theme" and "." not in option:
            theirs = {f"theme.{scheme}.{option}": value for scheme in _SCHEMES} | theirs
    return {
        name: value
        for name, value in theirs.items()
        if name in ours and value != ours[name] and _variable(name) not in environ
    }


def flags(settings: Mapping[str, object]) -> list[str]:
    """Settings as arguments of `streamlit run`: lists of the theme as JSON, other lists as repeated flags."""
    return [part for name, value in settings.items() for each in _each(name, value) for part in (f"--{name}", each)]


def _each(name: str, value: object) -> list[str]:
    if isinstance(value, list | tuple):
        return [json.dumps(value)] if name.startswith("theme.") else [str(each) for each in value]
    return [str(value).lower() if isinstance(value, bool) else str(value)]


def ignored(in_force: Callable[[str], object]) -> list[str]:
    """The user's settings that have no effect, as happens when the app is started with `streamlit run`."""
    return [name for name, value in overruled().items() if flags({name: in_force(name)}) != flags({name: value})]


def _read(file: Path) -> dict[str, object]:
    try:
        return dict(_flat("", tomllib.loads(file.read_text("utf-8-sig"))))
    except (OSError, ValueError, RecursionError):
        return {}


def _flat(prefix: str, table: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flat(f"{prefix}{name}.", value)
        elif isinstance(value, str) and value.startswith("env:"):  # how Streamlit refers to an environment variable
            yield prefix + name, os.environ.get(value.removeprefix("env:"), value)
        else:
            yield prefix + name, value


def _variable(name: str) -> str:
    """The environment variable for a setting: `server.allowedHosts` is `STREAMLIT_SERVER_ALLOWED_HOSTS`."""
    return "STREAMLIT_" + re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name.replace(".", "_")).upper()
