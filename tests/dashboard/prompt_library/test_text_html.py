"""Prompts as HTML: holes in colour, versions side by side, and nothing of a person's text becomes markup."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from dashboard.prompt_library.text_html import list_html, prompt_html, versions_html
from prompts.experiments.library.prompt import Prompt, Version
from providers.interface import Settings

EVIL = '<img src=x onerror="alert(1)">'
MAIL = Prompt("Sort <b>mail</b>", "For {{team}}: {{mail}} \\{{mail}} {{team}}", system="In {{language}}")


def marks(html: str) -> list[tuple[str, str]]:
    return re.findall(r'<mark class="hole" data-colour="(\d)" title="[^"]*">(.*?)</mark>', html)


def test_each_hole_has_its_colour_wherever_it_stands() -> None:
    assert marks(prompt_html(MAIL)) == [
        ("0", "{{language}}"), ("1", "{{team}}"), ("2", "{{mail}}"), ("1", "{{team}}"),
    ]  # fmt: skip
    assert "{{mail}} <" in prompt_html(MAIL)  # the escaped one stays text


def test_a_case_is_filled_in_and_what_it_lacks_stays_a_hole() -> None:
    found = marks(prompt_html(MAIL, {"team": "sales", "mail": "{{team}}"}))
    assert found[3:] == [("0", "{{language}}"), ("1", "sales"), ("2", "{{team}}"), ("1", "sales")]


def test_no_text_becomes_markup() -> None:
    evil = Prompt(EVIL, f"{EVIL} {{{{a}}}}", system=EVIL, notes=EVIL, samples=({"a": EVIL},))
    version = Version("evil", 1, evil, True)
    other = replace(version, number=2, prompt=replace(evil, prompt=f"x{EVIL}", notes="", samples=()))
    html = prompt_html(evil, {"a": EVIL}) + list_html([version], None) + versions_html(version, other)
    assert "<img" not in html
    assert html.count("&lt;img") > 5


def test_the_chosen_prompt_is_marked_in_the_list() -> None:
    html = list_html([Version("a", 1, MAIL), Version("b", 2, MAIL, True)], "b")
    assert re.findall(r'data-pick="(\w)" aria-pressed="(\w+)"', html) == [("a", "false"), ("b", "true")]
    assert "yours, version 2" in html


@pytest.mark.parametrize(
    ("changed", "parts"),
    [
        ({"prompt": "Other"}, ["Prompt"]), ({"name": "N", "notes": "n"}, ["Name", "Notes"]),
        ({"settings": Settings(temperature=0.0)}, ["Settings"]), ({"samples": ({"mail": "x"},)}, ["Sample cases"]),
        ({"system": None, "task": "code"}, ["Task", "System prompt"]),
    ],
)  # fmt: skip
def test_whatever_differs_is_shown_older_left_newer_right(changed: dict[str, object], parts: list[str]) -> None:
    old = Version("mail", 1, MAIL, True)
    html = versions_html(old, replace(old, number=2, prompt=replace(MAIL, **changed)))
    wanted = [f"mail@{n} · {part}" for part in parts for n in (1, 2)]
    assert re.findall(r"<h4>(.*?)</h4>", html) == wanted


def test_versions_that_say_the_same_are_said_to() -> None:
    old = Version("mail", 1, MAIL, True)
    assert "have the same text" in versions_html(old, replace(old, number=3))
