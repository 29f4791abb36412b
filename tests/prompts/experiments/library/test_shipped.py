"""What Collate ships: every prompt can be used as it is, and every task has one."""

from __future__ import annotations

from collections import Counter

import pytest

from prompts.experiments.holes import holes
from prompts.experiments.library.prompt import TASKS, Version, is_key
from prompts.experiments.library.prompt_file import read_version, write_version
from prompts.experiments.library.shipped import shipped

EVERY = list(shipped().values())


def test_there_are_two_dozen_and_every_task_has_one() -> None:
    tasks = Counter(version.prompt.task for version in EVERY)
    assert len(EVERY) >= 24
    assert set(tasks) == set(TASKS)


@pytest.mark.parametrize("version", EVERY, ids=lambda version: version.key)
def test_its_sample_cases_fill_its_holes_and_differ(version: Version) -> None:
    prompt = version.prompt
    assert is_key(version.key)
    assert prompt.holes
    filled = [prompt.filled(sample) for sample in prompt.samples]
    assert len(filled) >= 3
    assert len(set(filled)) == len(filled)
    columns = {name for sample in prompt.samples for name in sample}
    assert columns - set(prompt.holes) <= {"expected"}
    assert all(value.strip() for sample in prompt.samples for value in sample.values())


@pytest.mark.parametrize("version", EVERY, ids=lambda version: version.key)
def test_it_reads_well_and_is_written_back_as_it_is(version: Version) -> None:
    prompt = version.prompt
    assert prompt.prompt == prompt.prompt.strip()
    assert prompt.system is None or prompt.system == prompt.system.strip()
    assert not [name for name in holes(prompt.prompt) if name != name.lower()]
    assert read_version(write_version(version), version.key, "again", own=False) == version
