"""The reader's time zone: days and hours on the screen are those of the browser."""

from __future__ import annotations

from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st


def time_zone() -> tzinfo:
    """The browser's time zone; UTC if it reports none, or one that is unknown here."""
    try:
        return ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
