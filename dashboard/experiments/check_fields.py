"""The fields of a check in the builder; labels, help and sizes fit the kind of check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard.experiments import fields
from prompts.experiments.checks.check import CODE
from prompts.experiments.checks.judge import KINDS_OF_JUDGE

_LABELS: Mapping[str, str] = {
    "value": "Text", "values": "Texts, one per line", "field": "Field", "at_least": "At least", "at_most": "At most",
    "tolerance": "Give or take", "fold": "Ignore", "against": "Compared with",
}  # fmt: skip
_OF_KIND: Mapping[str, Mapping[str, str]] = {
    "picture-size": {"value": "Width x height"}, "picture-aspect": {"value": "Width:height"},
    "picture-type": {"values": "Types, one per line"}, "regex": {"value": "Pattern"},
    "json-schema": {"value": "JSON schema"}, "json-inside": {"value": "JSON schema, or nothing"},
    "judge": {"value": "Rubric", "values": "Judges"}, "judge-pair": {"value": "Rubric", "values": "Judges"},
    CODE: {"value": "Python, run only by collate run"},
}  # fmt: skip
_HELP: Mapping[str, str] = {
    "regex": "A regular expression (RE2), found anywhere in the answer; ^ and $ are its ends, (?i) ignores case. No "
    "look-around and no back-references. May contain {{holes}}, which each case fills.",
    "json-schema": "JSON Schema, 2020-12 unless it says otherwise. May contain {{holes}}, which each case fills.",
    "judge": "One criterion, in a sentence. May contain {{holes}}, which each case fills.",
    CODE: "A function, def check(answer, case), which returns True, False or a score from 0 to 1. No page runs it: "
    "save the plan as a file, then collate run FILE.",
}
_EXAMPLES: Mapping[str, str] = {
    "regex": r"^\d{4}-\d{2}$", "json-schema": '{"type": "object", "required": ["city"]}',
    "judge": "Polite, and promises nothing.", CODE: "def check(answer, case):",
}  # fmt: skip
_LIKE: Mapping[str, str] = {"json-inside": "json-schema", "judge-pair": "judge"}
"""Kinds whose field has the help and example of another kind."""
_FOLDS: Mapping[str, str] = {"case": "upper and lower case", "space": "white space", "punctuation": "punctuation"}
_LONG = ("json-schema", "json-inside", CODE, *KINDS_OF_JUDGE)
"""Kinds whose text is often longer than one line."""


def ask_field(name: str, number: int, kind: str, judges: Sequence[str]) -> None:
    """Show field `name` of check `number`. `judges`: models that can be chosen as judges."""
    key, label = fields.check_key(name, number), {**_LABELS, **_OF_KIND.get(kind, {})}[name]
    match name:
        case "values" if kind in KINDS_OF_JUDGE:
            _ask_judges(number, label, judges)
        case "values":
            st.text_area(label, key=key, height=80, width=220)
        case "at_least" | "at_most" | "tolerance":
            none = "no limit" if name != "tolerance" else "a pixel" if kind == "picture-aspect" else "exactly"
            st.number_input(label, None, None, None, key=key, width=130, placeholder=none, format="%g")
        case "fold":
            st.multiselect(
                label, list(_FOLDS), key=key, format_func=_FOLDS.__getitem__, width=220, select_all=False,
                placeholder="nothing",
            )  # fmt: skip
        case "value":
            like = _LIKE.get(kind, kind)
            help_ = _HELP.get(like, "May contain {{holes}}, which each case fills.")
            example = _EXAMPLES.get(like, "{{label}}")
            if kind in _LONG:
                st.text_area(
                    label,
                    key=key,
                    height=110,
                    width=420 if like == "json-schema" else 300,
                    placeholder=example,
                    help=help_,
                )
            else:
                st.text_input(label, key=key, width=220, placeholder=example, help=help_)
        case _:
            st.text_input(label, key=key, width=220, placeholder="/name")


def _ask_judges(number: int, label: str, judges: Sequence[str]) -> None:
    key = fields.check_key("judges", number)
    chosen: list[str] = st.session_state.get(key) or []
    st.multiselect(
        label, list(dict.fromkeys([*judges, *chosen])), key=key, accept_new_options=True, filter_mode="contains",
        select_all=False, width=360, placeholder="Choose models, or type provider:model",
        help="Several: most of them decide. A model does not judge answers of its own family unless you allow it under "
        "More.",
    )  # fmt: skip
