"""Text with holes."""

from __future__ import annotations

import pytest

from prompts.experiments.holes import HoleError, fill, holes, missing, sent_as_they_stand, template_note


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Sort {{mail}} into {{ labels }}, {{mail}}.", ("mail", "labels")),
        ("{{first name}} {{größe}} {{a.b}} {{a-b}}", ("first name", "größe", "a.b", "a-b")),
        ("{ {a} } {{}} {{ }} {a} {{a|b}} {% x %} {# y #}", ()),
        (r"\{{kept}} {{filled}}", ("filled",)),
        ("{{{x}}}", ("x",)),
    ],
)
def test_holes_are_names_in_double_braces(text: str, found: tuple[str, ...]) -> None:
    assert holes(text) == found


def test_every_hole_is_filled_once_and_what_is_filled_in_is_left_alone() -> None:
    values = {"a": "{{b}} {# not a comment #} {{a}} <&>", "b": "B"}
    assert fill("{{a}}|{{ b }}", values) == "{{b}} {# not a comment #} {{a}} <&>|B"


def test_a_backslash_keeps_the_braces() -> None:
    assert fill(r"\{{a}} {{a}}", {"a": "x"}) == "{{a}} x"


def test_all_missing_names_come_in_one_error() -> None:
    with pytest.raises(HoleError, match=r"No column fills \{\{b\}\}, \{\{c\}\}\. Columns: a\."):
        fill("{{a}} {{b}} {{c}} {{b}}", {"a": "x"})


def test_missing_names_keep_their_order() -> None:
    assert missing(("c", "a", "b"), {"a": ""}) == ("c", "b")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{{name}} and \\{{kept}}", ()),
        ("{{name | upper}}", ("{{name | upper}}",)),
        ("{% if a %}{{a}}{% endif %} {# why #}", ("{% if a %}", "{% endif %}", "{# why #}")),
        ("{{}} {{ }} {{a}} {{}}", ("{{}}", "{{ }}")),
        ('{"a": {"b": 1}} {a} {', ()),
        ("Say {{name", ("{{name",)),
        ("Say {{name} again", ("{{name}",)),
        ("\\{{name}} {{a}} { {b", ()),
    ],
)
def test_what_looks_like_a_template_is_named_before_it_is_sent_as_it_stands(text: str, found: tuple[str, ...]) -> None:
    assert sent_as_they_stand(text, None) == found
    assert template_note(text) == "" if not found else found[0] in template_note(text)
