"""TOML as editors write it, and what is said of a line that cannot be read."""

import codecs
from decimal import Decimal
from pathlib import Path

import pytest

from providers.config.toml_files import ConfigurationError, read_toml


@pytest.mark.parametrize(
    "data",
    ['a = "é"'.encode(), codecs.BOM_UTF8 + 'a = "é"'.encode(), codecs.BOM_UTF8 + '\r\na = "é"\r\n'.encode()],
)
def test_a_byte_order_mark_and_line_ends_of_windows_are_read_past(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_bytes(data)
    assert read_toml(tmp_path / "x.toml") == {"a": "é"}


def test_no_file_is_an_empty_one_and_money_is_exact(tmp_path: Path) -> None:
    assert read_toml(tmp_path / "none.toml") == {}
    (tmp_path / "x.toml").write_text("a = 0.1")
    assert read_toml(tmp_path / "x.toml", Decimal) == {"a": Decimal("0.1")}


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_a_file_in_another_encoding_of_unicode_is_explained(encoding: str, tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_bytes("a = 1".encode(encoding))
    with pytest.raises(ConfigurationError, match=r"UTF-16.*Save it as UTF-8"):
        read_toml(tmp_path / "x.toml")


def test_a_character_of_an_older_encoding_names_its_line(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_bytes('a = 1\nb = "é"'.encode("latin-1"))
    with pytest.raises(ConfigurationError, match=r"line 2.*UTF-8"):
        read_toml(tmp_path / "x.toml")


LINES = [
    ('PATH_X = "C:\\Users\\hidden"', "line 1 (PATH_X)", "single quotes"),
    ("a = 1\n\nb_key = sk-hidden", "line 3 (b_key)", 'Write text in quotes: name = "…"'),
    ("a = “hidden”", "line 1 (a)", "straight quotes"),
    ("a = 1\n[providers.x\nb = 1", "line 2", "Close the bracket"),
    ('a = "sk-hidden', "line 1 (a)", "Close the quotes"),
    ("[a]\nb = 1\n[a]", "line 3", "set twice"),
    ("a = 1\na = 2", "line 2 (a)", "set twice"),
    ("local = True", "line 1 (local)", "Write true or false"),
    ("limit = 1,5", "line 1 (limit)", "Write a plain number"),
    ("limit = $5", "line 1 (limit)", "Write a plain number"),
    ("share = 5%", "line 1 (share)", "Write a plain number"),
    ("[a]\nb\u200b = 1", "line 2", "invisible character"),
    ("a = { b = 1,\n c = 2 }", "line 1 (a)", "on one line"),
    ('key: "hidden"', "line 1 (key)", "equals sign"),
    ('export KEY="hidden"', "line 1", "Leave “export” out"),
    ("hidden words", "line 1", "Each line is name = value"),
    ("a = [1,\n2\n\n", "line 2", "Unclosed array"),
]


@pytest.mark.parametrize(("text", "place", "advice"), LINES)
def test_a_broken_line_is_named_with_what_to_write_and_without_its_value(
    text: str, place: str, advice: str, tmp_path: Path
) -> None:
    file = tmp_path / "x.toml"
    file.write_text(text)
    with pytest.raises(ConfigurationError) as caught:
        read_toml(file)
    said = str(caught.value)
    assert said.startswith(f"{file}, {place}")
    assert advice in said
    assert "hidden" not in said
    assert caught.value.__cause__ is None


def test_what_is_no_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read"):
        read_toml(tmp_path)
