"""The settings for pictures, shared or of one column. An empty field is not sent."""

from __future__ import annotations

import re
from typing import Any

import streamlit as st

from dashboard import state
from dashboard.markdown_escape import plain
from prompts.core.presets import LEAST_PIXELS, MOST_GUIDANCE, MOST_PIXELS, MOST_STEPS
from providers.interface import Settings
from providers.pictures import QUALITIES, PictureSettings

SIZES = ("512x512", "1024x1024", "1536x1024", "1024x1536")
_SIZE = re.compile(r"\s*([1-9]\d{0,4})\s*[x×*]\s*([1-9]\d{0,4})\s*", re.IGNORECASE)


def picture_fields(own: str) -> None:
    """The fields; `own` is the suffix of their session keys."""
    st.caption("Leave empty to use the model’s default.")
    left, right = st.columns(2)
    with left:
        now = st.session_state.get(state.PICTURE_SIZE + own)
        sizes = SIZES if now is None or now in SIZES else (*SIZES, now)  # may come from a file or an earlier run
        st.selectbox(
            "Size", sizes, index=None, key=state.PICTURE_SIZE + own, placeholder="not sent", accept_new_options=True,
            on_change=_take_size, args=(own,), help="Choose one, or write width x height in pixels, such as 832x1216.",
        )  # fmt: skip
        if odd := st.session_state.pop(state.PICTURE_SIZE_ODD + own, None):
            st.error(
                f"{plain(odd)} is no size, so none is sent. Write width x height, each {LEAST_PIXELS} to "
                f"{MOST_PIXELS:,} pixels, such as 832x1216."
            )
        st.selectbox("Quality", QUALITIES, index=None, key=state.PICTURE_QUALITY + own, placeholder="not sent")
        st.number_input(
            "Seed", None, None, None, 1, key=state.SEED + own, placeholder="not sent",
            help="The number that the random noise is made from: where a model takes one, the same seed and settings "
            "draw the same picture again. If empty, each repeat starts from different noise.",
        )  # fmt: skip
    with right:
        st.number_input(
            "Steps", 1, MOST_STEPS, None, 1, key=state.PICTURE_STEPS + own, placeholder="not sent",
            help="How many denoising steps a diffusion model takes from noise to the picture.",
        )  # fmt: skip
        st.number_input(
            "Guidance scale", 0.0, MOST_GUIDANCE, None, 0.5, key=state.PICTURE_GUIDANCE + own, placeholder="not sent",
            help="How closely a diffusion model follows the prompt. At 0 it ignores the prompt.",
        )  # fmt: skip
        st.text_input(
            "Sampler", key=state.PICTURE_SAMPLER + own, placeholder="not sent",
            help="The sampling method of a diffusion model, as its server names it: Euler a, DPM++ 2M.",
        )  # fmt: skip
        st.text_input(
            "Negative prompt", key=state.PICTURE_AVOID + own, placeholder="not sent",
            help="What should not be in the picture; for diffusion models.",
        )  # fmt: skip


def read_size(written: str) -> str | None:
    """A size as somebody writes it, in the form of `SIZES`; `None` if it is none."""
    found = _SIZE.fullmatch(written)
    sides = [int(side) for side in found.groups()] if found else []
    return "x".join(map(str, sides)) if sides and all(LEAST_PIXELS <= side <= MOST_PIXELS for side in sides) else None


def _take_size(own: str) -> None:
    """Put what was written into the form of `SIZES`; what is no size is said, and not sent."""
    written = st.session_state.get(state.PICTURE_SIZE + own)
    st.session_state[state.PICTURE_SIZE + own] = size = read_size(written or "")
    if written and size is None:
        st.session_state[state.PICTURE_SIZE_ODD + own] = written[:40]


def picture_settings(own: str) -> Settings:
    """The settings in the fields; an empty field is `None`."""

    def get(key: str) -> Any:
        return st.session_state.get(key + own)

    width, _, height = (get(state.PICTURE_SIZE) or "").partition("x")
    return Settings(
        seed=get(state.SEED),
        picture=PictureSettings(
            int(width) if width else None, int(height) if height else None, get(state.PICTURE_QUALITY),
            get(state.PICTURE_STEPS), get(state.PICTURE_GUIDANCE), (get(state.PICTURE_AVOID) or "").strip() or None,
            (get(state.PICTURE_SAMPLER) or "").strip() or None,
        ),
    )  # fmt: skip


def put_picture(settings: Settings, own: str) -> None:
    """Fill the fields; only before they are drawn."""
    drawn = settings.picture or PictureSettings()
    st.session_state[state.SEED + own] = settings.seed
    st.session_state[state.PICTURE_SIZE + own] = drawn.size
    st.session_state[state.PICTURE_QUALITY + own] = drawn.quality
    st.session_state[state.PICTURE_STEPS + own] = drawn.steps
    st.session_state[state.PICTURE_GUIDANCE + own] = drawn.guidance
    st.session_state[state.PICTURE_AVOID + own] = drawn.avoid or ""
    st.session_state[state.PICTURE_SAMPLER + own] = drawn.sampler or ""
