"""Emphasis beside Chinese, Japanese and Korean, and marks elsewhere as CommonMark has them."""

from html import escape

import pytest

from dashboard.answer_grid.markdown import render


@pytest.mark.parametrize(
    ("text", "bold"),
    [
        ("**「強調」**です", "「強調」"), ("これは**「重要」**です。", "「重要」"), ("**重要：**内容", "重要："),
        ("**50%**的人", "50%"), ("中文**「引号」**text", "「引号」"), ("**“中文”**中文", "“中文”"),
        ("**(注)**です", "(注)"),
        ('**"강조"**는', '"강조"'), ("**A.**中", "A."), ("**《书》**是", "《书》"), ("看**（注意）**这里", "（注意）"),
        ("**Python！**好", "Python！"), ("**「A」**と「B」", "「A」"),
    ],
)  # fmt: skip
def test_bold_ends_beside_punctuation_of_scripts_without_blanks(text: str, bold: str) -> None:
    html = render(text)
    assert f"<strong>{escape(bold)}</strong>" in html
    assert "*" not in html


def test_strikethrough_and_slanted_text_end_there_too() -> None:
    assert render("~~「取消」~~です") == "<p><s>「取消」</s>です</p>\n"
    assert render("*「斜」*体") == "<p><em>「斜」</em>体</p>\n"


@pytest.mark.parametrize("text", ["2 ** 3 ** 4", "** 「a」 **", "a*「", "snake_case_「x」_y", 'a**"b"**c'])
def test_marks_that_are_no_emphasis_elsewhere_stay_marks(text: str) -> None:
    assert render(text) == f"<p>{escape(text)}</p>\n"
