"""Records changes of a server's settings in the audit trail:
what it keeps, who administers it, limits of calls and money."""

from __future__ import annotations

import logging
import platform

from prompts.history.archive import Archive
from prompts.record import trail
from prompts.record.recorder import RecordError
from providers.config.configuration import Configuration

log = logging.getLogger("collate")


def note_settings(archive: Archive, configuration: Configuration) -> None:
    """Record the settings in force at the start of this server. Does nothing if the record is read-only."""
    rules, team = configuration.record, configuration.team
    what: trail.What = {
        "server": platform.node(), "keep": rules.keep, "keep_days": rules.keep_days,
        "administrators": list(team.admins), "calls_per_person": team.calls_per_person,
        "calls_per_session": team.calls_per_session,
        "usd_per_day": None if team.usd_per_day is None else str(team.usd_per_day),
    }  # fmt: skip
    try:
        archive.write(lambda connection: trail.settings_in_force(connection, what))
    except RecordError as exc:
        log.info("the settings in force could not be noted: %s", exc)
