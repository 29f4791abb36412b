"""Records as earlier schemas made them, kept as files: `old/` holds one of each, with the same run."""

from __future__ import annotations

import gzip
import sqlite3
from pathlib import Path

import psycopg

FOLDER = Path(__file__).with_name("old")
REVISIONS = ("0001", "0002", "0003", "0004", "0005")


def put_back(url: str, revision: str) -> None:
    """A record of that schema at `url`, where nothing is yet."""
    if url.startswith("postgresql"):
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute((FOLDER / f"{revision}.postgresql.sql").read_bytes())
        return
    path = Path(url.removeprefix("sqlite:///"))
    whole = FOLDER / f"{revision}.sqlite.gz"
    if whole.exists():
        path.write_bytes(gzip.decompress(whole.read_bytes()))
        return
    connection = sqlite3.connect(path)
    connection.executescript((FOLDER / f"{revision}.sqlite.sql").read_text("utf-8"))
    connection.close()
