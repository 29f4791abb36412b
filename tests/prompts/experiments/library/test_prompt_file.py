"""A prompt as a file: what is written comes back, and what cannot be read is said where it stands."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from prompts.experiments.holes import HoleError
from prompts.experiments.library.prompt import MOST_BYTES, LibraryError, Prompt, Version, key_of, parse_reference
from prompts.experiments.library.prompt_file import read_version, write_version
from providers.interface import Settings

WHOLE = Prompt(
    "Sort mail", "Sort {{mail}}\n\"\"\"quoted\"\"\" \\ and \\{{kept}}\n", "classification", "For {{team}}.\n\n",
    Settings(temperature=0.5, stop=("\n\n", "END"), seed=7, effort="low"),
    ({"mail": "Refund {{me}}", "team": "sales", "expected": "billing"}, {"mail": "\n  indented", "team": "ü\u2028"}),
    "Check with label.",
)  # fmt: skip
AT = datetime(2026, 11, 28, 9, 30, 15, tzinfo=UTC)


def read(text: str | bytes) -> Prompt:
    data = text.encode() if isinstance(text, str) else text
    return read_version(data, "sort", "sort.toml", own=True).prompt


def test_what_is_written_is_read_back() -> None:
    version = Version("sort", 3, WHOLE, True, AT, "ada@example.org")
    assert read_version(write_version(version), "sort", "sort.toml", own=True) == version
    least = Version("sort", 1, Prompt("Sort", "{{mail}}"), True)
    assert read_version(write_version(least), "sort", "sort.toml", own=True) == least


def test_it_reads_well() -> None:
    text = write_version(Version("sort", 3, WHOLE, True, AT, "")).decode()
    assert text.startswith('name = "Sort mail"\ntask = "classification"\nversion = 3\nsaved_at = 2026-11-28 09:30:15')
    assert 'prompt = """\nSort {{mail}}\n' in text


def test_what_utf_8_cannot_hold_is_mended() -> None:
    odd = Prompt("a\ud800", "b\x00\r\nc", samples=({"d\udfff": "e"},))
    assert read(write_version(Version("odd", 1, odd))) == Prompt("a\ufffd", "b\ufffd\nc", samples=({"d\ufffd": "e"},))


def test_a_file_of_another_editor_is_read() -> None:
    assert read(b'\xef\xbb\xbfname = "A"\r\nprompt = "{{b}}"\r\n') == Prompt("A", "{{b}}")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name = ", "sort.toml is not TOML"),
        (b"name = '\xff'", "sort.toml is not UTF-8 (byte 8)"),
        ("a = " + "[" * 5000, "sort.toml is not TOML"),
        ('prompt = "x"', "sort.toml: Give the prompt a name."),
        ('name = "A"', "sort.toml: Write a prompt."),
        (f'name = "{"a" * 81}"\nprompt = "x"', "81 characters; at most 80"),
        ('name = "A"\nprompt = "x"\ntask = "cooking"', "task is 'cooking'. Write one of general,"),
        ('name = "A"\nprompt = "x"\nmodel = "gpt"', "'model' is not known. There are: case,"),
        ('name = "A"\nprompt = "x"\n[settings]\ntemprature = 0', "temprature is not a setting. Did you mean"),
        ('name = "A"\nprompt = "x"\n[settings]\ntemperature = 3', "temperature cannot be 3"),
        ('name = "A"\nprompt = "x"\n[settings]\nsystem = "s"', "Write the system prompt as system"),
        ('name = "A"\nprompt = 7', "prompt is 7; write it as text"),
        ('name = "A"\nprompt = "x"\nversion = 0', "version is 0; the first one is 1."),
        ('name = "A"\nprompt = "x"\nsaved_at = "today"', "saved_at is 'today'; write a day and a time"),
        ('name = "A"\nprompt = "x"\n[[case]]\nn = 5', "case.n is 5; write it as text"),
        ('name = "A"\nprompt = "x"\ncase = "n"', "case must be a list of tables"),
        ('name = "A"\nprompt = "x"\n' + "[[case]]\na = 'b'\n" * 51, "51 sample cases; at most 50"),
        (b"#" * (MOST_BYTES + 1), "more than 1 MB"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said(text: str | bytes, said: str) -> None:
    with pytest.raises(LibraryError) as caught:
        read(text)
    assert said in str(caught.value)
    assert "sort.toml" in str(caught.value)


def test_every_hole_without_a_value_is_named_at_once() -> None:
    with pytest.raises(HoleError, match=r"{{a}}, {{b}}"):
        Prompt("x", "{{a}} {{b}} {{c}}").filled({"c": ""})
    assert Prompt("x", "{{a}}", system="{{b}}").filled({"a": "{{b}}", "b": "1"}) == ("1", "{{b}}")


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Sort support mail", "sort-support-mail"), ("  A/B — test_2! ", "a-b-test-2"), ("Übersetzung", "übersetzung"),
        ("翻訳 する", "翻訳-する"), ("../../etc", "etc"), ("CON", "con-prompt"), ("x" * 80, "x" * 60), ("ﬁne", "fine"),
    ],
)  # fmt: skip
def test_a_name_becomes_a_key(name: str, key: str) -> None:
    assert key_of(name) == key
    assert parse_reference(f"{key}@3") == (key, 3)


def test_a_reference_copied_from_the_screen_is_understood() -> None:
    assert parse_reference(" classify\u2060@3 ") == ("classify", 3)


def test_a_name_of_signs_alone_is_refused() -> None:
    with pytest.raises(LibraryError, match="at least one letter"):
        key_of("?!")


@pytest.mark.parametrize("text", ["", "@3", "a@b", "a@", "a/b", "../a", ".a", "a@-1", "a@1@2", "a b", "_a", "a@1.5"])
def test_what_names_no_prompt_is_refused(text: str) -> None:
    with pytest.raises(LibraryError, match="is not the name of a prompt"):
        parse_reference(text)
