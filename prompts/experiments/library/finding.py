"""Finds the prompt that a plan names: `classify` or `classify@3` of the library, or a TOML file next to the plan."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath

from prompts.experiments.library.library import Library
from prompts.experiments.library.prompt import LibraryError, Version
from prompts.experiments.library.prompt_file import read_version
from prompts.experiments.plan import Wording

_ENDING = ".toml"


def finder(library: Library, read: Callable[[str], bytes]) -> Callable[[str], Wording]:
    """The function by which `plan_file.loads` finds prompts; `read` returns the content of a file that a plan names."""

    def find(text: str) -> Wording:
        path, number = _split(text)
        if not path.endswith(_ENDING):
            return library.find(text).wording
        return _pinned(_from_file(path, read), number, path)

    return find


def _split(text: str) -> tuple[str, str]:
    """A path and the version pinned by `@` and a number at its end; the path may contain an @ itself.

    Empty: no version.
    """
    path, at, number = text.strip().rpartition("@")
    return (path, number) if at and number.isdecimal() else (text.strip(), "")


def _from_file(path: str, read: Callable[[str], bytes]) -> Version:
    key = PurePosixPath(path.replace("\\", "/")).name.removesuffix(_ENDING)
    try:
        return read_version(read(path), key, path, own=True)
    except FileNotFoundError:
        raise LibraryError(
            f"There is no file {path} beside the plan. A prompt of the library is named without .toml: {key}."
        ) from None


def _pinned(found: Version, number: str, path: str) -> Wording:
    """The file as a wording. Raises an error if another version was pinned."""
    if number and found.number != int(number):
        raise LibraryError(
            f"The plan asks for version {number} of {path}, which is version {found.number}. "
            f"Write {path}@{found.number}, or restore the other file."
        )
    return Wording(found.key, found.prompt.prompt, found.prompt.system, f"{path}@{number}" if number else path)
