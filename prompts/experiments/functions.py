"""Runs the Python functions among the checks of an experiment, each in a process of its own with limits.

A function that raises, hangs or ends its process gives no verdict, with the reason; that is no failure of the answer.
It sees no variables of the environment that could hold keys.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from contextlib import suppress
from typing import Any

from prompts.core.child_process import python
from prompts.core.format import seconds
from prompts.core.printable import printable
from prompts.experiments import function_process, judge_store
from prompts.experiments.asked import AskedCell
from prompts.experiments.cell_reading import of_cells
from prompts.experiments.checks.check import Check, Finding, negated
from prompts.experiments.checks.function import functions
from prompts.experiments.checks.kinds import Verdict, combined
from prompts.experiments.plan import Plan, PlanError
from prompts.experiments.rechecking import note_verdicts
from prompts.history.archive import Archive

LIMIT_S = 10.0
"""Seconds that a function may take for one answer."""
LOAD_S = 60.0
"""Seconds that its file may take to be loaded, with all that it imports."""
MOST_MEMORY = 2**30
"""Bytes of memory."""
MOST_IN_A_ROW = 3
"""After so many answers in a row at which it hung or ended its process, it is run on no other."""
AT_ONCE = 200
PASSES_FROM = 0.5
"""The score from which an answer passes if the check says nothing else."""
_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "USERPROFILE")


class FunctionError(Exception):
    """Its file could not be loaded, or the process hung or ended; the message says which."""


class Function:
    """One check's function, in a process that is started when it is first needed."""

    def __init__(self, check: Check, limit_s: float = LIMIT_S) -> None:
        self._check, self.limit_s = check, limit_s
        self._process: asyncio.subprocess.Process | None = None
        self._lost, self._why = 0, ""

    async def load(self) -> None:
        """Load the file, which runs what is at its top. Raises `FunctionError`."""
        command = python("-I", function_process.__file__, str(MOST_MEMORY))
        environ = {name: os.environ[name] for name in _KEPT if name in os.environ}
        try:
            self._process = await asyncio.create_subprocess_exec(
                *command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL, env=environ, start_new_session=True,
            )  # fmt: skip
        except OSError as exc:
            raise FunctionError(f"its process could not be started: {exc.strerror}.") from None
        if problem := (await self._told({"source": self._check.value}, LOAD_S)).get("problem"):
            await self.close()
            raise FunctionError(problem)

    async def look(self, answer: str, case: dict[str, str]) -> Finding:
        """The finding on an answer."""
        if self._lost == MOST_IN_A_ROW:
            return Finding(None, f"Not run, as on {MOST_IN_A_ROW} answers in a row the function failed: {self._why}")
        try:
            if self._process is None:
                await self.load()
            told = await self._told({"answer": answer, "case": case}, self.limit_s)
        except FunctionError as exc:
            self._lost, self._why = self._lost + 1, str(exc)
            return Finding(None, f"The function failed: {exc}")
        self._lost = 0
        return self._finding(told)

    async def close(self) -> None:
        """End the process and whatever it has started."""
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(ProcessLookupError):
            if sys.platform == "win32":
                process.kill()
            else:
                os.killpg(process.pid, signal.SIGKILL)
        await _status(process)

    async def _told(self, said: dict[str, Any], limit_s: float) -> dict[str, Any]:
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise FunctionError("it is not running.")
        try:
            process.stdin.write(json.dumps(said).encode() + b"\n")
            line = await asyncio.wait_for(process.stdout.readline(), limit_s)
            return json.loads(line)
        except TimeoutError:
            await self.close()
            raise FunctionError(f"it took more than {seconds(limit_s)}.") from None
        except (OSError, ValueError):
            status = await _status(process)
            await self.close()
            how = "" if status is None else f" by signal {-status}" if status < 0 else f" with status {status}"
            raise FunctionError(f"it ended its process{how}.") from None

    def _finding(self, told: dict[str, Any]) -> Finding:
        passed, score, reason = told.get("passed"), told.get("score"), str(told.get("reason") or "")
        if score is not None:
            wanted = PASSES_FROM if self._check.at_least is None else self._check.at_least
            passed, reason = score >= wanted, reason or f"{score:.2f} of {wanted:g} asked for."
        finding = Finding(passed, reason or ("It passes." if passed else "It does not pass."), score=score)
        return negated(finding) if self._check.negated else finding


async def _status(process: asyncio.subprocess.Process) -> int | None:
    """How it ended; `None` if something that it has started keeps its pipes open, which is not waited for."""
    with suppress(TimeoutError):
        await asyncio.wait_for(process.wait(), 1)
    return process.returncode


async def try_out(plan: Plan) -> None:
    """Load each function once before anything is asked. Raises `PlanError` that says what is wrong in which line."""
    for n in functions(plan.checks):
        function = Function(plan.checks[n])
        try:
            await function.load()
        except FunctionError as exc:
            raise PlanError(printable(f"[[check]] {n + 1} (python): its file cannot be loaded. {exc}")) from None
        finally:
            await function.close()


async def apply(archive: Archive, plan_id: str, plan: Plan) -> None:
    """Run the functions on every answer on which they gave no verdict so far. Raises `RecordError`."""
    places = {n: Function(plan.checks[n]) for n in functions(plan.checks)}
    ids = await asyncio.to_thread(archive.read, lambda c: judge_store.answered(c, plan_id))
    try:
        for n in range(0, len(ids), AT_ONCE):
            some = ids[n : n + AT_ONCE]
            asked = await asyncio.to_thread(archive.read, lambda c, some=some: of_cells(c, some, plan))
            found = {each.completion_id: verdict for each in asked if (verdict := await _verdict(plan, places, each))}
            await asyncio.to_thread(archive.write, lambda c, found=found: note_verdicts(c, found))
    finally:
        for function in places.values():
            await function.close()


async def _verdict(plan: Plan, places: dict[int, Function], asked: AskedCell) -> Verdict | None:
    """The answer's verdict with what the functions say; `None` if none of them is to be run on it."""
    if not asked.answered or asked.completion is None or asked.verdict is None or plan.draws:
        return None
    case, findings = dict(plan.values(asked.cell.case)), list(asked.verdict.findings)
    for n, function in places.items():
        when = plan.checks[n].when
        if findings[n].passed is None and (not when or case.get(when, "").strip()):
            findings[n] = await function.look(asked.completion.text, case)
    return combined(plan.checks, findings) if tuple(findings) != asked.verdict.findings else None
