"""Registers our components with Streamlit: answer grid, panel, matrix of experiments, dropped files, saving a chart.

Their code is handed over as files, never inline: a browser fetches a file once, and `script-src 'self'` allows it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from streamlit.components.v2 import component as mount
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

_PACKAGE = "collate"
_ASSETS = "assets"
_FILES: Mapping[str, tuple[str, str | None]] = {
    "answer_grid": ("index.js", "style.css"),
    "panel": ("panel.js", "panel.css"),
    "matrix": ("matrix.js", "matrix.css"),
    "drop": ("drop.js", None),
    "save_chart": ("save_chart.js", "save_chart.css"),
}


def component(name: str) -> Callable[..., Any]:
    """The component of that name, mounted by calling it."""
    # Streamlit finds a component's files by a manifest in a package named like its distribution; ours is
    # "collate" and has no such package, so the manifest is handed over here. Each runtime (and each AppTest)
    # has its own manager, hence the question on every call.
    manager = get_bidi_component_manager()
    if manager.get_component_asset_root(f"{_PACKAGE}.{name}") is None:
        configs = [ComponentConfig(each, asset_dir=_ASSETS) for each in _FILES]
        manager.register_from_manifest(ComponentManifest(_PACKAGE, "1", configs), Path(__file__).parent)
    return _made(name)


@cache
def _made(name: str) -> Callable[..., Any]:
    js, css = _FILES[name]
    mounted = mount(f"{_PACKAGE}.{name}", js=js, css=css)

    def render(*, key: str, **more: Any) -> Any:
        # Streamlit separates parts of a component's id by "__" and refuses it in a key; our ids and tokens may hold it.
        return mounted(key=key.replace("__", "-"), **more)

    return render
