"""A configuration as a test writes it down."""

from pathlib import Path

from providers.config.configuration import Configuration, load


def loaded(tmp_path: Path, text: str = "", secrets: dict[str, str] | None = None, **environ: str) -> Configuration:
    """The configuration of a `collate.toml` with that text."""
    file = tmp_path / "collate.toml"
    file.write_text(text)
    return load({"COLLATE_CONFIG": str(file), **environ}, secrets or {})
