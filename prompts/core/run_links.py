"""Addresses that open a run or an experiment in a dashboard, for links in files. Pure."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

MOST_LINKS = 65_530
"""The most links on one sheet of an Excel file."""
_LONGEST = 1_900
"""In characters; Excel allows 2,079 for a link, and the path to the run is added to this."""


def dashboard_address(text: str) -> str:
    """The address of a dashboard's first page as a prefix for links: without query and trailing slash.

    Raises `ValueError`, with a message for people, if a browser would not open it as a page.
    """
    text = text.strip()
    try:
        if len(text) > _LONGEST or not text.isascii() or any(c.isspace() for c in text):
            raise ValueError
        parts = urlsplit(text)
        # A name and password in the address would be passed on with every file.
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0 or "@" in parts.netloc:
            raise ValueError
    except ValueError:
        said = f"{text[:80]!r} is not the address of a dashboard; write it like https://collate.example.com"
        raise ValueError(said) from None
    return f"{parts.scheme}://{parts.netloc}{quote(parts.path.rstrip('/'), safe='/%:@')}"


def run_link(dashboard: str, run: str) -> str:
    """The address of the run with this id."""
    return f"{dashboard}/?run={quote(run, safe='')}"


def experiment_link(dashboard: str, experiment: str) -> str:
    """The address of the experiment with this id."""
    return f"{dashboard}/experiments?experiment={quote(experiment, safe='')}"
