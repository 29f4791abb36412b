"""promptfoo's templates: names and a few filters, everything else refused by name."""

from __future__ import annotations

import pytest

from prompts.experiments.holes import fill
from prompts.experiments.plan import PlanError
from prompts.experiments.promptfoo.templates import template

VALUES = {"word": " Fox ", "user.name": "Ada", "tag": "{{word}}"}


@pytest.mark.parametrize(
    ("written", "read", "filled"),
    [
        ("Say {{word}}.", "Say {{word}}.", "Say  Fox ."),
        ("{{ word | upper | trim }}", "{{word upper trim}}", "FOX"),
        ("{{word|dump}} {{ word|safe }}", "{{word dump}} {{word}}", '" Fox "  Fox '),
        ("{{ user.name }} {{tag}}", "{{user.name}} {{tag}}", "Ada {{word}}"),
        ("a {# a comment #}b", "a b", "a b"),
        ("{% raw %}{{word}} {% endraw %}{{word}}", "\\{{word}} {{word}}", "{{word}}  Fox "),
        ('{"a": {{word}}}', '{"a": {{word}}}', '{"a":  Fox }'),
        ("{ word } {word}", "{ word } {word}", "{ word } {word}"),
    ],
)
def test_what_is_known_becomes_holes(written: str, read: str, filled: str) -> None:
    found = template(written, "prompt")
    assert found.text == read
    assert found.filled(VALUES) == filled
    columns = {value.column: value.of(VALUES) for value in found.values}
    assert fill(found.text, columns) == filled


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("{{word | title}}", "prompt: the filter 'title' is not known. There are: dump, lower, safe, trim, upper."),
        ("{{ word | replace('a', 'b') }}", "the filter \"replace('a', 'b')\" is not known"),
        ("{{ a + b }}", "is more than the name of a variable"), ("{{ f(x) }}", "more than the name"),
        ("{{ a[0] }}", "more than the name"), ("{{ }}", "more than the name"), ("{{ 'x' * 10 }}", "more than the name"),
        ("{{- word -}}", "{{- and -}} are not known"), ("{% if a %}b{% endif %}", "{% if %} is not known"),
        ("{%- for x in y %}", "{% for %} is not known"), ("{{ env.KEY }}", "would read the environment"),
        ("{{ _conversation }}", "each case is asked on its own"), ("\\{{word}}", "a backslash before {{word}}"),
    ],
)  # fmt: skip
def test_what_is_not_known_is_refused_by_name(written: str, said: str) -> None:
    with pytest.raises(PlanError) as caught:
        template(written, "prompt")
    assert said in str(caught.value)


def test_every_missing_variable_is_named() -> None:
    assert template("{{a}} {{b}} {{c}} {{a}}", "prompt").missing({"c": ""}) == ("a", "b")
