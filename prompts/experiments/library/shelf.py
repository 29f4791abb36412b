"""Storage of a person's own prompts: a folder per prompt, a file per version.

A version is written once and never changed, so a file that was edited by hand stays as it is, and two people who save
at once do not overwrite each other. Deleted prompts are moved aside, and can be restored.
"""

from __future__ import annotations

import os
import re
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from platformdirs import user_data_path

from prompts.experiments.library.prompt import MOST_BYTES, LibraryError, Version, is_key
from prompts.experiments.library.prompt_file import read_version, write_version
from prompts.record.rights import Actor

VARIABLE = "COLLATE_PROMPTS"
_VERSION = re.compile(r"([1-9]\d{0,8})\.toml")
_ASIDE = ".deleted"


def own_folder() -> Path:
    """`COLLATE_PROMPTS`, or else a folder in the user's data folder."""
    named = os.environ.get(VARIABLE)
    return Path(named).expanduser() if named else user_data_path("collate", appauthor=False) / "prompts"


class Shelf:
    """The prompts in one folder, which need not exist. Every method raises `LibraryError` with a message for people."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keys(self) -> list[str]:
        """The keys of its prompts, sorted."""
        with _said(self.folder, "read"):
            if not self.folder.is_dir():
                return []
            return sorted(each.name for each in self.folder.iterdir() if is_key(each.name) and _numbers(each))

    def numbers(self, key: str) -> Sequence[int]:
        """The version numbers of a prompt, ascending; empty if there is no such prompt."""
        with _said(self.folder, "read"):
            return _numbers(self.folder / key) if is_key(key) else []

    def read(self, key: str, number: int) -> Version:
        """One version of a prompt. The name of its file decides the number, whatever the file says."""
        file = self.folder / key / f"{number}.toml"
        with _said(file, "read"), file.open("rb") as opened:
            data = opened.read(MOST_BYTES + 1)
        found = read_version(data, key, str(file), own=True)
        return Version(key, number, found.prompt, True, found.saved_at, found.saved_by)

    def write(self, version: Version) -> None:
        """Add a version. Raises `LibraryError` if somebody saved that version number meanwhile."""
        data = write_version(version)
        folder = self.folder / version.key
        draft = folder / f".{uuid4().hex}"
        with _said(folder, "written to"):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                draft.write_bytes(data)
                _place(draft, folder / f"{version.number}.toml")
            except FileExistsError:
                raise LibraryError(
                    f"{version.reference} was saved by somebody else meanwhile. Look at it, then save again."
                ) from None
            finally:
                draft.unlink(missing_ok=True)

    def put_aside(self, key: str, by: Actor) -> str:
        """Delete a prompt with all its versions. Returns a receipt for `bring_back`."""
        receipt = f"{key}@{uuid4().hex}"
        with _said(self.folder / key, "deleted"):
            (self.folder / _ASIDE).mkdir(mode=0o700, exist_ok=True)
            (self.folder / key).rename(self.folder / _ASIDE / receipt)
        return receipt

    def bring_back(self, receipt: str, by: Actor) -> str:
        """Undo a deletion, unless another prompt has taken the key. Returns the key."""
        key = receipt.rpartition("@")[0]
        if self.numbers(key):
            raise LibraryError(f"Another prompt is now called {key}. Rename that one first.")
        with _said(self.folder / key, "brought back"):
            (self.folder / _ASIDE / receipt).rename(self.folder / key)
        return key


def _numbers(folder: Path) -> list[int]:
    if not folder.is_dir():
        return []
    found = (_VERSION.fullmatch(each.name) for each in folder.iterdir())
    return sorted(int(match[1]) for match in found if match)


def _place(draft: Path, file: Path) -> None:
    """Move the draft to its final name, atomically. Raises `FileExistsError` if the name is taken."""
    try:
        os.link(draft, file)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if file.exists():
            raise FileExistsError from None
        draft.rename(file)


@contextmanager
def _said(place: Path, what: str) -> Generator[None]:
    try:
        yield
    except OSError as exc:
        raise LibraryError(f"{place} cannot be {what}: {exc.strerror}. {VARIABLE} can name another folder.") from exc
