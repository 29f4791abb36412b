import pytest
from markdown_it import MarkdownIt

from dashboard.markdown_escape import plain

_MARKDOWN = MarkdownIt("gfm-like", {"linkify": False})


@pytest.mark.parametrize(
    "foreign",
    [
        "![x](http://evil.example/beacon)",
        "[click](http://evil.example)",
        "**bold** _it_ `code` ~~gone~~",
        "# heading",
        "- item",
        "1. item",
        "> quote",
        "<img src=x onerror=alert(1)>",
        ":material/home: :smile: :red[text] :red-badge[x]",
        "$x^2$ and $5",
        "a | b",
        "[ref]: http://evil.example",
        "user@example.com",
        "\\*",
        "&lt;script&gt;",
    ],
)
def test_foreign_text_is_shown_letter_by_letter(foreign: str) -> None:
    html = _MARKDOWN.render(plain(foreign))
    text = html.removeprefix("<p>").removesuffix("</p>\n").replace("\u2060", "")
    assert text == foreign.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def test_a_bare_address_does_not_become_a_link() -> None:
    assert "http\u003a//" not in plain("see http://evil.example").replace("\\", "")


def test_control_characters_and_lines_are_made_visible_on_one_line() -> None:
    assert plain("a\nb\tc") == "a b c"
    assert "\u202e" not in plain("a\u202eb")
