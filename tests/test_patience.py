"""No test measures the machine: none reads a clock, sleeps, or gives what is certain to come a short time to do so.

What is about order is tested with `tests/stepped.py`, what is about work with `tests/counting.py`, what another thread,
process or browser does is awaited by `tests/patience.py`, and what is about speed is in `tests/benchmarks/`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
CLOCKS = {"perf_counter", "perf_counter_ns", "monotonic", "monotonic_ns", "process_time", "process_time_ns"}
LIMITS = {"timeout", "default_timeout", "timeout_s", "timeout_ms"}
WAITS = {"wait_for_timeout", "wait_for", "wait", "join", "timeout", "set_default_timeout", "set_options"}
ALLOWED = {
    "patience.py": "the one place where tests wait",
    "wire/server.py": "notes when its bytes went out, and plays a pace: to a benchmark, to a browser, and without end",
    "browser/answer_grid_runs.py": "answers that are being written while somebody looks",
}
"""By path, with the reason. `tests/benchmarks/` measures, which is what it is for."""


def files() -> list[Path]:
    found = [path for path in TESTS.rglob("*.py") if "benchmarks" not in path.parts]
    return [path for path in found if path.relative_to(TESTS).as_posix() not in ALLOWED]


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _seconds(node: ast.expr) -> float | None:
    """A limit that is written as a number. 0 is none that a slow machine could miss: it passes at once."""
    number = node.value if isinstance(node, ast.Constant) else None
    return number if isinstance(number, int | float) and not isinstance(number, bool) and number > 0 else None


def impatience(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and word of everything that a slow machine could fail."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "time":
            yield from ((node.lineno, name.name) for name in node.names if name.name in CLOCKS | {"time", "sleep"})
        if not isinstance(node, ast.Call):
            continue
        name = _name(node)
        if name in CLOCKS or (name == "sleep" and not (node.args and _is_zero(node.args[0]))):
            yield node.lineno, name
        limits = [word.value for word in node.keywords if word.arg in LIMITS]
        limits += node.args if name in WAITS else []
        if any(_seconds(limit) is not None for limit in limits):
            yield node.lineno, f"{name} with a limit"


def _is_zero(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value == 0


@pytest.mark.parametrize("path", files(), ids=lambda path: path.relative_to(TESTS).as_posix())
def test_no_test_depends_on_how_fast_the_machine_is(path: Path) -> None:
    assert list(impatience(ast.parse(path.read_text("utf-8")))) == []


@pytest.mark.parametrize("path", ALLOWED)
def test_who_is_allowed_still_needs_it(path: str) -> None:
    assert list(impatience(ast.parse((TESTS / path).read_text("utf-8"))))


@pytest.mark.parametrize(
    "line",
    [
        "import time; time.monotonic()", "from time import process_time", "await asyncio.sleep(0.01)",
        "page.wait_for_timeout(300)", "expect(x).to_be_visible(timeout=10_000)", "process.wait(10)", "thread.join(5)",
        "await asyncio.wait_for(task, 20)", "asyncio.timeout(5)", "process.communicate(timeout=20)",
    ],
)  # fmt: skip
def test_impatience_is_seen(line: str) -> None:
    assert list(impatience(ast.parse(f"async def f():\n {line}")))


@pytest.mark.parametrize("line", ["await asyncio.sleep(0)", "process.wait(PATIENCE_S)", "', '.join(x)", "event.wait()"])
def test_patience_is_let_be(line: str) -> None:
    assert not list(impatience(ast.parse(f"async def f():\n {line}")))
