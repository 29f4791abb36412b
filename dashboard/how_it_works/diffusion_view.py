"""The section on diffusion: from noise to a tiny picture, with the three usual settings."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.answer_grid.panel import panel
from dashboard.how_it_works.layout import section
from providers.builtin.diffusion import SHAPES, as_svg, frames


@st.fragment
def diffusion() -> None:
    """A real diffusion model of four shapes; every setting has the same effect as in a large one."""
    with section("diffusion"):
        shape = st.segmented_control("Prompt", SHAPES, default="circle", required=True, key=state.HOW_SHAPE)
        one, two, three = st.columns(3)
        steps = one.slider("Steps", 1, 30, 12, key=state.HOW_STEPS)
        guidance = two.slider("Guidance scale", 0.0, 6.0, 2.0, 0.5, key=state.HOW_GUIDANCE)
        seed = three.slider("Seed", 1, 20, 1, key=state.HOW_PICTURE_SEED)
        drawn = frames(next(each for each in SHAPES if each == shape), seed=seed, steps=steps, guidance=guidance)
        figures = "".join(f"<li>{as_svg(picture)}</li>" for picture in drawn)
        panel(
            f'<ol class="how-frames">{figures}</ol>', key="how-frames",
            label=f"From noise to a {shape} in {steps} steps, {len(drawn)} moments of it",
        )  # fmt: skip
        st.caption(
            "From noise to picture, computed just now by a real diffusion model: so small that it knows its few "
            "pictures by heart. Try guidance 0: the prompt no longer counts. Try one step: a blurred guess."
        )
