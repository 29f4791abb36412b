"""The audit trail as CSV for a spreadsheet, oldest entry first."""

from __future__ import annotations

import csv
import io
import json

from prompts.core.csv_safety import LINE_END, MARK, defused
from prompts.history.archive import Archive
from prompts.record.rights import OPERATOR, Actor
from prompts.record.trail import Entry

_COLUMNS = ("number", "at", "person", "role", "act", "what")
_AT_ONCE = 1000


def everything(archive: Archive, by: Actor = OPERATOR) -> list[Entry]:
    """All entries, oldest first. Raises `NotAllowedError` and `RecordError`."""
    found: list[Entry] = []
    while older := archive.trail(_AT_ONCE, by, found[-1].number if found else None):
        found += older
    return found[::-1]


def trail_csv(archive: Archive, by: Actor = OPERATOR) -> str:
    """One row per entry; times in UTC, details as JSON. Raises `NotAllowedError` and `RecordError`."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=LINE_END)
    writer.writerow(_COLUMNS)
    for each in everything(archive, by):
        what = json.dumps(each.what, ensure_ascii=False)
        row = each.at.isoformat(), each.person, "administrator" if each.admin else "member", each.act, what
        writer.writerow((each.number, *map(defused, row)))
    return MARK + out.getvalue()
