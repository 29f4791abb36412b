"""Finds what a run would send out of this network that seems private.

Owns what counts as sent already: in texts that accompany a prompt (its system prompt and earlier turns) only what was
not sent to the same place earlier in the conversation is reported. The prompt itself is always searched. Answers are
not: what they repeat is in the turn that they answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from prompts.core.conversation import MOST_TURNS
from prompts.core.plan import Plan
from prompts.core.run import Run
from prompts.core.targets import Target
from prompts.privacy.sensitive_text import Finding, scan
from providers.config.connections import Connection
from providers.interface import Message

Connections = Mapping[str, Connection]
Find = Callable[[str], Run | None]


@dataclass(frozen=True, slots=True)
class Leaving:
    """What was found that seems private, by where it could be changed."""

    typed: tuple[Finding, ...] = ()
    """In what is being typed."""
    on_record: tuple[Finding, ...] = ()
    """In what is sent again because it was asked before."""

    def __bool__(self) -> bool:
        return bool(self.typed or self.on_record)


def leaving(plan: Plan, connections: Connections, find: Find, typed: Iterable[str]) -> Leaving:
    """What seems private in what `plan` would send to remote places. `typed`: the texts it was made from.

    Raises what `find` raises.
    """
    going = _texts([plan], connections)
    if not going:
        return Leaving()
    secrets = cache(_secrets)  # columns often have the same texts
    sent = {place: _all(map(secrets, texts)) for place, texts in _texts(_before(plan, find), connections, True).items()}
    found = dict(secrets(plan.prompt))
    for place, texts in going.items():
        known = sent.get(place, {})
        found |= {secret: each for secret, each in _all(map(secrets, texts)).items() if secret not in known}
    here = _all(map(secrets, typed))
    return Leaving(
        tuple(each for secret, each in found.items() if secret in here),
        tuple(each for secret, each in found.items() if secret not in here),
    )


def _texts(plans: Iterable[Plan], connections: Connections, prompts: bool = False) -> dict[str, list[str]]:
    """For each remote place the texts sent along with prompts, and if `prompts` the prompts too; each text once."""
    found: dict[str, dict[str, None]] = {}
    for plan in plans:
        for target, history, answered_at in _asked(plan):
            connection = connections.get(target.provider)
            if connection is None or connection.stays_local(target.model):
                continue  # there is nobody to send it to, or it stays here
            texts = [target.settings.system or "", *(m.text for m in history if m.role == "user")]
            place = found.setdefault(answered_at or connection.endpoint, {})
            place.update(dict.fromkeys([*texts, *([plan.prompt] if prompts else [])]))
    return {place: list(texts) for place, texts in found.items()}


def _asked(plan: Plan) -> Iterator[tuple[Target, tuple[Message, ...], str | None]]:
    """(target, earlier turns, address that answered or `None`) for each cell."""
    if isinstance(plan, Run):
        for answer in plan.answers:
            yield answer.target, answer.history, answer.completion.endpoint if answer.completion else None
    else:
        yield from ((cell.target, cell.history, None) for cell in plan.cells)


def _before(plan: Plan, find: Find) -> Iterator[Run]:
    """The runs that it derives from, newest first."""
    current = plan
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
