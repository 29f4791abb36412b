"""A recorded run as a `Run` again, so that history is read by the same eyes as what is live."""

from __future__ import annotations

from prompts.core.run import Lane, Run
from prompts.core.targets import Target
from prompts.record.rows import StoredCompletion, StoredRun

UNASKED = "Not asked: Collate ended before its turn came."
LOST = "Collate ended before this answer did. It may have been charged."


def from_record(stored: StoredRun) -> Run:
    """The run as it was; a lane that was never finished keeps the text it had."""
    return Run(
        stored.prompt, [_lane(row) for row in stored.completions], stored.source, stored.settings, stored.id,
        stored.created_at, stored.attachments, stored.link, stored.fair, stored.local_only,
        stored.person or "", stored.keeps,
    )  # fmt: skip


def _lane(row: StoredCompletion) -> Lane:
    target = Target(row.provider, row.model, row.settings)
    lane = Lane(target, row.position, row.cell, row.repeat, row.id, row.history, row.follows)
    done = row.completion
    lane.attempt = done.attempts[-1].number if done and done.attempts else row.asked
    lane.text_parts, lane.thinking_parts = [row.text], [row.thinking]
    lane.spent = tuple(earlier.cost for earlier in row.earlier)
    lane.completion, lane.adjustments = done, done.adjustments if done else ()
    lane.marks, lane.tags = row.marks, row.tags
    lane.state = "waiting" if row.state == "queued" else row.state
    lane.interrupted_at = row.interrupted_at
    if lane.interrupted_at is not None:
        lane.note = LOST if lane.attempt else UNASKED
    if lane.live:
        lane.note = "Another Collate is asking this one now. Reload to see what has arrived since."
    return lane
