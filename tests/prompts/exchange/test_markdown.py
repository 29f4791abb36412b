"""Markdown of a run: figures and answers to paste, every text exact, nothing that reaches outside."""

from __future__ import annotations

from dataclasses import replace

import pytest

from prompts.exchange.markdown import fenced, quoted, run_text, stays_inside
from prompts.experiments.report.markdown import safe
from providers.interface import Settings
from providers.pictures import Picture, PictureSettings
from tests.prompts.exchange.recorded import exported, fill
from tests.prompts.samples import FULL, TARGET
from tests.runs import answer_of, run_of


@pytest.fixture
async def text(open_archive, tmp_path):
    await fill(f"sqlite:///{tmp_path}/source.db", runs=2)
    return exported(open_archive(f"sqlite:///{tmp_path}/source.db"), "markdown").decode()


def test_a_run_has_a_title_its_prompt_its_figures_and_its_answers(text):
    assert text.startswith("# =Question 1?\n")
    assert "```text\n=Question 1?\n```" in text
    assert "| openai:gpt-4o | complete | 200 ms | 333 ms | 123 | 12 | 9 | $0.00012 |" in text
    assert "> Ja 🦊,\n> नमस्ते" in text
    assert "Tags: German, good" in text
    assert "ann: best answer, thumb up, 4 of 5 stars, the one that worked" in text
    assert text.count("\n---\n") == 2
    assert "“—” is unknown, never 0" in text


def test_a_run_that_drew_shows_the_figures_of_pictures_and_names_each():
    target = TARGET.with_settings(Settings(picture=PictureSettings()))
    run = run_of("A cat", [answer_of(target)])
    film = Picture("a" * 64, "image/png", 20, 10, "image/gif", 99, seed=7, frames=3)
    run.live[0].finish(replace(FULL, text="", pictures=(film,)))
    text = run_text(run)
    assert "| Model | Outcome | First picture | Final picture |" in text
    assert "First token" not in text
    assert "## Pictures" in text
    assert "A picture of 20 × 10, first of 3 frames, seed 7" in text


def test_foreign_words_turn_nothing_beside_them():
    """A rewritten prompt, a note, a message of a vendor: an override in it would reverse what follows on its line."""
    run = run_of("\u202eA cat", [answer_of(TARGET)])
    drawn = Picture("a" * 64, "image/png", 20, 10, "image/png", 99, revised_prompt="A \u202etac\u2066")
    run.live[0].finish(replace(FULL, text="", pictures=(drawn,)))
    text = run_text(run)
    assert r"drawn as “A \<U+202E\>tac\<U+2066\>”" in text
    assert text.startswith("# \\<U+202E\\>A cat\n")
    assert safe("A \u202etac") == r"A \<U+202E\>tac"  # in the reports of experiments and of choices


@pytest.mark.parametrize(
    "answer",
    [
        "plain", "# Title\n\n- a\n- b", "`code` and [link](https://example.com)", "```html\n<img src=x>\n```",
        "```\n![a](b)\n```\nafter", "~~~\n<b>\n~~~", "a < b and b > c", "```\n![a](b)\n",
    ],
)  # fmt: skip
def test_an_answer_that_stays_inside_is_markdown(answer):
    assert stays_inside(answer)


@pytest.mark.parametrize(
    "answer",
    [
        "![a](https://evil.example/p.png)", "<img src=https://evil.example>", "<!-- x", "</div>", "![a][b]\n\n[b]: u",
        "- x\n  ```\n![a](b)\n  ```", "    ```\n![a](b)", "```a`b\n![a](b)\n```", "x\u2028```\n![a](b)",
        "x\x0b```\n![a](b)", "```\ncode\n```\n![a](b)", "~~~\n```\n~~~\n![a](b)", "````\n```\n````\n![a](b)",
        "```\n   ```\n![a](b)",
    ],
)  # fmt: skip
def test_an_answer_that_would_fetch_or_bring_html_is_not(answer):
    assert not stays_inside(answer)


def test_a_fence_is_longer_than_any_in_the_text():
    assert fenced("a ````` b") == "``````text\na ````` b\n``````"


def test_a_quotation_holds_every_line():
    assert quoted("a\n\nb\r\nc") == "> a\n>\n> b\n> c"
