"""Keeps responses to the browser that Streamlit drops when a page begins to be redrawn at the same moment.

A browser that uploads a file first asks for an address. If the page begins to be redrawn before that response is on
its way, Streamlit discards it with the rest of the old page, and the upload waits for ever without an error.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import wraps

from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

RESPONSES = ("file_urls_response", "backend_operation_response")
"""The types of messages that answer a request of the browser, as Streamlit names them."""


def keep_responses() -> None:
    """Patch Streamlit so that these are kept, in every session of this process. A second call changes nothing."""
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
