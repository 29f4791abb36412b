"""The record as a file: its address, and an empty one."""

from pathlib import Path

from prompts.record.database import open_database


def address_of(path: Path) -> str:
    return f"sqlite:///{path}"


def make(path: Path) -> None:
    open_database(address_of(path)).dispose()
