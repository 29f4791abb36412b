"""What goes wrong with a record: a process that is killed, a file that another program holds."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from contextlib import closing, contextmanager
from pathlib import Path

from prompts.core.child_process import python
from tests.patience import PATIENCE_S

ROOT = Path(__file__).parents[3]


@contextmanager
def child(script, *args):
    """A process that may import the tests too; it is gone afterwards."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(python("-c", script, *args), stdout=subprocess.PIPE, text=True, env=environment)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@contextmanager
def locked(path):
    """Another program that holds the database."""
    with closing(sqlite3.connect(path, isolation_level=None, timeout=PATIENCE_S)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")
