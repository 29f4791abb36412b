"""YAML as texts: nothing is read as what it was not written as, and nothing grows without bound."""

from __future__ import annotations

import pytest

from prompts.experiments.plan import PlanError
from prompts.experiments.promptfoo.yaml_texts import MOST_BYTES, load_yaml, typed


@pytest.mark.parametrize("written", ["no", "1.10", "007", "1e5", "~", "2026-01-01", "0x1F", "yes", "null", "1:30"])
def test_a_scalar_stays_what_was_written(written: str) -> None:
    assert load_yaml(f"a: {written}\nb: ['{written}']".encode(), "x.yaml") == {"a": written, "b": [written]}


def test_where_json_is_meant_unquoted_words_are_typed() -> None:
    found = typed(load_yaml(b"a: [1, 1.5, '1', true, 'true', null, text, 007, -2e3]", "x.yaml"))
    assert found == {"a": [1, 1.5, "1", True, "true", None, "text", "007", -2000.0]}


def test_anchors_and_merges_are_followed() -> None:
    text = b"a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3}\nc: {<<: [{x: 9}, *a]}\nd: *a"
    assert load_yaml(text, "x.yaml") == {
        "a": {"x": "1", "y": "2"}, "b": {"x": "1", "y": "3"}, "c": {"x": "9", "y": "2"}, "d": {"x": "1", "y": "2"},
    }  # fmt: skip


BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9)
)
MERGES = "a0: &a0 {x: 1}\n" + "".join(f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 10)}]}}\n" for n in range(1, 9))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (BOMB, "contains more than 500,000 values"), (MERGES, "contains more than 500,000 values"),
        ("a: &a [*a]", "an anchor contains itself. Put its tests into a CSV file"),
        ("[" * 100 + "]" * 100, "nested more than 60 deep"),
        ("[" * 3_000, "nested too deeply"), ("a: [", "x.yaml is not YAML"), ("", "x.yaml is empty"),
        ("a: 1\nb: 2\na: 3", "x.yaml, line 3: 'a' occurs twice."), ("? [a]\n: 1", "cannot be a key"),
        ("a: {<<: text}", "<< wants a table"), (b"a: \xff", "x.yaml is not UTF-8 (byte 3)"),
        (b"#" * (MOST_BYTES + 1), "at most 4 MB of YAML are read. Put its tests into a CSV file"),
        ("a: *b", "x.yaml is not YAML"),
        ("a: 1\n---\nb: 2", "x.yaml is not YAML"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said(text: str | bytes, said: str) -> None:
    with pytest.raises(PlanError) as caught:
        load_yaml(text if isinstance(text, bytes) else text.encode(), "x.yaml")
    assert said in str(caught.value)


def test_no_object_of_another_kind_is_made() -> None:
    found = load_yaml(b"a: !!python/object/apply:os.system ['true']", "x.yaml")
    assert found == {"a": ["true"]}
