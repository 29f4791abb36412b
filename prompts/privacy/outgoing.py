"""What of a run leaves this network and seems private.

Owns what counts as said already: what goes along with a prompt, its system prompt and the turns before it, is
found only where the place that it goes to has not been sent it earlier in the same conversation. The prompt
itself is always read. Answers are not: what they repeat stands in the turn that they answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from prompts.core.conversation import MOST_TURNS
from prompts.core.run import Run
from prompts.privacy.sensitive_text import Finding, scan
from providers.config.connections import Connection

Connections = Mapping[str, Connection]
Find = Callable[[str], Run | None]


@dataclass(frozen=True, slots=True)
class Leaving:
    """What asks for a second thought, by where it could be changed."""

    typed: tuple[Finding, ...] = ()
    """In what is typed now."""
    on_record: tuple[Finding, ...] = ()
    """In what goes along as it was asked before."""

    def __bool__(self) -> bool:
        return bool(self.typed or self.on_record)


def leaving(run: Run, connections: Connections, find: Find, typed: Iterable[str]) -> Leaving:
    """Read what `run` would send far away. `typed`: the texts it was planned from. Raises what `find` raises."""
    going = _texts([run], connections)
    if not going:
        return Leaving()
    secrets = cache(_secrets)  # columns share their texts
    sent = {place: _all(map(secrets, texts)) for place, texts in _texts(_before(run, find), connections, True).items()}
    found = dict(secrets(run.prompt))
    for place, texts in going.items():
        known = sent.get(place, {})
        found |= {secret: each for secret, each in _all(map(secrets, texts)).items() if secret not in known}
    here = _all(map(secrets, typed))
    return Leaving(
        tuple(each for secret, each in found.items() if secret in here),
        tuple(each for secret, each in found.items() if secret not in here),
    )


def _texts(runs: Iterable[Run], connections: Connections, prompts: bool = False) -> dict[str, list[str]]:
    """By distant place what goes along with the prompts there, and with `prompts` these too; each text once."""
    found: dict[str, dict[str, None]] = {}
    for run in runs:
        for lane in run.lanes:
            connection = connections.get(lane.target.provider)
            if connection is None or connection.stays_local(lane.target.model):
                continue  # nobody to send it to, or it stays here
            place = lane.completion.endpoint if lane.completion else connection.endpoint
            texts = [lane.target.settings.system or "", *(m.text for m in lane.history if m.role == "user")]
            found.setdefault(place, {}).update(dict.fromkeys([*texts, *([run.prompt] if prompts else [])]))
    return {place: list(texts) for place, texts in found.items()}


def _before(run: Run, find: Find) -> Iterator[Run]:
    """The runs that it comes out of, newest first."""
    current = run
    for _ in range(MOST_TURNS):
        earlier = find(current.link.run_id) if current.link else None
        if earlier is None:
            return
        yield earlier
        current = earlier


def _secrets(text: str) -> Mapping[str, Finding]:
    return {text[finding.start : finding.end]: finding for finding in scan(text)}


def _all(found: Iterable[Mapping[str, Finding]]) -> dict[str, Finding]:
    return {secret: finding for each in found for secret, finding in each.items()}
