"""The command line for starting a Python process of our own.

The current folder may contain somebody's `prompts.py` or `streamlit.py`; plain `-m` and `-c` would put it first on the
import path and run those instead of ours.
"""

from __future__ import annotations

import sys


def python(*arguments: str) -> list[str]:
    """The command for this Python with these arguments, the current folder never on its import path."""
    return [sys.executable, "-P", *arguments]
