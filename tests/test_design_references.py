"""What code says of the design can be looked up: every page and section that it names exists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DESIGN = ROOT / "docs" / "design"
_NAMED = re.compile(r"docs/design/([\w/-]+\.md)((?:[ ,]*(?:to|and)?[ ,]*#[\w-]+)*)")
# A page without its folder, or a clause of the contract without its page, cannot be looked up.
_VAGUE = re.compile(r"(?<![\w/-])(?:design|failures|providers|reliability|statistics|streamlit)\.md|contracts? C\d")


def texts() -> Iterator[tuple[str, str]]:
    """Every source with its path."""
    folders = ("dashboard", "prompts", "providers", "tests", "docs", ".ci", ".github")
    files = [
        ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "pyproject.toml")
    ]
    for folder in folders:
        files += [each for each in (ROOT / folder).rglob("*") if each.suffix in (".py", ".js", ".toml", ".md", ".yml")]
    for file in files:
        if file != Path(__file__) and file.exists():
            yield file.relative_to(ROOT).as_posix(), file.read_text("utf-8")


def sections(page: Path) -> set[str]:
    """The names under which its headings can be linked to, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-") for each in headings}


def test_every_page_and_section_that_is_named_exists() -> None:
    missing = []
    found = 0
    for file, text in texts():
        for page, named in _NAMED.findall(text):
            found += 1
            known = sections(DESIGN / page) if (DESIGN / page).exists() else None
            wanted = set(re.findall(r"#([\w-]+)", named))
            if known is None or wanted - known:
                missing.append(f"{file}: docs/design/{page} {wanted - (known or set()) or ''}")
    assert missing == []
    assert found > 10


def test_links_within_the_documentation_lead_to_sections_that_exist() -> None:
    for file, text in texts():
        if not file.endswith(".md"):
            continue
        for target, section in re.findall(r"\]\(([^)#:]*)#([^)]+)\)", text):
            page = (ROOT / file).parent / target if target else ROOT / file
            assert section in sections(page), f"{file} -> {target}#{section}"


def test_nothing_names_a_page_so_that_it_cannot_be_found() -> None:
    vague = [
        f"{file}: {found[0]}" for file, text in texts() if not file.endswith(".md") for found in _VAGUE.finditer(text)
    ]
    assert vague == []


@pytest.mark.parametrize("decision", sorted((DESIGN / "decisions").glob("*.md")), ids=lambda page: page.stem)
def test_a_decision_says_its_context_choice_and_consequence(decision: Path) -> None:
    text = decision.read_text("utf-8")
    assert re.findall(r"^\*\*(\w+)\.\*\*", text, re.MULTILINE) == ["Context", "Choice", "Consequence"]
    assert len(text.split()) < 250
