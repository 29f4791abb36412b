"""The README and docs/ say everything that can be set, and nothing that is not there."""

from __future__ import annotations

import argparse
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from dashboard.results.columns import COLUMNS
from prompts.cli.main import parser
from prompts.core.answer import LIVE
from prompts.core.format import STATES
from providers.config.configuration import DEADLINE_VARIABLES, load
from providers.config.connections import ENVIRONMENT, PRESETS
from providers.interface import EFFORTS

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
README = (ROOT / "README.md").read_text("utf-8")
# What a user reads; docs/design/ is for contributors and does not count as telling.
DOCUMENTATION = "\n".join(
    page.read_text("utf-8") for page in PAGES if page.relative_to(ROOT).parts[:2] != ("docs", "design")
)
CONFIGURATION = (ROOT / "docs" / "configuration.md").read_text("utf-8")
OURS = ("COLLATE_CONFIG", "COLLATE_PRICES", "COLLATE_PROXY", "COLLATE_DATABASE_URL", "COLLATE_OPENAI_API")


@pytest.mark.parametrize("name", [*PRESETS, *ENVIRONMENT, *DEADLINE_VARIABLES, *DEADLINE_VARIABLES.values(), *OURS])
def test_every_provider_and_variable_is_documented(name: str) -> None:
    assert re.search(rf"\b{re.escape(name)}\b", DOCUMENTATION)


def commands() -> dict[str, argparse.ArgumentParser]:
    (actions,) = (a for a in parser()._actions if isinstance(a, argparse._SubParsersAction))
    return dict(actions.choices)


def test_every_command_and_option_of_ask_is_documented() -> None:
    options = [option for action in commands()["ask"]._actions for option in action.option_strings]
    wanted = [f"collate {name}" for name in commands()] + [o for o in options if o not in ("-h", "--help", "--model")]
    assert [text for text in wanted if text not in DOCUMENTATION] == []


def test_every_effort_is_documented() -> None:
    assert ", ".join(EFFORTS) in DOCUMENTATION


def test_every_measured_column_is_defined() -> None:
    meanings = (ROOT / "docs" / "metrics.md").read_text("utf-8").lower()
    measured = [column.header.lower() for column in COLUMNS if column.best]
    assert [header for header in measured if f"| {header} |" not in meanings] == []


def test_every_way_an_answer_can_end_is_documented() -> None:
    labels = [label for state, (label, _) in STATES.items() if state not in LIVE]
    assert [label for label in labels if label not in DOCUMENTATION] == []


def test_the_configuration_example_can_be_followed(tmp_path: Path) -> None:
    example = re.findall(r"```toml\n(.*?)```", CONFIGURATION, re.DOTALL)[0]
    file = tmp_path / "collate.toml"
    file.write_text(example, "utf-8")
    setup = load({"COLLATE_CONFIG": str(file), "LAB_KEY": "k" * 8}, secrets={})
    assert {"vllm", "lab", "work"} <= set(setup.connections)
    assert setup.connections["work"].api == "responses"
    assert setup.deadlines.call_s == 600


def test_the_price_example_can_be_followed(tmp_path: Path) -> None:
    from providers.catalogue.pricing import read_overrides

    file = tmp_path / "prices.toml"
    file.write_text(re.findall(r"```toml\n(.*?)```", CONFIGURATION, re.DOTALL)[1], "utf-8")
    assert list(read_overrides(file)) == ["lab:*"]


def test_the_file_map_names_folders_that_exist() -> None:
    block = README.rpartition("```\nproviders/")[2]
    assert all((ROOT / name).is_dir() for name in ("providers", *re.findall(r"^(\w+)/", block, re.MULTILINE)))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_pictures_and_linked_files_exist(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", page.read_text("utf-8"))
    assert [link for link in links if "://" not in link and not (page.parent / link).exists()] == []


def test_the_readme_leads_to_every_page_for_users() -> None:
    linked = re.findall(r"\]\((docs/[^)#]+\.md)\)", README)
    assert set(linked) == {page.relative_to(ROOT).as_posix() for page in (ROOT / "docs").glob("*.md")}


def test_the_readme_fits_on_two_screens() -> None:
    assert len(README.splitlines()) <= 80
    assert len(README.split()) <= 900


def test_every_make_target_of_the_readme_exists() -> None:
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for target in re.findall(r"\bmake (run|test|check|help|clean)\b", README):
        assert re.search(rf"^{target}\b", listed, re.MULTILINE)


def test_the_secrets_example_names_every_key() -> None:
    example = tomllib.loads((ROOT / ".streamlit" / "secrets.toml.example").read_text("utf-8"))
    needed = {preset.key_variable for preset in PRESETS.values() if preset.key_variable and preset.needs_key}
    assert set(example) == needed
