"""Writes one key into the user's own `secrets.toml`, on request only; nothing else in the file changes.

Refuses a file that it cannot read, and a name that is there already.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from tempfile import mkstemp

from providers.config.toml_files import ConfigurationError, read_toml
from providers.secrets import Secret


class SecretsFileError(Exception):
    """The key was not written; the message is a sentence for people."""


def home_secrets() -> Path:
    """The user's own file, which applies in every folder."""
    return Path.home() / ".streamlit" / "secrets.toml"


def save_key(file: Path, name: str, key: Secret) -> None:
    """Put `name = "key"` first in `file`, which is created if it does not exist. Raises `SecretsFileError`."""
    try:
        if name in read_toml(file):
            raise SecretsFileError(f"{name} is in {file} already. Change it there.")
        before = file.read_text("utf-8-sig") if file.exists() else ""
        # First, as after a [table] it would belong to that.
        after = f"{name} = {json.dumps(key.reveal())}\n{before}"
        file.parent.mkdir(parents=True, exist_ok=True)
        _replace(file, after)
    except ConfigurationError as exc:
        raise SecretsFileError(f"{exc} It was left as it is.") from exc
    except OSError as exc:
        raise SecretsFileError(f"{file} cannot be written: {exc.strerror or exc}.") from exc


def _replace(file: Path, text: str) -> None:
    """Replace the file atomically, readable by the user alone from the start."""
    handle, temporary = mkstemp(dir=file.parent, prefix=".secrets-")  # readable by its owner only
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(text)
        Path(temporary).replace(file)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
