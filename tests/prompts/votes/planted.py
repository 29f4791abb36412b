"""Answers on record with something to find in every column, for tests of what may not leave the server."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID, uuid4

import sqlalchemy as sa

from prompts.record.schema import completions, runs
from prompts.votes.votes import Ballot, BallotCase, Contestant, Origin

MODELS = ("acme:zebra-7b-chat", "acme:okapi-70b", "anthropic:claude-sonnet-4-5")
AT = datetime(2026, 11, 17, 3, 14, 15, tzinfo=UTC)
NUMBERS = (7.318291, 3.141729, 4.659213)
"""Seconds, seconds, tokens a second: each answer's own is a multiple."""
TOKENS = (31337, 27182)


def plant(
    connection: sa.Connection, cases: int, models: Sequence[str] = MODELS, repeats: int = 1, under: str | None = None
) -> Ballot:  # fmt: skip
    """A ballot of answers of which every second names itself, each with times, tokens, money, ids and thinking.

    `under`: a collection that the runs are put under; then no answer names itself.
    """
    found: list[BallotCase] = []
    for case in range(cases):
        run_id, ids = str(uuid4()), [[str(uuid4()) for _ in range(repeats)] for _ in models]
        prompt = f"Write line {case} of a poem."
        connection.execute(runs.insert(), {
            "id": run_id, "created_at": AT, "source": "page", "prompt": prompt,
            "request": {"messages": [{"role": "user", "text": prompt}], "settings": {}}, "experiment_id": under,
        })  # fmt: skip
        for n, model in enumerate(models):
            for repeat, id in enumerate(ids[n]):
                row = _row(id, run_id, n, repeat, model, case, len(models))
                text = row["text"] if under is None else f"Verse {case} {'of tulips ' * (n + 1)}"
                connection.execute(completions.insert(), {**row, "text": text})
        found.append(BallotCase(f"case-{case}", tuple(tuple(several) for several in ids)))
    contestants = tuple(Contestant(model, model) for model in models)
    return Ballot(str(uuid4()), AT, "Poems", "Poems", "", Origin("runs"), contestants, tuple(found))


def _row(id: str, run_id: str, n: int, repeat: int, target: str, case: int, width: int) -> dict[str, object]:
    provider, _, model = target.partition(":")
    names = ("As Zebra-7B-chat, I sing.", "I am Okapi 70B.", "I'm Claude, made by Anthropic.")
    return {
        "id": id, "run_id": run_id, "position": n + repeat * width, "cell": n, "repeat": repeat, "provider": provider,
        "model": model, "state": "complete", "asked_at": AT, "started_at": AT, "cost_kind": "amount",
        "text": f"Verse {case} {'of roses ' * (n + 1)}number {repeat}.\n\n" + (names[n] if case % 2 else "- a list\n"),
        "thinking": f"planted thought of {model}", "response_model": f"{model}-20261101",
        "response_id": f"resp-planted-{id}", "endpoint": f"https://{provider}.planted.example/v1",
        "duration_s": NUMBERS[0] * (n + 1), "time_to_first_token_s": NUMBERS[1] * (n + 1),
        "output_tokens_per_s": NUMBERS[2] * (n + 1), "input_tokens": TOKENS[0] + n, "output_tokens": TOKENS[1] + n,
        "cost_amount": Decimal("0.0424242") * (n + 1),
    }  # fmt: skip


def telling(ballot: Ballot) -> list[bytes]:
    """Every sequence of bytes that would tell a model, as text, as a number of a frame, and as the bytes of an id."""
    ids = [id for case in ballot.cases for several in case.answers for id in several]
    words = [
        "zebra", "okapi", "claude", "anthropic", "acme", "planted", "resp-", "thinking", "2026-11-17", "03:14:15",
        "0424242", "contestant", "case-", *ids,
    ]  # fmt: skip
    floats = [number * (n + 1) for number in NUMBERS for n in range(len(MODELS))]
    found = [word.encode() for word in words]
    found += [f"{number:.4f}"[:5].encode() for number in floats]
    found += [struct.pack(order, number) for number in floats for order in ("<d", ">d")]
    found += [str(tokens + n).encode() for tokens in TOKENS for n in range(len(MODELS))]
    return [*found, *(UUID(id).bytes for id in ids)]


def leaks(received: bytes, ballot: Ballot) -> list[bytes]:
    """What of it stands in what was received, whatever the case of its letters."""
    lowered = received.lower()
    return [each for each in telling(ballot) if each.lower() in lowered]
