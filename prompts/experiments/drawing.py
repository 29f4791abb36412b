"""Experiments with pictures: what a plan must not mix, and which judges can see pictures. Pure.

Owns the messages. A model that is not known is let through: its provider has the last word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from prompts.core.targets import Target
from prompts.experiments.checks.check import Check
from prompts.experiments.checks.judge import KINDS_OF_JUDGE, PAIR, RUBRIC
from providers.catalogue.catalogue import find
from providers.catalogue.modalities import source, takes
from providers.files.kinds import PNG

Told = Mapping[str, Sequence[str]]
"""For each judge, the capabilities that its server reports."""
_TWO = "Make two experiments, one of pictures and one of text: only answers of one kind can be compared."


def problems(targets: Sequence[Target], checks: Sequence[Check]) -> list[str]:
    """Why pictures cannot be asked for or judged as planned, in sentences; empty if they can."""
    drawing = [target for target in targets if target.settings.picture is not None]
    asked = {target: target.settings.picture is not None for target in targets}
    wrong = [target for target, draws in asked.items() if _draws(target) is (not draws)]
    if drawing and len(drawing) < len(targets):
        plain = [target for target in targets if target.settings.picture is None]
        return [f"{_names(drawing)} would be asked for pictures, {_names(plain)} for text. {_TWO}"]
    if wrong and len(wrong) < len(targets) and any(_draws(each) is not None for each in targets if each not in wrong):
        painters = [target for target in targets if _draws(target)]
        writers = [target for target in targets if _draws(target) is False]
        return [f"{_draw(painters)} pictures, {_write(writers)} text. {_TWO}"]
    found: list[str] = []
    if wrong and drawing:
        found.append(f"{_write(wrong)} text and no pictures. Take models that draw, or ask for text.")
    elif wrong:
        found.append(
            f"{_draw(wrong)} pictures. Ask for them: choose Images on the page, or write [settings.picture] in the "
            'file, with nothing below it or with a size, such as size = "1024x1024".'
        )
    return [*found, *(_judging(checks) if drawing else ())]


def _judging(checks: Sequence[Check], told: Mapping[str, Sequence[str]] = {}) -> Iterator[str]:
    for n, check in enumerate(checks, 1):
        if check.kind == PAIR:
            yield f"Check {n}, {PAIR}: it compares texts. Judge pictures by a rubric ({RUBRIC})."
        elif check.kind in KINDS_OF_JUDGE:
            yield from (
                f"Check {n}, {check.kind}: {name.strip()} cannot see pictures ({why}). Name a judge that can."
                for name in check.values
                if (why := blind(name, told.get(name.strip())))
            )


def unseeing(checks: Sequence[Check], told: Told) -> list[str]:
    """Judges that cannot see pictures according to their own server, in sentences."""
    return list(_judging(checks, told))


def blind(judge: str, capabilities: Sequence[str] | None = None) -> str:
    """Why a judge, `provider:model`, cannot see pictures; empty if it can or that is not known.

    `capabilities`: what its server reports; `None` if nothing.
    """
    provider, _, model = judge.strip().partition(":")
    row = find(provider, model)
    if row is not None and row.draws:
        return "it draws them"
    return source(provider, model) if takes(provider, model, PNG, capabilities) is False else ""


def _draws(target: Target) -> bool | None:
    """Whether it makes pictures; `None` if the catalogue does not know it."""
    row = find(target.provider, target.model)
    return None if row is None else row.draws


def _draw(targets: Sequence[Target]) -> str:
    return f"{_names(targets)} {'draws' if len(set(map(str, targets))) == 1 else 'draw'}"


def _write(targets: Sequence[Target]) -> str:
    return f"{_names(targets)} {'writes' if len(set(map(str, targets))) == 1 else 'write'}"


def _names(targets: Iterable[Target]) -> str:
    return ", ".join(dict.fromkeys(map(str, targets)))
