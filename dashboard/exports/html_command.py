"""Writes runs as one web page to standard output; `collate export` starts it, because the safe renderer is here.

Reads the ids of the runs from standard input, one per line.
"""

from __future__ import annotations

import sys

from dashboard.exports.offers import make
from prompts.exchange.formats import Selection
from prompts.history.archive import Archive
from prompts.record.database import open_database
from providers.config import configuration


def main() -> None:
    """Write the page for the run ids on standard input."""
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
