"""Our own routes: live answers, files, health, counts. Imported behind `later.py`, because they need the engine."""

from __future__ import annotations

from weakref import WeakValueDictionary

from starlette.routing import Route

from dashboard import counts_page, health
from dashboard.answer_grid import offered_files, offered_pictures, sse
from dashboard.answer_grid.view import RunView, parse_view_id
from dashboard.engine import engine
from dashboard.exports import offers
from prompts.core.combined_run import GatheringError
from prompts.record.recorder import RecordError

# Weak references, because a view holds its run: a view that nobody looks at must not keep a run in memory.
_views: WeakValueDictionary[str, RunView] = WeakValueDictionary()


def find_view(name: str) -> RunView | None:
    """The view that a `view.view_id` names, or `None`; one object for all who look at it, so they share its drawing."""
    run_id, repeat = parse_view_id(name)
    try:
        run = engine().find(run_id)
    except (RecordError, GatheringError):
        return None
    if run is None:
        return None
    view = _views.get(name)
    if view is None or view.run is not run:
        view = _views[name] = RunView(run, engine().configuration.connections, repeat)
    return view


def find_picture(digest: str) -> bytes | None:
    """The bytes of a recorded picture, by its digest; `None` if there is none."""
    return engine().picture(digest)


def routes() -> list[Route]:
    """All of them."""
    return [
        *sse.routes(find_view, find_picture),
        *offers.routes(),
        *offered_pictures.routes(find_picture),
        *offered_files.routes(),
        *health.routes(engine),
        *counts_page.routes(engine),
    ]
