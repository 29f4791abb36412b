"""Which dollar signs and escaped brackets mark a formula; what does not look like one stays text, mark for mark."""

import re
from html import unescape

import pytest

from dashboard.answer_grid.markdown import render


def text_of(html: str) -> str:
    """What is read."""
    return unescape(re.sub("<[^>]+>", "", html))


def _formulas(html: str) -> bool:
    return 'class="math' in html


@pytest.mark.parametrize(
    "text",
    [
        "export $HOME/bin:$PATH", r'$env:PATH = "C:\bin;$env:PATH"', "sed 's/$old/$new/'", "sed 's/$old/$new/g' file",
        "echo $FOO:$BAR", "cp $SRC/*.txt $DST/", "set $a=$b now", "$HOME is set, $PATH is not", "kill $$ and echo $$",
        "$(pwd)/$(ls)", "${a}/${b}", "$?, $! and $#", "$#,$@", "df$x and df$y", "=SUM($A$1:$A$10)", "$('#a')+$('#b')",
        "$_.Name,$_.Id", "$true/$false", "^[a-z]$|^[0-9]$", "s/a$/b$/", "awk '{print $1,$2}'", "'$A','$B'", "$u@$host",
        "$var = $other;", "PATH=$PATH:$HOME/.local/bin", "$el.$refs", "mysql -u$USER -p$PASS", "$x$y", "$LANG=$LC_ALL",
        "docker run -v $PWD:/app -w /app $IMAGE", "curl $URL/$ID?x=$X", "AWS_$REGION_$STAGE", "$i++; $j++",
    ],
)  # fmt: skip
def test_variables_of_shells_and_programs_stay_text(text: str) -> None:
    html = render(text)
    assert not _formulas(html)
    assert text_of(html).count("$") == text.count("$")


@pytest.mark.parametrize(
    "text",
    [
        "It costs $5 and that $6.", "$5-$10 a day", "$1,000-$2,000 in all", "from $3.50 to $4.20", "$1M to $2M",
        "$100k/$200k",
        "between $5/month and $9/month", "$5 or €6, $7 at most", "US$5, CA$6 and A$7", "a $20 bill and a $50 bill",
        "pay $10, get $12 back", "$0.15 per 1M in, $0.60 out", "about $3/$15 per million", "**$5** and **$6**",
        "$5*2 = $10", "$5+$6=$11", "save $200 (was $300)", "($5) and ($6)", "$1.50–$2.50", "$9.99, not $10",
        "$5USD and $6USD", "$1 = €0.92, $2 = €1.84", "my $.02 and your $.05", "$5/$6", "$2bn to $3bn",
    ],
)  # fmt: skip
def test_amounts_of_money_stay_text(text: str) -> None:
    html = render(text)
    assert not _formulas(html)
    assert text_of(html).count("$") == text.count("$")


@pytest.mark.parametrize(
    "text",
    [
        "$x$", "the $n$th term", "$k$-means", "$x$s", r"$O(n \log n)$", "$P(A|B)$", "$ABC$", "$f'(x)$", "($x$)",
        "$1/2$",
        "$a, b$", r"$\text{two words here}$", "设$x$为实数", "$|x|$", "$$ x^2 $$", "$n!$", "$x$?", "$-1$", "**$x$**",
        "$5x + 3y = 7$", r"$\{1,2\}$", r"$x \in [0,1]$", r"$30^\circ$", "$p < 0.05$", r"$\alpha$-$\beta$", "$x_1,x_2$",
        r"\(x\)", r"\(5\)", r"\(\alpha\)", r"\[ E = mc^2 \]", r"\(n\)th", r"\(\text{two words}\)", r"(\(x\))",
        r"\(f(x)\)",
        r"\(\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}\)", r"\(P(A|B)\)", r"- \(x\) is", r"\[ a-b \]", r"\(\|x\|\)",
        r"\(\sin x\)", r"\(\bar{x}\)", r"\(\beta\)", r"\(2n\)", "\\[\n+ x\n\\]",
    ],
)  # fmt: skip
def test_formulas_are_drawn(text: str) -> None:
    assert _formulas(render(text))


@pytest.mark.parametrize(
    "text",
    [
        r"Escape \( and \) in a regex", r"\[optional\]", r"f\(x\)", r"list\[0\]", r"grep '\(foo\|bar\)'", r"\(\d+\)",
        r"\([0-9]+\)", r"\(.*\)", r"\[a-z\]", r"\[x\] done", r"\[1\]", r"\[1, 2\]", r"\[ERROR\] it failed",
        r"\(see below\)", r"s/\(^foo\)/x/", r"\(\w+\) \(\s*\)", r"\(optional\)", r"- \[ \] a task",
        "\\[Note\\]\n\ntext",
        r"\(https://x.example\)", r"\(e.g. this\)", r"sed 's/\([a-z]*\)_\([a-z]*\)/\2_\1/'", r"\[^abc\]", r"\(?:a\)",
        r"arr\[i\] = arr\[j\]",
    ],
)  # fmt: skip
def test_escaped_brackets_in_prose_and_regular_expressions_stay_brackets(text: str) -> None:
    html = render(text)
    assert not _formulas(html)
    assert [text_of(html).count(mark) for mark in "()[]"] == [text.count(mark) for mark in "()[]"]
