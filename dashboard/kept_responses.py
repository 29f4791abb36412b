"""Responses to the browser that Streamlit drops when a page begins to be drawn in the same moment.

A browser that uploads a file first asks where to. If a page is begun anew before the response is on its way,
Streamlit throws it away with what was drawn before, and the upload waits for ever without a word. Owns that seam.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import wraps

from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

RESPONSES = ("file_urls_response", "backend_operation_response")
"""What answers a question of the browser, by Streamlit's own names."""


def keep_responses() -> None:
    """Keep them from now on, in every session of this process. A second call changes nothing."""
    clear = ForwardMsgQueue.clear
    if hasattr(clear, "__wrapped__"):
        return

    @wraps(clear)
    def keeping(
        self: ForwardMsgQueue, retain_lifecycle_msgs: bool = False, fragment_ids_this_run: list[str] | None = None
    ) -> None:
        waiting = [each for each in self._queue if each.WhichOneof("type") in RESPONSES]
        clear(self, retain_lifecycle_msgs, fragment_ids_this_run)
        if retain_lifecycle_msgs:  # otherwise everything has been sent
            self._queue.extend(each for each in waiting if not _among(each, self._queue))

    ForwardMsgQueue.clear = keeping


def _among(message: object, messages: Sequence[object]) -> bool:
    return any(each is message for each in messages)
