"""How a Python process of our own is started.

The folder somebody stands in may hold a `prompts.py` or a `streamlit.py` of theirs; `-m` and `-c` alone would put
it first on the import path and run those instead of ours.
"""

from __future__ import annotations

import sys


def python(*arguments: str) -> list[str]:
    """The command for this Python with these arguments, the current folder never on its import path."""
    return [sys.executable, "-P", *arguments]
