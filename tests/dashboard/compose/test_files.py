"""What may be attached: by content, not by name, and within bounds."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.compose.files import checked, made_to_fit
from prompts.core.targets import Target
from providers.catalogue.modalities import LARGEST, refusals, to_fit
from providers.interface import Attachment
from tests.patience import PATIENCE_S
from tests.pictures import noise, picture

PNG = picture("PNG")
PDF = b"%PDF-1.7 text startxref 0 %%EOF"
SCRIPT = "from dashboard.compose.files import attach\nimport streamlit as st\nst.text(repr(attach()))\n"


@pytest.mark.parametrize(
    ("name", "data", "problem"),
    [
        ("a.png", b"", "a.png is empty."),
        ("a.png", b"MZ\x90", "a.png is not a PNG, JPEG, WebP or GIF picture and not a PDF, whatever its name says."),
        ("a.pdf", PDF + bytes(LARGEST), "a.pdf is too large: all files together may have 20 MB."),
        ("again.png", PNG, "again.png is attached already."),
        ("../../etc/passwd", b"root", "passwd is not a PNG"),
    ],
)
def test_what_cannot_be_sent_is_said(name: str, data: bytes, problem: str) -> None:
    already = (Attachment("first.png", "image/png", PNG),)
    found = checked([(name, data)], already)
    assert found.files == already
    (said,) = found.problems
    assert said.startswith(problem)


def test_a_file_is_what_it_is_and_is_called_so() -> None:
    found = checked([("photo.jpg", PDF), ("C:\\x\\b.pdf", PNG), ("bad.gif", b"?"), ("v3.12 results", PNG + b" ")], ())
    assert [(file.name, file.media_type) for file in found.files] == [
        ("photo.pdf", "application/pdf"), ("b.png", "image/png"),
    ]  # fmt: skip
    assert found.files[1].data == PNG
    assert found.remarks == (
        "photo.jpg is sent as photo.pdf, which is what it is.", "b.pdf is sent as b.png, which is what it is.",
    )  # fmt: skip
    assert found.problems[1] == "v3.12 results.png is attached already."  # what follows a picture is no part of it


def test_pictures_that_one_vendor_refuses_are_scaled_for_all() -> None:
    claude, gpt = Target("anthropic", "claude-sonnet-5-5"), Target("openai", "gpt-4o")
    files = checked([("big.png", noise((1300, 1200))), ("wide.png", picture("PNG", (9000, 40)))], ()).files
    assert [each.partition(": ")[2].partition(" (")[0] for each in refusals([claude, gpt], files)] == [
        "big.png has 4.7 MB; at most 3.9 MB per picture are accepted.",
        "wide.png has 9,000 × 40 pixels; at most 8,000 per side are accepted.",
    ]
    assert to_fit([gpt], files) is None
    wanted = to_fit([claude, gpt], files)
    assert wanted is not None
    made = made_to_fit(files, wanted)
    assert refusals([claude, gpt], made.files) == []
    assert to_fit([claude, gpt], made.files) is None
    assert made.remarks[1] == "wide.png is sent as 8,000 × 35 pixels."
    assert made.problems == ()


def test_what_was_attached_survives_reruns_and_can_be_taken_away(tmp_path: Path) -> None:
    page = tmp_path / "page.py"
    page.write_text(SCRIPT)
    app = AppTest.from_file(str(page), default_timeout=PATIENCE_S).run()
    app.file_uploader[0].set_value([("a.png", PNG, "image/png"), ("b.png", b"no", "image/png")]).run()
    for _ in range(2):
        assert not app.exception
        assert "a.png" in app.text[0].value
        assert "b\\.png is not a PNG" in app.error[0].value
        app.run()
    app.file_uploader[0].set_value([("c.pdf", PDF, "application/pdf")]).run()
    assert "c.pdf" in app.text[0].value
    assert not app.error
    app.button(key="remove-file-0").click().run()
    assert "a.png" not in app.text[0].value
    assert "c.pdf" in app.text[0].value


def _page() -> None:
    import streamlit as st

    from dashboard.compose import files

    st.text_area("Prompt", key="prompt")
    found = [("a.md", b"# Head"), ("b.txt", b"\x00")]
    st.button("take", on_click=lambda: st.session_state.update(said=files._into_prompt(found)))


def test_text_goes_into_the_prompt_behind_what_is_typed_and_what_is_none_is_said() -> None:
    at = AppTest.from_function(_page, default_timeout=PATIENCE_S).run()
    at.text_area(key="prompt").set_value("Summarise this.").run()
    at.button[0].click().run()
    assert at.text_area(key="prompt").value == "Summarise this.\n\na.md:\n```\n# Head\n```"
    assert at.session_state["said"] == ["b.txt is not text, whatever its name says."]


def test_pictures_are_scaled_by_one_click_and_stay_so(tmp_path: Path) -> None:
    page = tmp_path / "page.py"
    page.write_text(
        "from dashboard.compose.files import attach, offer_to_fit\n"
        "from prompts.core.targets import Target\n"
        "attach()\n"
        'offer_to_fit([Target("anthropic", "claude-sonnet-5-5"), Target("openai", "gpt-4o")])\n'
    )
    app = AppTest.from_file(str(page), default_timeout=PATIENCE_S).run()
    app.file_uploader[0].set_value([("wide.png", picture("PNG", (9000, 40)), "image/png")]).run()
    app.button(key="fit-files").click().run()
    assert not app.exception
    assert [caption.value for caption in app.caption][-1] == "wide\\.png is sent as 8,000 × 35 pixels\\."
    assert "fit-files" not in [button.key for button in app.button]
