"""What the list of the picker says of a model, and the way back from it."""

from __future__ import annotations

from decimal import Decimal

from dashboard.compose.model_rows import ModelRow
from dashboard.compose.option_labels import labels, ready_first, target_of


def row(
    target: str, label: str = "", price: str | None = None, *, local: bool = False, usable: bool = True
) -> ModelRow:
    dollars = Decimal(price) if price else None
    status = "ready" if usable else "needs OPENAI_API_KEY"
    window = None if local else 128_000
    name = label or target.partition(":")[2]
    return ModelRow(target, name, "GPT", dollars, dollars, local, window, "", status, usable)


def test_a_label_says_what_one_chooses_by() -> None:
    rows = [
        row("openai:gpt-4o", "GPT-4o", "2.5"), row("openai:gpt-5", usable=False), row("openai:own"),
        row("ollama:x", local=True),
    ]  # fmt: skip
    assert list(labels(rows).values()) == [
        "openai:gpt-4o · GPT-4o · ready · $2.50 in, $2.50 out · 128,000 tokens",
        "openai:gpt-5 · needs OPENAI_API_KEY · 128,000 tokens",
        "openai:own · ready · price unknown · 128,000 tokens",
        "ollama:x · ready · no fee",
    ]


def test_every_label_leads_back_to_its_target_and_so_does_what_was_typed() -> None:
    rows = [row("openai:gpt-4o"), row("host:org/model-1.5:free")]
    assert [target_of(label) for label in labels(rows).values()] == [each.target for each in rows]
    assert target_of("nonsense: with words") == "nonsense: with words"


def test_what_can_be_asked_now_comes_first_else_nothing_moves() -> None:
    rows = [row("a:1", usable=False), row("a:2"), row("b:1"), row("b:2", usable=False)]
    assert ready_first(["a:1", "a:2", "b:1", "b:2", "typed"], rows) == ["a:2", "b:1", "a:1", "b:2", "typed"]
