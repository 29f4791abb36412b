"""Spares the start what Streamlit does for others: a quarter of its own time, and of the first page as much again.

It reads the description of every installed package in search of components, of which our pages use none but their own,
registered by hand. And at the first element it looks through all modules to find out whether somebody typed it into a
Python prompt.
"""

from __future__ import annotations

from pathlib import Path

from streamlit import delta_generator
from streamlit.components.v2 import manifest_scanner
from streamlit.components.v2.manifest_scanner import ComponentManifest


def spare() -> None:
    """Patch Streamlit so that it does neither, in every session of this process. Call before its server is made."""
    manifest_scanner.scan_component_manifests = _none
    delta_generator._use_warning_has_been_displayed = True


def _none(max_workers: int | None = None) -> list[tuple[ComponentManifest, Path]]:
    return []
