"""One provider under Settings: its address, its key, and a check in four steps."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.engine import Engine
from dashboard.markdown_escape import plain
from prompts.core import format as text_of
from prompts.record.recorder import RecordError
from providers.check import Step
from providers.config.connections import Connection
from providers.interface import ModelInfo
from providers.registry import known_models

_CHECK_S = 90.0
_SLOW = "A local model may have to be loaded first. Try again in a moment."
_MARKS = {
    True: ":green[:material/check_circle:]", False: ":red[:material/error:]", None: ":gray[:material/remove:]",
}  # fmt: skip
_STEPS = {"key": "Key", "host": "Host", "models": "Models", "answer": "Answer"}


def connection_card(core: Engine, connection: Connection, *, typed: bool) -> None:
    """The card; `typed` when the key is this session's own."""
    with st.container(border=True, key=f"connection-{connection.name}"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(f"**{plain(connection.label)}** &nbsp; {_badge(connection, typed=typed)}")
            run_check = st.button(
                "Check", key=f"check-{connection.name}", icon=":material/network_check:", disabled=not connection.usable
            )
        st.caption(plain(_facts(connection)))
        if connection.key_variable:
            st.text_input(
                f"Key for {plain(connection.label)}, this session only",
                type="password", key=state.KEY + connection.name, placeholder="Paste a key for this session",
                label_visibility="collapsed", autocomplete="off",
            )  # fmt: skip
        if run_check:
            _run_check(core, connection)
        else:
            _show_last_check(connection)
        _models(core, connection)


def _models(core: Engine, connection: Connection) -> None:
    """What it offers: its own list where it was reachable, and what the catalogue adds."""
    listing = core.models.get(connection)
    models = known_models(connection.name, listing.models if listing else ())
    live = sum(model.source == "live" for model in models)
    with st.expander(f"{len(models)} models ({live} listed live)", key=f"models-{connection.name}"):
        if listing and listing.failure:
            st.caption(plain(f"Not listed live: {listing.failure.message}"))
        st.dataframe(
            [_model_row(connection, model) for model in models], hide_index=True, placeholder=text_of.UNKNOWN,
            key=f"list-{connection.name}", alt=f"Models of {connection.name}",
        )  # fmt: skip


def _model_row(connection: Connection, model: ModelInfo) -> dict[str, str | int | None]:
    size = None if model.size_bytes is None else text_of.size(model.size_bytes)
    return {
        "Target": f"{connection.name}:{model.id}", "Context (tokens)": model.context_tokens, "Size": size,
        "Parameters": model.parameters, "Quantisation": model.quantization, "Retires": model.retires_on,
        "Source": "listed live" if model.source == "live" else "shipped catalogue",
    }  # fmt: skip


def _badge(connection: Connection, *, typed: bool) -> str:
    if connection.problem:
        return f":red-badge[{'key' if connection.key_refused else 'address'} not usable]"
    if not connection.needs_key and connection.key is None:
        return ":gray-badge[no key needed]"
    if connection.key is None:
        return f":orange-badge[needs {plain(connection.key_variable)}]"
    return ":green-badge[key of this session]" if typed else ":green-badge[key found]"


def _facts(connection: Connection) -> str:
    kind = {"openai": "Responses API" if connection.api == "responses" else "Chat Completions API"}.get(connection.kind)
    facts = [connection.endpoint, kind, "address changed by you" if connection.customised else None]
    facts += [connection.problem, *connection.notes]
    return " · ".join(fact for fact in facts if fact)


def _run_check(core: Engine, connection: Connection) -> None:
    """Each step appears when it is done; all stay while others are checked."""
    steps = list[Step]()
    with st.spinner("Checking"):
        try:
            for step in core.each(core.reach.check(connection), _CHECK_S):
                steps.append(step)
                _show_step(step)
        except RecordError as exc:  # nobody there to ask
            steps.append(Step("host", False, str(exc)))
            _show_step(steps[-1])
        except TimeoutError:
            steps.append(
                Step("answer" if len(steps) > 2 else "models", False, f"not done within {_CHECK_S:g} s", _SLOW)
            )
            _show_step(steps[-1])
    st.session_state.setdefault(state.CHECKED, {})[connection.name] = hash(connection), tuple(steps)


def _show_last_check(connection: Connection) -> None:
    """Unless it was of another key, or of another address."""
    checked: dict[str, tuple[int, tuple[Step, ...]]] = st.session_state.get(state.CHECKED) or {}
    of_which, steps = checked.get(connection.name, (None, ()))
    for step in steps if of_which == hash(connection) else ():
        _show_step(step)


def _show_step(step: Step) -> None:
    st.markdown(f"{_MARKS[step.ok]} **{_STEPS[step.name]}** &nbsp; {plain(step.detail)}")
    if step.next_step:
        st.caption(plain(step.next_step))
