"""The README and docs/ say everything that can be set, and nothing that is not there."""

from __future__ import annotations

import argparse
import re
import shlex
import shutil
import sysconfig
import tomllib
from datetime import date
from pathlib import Path

import pytest

from dashboard.results.columns import COLUMNS
from prompts.cli.main import parser
from prompts.core.answer import LIVE
from prompts.core.format import STATES
from providers.config.configuration import load
from providers.config.connections import ENVIRONMENT, PRESETS
from providers.config.host_row import DEADLINE_VARIABLES
from providers.interface import EFFORTS

ROOT = Path(__file__).resolve().parent.parent
BIN = sysconfig.get_path("scripts")
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
# What a user or an administrator writes, and a name of what git does not keep.
NOT_OURS = {".streamlit/config.toml", ".streamlit/secrets.toml"}
README = (ROOT / "README.md").read_text("utf-8")
# What a user reads; what is for contributors does not count as telling.
USERS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
DOCUMENTATION = "\n".join(page.read_text("utf-8") for page in USERS)
CONFIGURATION = (ROOT / "docs" / "configuration.md").read_text("utf-8")
OURS = (
    "COLLATE_CONFIG",
    "COLLATE_PRICES",
    "COLLATE_PROXY",
    "COLLATE_DATABASE_URL",
    "COLLATE_OPENAI_API",
    "COLLATE_PROMPTS",
    "COLLATE_LOGS",
    "COLLATE_WAIT_FOR_ANSWERS_S",
    "COLLATE_METRICS",
    "COLLATE_METRICS_TOKEN",
)


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
    setup = load({"COLLATE_CONFIG": str(file), "LAB_KEY": "k" * 8, "GATEWAY_KEY": "gateway-key-1"}, secrets={})
    assert {"vllm", "lab", "work"} <= set(setup.connections)
    assert setup.connections["work"].api == "responses"
    assert setup.deadlines.call_s == 1800


def test_the_price_example_can_be_followed(tmp_path: Path) -> None:
    from providers.catalogue.own_prices import read_overrides

    file = tmp_path / "prices.toml"
    file.write_text(re.findall(r"```toml\n(.*?)```", CONFIGURATION, re.DOTALL)[1], "utf-8")
    assert list(read_overrides(file)) == ["lab:flux-*", "lab:*"]


def test_the_short_map_names_folders_that_exist() -> None:
    named = re.findall(r"^(\w+)/ {2,}", README, re.MULTILINE)
    assert named == ["providers", "prompts", "dashboard", "docs", "tests"]
    assert [name for name in named if not (ROOT / name).is_dir()] == []


def test_the_map_of_the_architecture_has_every_room_and_no_other() -> None:
    page = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    (block,) = re.findall(r"^```text\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    rooms: dict[str, set[str]] = {}
    for indent, name in re.findall(r"^( *)([\w]+)/", block, re.MULTILINE):
        if not indent:
            rooms[folder := name] = set()
        else:
            rooms[folder].add(name)
    there = {folder: {each.name for each in (ROOT / folder).iterdir() if is_room(each)} for folder in rooms}
    assert rooms == there


def is_room(path: Path) -> bool:
    return (
        path.is_dir()
        and not path.name.startswith((".", "__"))
        and any("__pycache__" not in each.parts for each in path.rglob("*.*"))
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_file_that_is_named_exists(page: Path) -> None:
    named = re.findall(
        r"`((?:dashboard|docs|prompts|providers|tests|\.ci|\.github|\.streamlit)/[\w./-]*)`", page.read_text("utf-8")
    )
    assert [name for name in named if "NAME" not in name and name not in NOT_OURS and not (ROOT / name).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_pictures_and_linked_files_exist(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", page.read_text("utf-8"))
    assert [link for link in links if "://" not in link and not (page.parent / link).exists()] == []


def test_the_readme_leads_to_every_page_for_users() -> None:
    linked = re.findall(r"\]\((docs/[^/)#]+\.md)\)", README)
    assert set(linked) == {page.relative_to(ROOT).as_posix() for page in (ROOT / "docs").glob("*.md")}


def test_the_readme_fits_on_two_screens() -> None:
    assert len(README.splitlines()) <= 80
    assert len(README.split()) <= 900


def commands_in(page: Path) -> list[list[str]]:
    """Our own commands in the page's blocks of code, in words; comments and redirections are left out."""
    blocks = re.findall(r"^```(\w*)\n(.*?)^```", page.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    lines = [line for language, block in blocks if not language for line in block.splitlines()]
    texts = [text.strip() for line in lines for text in line.split(" && ")]
    ours = [text for text in texts if re.match(r"make |collate |\.venv/bin/", text)]
    return [shlex.split(text.partition(" <")[0], comments=True) for text in ours]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_command_of_ours_can_be_followed(page: Path) -> None:
    targets = re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    for words in commands_in(page):
        program = words[0].removeprefix(".venv/bin/")
        if program == "collate":
            parser().parse_args(words[1:])
        elif program == "make":
            assert words[1] in targets
        elif words[0] != program:
            assert shutil.which(program, path=BIN), words


def test_the_secrets_example_names_every_key() -> None:
    example = tomllib.loads((ROOT / ".streamlit" / "secrets.toml.example").read_text("utf-8"))
    needed = {preset.key_variable for preset in PRESETS.values() if preset.key_variable and preset.needs_key}
    assert set(example) == needed


def test_the_changelog_begins_with_this_version_and_its_day() -> None:
    headings = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    released = [heading for heading in headings if heading != "Unreleased"]
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    found = re.fullmatch(r"(\S+) \((\d{4}-\d{2}-\d{2})\)", released[0])
    assert found
    assert found[1] == version
    assert date.fromisoformat(found[2]) >= date(2026, 11, 28)


def test_ci_does_what_is_done_by_hand() -> None:
    assert (ROOT / ".ci" / "run").read_text("utf-8").rstrip().endswith("exec make test")
    workflow = (ROOT / ".github" / "workflows" / "tests.yml").read_text("utf-8")
    assert re.findall(r"^ +run: (?!choco)(.+)$", workflow, re.MULTILINE) == [".ci/run"]
    assert all(re.search(r"@[0-9a-f]{40} # v", use) for use in re.findall(r"uses: .+", workflow))


def test_every_promise_names_tests_that_are_there() -> None:
    rows = re.findall(r"^\| (.+) \| (`tests/.+`|[^|]*) \|$", (ROOT / "SECURITY.md").read_text("utf-8"), re.MULTILINE)
    promises = {promise: re.findall(r"`(tests/[^`]+)`", named) for promise, named in rows if promise != "promise"}
    assert len(promises) > 30
    assert [promise for promise, named in promises.items() if not named] == []
    assert [each for named in promises.values() for each in named if not (ROOT / each).is_file()] == []
