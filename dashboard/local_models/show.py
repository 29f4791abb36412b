"""The models of one Ollama server: those in memory, those on disk, and the actions on them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from dashboard import state
from dashboard.components.theirs import may
from dashboard.components.time_zone import time_zone
from dashboard.engine import Engine
from dashboard.local_models.facts import CONTEXTS, FIT_HELP, fit, runs_here, stays, table
from dashboard.local_models.pulls import MANAGE, pulls_of
from dashboard.markdown_escape import plain
from dashboard.user import actor
from prompts.asking.runner import Connections
from prompts.core import format as text_of
from prompts.record.recorder import RecordError
from providers.config.connections import Connection
from providers.errors import ProviderError
from providers.local.machine import Memory
from providers.local.ollama_facts import Installed, Inventory, Loaded, advice
from providers.measuring.measure import utc_now

Order = Callable[[str], str]
"""Does something to the model of that name; returns a sentence on how it went."""

_HELP = {
    "Warm or cold": "Warm: in memory, answers begin at once. Cold: it is loaded first, and its first answer says so.",
    "Will it fit (estimate)": FIT_HELP,
    "Needs (estimate)": "Estimated memory; for a model that is loaded, what Ollama reports.",
    "On disk": "As Ollama lists it. Models may share parts, so sizes do not add up.",
    "Context": "The most tokens that the model can take in. Ollama loads it with fewer unless set otherwise.",
    "Can do": "Capabilities that Ollama reports. Only models with completion can be asked.",
    "Changed": "When it was last pulled or made, in your time zone.",
}  # fmt: skip
_NUMBERS = ("Needs (estimate)", "On disk", "Context")


def choose_server(connections: Connections) -> Connection:
    """The Ollama server to look at: the only one that is set up, or a choice among several."""
    servers = {c.name: c for c in connections.values() if c.kind == "ollama" and c.offered}
    if len(servers) == 1:
        return next(iter(servers.values()))
    if st.session_state.get(state.LOCAL_SERVER) not in servers:
        st.session_state[state.LOCAL_SERVER] = next(iter(servers))
    name: str = st.selectbox(
        "Server", list(servers), key=state.LOCAL_SERVER,
        format_func=lambda name: f"{servers[name].label} at {servers[name].endpoint}",
    )  # fmt: skip
    return servers[name]


def look(core: Engine, server: Connection) -> Inventory | None:
    """The models there now; `None` if the server cannot be asked, and then the page says why and what to do."""
    if server.problem:
        st.warning(plain(server.problem), icon=":material/warning:")
        return None
    try:
        return core.call(pulls_of(core).models(server).inventory())
    except ProviderError as exc:
        st.warning(
            plain(advice(exc.failure, server.endpoint)), title="Ollama isn’t responding", icon=":material/cloud_off:"
        )
        st.caption(plain(f"The error: {exc.failure.message}"))
        if exc.failure.kind == "local_unavailable" and runs_here(server):
            st.caption(
                "Ollama is a free program that runs models such as Llama and Mistral on your own computer: they need "
                "no key and ask no fee, and no prompt leaves it. Once it runs, this page pulls models and manages them."
            )
        st.button("Try again", icon=":material/refresh:", key="look-again")
        return None


def show_note() -> None:
    """Show how the last action went."""
    note: tuple[bool, str] | None = st.session_state.pop(state.LOCAL_NOTE, None)
    if note is not None:
        well, said = note
        (st.success if well else st.error)(plain(said), icon=":material/check:" if well else ":material/error:")


def show_loaded(core: Engine, server: Connection, inventory: Inventory) -> None:
    """The models in memory now."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.subheader("In memory now", anchor=False, width="content")
        st.button("Refresh", icon=":material/refresh:", key="refresh", type="tertiary")
    if not inventory.loaded:
        st.caption(
            "Nothing is loaded. The first question to a model loads it, which can take a while; "
            "Collate marks such an answer as a cold load, so that it is not taken for a slow model."
        )
    for model in inventory.loaded:
        _loaded_card(core, server, model)


def _loaded_card(core: Engine, server: Connection, model: Loaded) -> None:
    zone = time_zone()
    with st.container(border=True, key=f"loaded-{model.name}"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(f"**{plain(model.name)}** &nbsp; :green-badge[:material/local_fire_department: warm]")
            if may(MANAGE):
                st.button(
                    "Unload", icon=":material/eject:", key=f"unload-{model.name}", on_click=_unload,
                    args=(core, server, [model.name]), help="Frees its memory now. The next question loads it again.",
                )  # fmt: skip
        st.caption(
            plain(stays(model, utc_now(), zone)),
            help=f"The time that Ollama reports, in the time zone {zone}. Each question extends it.",
        )
        with st.container(horizontal=True, gap="medium"):
            st.metric("Memory", text_of.size(model.size_bytes), width="content", help="In all, as Ollama reports it.")
            part = model.gpu_bytes / model.size_bytes if model.size_bytes and model.gpu_bytes is not None else None
            st.metric(
                "Of it in GPU memory", text_of.share(part), width="content",
                help=f"{text_of.size(model.gpu_bytes)}, as Ollama reports it. The rest is computed by the processor, "
                "slower.",
            )  # fmt: skip
            st.metric(
                "Context (tokens)", text_of.count(model.context_tokens), width="content",
                help="What it was loaded with. Ollama cuts off a longer prompt without saying so.",
            )  # fmt: skip


def show_installed(core: Engine, server: Connection, inventory: Inventory, memory: Memory | None) -> None:
    """The models on disk, and the actions on selected ones. `memory`: of the server's machine; `None` if unknown."""
    # On the left, because the table's own buttons appear at its upper right.
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.subheader("On disk", anchor=False, width="content")
        if not inventory.installed:
            context = CONTEXTS[0]
        else:
            context = st.selectbox(
                "Planned context", CONTEXTS, key=state.LOCAL_CONTEXT, width=170, format_func=lambda n: f"{n:,} tokens",
                help="For whether a model will fit. Ollama loads 4,096 tokens unless OLLAMA_CONTEXT_LENGTH, the "
                "model or much graphics memory sets another number.",
            )  # fmt: skip
    if not inventory.installed:
        st.caption(
            "No model is here yet. Pull one below. The number before B is how many billion parameters it has: "
            "fewer download faster, need less memory and answer sooner; more know more."
        )
        return
    fits = [fit(model, inventory.loaded, memory, context) for model in inventory.installed]
    shown = table(inventory, fits, time_zone())
    event = st.dataframe(
        shown, hide_index=True, on_select="rerun", selection_mode="multi-row", placeholder=text_of.UNKNOWN,
        key=f"installed-{hash(tuple(model.name for model in inventory.installed))}",  # rows move, selections do not
        alt="Models on disk: size, parameters, whether they fit into memory",
        column_config={
            name: st.column_config.Column(
                help=_HELP.get(name), pinned=name == "Model", alignment="right" if name in _NUMBERS else "left"
            )
            for name in shown.columns
        },
    )  # fmt: skip
    chosen = [row for row in event.selection.rows if row < len(inventory.installed)]
    _actions(core, server, inventory, [inventory.installed[row] for row in chosen])
    for row in chosen:
        st.caption(f"**{plain(inventory.installed[row].name)}** &nbsp; {plain(fits[row].reason)}")


def _actions(core: Engine, server: Connection, inventory: Inventory, chosen: Sequence[Installed]) -> None:
    askable = [model.name for model in chosen if model.answers]
    warm = [model.name for model in chosen if inventory.in_memory(model.name)]
    with st.container(horizontal=True, vertical_alignment="center", key="local-actions"):
        if st.button(
            "Compare these", icon=":material/compare_arrows:", key="compare-these", disabled=not askable,
            help="Takes them to Compare. A model that only makes embeddings cannot be asked and stays here.",
        ):  # fmt: skip
            st.session_state[state.TARGETS] = [f"{server.name}:{name}" for name in askable]
            st.switch_page("app_pages/compare.py")
        if may(MANAGE):
            st.button(
                "Unload", icon=":material/eject:", key="unload-these", disabled=not warm, on_click=_unload,
                args=(core, server, warm), help="Frees the memory of those that are loaded.",
            )  # fmt: skip
        if may(MANAGE) and st.button("Delete", icon=":material/delete:", key="delete-these", disabled=not chosen):
            _confirm_delete(core, server, inventory, chosen)
        if not chosen:
            what = "to compare them, or to delete them" if may(MANAGE) else "or to compare them"
            st.caption(f"Select rows to see what each would need, {what}.")


@st.dialog("Delete from this computer?", icon=":material/delete:")
def _confirm_delete(core: Engine, server: Connection, inventory: Inventory, chosen: Sequence[Installed]) -> None:
    for model in chosen:
        loaded = ", in memory now" if inventory.in_memory(model.name) else ""
        st.markdown(f"- **{plain(model.name)}**, {plain(text_of.size(model.size_bytes) + loaded)}")
    deleted = {model.name for model in chosen}
    for model in chosen:
        copies = [
            m.name for m in inventory.installed if m.digest and m.digest == model.digest and m.name not in deleted
        ]
        if copies:
            st.caption(plain(
                f"{model.name} is a copy of {', '.join(copies)}: only the name is deleted, and no disk space is freed."
            ))  # fmt: skip
    st.caption("To get one back it must be downloaded again. Answers already recorded stay.")
    with st.container(horizontal=True, key="delete-choice"):
        if st.button("Delete", type="primary", key="delete-now"):
            _delete(core, server, inventory, [model.name for model in chosen])
            st.rerun()
        if st.button("Cancel", key="delete-not"):
            st.rerun()


def _unload(core: Engine, server: Connection, names: Sequence[str]) -> None:
    by = actor()

    def order(name: str) -> str:
        gone = pulls_of(core).unload(server, name, by=by)
        return f"{name} is unloaded." if gone else f"{name} is answering; it is unloaded when it has finished."

    _give(server, order, names)


def _delete(core: Engine, server: Connection, inventory: Inventory, names: Sequence[str]) -> None:
    by = actor()

    def order(name: str) -> str:
        pulls_of(core).delete(server, name, loaded=inventory.in_memory(name) is not None, by=by)
        return f"{name} is deleted."

    _give(server, order, names)


def _give(server: Connection, order: Order, names: Sequence[str]) -> None:
    """Carry out the order for each model, and note how it went. Stops at the first failure: the next would fail too."""
    said: list[str] = []
    for name in names:
        try:
            said.append(order(name))
        except (ProviderError, RecordError) as exc:
            why = str(exc)
            if isinstance(exc, ProviderError):
                why = f"{exc.failure.message}. {advice(exc.failure, server.endpoint)}"
            st.session_state[state.LOCAL_NOTE] = False, " ".join([*said, f"{name}: {why}"])
            return
    st.session_state[state.LOCAL_NOTE] = True, " ".join(said)
