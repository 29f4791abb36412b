"""Makes the small font of symbols from Streamlit's: `python -m tests.icons`, after an update or for a new symbol.

Takes every symbol that our code names, and every one whose name stands as a text in Streamlit's own JavaScript:
rather some that are never drawn than one that is missing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from dashboard.icons.font import FILE, MADE_FROM

CODE = Path(__file__).resolve().parents[1]
_NAMED = re.compile(r":material/([a-z0-9_]+):")
_QUOTED = re.compile(r"""["'`:/]([a-z0-9_]+)["'`:]""")
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789_"


def ours() -> frozenset[str]:
    """The symbols that our code names."""
    files = [file for room in ("dashboard", "prompts", "providers") for file in (CODE / room).rglob("*.py")]
    return frozenset(name for file in files for name in _NAMED.findall(file.read_text("utf-8")))


def frontend() -> Path:
    """The folder of Streamlit's pages."""
    spec = find_spec("streamlit")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "static" / "static"


def main() -> None:
    """Write the font and what it was made from."""
    from fontTools import subset
    from fontTools.ttLib import TTFont

    (source,) = (frontend() / "media").glob("MaterialSymbols-*.woff2")
    font = TTFont(source)
    known = _symbols(font)
    theirs = {name for file in (frontend() / "js").glob("*.js") for name in _QUOTED.findall(file.read_text("utf-8"))}
    if missing := ours() - known.keys():
        raise SystemExit(f"Streamlit's font has no {', '.join(sorted(missing))}.")
    names = sorted(known.keys() & (ours() | theirs))
    options = subset.Options(flavor="woff2", layout_features=["*"], layout_closure=False, glyph_names=False)
    chosen = subset.Subsetter(options)
    chosen.populate(text=_LETTERS, glyphs=[known[name] for name in names])
    chosen.subset(font)
    subset.save_font(font, str(FILE), options)
    made_from = {"streamlit": version("streamlit"), "file": source.name, "names": names}
    MADE_FROM.write_text(json.dumps(made_from, indent=0) + "\n", "utf-8")
    print(f"{len(names)} of {len(known)} symbols: {FILE.stat().st_size:,} of {source.stat().st_size:,} bytes")


def _symbols(font: Any) -> Mapping[str, str]:
    """Each symbol's name, which the font joins to one glyph when it is written, and that glyph."""
    letters = {glyph: chr(code) for code, glyph in font.getBestCmap().items()}
    found: dict[str, str] = {}
    for lookup in font["GSUB"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            for first, ligatures in getattr(getattr(table, "ExtSubTable", table), "ligatures", {}).items():
                for each in ligatures:
                    found["".join(letters.get(part, "?") for part in (first, *each.Component))] = each.LigGlyph
    return found


if __name__ == "__main__":
    main()
