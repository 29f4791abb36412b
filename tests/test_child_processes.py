"""No Python process that we start has the current folder on its import path."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from prompts.core.child_process import python

ROOT = Path(__file__).resolve().parent.parent
OURS = ("dashboard", "prompts", "providers", "tests")
# Not the start of a process: the folder of the installed programs.
_START = re.compile(r"(?<!Path\()sys\.executable(?!, \"-P\")")


def test_only_one_place_says_how_python_is_started() -> None:
    files = [file for folder in OURS for file in (ROOT / folder).rglob("*.py") if file != Path(__file__)]
    assert len(files) > 100
    wrong = [str(file.relative_to(ROOT)) for file in files if _START.search(file.read_text("utf-8"))]
    assert wrong == []


@pytest.mark.parametrize("how", [("-c", "import prompts.core.child_process"), ("-m", "prompts.core.child_process")])
def test_files_in_the_current_folder_are_not_imported(how: tuple[str, str], tmp_path: Path) -> None:
    (tmp_path / "prompts").mkdir()
    (tmp_path / "prompts" / "__init__.py").write_text("raise SystemExit('theirs')")
    done = subprocess.run(python(*how), cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
