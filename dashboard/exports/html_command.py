"""Runs as one web page on standard output: what `collate export` starts, for the safe rendering lives here.

Reads the ids of the runs from standard input, one a line.
"""

from __future__ import annotations

import sys

from dashboard.exports.offers import make
from prompts.exchange.formats import Selection
from prompts.history.archive import Archive
from prompts.record.database import open_database
from providers.config import configuration


def main() -> None:
    """Write the page."""
    engine = open_database()
    try:
        selection = Selection(tuple(sys.stdin.read().split()))
        connections = configuration.load().connections
        for piece in make(Archive(engine), selection, "html", connections, lambda _: None):
            sys.stdout.buffer.write(piece)
    finally:
        engine.dispose()


if __name__ == "__main__":
    main()
