"""Where a run or an experiment is opened in a dashboard: addresses for files that people click in. Pure."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

MOST_LINKS = 65_530
"""On one sheet of a spreadsheet, as Excel has it."""
_LONGEST = 1_900
"""Characters; Excel takes links of 2,079, and what names the run comes behind this."""


def dashboard_address(text: str) -> str:
    """The address of a dashboard's first page as links begin with it: no query, no slash at its end.

    Raises `ValueError` in words for people for what a browser would not open as a page.
    """
    text = text.strip()
    try:
        if len(text) > _LONGEST or not text.isascii() or any(c.isspace() for c in text):
            raise ValueError
        parts = urlsplit(text)
        # A name and password before the host would go on with every file.
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0 or "@" in parts.netloc:
            raise ValueError
    except ValueError:
        said = f"{text[:80]!r} is no address of a dashboard; write it like https://collate.example.com"
        raise ValueError(said) from None
    return f"{parts.scheme}://{parts.netloc}{quote(parts.path.rstrip('/'), safe='/%:@')}"


def run_link(dashboard: str, run: str) -> str:
    """Where the run of this id is read."""
    return f"{dashboard}/?run={quote(run, safe='')}"


def experiment_link(dashboard: str, experiment: str) -> str:
    """Where the experiment of this id is read."""
    return f"{dashboard}/experiments?experiment={quote(experiment, safe='')}"
