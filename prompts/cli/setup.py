"""Loads the configuration for a command: mistakes are reported on standard error, and the valid rest is used."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from prompts.core.printable import printable
from prompts.observing import logs
from providers.catalogue.pricing import Pricer
from providers.config import configuration
from providers.config.configuration import Configuration, ConfigurationError
from providers.config.connections import Connection


def load() -> Configuration:
    """The configuration in force; prints its mistakes."""
    setup = configuration.load()
    logs.set_up(setup.telemetry)
    for mistake in setup.mistakes:
        say(mistake)
    return setup


def pricer(setup: Configuration) -> Pricer:
    """The pricer for that configuration; prints why the user's own prices cannot be read."""
    found = Pricer(setup.connections, setup.prices)
    if found.problem is not None:
        say(f"{found.problem} Costs are unknown until then.")
    return found


def check_asked(setup: Configuration, asked: Iterable[Connection]) -> None:
    """Print what changed in the addresses and keys used.

    Raises `ConfigurationError` if a mistake concerns one of them.
    """
    connections = list(dict.fromkeys(asked))
    for note in dict.fromkeys(note for connection in connections for note in connection.notes):
        say(note)
    stopped = [connection.name for connection in connections if connection.problem in setup.mistakes]
    if stopped:
        raise ConfigurationError(f"{', '.join(stopped)} cannot be asked until that is corrected. Nothing was sent.")


def say(sentence: str) -> None:
    """Print to standard error, escaped, as the sentence may quote a file."""
    print(f"collate: {printable(sentence)}", file=sys.stderr)
