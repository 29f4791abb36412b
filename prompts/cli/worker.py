"""The program of the asking process: what it serves beside the runs, and nothing of the screen.

python -m prompts.cli.worker FOLDER NAME
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from prompts.asking.place import Place
from prompts.asking.process import ask_for_others


def main() -> int:
    """Ask for others until nobody is left. The arguments say at which place."""
    folder, name = sys.argv[1:]
    asyncio.run(ask_for_others(Place(Path(folder), name)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
