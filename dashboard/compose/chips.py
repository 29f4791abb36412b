"""Chosen models that cannot be asked as they are written, and what to write instead. Pure except for the buttons.

One of them does not keep the others from being asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import streamlit as st

from dashboard import state
from dashboard.markdown_escape import plain
from prompts.asking.runner import Connections
from prompts.core.targets import TargetError, parse_target

_MOST = 6


@dataclass(frozen=True, slots=True)
class Faulty:
    """One chosen model that is left out."""

    text: str
    why: str
    offers: tuple[str, ...] = ()
    """`provider:model` texts that may be meant, the most likely first."""


def sorted_out(
    chosen: Sequence[str], connections: Connections, models: Mapping[str, Iterable[str]]
) -> tuple[list[str], list[Faulty]]:
    """Those that can be asked, and the others. `models`: the models known of each provider, usable providers first."""
    good: list[str] = []
    faulty: list[Faulty] = []
    for text in chosen:
        try:
            connection = connections[parse_target(text, connections).provider]
        except TargetError:
            faulty.append(_nobody(text, models))
        else:
            if connection.problem:
                faulty.append(Faulty(text, f"{connection.label}: {connection.problem}"))
            else:
                good.append(text)
    return good, faulty


def _nobody(text: str, models: Mapping[str, Iterable[str]]) -> Faulty:
    """The fault of a name without a provider, or with one that is unknown here."""
    wanted = text.strip().casefold()
    named = [(provider, model) for provider, known in models.items() for model in known]
    exact = [f"{p}:{m}" for p, m in named if wanted in (m.casefold(), m.casefold().rpartition("/")[2])]
    alike = [f"{p}:{m}" for p, m in named if wanted and wanted in m.casefold()]
    offers = tuple(dict.fromkeys([*exact, *alike]))[:_MOST]
    why = f"{text!r} names no provider that is set up here"
    return Faulty(text, f"{why}. Which one do you mean?" if offers else f"{why}; write provider:model.", offers)


def show_faulty(faulty: Sequence[Faulty], scope: str = "") -> None:
    """Below the picker: why each is left out, and what may be meant. `scope`: as in `browse_button`."""
    for each in faulty:
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"faulty-{each.text}"):
            st.markdown(f":material/warning: {plain(each.why)} It is left out.", width="content")
            for offer in each.offers:
                use = partial(_replace, each.text, offer, scope)
                st.button(plain(offer), key=f"use-{each.text}-{offer}", type="tertiary", on_click=use)
            st.button(
                "Remove", key=f"remove-{each.text}", type="tertiary", icon=":material/close:",
                on_click=partial(_replace, each.text, None, scope),
            )  # fmt: skip


def _replace(text: str, offer: str | None, scope: str) -> None:
    chosen: list[str] = st.session_state.get(state.TARGETS + scope) or []
    found = [offer if each == text else each for each in chosen]
    st.session_state[state.TARGETS + scope] = list(dict.fromkeys(each for each in found if each))
