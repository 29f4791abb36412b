"""The text between its arrival and the disk."""

from __future__ import annotations

import gc

from prompts.record.text_buffer import Arrivals


def test_attempts_may_begin_at_any_moment_while_text_is_gathered() -> None:
    arrivals, begun = Arrivals("me"), list[str]()

    def begin(*_: object) -> None:
        """As the event loop may, whenever the collector lets it run."""
        begun.append(f"attempt {len(begun)}")
        arrivals.open(begun[-1], "completion")

    for _ in range(20):
        begin()
        arrivals.add(begun[-1], "text", "text")
    before = gc.get_threshold()
    gc.callbacks.append(begin)
    gc.set_threshold(1)
    try:
        job = arrivals.job()
    finally:
        gc.set_threshold(*before)
        gc.callbacks.remove(begin)
    assert job is not None
    assert len(begun) > 20
