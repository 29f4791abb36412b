"""Runs one Python function of the user's on answers, in a process of its own that may hang, die or use too much.

Started with `python -I`, so it imports nothing of Collate. Each line of standard input is a JSON document, answered by
one on standard output: first the source, then an answer with its case at a time. What the function prints is dropped.
"""

from __future__ import annotations

import inspect
import json
import math
import os
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import Any

FILE = "<check>"
LONGEST = 300
"""The most characters of a reason."""
_RETURN = "Return True, False, a number from 0 to 1, or one of these and a reason."


def main(most_memory: str) -> None:
    """Answer each line until there are no more."""
    _bound(int(most_memory))
    lines, out = os.fdopen(os.dup(0), encoding="utf-8"), os.fdopen(os.dup(1), "w", encoding="utf-8")
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nothing, stream)
    told, check = _loaded(json.loads(lines.readline())["source"])
    print(json.dumps(told), file=out, flush=True)
    for line in lines:
        if check is not None:
            asked = json.loads(line)
            print(json.dumps(found(check, asked["answer"], asked["case"])), file=out, flush=True)


def _bound(most_memory: int) -> None:
    if sys.platform == "win32":
        return
    import resource

    with suppress(ValueError, OSError):  # a system without such a limit, or with a lower one
        resource.setrlimit(resource.RLIMIT_DATA, (most_memory, most_memory))


def _loaded(source: str) -> tuple[dict[str, Any], Callable[..., object] | None]:
    names: dict[str, Any] = {"__name__": "check"}
    try:
        exec(compile(source, FILE, "exec"), names)  # noqa: S102 -- the user's own file, as they agreed to
    except BaseException as exc:  # noqa: BLE001 -- whatever it raises, its message is what helps
        return {"problem": _message(exc)}, None
    return {}, names["check"]


def found(check: Callable[..., object], answer: str, case: dict[str, str]) -> dict[str, Any]:
    """What the function says of an answer: `passed` or `score`, and `reason`; neither of the first two: no verdict."""
    try:
        alone = len(inspect.signature(check).parameters) == 1
        return _read(check(answer) if alone else check(answer, case))
    except AssertionError as exc:
        return {"passed": False, "reason": _message(exc) if str(exc) else f"An assertion failed{_line(exc)}."}
    except BaseException as exc:  # noqa: BLE001 -- a fault of the check is told, and is no failure of the answer
        return {"reason": f"The function failed: {_message(exc)}"}


def _read(result: object) -> dict[str, Any]:
    reason = ""
    if isinstance(result, tuple) and len(result) == 2:  # pyright: ignore[reportUnknownArgumentType]
        result, said = result  # pyright: ignore[reportUnknownVariableType]
        reason = str(said)[:LONGEST]  # pyright: ignore[reportUnknownArgumentType]
    if isinstance(result, bool):
        return {"passed": result, "reason": reason}
    if isinstance(result, int | float) and math.isfinite(result) and 0 <= result <= 1:
        return {"score": float(result), "reason": reason}
    shown = repr(result)  # pyright: ignore[reportUnknownArgumentType]
    return {"reason": f"The function returned {shown[:80]}. {_RETURN}"}


def _message(exc: BaseException) -> str:
    text = str(exc)[:LONGEST]
    return f"{type(exc).__name__}{_line(exc)}{f': {text}' if text else ''}"


def _line(exc: BaseException) -> str:
    own = [each.lineno for each in traceback.extract_tb(exc.__traceback__) if each.filename == FILE]
    return f" in line {own[-1]}" if own else ""


if __name__ == "__main__":
    main(*sys.argv[1:])
