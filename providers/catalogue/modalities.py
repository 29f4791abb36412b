"""Which models accept pictures and PDFs, checked before anything is sent.

Owns the table of what vendors document, one row per rule, each with its source. Makes no guesses: if nothing is
documented the answer is `None`, and the vendor has the last word.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Protocol

from providers.catalogue.catalogue import find
from providers.catalogue.file_limits import LIMITS, MEGABYTE, common, facts, limit, objections, room, size, too_large
from providers.files.kinds import GIF, JPEG, PDF, PNG, WEBP
from providers.files.pdfs import Pdf
from providers.files.pictures import Room
from providers.interface import Attachment

LARGEST = 20 * MEGABYTE
"""The most bytes of all files of one prompt: our own limit, below those of most vendors."""


class Asked(Protocol):
    """Anything that can be asked: a target."""

    @property
    def provider(self) -> str: ...
    @property
    def model(self) -> str: ...


@dataclass(frozen=True, slots=True)
class _Rule:
    """The first row that matches provider and model applies; patterns are shell-style, in lower case."""

    provider: str
    model: str
    takes: tuple[str, ...]
    source: str
    unknown: tuple[str, ...] = ()
    """Media types about which the source says nothing; all others are refused."""
    capability: str | None = None
    """The capability that the server must report for the model if `takes` is to hold."""


_OPENAI = "developers.openai.com, guides on images and on file inputs, 2026-11"
_IMAGES = (PNG, JPEG, WEBP, GIF)
_RULES: tuple[_Rule, ...] = (
    _Rule("builtin", "*", (), "n-gram models read text only"),
    _Rule("openai", "gpt-3.5*", (), _OPENAI),
    _Rule("openai", "gpt-4", (), _OPENAI),
    _Rule("openai", "gpt-4-[0-9]*", (), _OPENAI),
    _Rule("openai", "o1-mini*", (), _OPENAI),
    _Rule("openai", "o3-mini*", (), _OPENAI),
    *(_Rule("openai", model, (*_IMAGES, PDF), _OPENAI) for model in ("gpt-4o*", "gpt-4.1*", "o[1-9]*", "gpt-[5-9]*")),
    _Rule("openai", "*", (), _OPENAI, unknown=(*_IMAGES, PDF)),
    _Rule("anthropic", "claude-[0-2]*", (), "platform.claude.com, pages on vision and PDF support, 2026-11"),
    _Rule("anthropic", "*", (*_IMAGES, PDF), "platform.claude.com, pages on vision and PDF support, 2026-11"),
    _Rule("google", "gemma-*", (), "nothing is documented of Gemma behind this API", unknown=(*_IMAGES, PDF)),
    _Rule(
        "google", "*", (PNG, JPEG, WEBP, PDF), "firebase.google.com, input file requirements of the Gemini API, 2026-11"
    ),
    _Rule(
        "ollama", "*", (PNG, JPEG), "Ollama's own list of capabilities; PDFs are not part of its API",
        unknown=(WEBP, GIF), capability="vision",
    ),
    _Rule("*", "*", (), "PDFs are not part of the Chat Completions format that hosts share", unknown=_IMAGES),
)  # fmt: skip


def takes(provider: str, model: str, media_type: str, capabilities: Sequence[str] | None = None) -> bool | None:
    """Whether `model` accepts such a file; `None` if not documented. `capabilities`: as its server lists them."""
    rule = _rule(provider, model)
    if media_type in rule.takes or media_type in rule.unknown:
        if rule.capability is not None and capabilities is not None and rule.capability not in capabilities:
            return False
        told = rule.capability is None or capabilities is not None
        return True if told and media_type in rule.takes else None
    return False


def source(provider: str, model: str) -> str:
    """The source for what `model` accepts."""
    return _rule(provider, model).source


def refusals(
    targets: Iterable[Asked], attachments: Sequence[Attachment],
    capabilities: Mapping[tuple[str, str], Sequence[str]] | None = None,
) -> list[str]:  # fmt: skip
    """Sentences on why the files cannot be sent as they are; empty if nothing is known against it."""
    asked = list(targets)
    total = sum(len(file.data) for file in attachments)
    found = [f"The files are {size(total)} together; at most {limit(LARGEST)} can be sent."] if total > LARGEST else []
    for kind in dict.fromkeys(file.media_type for file in attachments):
        names = _those(asked, kind, False, capabilities)
        if names:
            found.append(f"{', '.join(names)} {_verb(names)} no {_what(kind)}.")
    found += _objections(asked, attachments, firm=True)
    return found


def doubts(
    targets: Iterable[Asked], attachments: Sequence[Attachment],
    capabilities: Mapping[tuple[str, str], Sequence[str]] | None = None,
) -> list[str]:  # fmt: skip
    """Sentences on models for which it is not known whether they accept the files; the provider will decide."""
    asked = list(targets)
    unsure = [
        f"Whether {', '.join(names)} {_verb(names)} {_what(kind)} is not known; the provider will say."
        for kind in dict.fromkeys(file.media_type for file in attachments)
        if (names := _those(asked, kind, None, capabilities))
    ]
    locked = [file.name for file in attachments if isinstance(pdf := facts(file), Pdf) and pdf.encrypted]
    names = _names(target for target in asked if _may_open(target))
    if locked and names:
        unsure.append(f"{', '.join(locked)} is encrypted: whether {', '.join(names)} can open it is not known.")
    return unsure + _objections(asked, attachments, firm=False)


def to_fit(targets: Iterable[Asked], attachments: Sequence[Attachment]) -> Room | None:
    """What each picture has to fit into for all of `targets`; `None` if all fit already, or if there is no limit."""
    known = [
        LIMITS[provider] for provider in dict.fromkeys(target.provider for target in targets) if provider in LIMITS
    ]
    wanted = common([room(limits, attachments) for limits in known])
    return wanted if any(too_large(file, wanted) for file in attachments) else None


def _objections(asked: Sequence[Asked], attachments: Sequence[Attachment], *, firm: bool) -> list[str]:
    """Sentences by vendor, each once for all its models that share it."""
    shared: dict[str, list[Asked]] = {}
    for target in asked:
        limits = LIMITS.get(target.provider)
        if limits is not None and limits.firm is firm:
            known = find(target.provider, target.model)
            for sentence in objections(limits, attachments, known.context_tokens if known else None):
                shared.setdefault(f"{sentence} (Source: {limits.source}.)", []).append(target)
    doubt = "" if firm else "may be refused: "
    return [f"{', '.join(_names(targets))}: {doubt}{sentence}" for sentence, targets in shared.items()]


def _may_open(target: Asked) -> bool:
    """Whether it accepts PDFs, and nothing is documented about encrypted ones."""
    limits = LIMITS.get(target.provider)
    return (limits is None or limits.encrypted is None) and takes(target.provider, target.model, PDF) is not False


def _rule(provider: str, model: str) -> _Rule:
    name = model.lower().removeprefix("models/")
    return next(r for r in _RULES if fnmatchcase(provider, r.provider) and fnmatchcase(name, r.model))


def _those(
    asked: Iterable[Asked], kind: str, answer: bool | None,
    capabilities: Mapping[tuple[str, str], Sequence[str]] | None,
) -> list[str]:  # fmt: skip
    told = capabilities or {}
    return _names(t for t in asked if takes(t.provider, t.model, kind, told.get((t.provider, t.model))) is answer)


def _names(targets: Iterable[Asked]) -> list[str]:
    return list(dict.fromkeys(f"{target.provider}:{target.model}" for target in targets))


def _verb(names: Sequence[str]) -> str:
    return "takes" if len(names) == 1 else "take"


def _what(media_type: str) -> str:
    return "PDFs" if media_type == PDF else f"{media_type.removeprefix('image/').upper()} images"
