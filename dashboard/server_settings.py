"""The server's settings: what Collate ships, and what the user's own `config.toml` says instead.

Owns the order: flags and environment, the user's files, `dashboard/.streamlit/config.toml`. Streamlit reads that
last file wherever the app is started, which makes every way of starting safe, but it puts it above the user's;
so what the user's files say of the same settings is handed to it as flags. Imports no Streamlit.
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
    """Where a user's own settings may stand, the nearest last."""
    return [folder / ".streamlit" / "config.toml" for folder in (Path.home(), Path.cwd())]


def overruled(environ: Mapping[str, str] = os.environ) -> dict[str, object]:
    """The settings of ours that the user's files set otherwise, with the user's values.

    Those that a variable of the environment sets are left out, for it goes before. A file that cannot be read is
    left to Streamlit, which says so.
    """
    ours, theirs = _read(SHIPPED), {}
    for file in users_files():
        theirs |= _read(file)
    # A colour for both schemes would have no effect beside ours, which are for one.
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
    """The same as arguments of `streamlit run`, which wants a list of the theme as JSON and others one by one."""
    return [part for name, value in settings.items() for each in _each(name, value) for part in (f"--{name}", each)]


def _each(name: str, value: object) -> list[str]:
    if isinstance(value, list | tuple):
        return [json.dumps(value)] if name.startswith("theme.") else [str(each) for each in value]
    return [str(value).lower() if isinstance(value, bool) else str(value)]


def ignored(in_force: Callable[[str], object]) -> list[str]:
    """The user's settings that are not in force, as after a start by `streamlit run` alone."""
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
        elif isinstance(value, str) and value.startswith("env:"):  # Streamlit's way of naming a variable
            yield prefix + name, os.environ.get(value.removeprefix("env:"), value)
        else:
            yield prefix + name, value


def _variable(name: str) -> str:
    """The variable of the environment for a setting: `server.allowedHosts` is `STREAMLIT_SERVER_ALLOWED_HOSTS`."""
    return "STREAMLIT_" + re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name.replace(".", "_")).upper()
