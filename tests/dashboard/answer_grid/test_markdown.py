"""Answers as HTML: what is understood, and that nothing else ever comes out."""

from __future__ import annotations

import random
import re
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest

from dashboard.answer_grid import maths
from dashboard.answer_grid.blocks import whole
from dashboard.answer_grid.colours import LANGUAGES, code_block
from dashboard.answer_grid.markdown import _MOST_TAGS as MOST_TAGS
from dashboard.answer_grid.markdown import plain, render
from tests.counting import calls

TAGS = frozenset(
    "p br hr h3 h4 h5 h6 blockquote ul ol li pre code span bdi div table thead tbody tr th td strong em s a".split()
)
ATTRIBUTES = frozenset("class href target rel start dir data-lang".split())


class Auditor(HTMLParser):
    """Reads HTML as a browser would, and notes what is not on the list."""

    def __init__(self) -> None:
        super().__init__()
        self.forbidden: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS | maths.TAGS:
            self.forbidden.append(tag)
        for name, value in attrs:
            if name not in ATTRIBUTES | maths.ATTRIBUTES:
                self.forbidden.append(f"{tag} {name}")
            if name == "href" and not (value or "").startswith(("https://", "http://", "mailto:")):
                self.forbidden.append(f"{name}={value}")

    def handle_data(self, data: str) -> None:
        self.text += data


def audit(html: str) -> Auditor:
    auditor = Auditor()
    auditor.feed(html)
    auditor.close()
    return auditor


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=http://evil.example/x onerror=alert(1)>",
    "text <b onclick='x'>b</b> <style>@import url(//evil.example)</style> <!-- c --> <![CDATA[x]]> <?php ?>",
    "<svg><math><a xlink:href='javascript:alert(1)'>",
    "[a](javascript:alert(1)) [a](JaVaScRiPt:alert(1)) [a](java\tscript:alert(1)) [a](&#106;avascript:alert(1))",
    "[a](data:text/html;base64,PHNjcmlwdD4=) [a](vbscript:x) [a](file:///etc/passwd) [a](//evil.example) [a](/x) [a]()",
    "[a](https:evil.example) [a](https:///x) [a](http://[::1) <javascript:alert(1)> <data:text/html,x>",
    '[a](https://x.example/"onmouseover="alert(1)) [a](https://x.example "t\\" onload=alert(1)")',
    '![a](javascript:alert(1)) !["><img src=x onerror=alert(1)>](https://x.example/a) ![a](data:image/svg+xml,<svg>)',
    '```js" onload="alert(1)\n</code></pre><script>alert(1)</script>\n```',
    "```html\n<script>alert(1)</script>\n```",
    "    <script>alert(1)</script>",
    "|<script>|b|\n|---|:-:|\n|<img src=x>|`</td><script>`|",
    r"$\text{<script>alert(1)</script>}$ $$\mbox{</math><img src=x onerror=alert(1)>}$$",
    r"$\href{javascript:alert(1)}{x}$ $\style{background:url(//evil.example)}{x}$ $\class{a\" onload=\"b}{x}$",
    r"\(\color{red;background:url(//evil.example)}x\) \[\textcolor{\" onload=\"a}{x}\]",
    r"$\hspace{9999em}x$ $\rule{9999em}{9999em}$ $\raise{-900em}{x}$ $\verb|<script>|$ $\operatorname{<img>}$",
    r"$&lt;script&gt; &#60;img src=x&#62;$ $\unknown{<b>}$ $\begin{<x>}\end{<x>}$ $\sqrt[<i>]{x}$",
    r"$\newcommand{\a}{<script>}\a$ $\fcolorbox{red}{\"}{x}$ $\includegraphics{http://evil.example}$",
    "[r]: javascript:alert(1)\n\n[r] ![r] [^1]\n\n[^1]: <script>",
    "\x00<script>\x00 \u2028<img src=x>\u2029 \ud83d<b>",
]


def test_lists_quotations_and_tables_stand_where_their_own_text_begins() -> None:
    html = render("- أولاً\n\n1. ثانياً\n\n> قال\n\n|أ|\n|-|\n|ب|")
    for tag in ("ul", "ol", "blockquote", "table"):
        assert f'<{tag} dir="auto">' in html


@pytest.mark.parametrize("markdown", HOSTILE)
def test_only_listed_tags_and_attributes_ever_come_out(markdown: str) -> None:
    for html in (render(markdown), render(markdown, coloured=False), plain(markdown)):
        assert audit(html).forbidden == []


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("**b** *e* ~~s~~ `c`", "<p><strong>b</strong> <em>e</em> <s>s</s> <code>c</code></p>\n"),
        ("one\ntwo", "<p>one<br />\ntwo</p>\n"),
        ("# T", "<h3>T</h3>\n"),
        ("3. c\n4. d", '<ol start="3" dir="auto">\n<li>c</li>\n<li>d</li>\n</ol>\n'),
        ("foo:bar[baz] -> :smile: >= (c) ...", "<p>foo:bar[baz] -&gt; :smile: &gt;= (c) ...</p>\n"),
        ("www.example.com and https://example.com", "<p>www.example.com and https://example.com</p>\n"),
        ("![a *cat*](http://h.example/c.png)", '<p><span class="chip">[image: a cat — h.example]</span></p>\n'),
        ("[r]: https://e.example\n[x][r]", "<p>[r]: https://e.example<br />\n[x][r]</p>\n"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"),
        ("<http://e.example/?a&b>", '<p><a href="http://e.example/?a&amp;b" target="_blank" rel="noopener noreferrer">'
                                    "<bdi>http://e.example/?a&amp;b</bdi></a></p>\n"),
        ("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>\n"),
        ("```\na < b\n```", "<pre><code>a &lt; b\n</code></pre>\n"),
        ("|a|\n|-:|\n|1|", '<div class="table"><table dir="auto">\n<thead>\n<tr>\n'
                           '<th class="right">a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n'
                           '<td class="right">1</td>\n</tr>\n</tbody>\n</table></div>\n'),
    ],
)  # fmt: skip
def test_markdown_becomes(markdown: str, html: str) -> None:
    assert render(markdown) == html


_PIECES = (
    "https://bank.example", "bank.example", "@", ":443", "/", "evil.example", "\u202e", "\u2066", "&#x202e;", "&#8297;",
    "\u05d0", "[", "](https://evil.example)", "](https://evil.example/bank.example)", "**", "`", "\n\n", "\n```\n",
    "<https://bank.example@evil.example>", "| a | b |\n|---|---|\n|", "![", "](https://evil.example/a.png)", " ",
    "e" + "\u0301" * 40, "$x$",
)  # fmt: skip


@pytest.mark.parametrize("seed", range(300))
def test_whatever_is_written_a_link_says_where_it_leads_and_nothing_turns_what_stands_beside_it(seed: int) -> None:
    pick = random.Random(seed)
    html = render("".join(pick.choices(_PIECES, k=30)))
    assert not set(unescape(html)) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    assert re.search("\u0301{11}", unescape(html)) is None
    for href, text, after in re.findall(r'<a href="([^"]*)"[^>]*><bdi>(.*?)</bdi></a>(.{0,60})', html, re.DOTALL):
        host = urlsplit(unescape(href)).hostname
        drawn = unescape(re.sub("<[^>]*>", "", text)).strip()
        says = re.fullmatch(rf"(https?://)?{re.escape(host)}([/?#].*)?", drawn, re.ASCII)
        assert says or after.startswith(f' <bdi class="host">{host}</bdi>')


def test_marks_piled_on_a_letter_are_counted_instead_of_drawn() -> None:
    assert audit(render("e" + "\u0301" * 20_000)).text.strip() == "e" + "\u0301" * 10 + "<19,990 more marks>"
    assert "more marks" in whole("```\ne" + "\u0301" * 50 + "\n```")


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("[docs](https://docs.example/a)", "docs docs.example"),
        ("[](https://docs.example/a)", "docs.example"),
        ("[https://bank.example](https://evil.example/)", "https://bank.example evil.example"),
        ("[https://bank.example](https://bank.example@evil.example/)", "https://bank.example evil.example"),
        ("[https://docs.example/a](https://docs.example/b)", "https://docs.example/a"),
        ("<https://docs.example/a>", "https://docs.example/a"),
        ("[**bold**](https://docs.example)", "bold docs.example"),
        ("[us](mailto:a@b.example?subject=x)", "us a@b.example"),
        (
            "[https://bank.example:443@evil.example](https://bank.example:443@evil.example/)",
            "https://bank.example:443@evil.example evil.example",
        ),
        ("<https://bank.example@evil.example/>", "https://bank.example@evil.example/ evil.example"),
        ("[evil.example.bank.example](https://evil.example)", "evil.example.bank.example evil.example"),
        ("[www.google.com\u202e](https://moc.elgoog.xyz/)", "www.google.com<U+202E> moc.elgoog.xyz"),
        ("[www.google.com&#x202e;](https://moc.elgoog.xyz/)", "www.google.com<U+202E> moc.elgoog.xyz"),
        ("[https://\u0430bc.example/](https://\u0430bc.example/)", "https://\u0430bc.example/ xn--bc-6kc.example"),
    ],
)
def test_a_link_names_its_host_unless_its_text_does_so_truly(markdown: str, shown: str) -> None:
    html = render(markdown)
    assert audit(html).text.strip() == shown
    assert 'target="_blank" rel="noopener noreferrer"' in html


@pytest.mark.parametrize(
    "markdown", ["$x^2$", "$$x^2$$", r"\(x^2\)", r"\[x^2\]", "so:\n$$\nx^2\n$$", "\\[\n+ x^2\n= y\n\\]"]
)
def test_formulas_become_mathml(markdown: str) -> None:
    html = render(markdown)
    assert "<msup><mi>x</mi><mn>2</mn></msup>" in html
    assert "<ul>" not in html
    assert "$" not in audit(html).text


@pytest.mark.parametrize(
    "prose",
    [
        "costs $5 and $6", "from $10 to $20", "$AAPL and $TSLA", "a lone $ sign", "US$5 or A$6", "$5, not 5$",
        "\\$5 and \\$6",
        "it costs $6, US$ or not", "$x, y$5",
    ],
)  # fmt: skip
def test_money_stays_text(prose: str) -> None:
    assert render(prose) == f"<p>{prose.replace(chr(92), '')}</p>\n"


@pytest.mark.parametrize("formula", [r"\href{x}{y}", r"\newcommand{\a}{b}", "{" * 30 + "}" * 30, "x^a^b", "x" * 3000])
def test_a_formula_that_is_refused_or_not_understood_shows_its_source(formula: str) -> None:
    assert maths.mathml(formula, False).startswith("<code>")


def test_names_of_functions_keep_their_distance() -> None:
    html = maths.mathml(r"n \log n", False)
    assert html.count('<mspace width="0.17em"></mspace>') == 2


BOMBS = {
    "brackets": "[" * 49_000, "images": "![" * 24_000, "links": "[a](" * 12_000, "quotes": ">" * 40_000,
    "nested quotes": "\n".join(">" * n + " a" for n in range(300)), "emphasis": "*a " * 16_000, "stars": "**a" * 16_000,
    "backticks": " ".join("`" * n for n in range(300)), "list": "\n".join("  " * n + "- a" for n in range(200)),
    "table": "|a" * 8_000 + "\n" + "|-" * 8_000 + "\n" + "|b" * 8_000, "dollars": "$a " * 16_000,
    "pairs": "$a$ " * 12_000,
    "round": r"\(" * 24_000, "square": "\\[\n" * 16_000, "entities": "&#x" * 16_000, "autolinks": "<a:" * 16_000,
    "formula": "$" + "x^{" * 600 + "}" * 600 + "$", "powers": "$" + "x^" * 900 + "x$",
    "fractions": "$" + r"\frac1" * 300 + "$", "macros": r"$\def\a{\b\b}\def\b{\c\c}\a$",
    "left": "$" + r"\left(" * 300 + "$",
    "code": "```python\n" + "(" * 19_000 + "\n```", "strings": "```python\n" + "f'{" * 6_000 + "\n```",
    "comments": "```js\n" + "/*" * 9_000 + "\n```", "tags": "```html\n" + "<a " * 6_000 + "\n```",
    "huge": "word " * 200_000,
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_rendered_with_work_in_proportion_to_its_length(name: str) -> None:
    shown: list[str] = []
    assert calls(lambda: shown.append(render(BOMBS[name]))) < 150 * len(BOMBS[name])
    assert audit(shown[0]).forbidden == []


def test_what_is_nested_too_deeply_is_shown_as_it_is() -> None:
    deep = ">" * 50 + " still here"
    assert render(deep) == '<p class="chip">[deeply nested: shown as plain text]</p>\n' + plain(deep)
    assert render(deep, coloured=False) == plain(deep)  # while it is still arriving, nothing is said yet


def test_what_is_very_long_is_shown_as_it_is() -> None:
    long = "**a** " * 10_000
    assert render(long) == '<p class="chip">[very long: shown as plain text]</p>\n' + plain(long)


PATTERNS = [
    "*a* ", "**b** ", "`c` ", "| a | b |\n", "|---|---|\n", "<http://a.bc> ", "[a](http://b.c) ", "![x](http://a)",
    "- i\n", "1. n\n", "> q\n", "$x^2$ ", "\\(y\\) ", "\\[z\\]\n", "# h\n", "~~s~~ ", "a  \n", "&amp; ", "\n\n", "   ",
    "```py\nx=1\n```\n", "_", "__", "***", "<br>", "\u0301", "\u202e", "漢**字**", "    code\n", "[^1]", "|", "\\",
    "***a**", "[[[", "](",
]  # fmt: skip


@pytest.mark.parametrize("seed", range(60))
def test_whatever_is_piled_up_costs_work_in_proportion_and_has_a_bounded_number_of_parts(seed: int) -> None:
    chance = random.Random(seed)
    used = chance.sample(PATTERNS, chance.choice([1, 1, 2, 3, 5]))
    text = "".join(chance.choice(used) for _ in range(20_000 // max(map(len, used))))
    shown: list[str] = []
    assert calls(lambda: shown.append(render(text))) < 150 * len(text)
    assert shown[0].count("<") <= MOST_TAGS
    assert audit(shown[0]).forbidden == []


@pytest.mark.parametrize(
    "text", ["- i\n" * 5000, "| a | b |\n|---|---|\n" + "| 1 | 2 |\n" * 4000, "<http://a.bc> " * 3000]
)
def test_what_has_very_many_parts_is_shown_as_it_is_and_says_so(text: str) -> None:
    assert render(text) == '<p class="chip">[many parts: shown as plain text]</p>\n' + plain(text)


def test_many_dollars_cost_the_formulas_not_the_rest() -> None:
    html = render("**bold** " + "$x$ " * 150)
    assert html.startswith("<p><strong>bold</strong> $x$")


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_colouring_changes_no_character(language: str) -> None:
    code = '\n\n  if (a < b && c) { x = "é\\n"; } // é \' \t\n# end\n---\n  '
    assert audit(code_block(code, language)).text == code + "\n"


def test_code_is_coloured_by_classes() -> None:
    assert '<span class="k">def</span> <span class="f">f</span>' in code_block("def f(): pass", "python")


@pytest.mark.parametrize("tag", ["<br>", "<br/>", "<br />", "<BR>"])
def test_a_line_breaks_in_the_cell_of_a_table_and_nowhere_else(tag: str) -> None:
    html = render(f"|a{tag}b|c|\n|-|-|\n|**d{tag}e**|`f{tag}g`|\n\nh{tag}i")
    assert html.count("<br />") == 2
    assert "<strong>d<br />\ne</strong>" in html
    assert f"f{tag}g" in audit(html).text
    assert f"h{tag}i" in audit(html).text


@pytest.mark.parametrize("text", ["|a<br onclick=x>b|\n|-|\n", "|a<b>b|\n|-|\n", "|a<img src=x>|\n|-|\n"])
def test_no_other_tag_is_markup_in_a_cell(text: str) -> None:
    assert "&lt;" in render(text)
    assert audit(render(text)).forbidden == []
