"""Token counts that are integers within reason, or unknown."""

import json
from types import SimpleNamespace

import pytest
from pydantic import BaseModel

from providers.interface import Usage
from providers.measuring.usage import Counts, OddCounts, Tally, as_raw, odd_counts
from providers.network.exchange import Exchange, exchange


@pytest.mark.parametrize("value", [0, 1, 10**9, 12.0])
def test_a_count_is_taken(value: int) -> None:
    counts = Counts({"a": value})
    assert counts("a") == value
    assert counts.flags == ()


@pytest.mark.parametrize("value", [-1, 10**9 + 1, 1.5, "7", True, float("nan"), float("inf"), [1], {"n": 1}, b"1"])
def test_an_impossible_count_is_unknown_and_flagged(value: object) -> None:
    counts = Counts({"a": value})
    assert counts("a") is None
    assert counts.flags == ("usage_invalid",)


@pytest.mark.parametrize(
    ("usage", "path"),
    [
        ({}, ("a",)), ({"a": None}, ("a",)), ({"a": None}, ("a", "b")), ({"a": {}}, ("a", "b")), (None, ("a",)),
        (SimpleNamespace(a=SimpleNamespace(b=None)), ("a", "b")), ("text", ("a", "b")),
    ],
)  # fmt: skip
def test_what_is_absent_is_unknown_without_blame(usage: object, path: tuple[str, ...]) -> None:
    counts = Counts(usage)
    assert counts(*path) is None
    assert counts.flags == ()


def test_mappings_and_objects_are_read_alike() -> None:
    for usage in ({"a": {"b": 3}}, SimpleNamespace(a=SimpleNamespace(b=3)), SimpleNamespace(a={"b": 3})):
        assert Counts(usage)("a", "b") == 3


def test_parts_stay_within_their_totals() -> None:
    counts = Counts({})
    usage = counts.usage(
        input_tokens=10, output_tokens=5, cache_read_tokens=10, cache_write_tokens=11, reasoning_tokens=6
    )
    assert usage == Usage(10, 5, 10, None, None)
    assert counts.flags == ("usage_invalid",)


def test_a_part_of_an_unknown_total_is_kept() -> None:
    counts = Counts({})
    assert counts.usage(input_tokens=None, output_tokens=5, cache_read_tokens=3) == Usage(None, 5, 3)
    assert counts.flags == ()


def test_nothing_usable_is_no_usage() -> None:
    assert Counts({}).usage(input_tokens=None, output_tokens=None, reasoning_tokens=3) is None
    assert Counts({}).usage(input_tokens=0, output_tokens=0) == Usage(0, 0)


@pytest.mark.parametrize(
    ("usage", "answer"),
    [
        (Usage(1, 10, reasoning_tokens=4), 6),
        (Usage(1, 10), 10),
        (Usage(1, None), None),
        (Usage(1, 4, reasoning_tokens=4), 0),
    ],
)
def test_answer_tokens_are_the_output_without_thinking(usage: Usage, answer: int | None) -> None:
    assert usage.answer_tokens == answer


class Sent(BaseModel):
    total: int = 0
    details: dict[str, int] | None = None


def test_raw_usage_is_only_what_was_sent() -> None:
    assert as_raw(Sent(total=5)) == {"total": 5}
    assert as_raw({"total": 5, "more": None}) == {"total": 5, "more": None}
    assert as_raw(None) is None
    assert as_raw("text") is None


def test_a_sum_needs_every_part_to_be_possible_and_one_to_be_told() -> None:
    assert Counts({"a": 3, "b": 4}).total("a", "b") == 7
    assert Counts({"a": 3, "b": None}).total("a", "b", "c") == 3
    assert Counts({}).total("a", "b") is None
    assert Counts({"a": 10**9, "b": 1}).total("a", "b") is None
    for impossible in (-1, 10**12, float("nan"), "4"):
        counts = Counts({"a": 3, "b": impossible})
        assert counts.total("a", "b") is None
        assert counts.flags == ("usage_invalid",)


def test_an_impossible_count_elsewhere_does_not_spoil_a_sum() -> None:
    counts = Counts({"a": 3, "b": 4, "c": -1})
    assert counts("c") is None
    assert counts.total("a", "b") == 7


def test_what_json_cannot_hold_is_kept_as_text() -> None:
    odd = {"a": float("nan"), "b": [float("-inf"), 1.5], "c": {"d": float("inf")}, "e": "many"}
    kept = {"a": "NaN", "b": ["-Infinity", 1.5], "c": {"d": "Infinity"}, "e": "many"}
    assert as_raw(odd) == kept

    class Told(BaseModel):
        a: float
        b: int | None = None

    assert as_raw(Told(a=float("nan"))) == {"a": "NaN"}
    assert as_raw("lots") is None


ODD = OddCounts("n", "m")


@pytest.mark.parametrize("count", [b"7", b"-7", b"null", b"0", b" 7", b"  null"])
def test_a_document_of_integers_passes_to_the_byte(count: bytes) -> None:
    document = b'{"n":%b, "text": "\\"n\\": NaN"}' % count
    assert ODD.taken_from(document) is document


@pytest.mark.parametrize("count", ["NaN", "Infinity", '"many"', "3.5", "[1]", "true", "{}"])
def test_a_count_that_is_no_integer_is_taken_out_and_noted(count: str) -> None:
    seen = Exchange(clock=float)
    token = exchange.set(seen)
    document = ODD.taken_from(f'{{"a": {{"n": {count}, "m": 2}}, "t": "\\ud83d"}}'.encode())
    assert repr(odd_counts()) == repr({"n": json.loads(count)})
    exchange.reset(token)
    assert json.loads(document) == {"a": {"m": 2}, "t": "\ud83d"}
    assert odd_counts() == {}


def test_what_holds_the_counts_is_no_count() -> None:
    held = OddCounts("n", holding="usage")
    for document in (b'{"usage": {"n": 1}}', b'{"usage": null}'):
        assert held.taken_from(document) is document
    assert held.taken_from(b'{"usage": 7, "t": 1}') == b'{"t": 1}'


@pytest.mark.parametrize("document", [b'{"n": NaN', b'{"n": "x"' + b"[" * 100_000])
def test_what_is_no_json_is_left_to_the_sdk(document: bytes) -> None:
    assert ODD.taken_from(document) is document


class Counted(BaseModel, extra="allow"):
    read: int | None = None
    written: int | None = None


@pytest.mark.parametrize("kind", [dict, Counted], ids=["mapping", "object of an SDK"])
@pytest.mark.parametrize(
    ("told", "value"),
    [
        ([], None),
        ([{"read": 7}], {"read": 7}),
        ([{"read": 7, "written": 1}, {"read": 7, "written": 2}, {"read": 7, "written": 3}], {"read": 7, "written": 3}),
        ([{"read": 7, "written": 1}, {"read": 0, "written": 2}], {"read": 7, "written": 2}),
        ([{"read": 7}, {"written": 2}, {"written": 3}], {"written": 3}),
        ([{"read": 7, "written": 2}, {"read": 0, "written": 0}], {"read": 7, "written": 2}),
        ([{"read": 7, "written": 2}, {"read": None, "written": 0}, {"read": 8}], {"read": 8}),
        ([{"written": 2, "more": 5}, {"written": 3, "more": 0}], {"written": 3, "more": 5}),
        ([{"read": 7, "of": {"cached": 5}}, {"read": 7, "of": {"cached": 0}}], {"read": 7, "of": {"cached": 5}}),
        ([{"read": 7, "of": {"cached": 5}}, {"read": 8, "of": {}}], {"read": 8, "of": {"cached": 5}}),
        ([{"of": [5]}, {"of": []}], {"of": [5]}),
        ([{"of": []}], {"of": []}),  # no count at all: what it means is for `Counts` to say
    ],
)  # fmt: skip
def test_counts_grow_and_zeros_do_not_replace_them(kind, told, value) -> None:
    tally = Tally()
    for usage in told:
        tally.add(kind(**usage))
    assert tally.value == value
