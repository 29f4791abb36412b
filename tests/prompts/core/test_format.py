"""Numbers as people read them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from prompts.core import format as text_of
from prompts.core.answer import LIVE
from prompts.core.format import (
    CONDITIONS,
    FLAGS,
    STATES,
    UNKNOWN,
    cost,
    count,
    long_time,
    money,
    rate,
    seconds,
    share,
    total,
)
from prompts.core.run_summaries import Spend
from providers.completion import Cost, State
from providers.interface import Condition, Flag


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, UNKNOWN), (0.0, "0.0 ms"), (0.00042, "0.4 ms"), (0.0042, "4.2 ms"), (0.00994, "9.9 ms"),
        (0.00996, "10 ms"), (0.23, "230 ms"), (0.9994, "999 ms"), (0.9996, "1.00 s"), (1.0, "1.00 s"),
        (1.236, "1.24 s"),
        (9.994, "9.99 s"), (9.996, "10.0 s"), (12.34, "12.3 s"), (119.94, "119.9 s"), (119.96, "2 min 0 s"),
        (125.4, "2 min 5 s"), (179.6, "3 min 0 s"), (3600, "60 min 0 s"),
    ],
)  # fmt: skip
def test_seconds(value: float | None, text: str) -> None:
    assert seconds(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, UNKNOWN), (0.0, "0.00"), (0.333, "0.33"), (8.534, "8.53"), (9.994, "9.99"), (9.996, "10.0"),
        (85.34, "85.3"),
        (99.94, "99.9"), (99.96, "100"), (1204.4, "1,204"),
    ],
)  # fmt: skip
def test_rate(value: float | None, text: str) -> None:
    assert rate(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(None, UNKNOWN), (0, "0"), (7, "7"), (1234, "1,234"), (10**9, "1,000,000,000")]
)
def test_count(value: int | None, text: str) -> None:
    assert count(value) == text


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (None, UNKNOWN), ("0", "$0"), ("0.0000", "$0"), ("12.3", "$12.30"), ("1234.5", "$1,234.50"), ("0.995", "$1.00"),
        ("0.994", "$0.994"), ("0.5", "$0.500"), ("0.25", "$0.250"), ("0.012", "$0.012"), ("0.0123", "$0.012"),
        ("0.0096", "$0.0096"), ("0.00042", "$0.00042"), ("0.000423", "$0.00042"), ("0.0000001", "$0.0000001"),
        ("9E-5", "$0.00009"),
    ],
)  # fmt: skip
def test_money(amount: str | None, text: str) -> None:
    assert money(None if amount is None else Decimal(amount)) == text


def test_an_amount_is_never_shown_as_nothing() -> None:
    for exponent in range(12):
        assert money(Decimal(1).scaleb(-exponent)) != "$0"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Cost("amount", Decimal("0.0021")), "$0.0021"),
        (Cost("local", reason="runs here"), "no fee"),
        (Cost("unknown", reason="no counts"), UNKNOWN),
        (Cost("unknown", Decimal("0.0021"), reason="no price for sound"), "≥ $0.0021"),
        (Cost("amount", Decimal(0)), "$0"),
    ],
)
def test_the_three_states_of_a_cost_look_different(value: Cost, text: str) -> None:
    assert cost(value) == text


def test_every_state_condition_and_flag_has_its_words() -> None:
    assert set(STATES) == {*LIVE, *get_args(State)}
    assert set(CONDITIONS) == set(get_args(Condition))
    assert set(FLAGS) == set(get_args(Flag))
    words = [name for name, _ in STATES.values()]
    assert len(words) == len(set(words))
    assert all(meaning.endswith(".") for _, meaning in STATES.values())


AMOUNT, LOCAL, NOT_KNOWN = Cost("amount", Decimal("0.0021")), Cost("local"), Cost("unknown", reason="no counts")
AT_LEAST = Cost("unknown", Decimal("0.0021"), reason="no price for sound")


@pytest.mark.parametrize(
    ("costs", "text"),
    [
        ([AMOUNT, AMOUNT], "$0.0042"), ([AMOUNT, LOCAL], "$0.0021"), ([AMOUNT, NOT_KNOWN, AMOUNT], "≥ $0.0042"),
        ([LOCAL, LOCAL], "no fee"), ([NOT_KNOWN], UNKNOWN), ([LOCAL, NOT_KNOWN], UNKNOWN), ([], UNKNOWN),
        ([AT_LEAST], "≥ $0.0021"), ([AMOUNT, AT_LEAST], "≥ $0.0042"),
    ],
)  # fmt: skip
def test_a_total_never_hides_what_is_unknown(costs: list[Cost], text: str) -> None:
    assert total(costs) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "—"), (0.31, "310 ms"), (45.0, "45.0 s"), (60.0, "1 min"), (3000.0, "50 min"), (3600.0, "1.0 h"),
     (29_880.0, "8.3 h"), (4_334_400.0, "1,204 h")],
)  # fmt: skip
def test_long_times_are_read_in_hours(value: float | None, text: str) -> None:
    assert long_time(value) == text


@pytest.mark.parametrize(
    ("part", "text"),
    [(None, UNKNOWN), (0, "0 %"), (0.001, "under 1 %"), (0.624, "62 %"), (0.9999, "over 99 %"), (1, "100 %")],
)
def test_a_share_is_never_rounded_to_all_or_nothing(part: float | None, text: str) -> None:
    assert share(part) == text


@pytest.mark.parametrize(
    ("dollars", "text"),
    [
        (None, UNKNOWN), ("0", "$0.00"), ("2.5", "$2.50"), ("15", "$15.00"), ("0.10", "$0.10"), ("0.075", "$0.075"),
        ("0.0375", "$0.0375"), ("100", "$100.00"),
    ],
)  # fmt: skip
def test_a_unit_price_keeps_all_its_digits(dollars: str | None, text: str) -> None:
    assert text_of.unit_price(None if dollars is None else Decimal(dollars)) == text


def test_a_range_of_days_within_one_day_is_that_day() -> None:
    morning, evening = datetime(2026, 11, 20, 8, tzinfo=UTC), datetime(2026, 11, 20, 20, tzinfo=UTC)
    assert text_of.days(morning, evening) == "2026-11-20"
    assert text_of.days(morning, evening.replace(day=23)) == "2026-11-20 to 2026-11-23"


@pytest.mark.parametrize(
    ("part", "shown"),
    [
        (0.0, "0 %"), (0.00000381, "under 0.01 %"), (0.0035, "0.35 %"), (0.003, "0.30 %"),
        (0.0099, "0.99 %"), (0.00996, "1.0 %"),
        (0.041, "4.1 %"), (0.03, "3.0 %"), (0.0996, "10 %"), (0.62, "62 %"), (1.0, "100 %"),
    ],
)  # fmt: skip
def test_probabilities_keep_two_digits_where_they_are_small(part: float, shown: str) -> None:
    assert text_of.probability(part) == shown


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (None, UNKNOWN), (0, "0 B"), (380, "380 B"), (999, "999 B"), (1_000, "1 kB"), (999_499, "999 kB"),
        (999_500, "1 MB"), (980_000_000, "980 MB"), (999_500_000, "1.0 GB"), (4_683_073_184, "4.7 GB"),
        (42_520_413_916, "42.5 GB"), (99_950_000_000, "100 GB"), (1_234_000_000_000, "1,234 GB"),
    ],
)  # fmt: skip
def test_sizes_are_decimal(number: int | None, text: str) -> None:
    assert text_of.size(number) == text


@pytest.mark.parametrize(
    ("duration", "text"),
    [
        (None, UNKNOWN), (0.2, "0 s"), (99.4, "99 s"), (99.6, "2 min"), (240, "4 min"), (5_999, "1 h 40 min"),
        (5_940, "99 min"), (6_420, "1 h 47 min"), (172_000, "47 h 47 min"), (172_800, "2 d 0 h"), (183_600, "2 d 3 h"),
    ],
)  # fmt: skip
def test_a_guessed_time_has_two_units_at_most(duration: float | None, text: str) -> None:
    assert text_of.rough_time(duration) == text


def test_a_moment_is_told_on_the_readers_clock() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    now = datetime(2026, 11, 24, 22, 30, tzinfo=UTC)
    assert text_of.moment(now.replace(minute=45), now, berlin) == "23:45"
    assert text_of.moment(now.replace(hour=23), now, berlin) == "2026-11-25 00:30"
    assert text_of.moment(now.replace(hour=23), now, UTC) == "23:30"
    assert text_of.day(now.replace(hour=23), berlin) == "2026-11-25"
    assert text_of.day(None, berlin) == UNKNOWN


@pytest.mark.parametrize(
    ("told", "text"),
    [
        ({}, ""),
        ({"system_fingerprint": "fp_1", "service_tier": "default"}, "system fingerprint fp_1, service tier default"),
        ({"digest": "sha256:a6eb4748fd2990ad", "quantization": "Q4_K_M"}, "digest a6eb4748fd29, quantization Q4_K_M"),
        ({"inference_geo": "us", "of_tomorrow": "x"}, "region us, of tomorrow x"),
    ],
)
def test_what_served_an_answer_is_said_in_words(told, text):
    assert text_of.served(told) == text


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (-3, "just now"), (0.5, "just now"), (1, "1 min ago"), (59.9, "59 min ago"), (60, "1 h ago"),
        (5.9 * 60, "5 h ago"), (13.4 * 60, "13 h ago"), (13.6 * 60, "yesterday 23:54"), (2 * 24 * 60, "2 days ago"),
        (6 * 24 * 60, "6 days ago"), (7 * 24 * 60, "2026-11-17"),
    ],
)  # fmt: skip
def test_how_long_ago_is_said_as_people_say_it(minutes: float, said: str) -> None:
    now = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)
    assert text_of.ago(now - timedelta(minutes=minutes), now, ZoneInfo("Europe/Berlin")) == said


def test_soon_after_midnight_hours_are_still_hours() -> None:
    now = datetime(2026, 11, 24, 0, 30, tzinfo=UTC)
    assert text_of.ago(now - timedelta(hours=2), now, UTC) == "2 h ago"


def test_an_exact_time_names_its_clock() -> None:
    instant = datetime(2026, 11, 24, 22, 30, 5, tzinfo=UTC)
    assert text_of.exactly(instant, ZoneInfo("Europe/Berlin")) == "2026-11-24 23:30:05, Europe/Berlin"


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 11, 24), "Today"), (date(2026, 11, 23), "Yesterday"), (date(2026, 11, 20), "Friday, 20 November"),
        (date(2025, 3, 7), "Friday, 7 March 2025"),
    ],
)  # fmt: skip
def test_a_day_has_a_name(day: date, name: str) -> None:
    assert text_of.day_name(day, date(2026, 11, 24)) == name


@pytest.mark.parametrize(
    ("spend", "said"),
    [
        (Spend(Decimal("0.0021"), 1), "$0.0021"), (Spend(Decimal("0.0021"), 1, free=3), "$0.0021"),
        (Spend(Decimal("0.0021"), 1, unknown=1), "≥ $0.0021"), (Spend(free=2), "no fee"), (Spend(), UNKNOWN),
        (Spend(free=2, unknown=1), UNKNOWN), (Spend(Decimal("0.0021"), unknown=1), "≥ $0.0021"),
    ],
)  # fmt: skip
def test_a_spend_with_an_unknown_part_is_a_lower_bound(spend: Spend, said: str) -> None:
    assert text_of.spent(spend) == said


@pytest.mark.parametrize(("number", "said"), [(0, "0 runs"), (1, "1 run"), (1204, "1,204 runs")])
def test_things_are_counted_in_words(number: int, said: str) -> None:
    assert text_of.number_of(number, "run") == said


@pytest.mark.parametrize(
    ("then", "now", "said"),
    [
        (2.0, 3.0, "+50 %"),
        (3.0, 2.0, "−33 %"),
        (100.0, 100.4, "+0.40 %"),
        (1.0, 12.0, "12 times"),
        (5.0, 0.0, "−100 %"),
        (5.0, 5.0, "same"),
    ],
)
def test_growth_is_a_part_of_what_there_was(then, now, said):
    assert text_of.grown(then, now) == said


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("Support mail: 1/2", "support-mail-1-2"),
        ("../..", "votes"),
        ("CON", "con-votes"),
        ("lpt¹", "lpt¹-votes"),
        ("console", "console"),
    ],
)
def test_the_name_of_a_file_can_be_had_on_every_system(name: str, stem: str) -> None:
    assert text_of.file_stem(name, "votes") == stem
