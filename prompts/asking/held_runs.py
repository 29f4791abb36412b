"""The runs in memory, by id: all that are being asked, and the most recent of the others."""

from __future__ import annotations

import threading
from collections import OrderedDict

from prompts.core.run import Run

KEPT_RUNS = 200
"""How many finished runs stay in memory; older ones are read from the record."""
WITH_PICTURES = 4
"""How many of them keep their pictures in memory too; pictures of older runs are read from the record one by one."""


class HeldRuns:
    """The runs that one process holds in memory. Every method may be called from any thread."""

    def __init__(self) -> None:
        self._runs: OrderedDict[str, Run] = OrderedDict()
        self._lock = threading.Lock()  # each page is drawn in a thread of its own, and keeps what it reads

    def held(self, run_id: str) -> Run | None:
        """The run with that id if it is in memory, else `None`."""
        return self._runs.get(run_id)

    @property
    def all_held(self) -> tuple[Run, ...]:
        """Every run in memory at present, the most recently kept last."""
        with self._lock:
            return tuple(self._runs.values())

    @property
    def under_way(self) -> int:
        """How many answers are being asked at present."""
        return sum(each.now.live for run in self.all_held for each in run.live)

    def keep(self, run: Run) -> Run:
        """Hold a run in memory, which may push out the oldest finished one."""
        with self._lock:
            self._runs[run.id] = run
            self._runs.move_to_end(run.id)
            finished = [each for each in self._runs.values() if each.finished]
            for old in finished[: max(0, len(self._runs) - KEPT_RUNS)]:
                del self._runs[old.id]
        self._let_go_of_pictures()
        return run

    def _let_go_of_pictures(self) -> None:
        drawn = [r for r in self.all_held if r.finished and any(each.now.contents for each in r.live)]
        for old in drawn[:-WITH_PICTURES]:
            if old.keeps == "everything":
                for each in old.live:
                    each.change(contents={})

    def drop(self, run_id: str) -> None:
        """Remove a run from memory, so that it is read afresh from the record."""
        with self._lock:
            self._runs.pop(run_id, None)
