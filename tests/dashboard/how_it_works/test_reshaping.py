"""Temperature and top-p over one distribution, of a built-in model and of what a host told."""

from __future__ import annotations

import pytest

from dashboard.how_it_works.reshaping import of_builtin, of_told
from dashboard.how_it_works.word_bars import Row
from providers.builtin import builtin
from providers.interface import Settings

PROMPT = "What is a class?"
TOLD = [Row(" A", 0.6), Row(" The", 0.3), Row("\n", 0.05)]


def test_the_neutral_settings_change_nothing() -> None:
    assert all(row.own == pytest.approx(row.reshaped) for row in of_builtin("ngram-4", PROMPT, [], 1.0, 1.0))


@pytest.mark.parametrize(("temperature", "top_p"), [(0.0, 1.0), (0.5, 1.0), (2.0, 1.0), (1.0, 0.4), (0.7, 0.9)])
def test_what_is_shown_is_exactly_what_the_model_draws_by(temperature: float, top_p: float) -> None:
    rows = of_builtin("ngram-4", PROMPT, ["method"], temperature, top_p)
    settings = Settings(temperature=temperature, top_p=top_p)
    exact = dict(builtin.next_words("ngram-4", PROMPT, 10_000, settings, answer="method"))
    assert [row.reshaped for row in rows[:-1] if row.reshaped] == [exact[r.word] for r in rows[:-1] if r.word in exact]
    assert sum(row.reshaped for row in rows) == pytest.approx(1)
    assert sum(row.own for row in rows) == pytest.approx(1)
    assert rows[-1].word.startswith("all ")


def test_without_temperature_only_the_likeliest_is_left() -> None:
    rows = of_builtin("ngram-4", PROMPT, [], 0.0, 1.0)
    assert [row.reshaped for row in rows] == [1.0] + [0.0] * (len(rows) - 1)


def test_of_a_host_only_what_it_told_is_shared_out() -> None:
    rows = of_told(TOLD, 1.0, 1.0)
    assert [row.word for row in rows] == ["␣A", "␣The", "⏎"]
    assert [row.own for row in rows] == [pytest.approx(p / 0.95) for _, p in TOLD]
    assert [row.reshaped for row in of_told(TOLD, 1.0, 0.6)] == [1.0, 0.0, 0.0]
    warm, cold = of_told(TOLD, 2.0, 1.0), of_told(TOLD, 0.5, 1.0)
    assert warm[0].reshaped < rows[0].own < cold[0].reshaped
