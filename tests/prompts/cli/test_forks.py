"""A command in a fork is the command as a process of its own."""

from __future__ import annotations

import pytest

NEW = ("-B",)
"""An option that changes nothing here, but makes an interpreter begin anew."""


@pytest.mark.parametrize(
    "arguments",
    [("--version",), ("ask",), ("ask", " "), ("show", "zz"), ("models", "builtin"), ("ask", "-", "-m", "nobody:x")],
    ids=" ".join,
)
def test_it_says_the_same_and_ends_the_same(collate, arguments: tuple[str, ...]) -> None:
    fork, process = (collate(*arguments, typed="é\n", options=options) for options in ((), NEW))
    assert (fork.returncode, fork.stdout, fork.stderr) == (process.returncode, process.stdout, process.stderr)


def test_nothing_of_one_command_is_left_for_the_next(collate) -> None:
    with_a_key = collate("check", "openai", "--json", OPENAI_API_KEY="x" * 20, OPENAI_BASE_URL="http://127.0.0.1:9/v1")
    without = collate("check", "openai", "--json")
    assert "OPENAI_API_KEY is not set" not in with_a_key.stdout
    assert "OPENAI_API_KEY" in without.stdout
