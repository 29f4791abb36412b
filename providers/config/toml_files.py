"""Reads a user's TOML file, or explains which line is wrong and what to write.

Owns the quirks of editors: byte order marks are skipped, UTF-16 is named in the message. Never quotes a value, as it
may be a key.
"""

from __future__ import annotations

import codecs
import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any


class ConfigurationError(ValueError):
    """A file or a variable contains something that cannot be used; the message says where and what to write."""


_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)
_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_NAME = re.compile(r"\s*([\w.-]+)\s*[=:]")
_HINTS: tuple[tuple[str, str], ...] = (
    ("[\u00a0\u00ad\u200b-\u200f\u2060\ufeff]", "It contains an invisible character: type the line again."),
    (r'=\s*"[^"]*\\', "Write a path in single quotes, 'C:\\…', or with / in place of \\."),
    (r"[“”„‘’«»]", 'Write straight quotes: "…".'),
    (r"^\s*\[[^\]]*$", "Close the bracket: [name]."),
    (r"=\s*(?:True|False|TRUE|FALSE|yes|no|on|off)\b", "Write true or false."),
    (r"""=\s*(?:"[^"]*|'[^']*)$""", 'Close the quotes: name = "…".'),
    (r"^\s*export\s", 'Leave “export” out: name = "…".'),
    (r"""^\s*["']?[\w.-]+["']?\s*:""", 'Write name = "…", with an equals sign.'),
    (r"=\s*\{[^}]*$|,\s*\}", "Write { … } on one line, without a comma at its end."),
    (r"^[^={]*=\s*[$€£]?\s*\d[\d.]*\s*(?:[,%$€£]|$)|^[^={]*=\s*[$€£]\s*\d", "Write a plain number: 1.5."),
    (r"""=\s*[^"'\[{\s\d]""", 'Write text in quotes: name = "…".'),
)
"""What is usually meant by a wrong line; the first pattern that matches applies. The value itself is never shown."""
_USUAL = "Each line is name = value, with text in quotes, or a [table]."


def read_toml(file: Path, parse_float: Callable[[str], Any] = float) -> Mapping[str, Any]:
    """The table in `file`; empty if it does not exist. Raises `ConfigurationError`."""
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as exc:
        raise ConfigurationError(f"{file} cannot be read: {exc.strerror or exc}") from exc
    text = _decoded(data, file)
    try:
        return tomllib.loads(text, parse_float=parse_float)
    except tomllib.TOMLDecodeError as exc:
        raise ConfigurationError(f"{file}, {_explained(str(exc), text)}") from None  # that would quote it
    except RecursionError as exc:
        raise ConfigurationError(f"{file} cannot be read: its values are nested too deeply") from exc


def _decoded(data: bytes, file: Path) -> str:
    if data.startswith(_UTF_16) or b"\0" in data:
        raise ConfigurationError(
            f"{file} cannot be read: it is not written in UTF-8 but in UTF-16, as PowerShell and “Unicode” in Notepad "
            "do. Save it as UTF-8."
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        line = data.count(b"\n", 0, exc.start) + 1
        raise ConfigurationError(
            f"{file}, line {line}: there is a character that is not UTF-8. Save the file as UTF-8."
        ) from None


def _explained(said: str, text: str) -> str:
    """The line, the setting, what is wrong and what to write."""
    lines = text.splitlines() or [""]
    place = _PLACE.search(said)
    at = int(place[1]) if place and place[1] else len(lines)
    line = lines[min(at, len(lines)) - 1]
    if not line.strip() or (line.strip().startswith("[") and said.startswith("Unclosed")):
        at, line = next(((n, each) for n, each in reversed(list(enumerate(lines[:at], 1))) if each.strip()), (at, line))
    reason = _PLACE.sub("", said)
    named = _NAME.match(line)
    if "twice" in reason or "overwrite" in reason:
        hint = "It is set twice: remove one."
    else:
        hint = next((told for pattern, told in _HINTS if re.search(pattern, line)), _USUAL)
    return f"line {at}{f' ({named[1]})' if named else ''} cannot be read: {reason}. {hint}"
