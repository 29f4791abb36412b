"""The notices before anything is sent: where it goes and what it may cost in one line, then whatever is in the way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import streamlit as st

from dashboard import state
from dashboard.answer_grid.view import host, is_set, said
from dashboard.components.record_away import show_record_away
from dashboard.compose.files import attached, offer_to_fit
from dashboard.compose.forecasts import listed, outlook_of
from dashboard.compose.keep_choice import sentence
from dashboard.compose.picker import parse
from dashboard.compose.start import planned
from dashboard.engine import Engine
from dashboard.markdown_escape import plain
from prompts.asking.runner import Connections
from prompts.core import format as text_of
from prompts.core.forecast import Outlook
from prompts.core.targets import Target, TargetError
from prompts.record.recorder import RecordError
from providers.builtin import builtin, gguf
from providers.catalogue.catalogue import find
from providers.catalogue.modalities import doubts, refusals
from providers.config.connections import Connection
from providers.interface import Adjustment, Request

N_GRAMS = "Built-in n-gram models are for trying the dashboard: they continue text word by word and know no answers."
SMALL = "SmolLM2 is a real language model, but a very small one: good for trying, fluent, and wrong often."
_MOST_HOSTS = 3


def notices(core: Engine, connections: Connections, chosen: list[str]) -> None:
    """The line under Run, with its reasons in a tooltip, then only the warnings that call for a decision."""
    targets = targets_or_why(core, connections, chosen)
    if not targets:
        return
    outlook = _outlook(core, connections)
    asked_for, of_itself = adjustments(core, connections, targets)
    st.caption(
        plain(f"{_line(connections, targets, outlook)} {sentence(core)}"),
        help=_paragraphs([*_destinations(connections, targets), *outlook.grounds, *of_itself]),
    )
    files, able = attached(), _capabilities(core, connections, targets)
    warnings = [
        *obstacles(connections, targets), *_leaving(connections, targets), *refusals(targets, files, able),
        *doubts(targets, files, able), *outlook.misfits, *asked_for,
    ]  # fmt: skip
    lines = [f":material/warning: {plain(warning)}" for warning in warnings]
    built_in = {target.model for target in targets if target.provider == "builtin"}
    if built_in & set(builtin.MODELS):
        lines.insert(0, plain(N_GRAMS))
    if gguf.SHIPPED in built_in:
        lines.insert(0, plain(SMALL))
    if lines:
        st.caption("  \n".join(lines))
    offer_to_fit(targets)


def targets_or_why(core: Engine, connections: Connections, chosen: list[str], scope: str = "") -> list[Target]:
    """The chosen targets; if there are none, say why and return an empty list. `scope` as in `picker.pick`."""
    show_record_away(core)
    try:
        targets = parse(chosen, connections, scope)
    except TargetError as exc:
        st.warning(plain(str(exc)))
        return []
    if not targets:
        st.caption("No model is chosen yet.")
    return targets


def _capabilities(
    core: Engine, connections: Connections, targets: Sequence[Target]
) -> dict[tuple[str, str], Sequence[str]]:
    """The capabilities of each model, by provider and model; only those whose server reports them."""
    told = {(t.provider, t.model): listed(core, connections[t.provider], t.model) for t in targets}
    return {who: info.capabilities for who, info in told.items() if info and info.capabilities is not None}


def _line(connections: Connections, targets: list[Target], outlook: Outlook) -> str:
    """`5 calls to api.openai.com and api.anthropic.com, about $0.012 to $0.13.`"""
    rounds = int(st.session_state.get(state.REPEATS) or 1) + bool(st.session_state.get(state.FAIR))
    calls = text_of.number_of(len(targets) * rounds, "call")
    places = list(dict.fromkeys(_short_place(connections[target.provider], target) for target in targets))
    return f"{calls} to {_listed(places)}{f', {outlook.money}' if outlook.money else ''}."


def _listed(places: Sequence[str]) -> str:
    """The places in a sentence; of many only the first, since the tooltip and the columns name the rest."""
    if len(places) > _MOST_HOSTS + 1:
        return f"{', '.join(places[:_MOST_HOSTS])} and {len(places) - _MOST_HOSTS} more hosts"
    return " and ".join(filter(None, (", ".join(places[:-1]), places[-1])))


def _short_place(connection: Connection, target: Target) -> str:
    return host(connection.endpoint) + _passed_on(connection, target)


def _destinations(connections: Connections, targets: list[Target]) -> list[str]:
    """A sentence for each address in full, with the models asked there."""
    there: dict[str, list[str]] = {}
    for target in targets:
        connection = connections[target.provider]
        there.setdefault(connection.endpoint + _passed_on(connection, target), []).append(str(target))
    return [f"To {place}: {', '.join(dict.fromkeys(names))}." for place, names in there.items()]


def _passed_on(connection: Connection, target: Target) -> str:
    passed_on = connection.local and not connection.stays_local(target.model)
    return " (which passes it on to ollama.com)" if passed_on else ""


def _outlook(core: Engine, connections: Connections) -> Outlook:
    """The forecast; an empty one if the run could not be sent, for which the reason is shown elsewhere."""
    try:
        return outlook_of(core, connections, planned(connections))
    except (ValueError, RecordError):
        return Outlook("")


def _paragraphs(sentences: Sequence[str]) -> str:
    return "\n\n".join(map(plain, sentences))


def _leaving(connections: Connections, targets: list[Target]) -> list[str]:
    """A sentence for each model that “Local only” forbids."""
    if not st.session_state.get(state.LOCAL_ONLY):
        return []
    return [
        f"{target} is not on this computer or network: with “Local only” it cannot be asked."
        for target in targets if not connections[target.provider].stays_local(target.model)
    ]  # fmt: skip


def obstacles(connections: Connections, targets: list[Target]) -> list[str]:
    """What is known to be in the way, as sentences: keys that are missing, models that are or will be retired."""
    missing = {c.name: c for target in targets if not (c := connections[target.provider]).usable}
    found = [f"{c.label}: {c.key_variable} is not set. Set it, or type a key under Settings." for c in missing.values()]
    today = datetime.now(UTC).date()
    leaving: dict[str, list[str]] = {}
    for target in targets:
        known = find(target.provider, target.model)
        if known is not None and (status := known.status_sentence(today)) is not None:
            leaving.setdefault(f"{status} (source: {known.retires_source}).", []).append(str(target))
    return found + [f"{', '.join(names)} {status}" for status, names in leaving.items()]


def adjustments(core: Engine, connections: Connections, targets: list[Target]) -> tuple[list[str], list[str]]:
    """Settings that cannot be sent as given, and what a provider adds where nothing is set; one sentence each.

    Models with the same adjustment share a sentence.
    """
    asked_for: dict[Adjustment, list[str]] = {}
    of_itself: dict[Adjustment, list[str]] = {}
    for target in targets:
        if connections[target.provider].usable:
            request = Request.ask(target.model, "", target.settings)
            for adjustment in core.adjustments(connections[target.provider], request):
                found = asked_for if is_set(target.settings, adjustment) else of_itself
                found.setdefault(adjustment, []).append(str(target))
    return _told(asked_for), _told(of_itself)


def _told(shared: dict[Adjustment, list[str]]) -> list[str]:
    return [f"{', '.join(dict.fromkeys(names))}: {said(a)}." for a, names in shared.items()]
