"""Replaces the triggers of the cards: a completion may wait, and a card knows whether it is an experiment's cell.

Statements of step 0005; they never change. Of the triggers that step 0004 made, these name the states of unfinished
completions.
"""

# ruff: noqa: S608 -- made of constants only

from __future__ import annotations

import sqlalchemy as sa

from prompts.record.migrations import catalogue as first

OPEN = "'waiting', 'queued', 'sent', 'streaming'"
FINAL = f"{{0}}.state NOT IN ({OPEN})"
OUTCOME = (
    f"CASE WHEN {{0}}.state IN ({OPEN}) THEN 0 WHEN {{0}}.interrupted_at IS NOT NULL THEN 3 "
    f"WHEN {{0}}.state IN {first.GOOD} THEN 1 ELSE 2 END"
)
REFRESH = (
    f"UPDATE cards SET outcome = {OUTCOME.format('new')}, input_tokens = new.input_tokens, "
    "output_tokens = new.output_tokens, duration_s = new.duration_s, "
    f"time_to_first_token_s = new.time_to_first_token_s, (cost_kind, cost) = ({first.PAID.format('new.id')}) "
    "WHERE completion_id = new.id"
)
CARD = "number, target, planned, outcome, repeat, person, run_id, completion_id"
PLANNED = "CASE WHEN r.plan_id IS NULL THEN 0 ELSE 1 END"


def statements(connection: sa.Connection) -> list[str]:
    """Replace what step 0004 made."""
    return _sqlite() if connection.dialect.name == "sqlite" else _postgresql()


def _sqlite() -> list[str]:
    asked = "(CAST(strftime('%s', substr({0}, 1, 19)) AS INTEGER) * 1000 + CAST(substr({0}, 21, 3) AS INTEGER))"
    base = f"{asked.format('r.created_at')} * {first.ROOM}"
    old, new = FINAL.format("old"), FINAL.format("new")
    forget = "INSERT INTO search (search, rowid, prompt, answer) SELECT 'delete', k.number, spaced({0}), spaced({1})"
    learn = (
        "INSERT INTO search (rowid, prompt, answer) SELECT k.number, spaced(r.prompt), spaced(new.text) "
        "FROM cards k JOIN runs r ON r.id = k.run_id WHERE k.completion_id = new.id AND k.outcome <> 0"
    )
    number = (
        f"coalesce((SELECT max(k.number) + 1 FROM cards k WHERE k.number >= {base} "
        f"AND k.number < {base} + {first.ROOM}), {base})"
    )
    return [
        "DROP TRIGGER card_made",
        "DROP TRIGGER card_changed",
        "CREATE TRIGGER card_made AFTER INSERT ON completions BEGIN "
        f"{first.KNOW_MODEL}; "
        f"INSERT INTO cards ({CARD}) SELECT {number}, {first.MODEL.format('new')}, {PLANNED}, 0, new.repeat, "
        f"nullif(r.person, ''), new.run_id, new.id FROM runs r WHERE r.id = new.run_id; {REFRESH}; {learn}; END",
        "CREATE TRIGGER card_changed AFTER UPDATE OF state, text, interrupted_at ON completions "
        f"WHEN {old} OR {new} BEGIN "
        f"{forget.format('r.prompt', 'old.text')} FROM cards k JOIN runs r ON r.id = k.run_id "
        f"WHERE k.completion_id = old.id AND k.outcome <> 0; {REFRESH}; {learn}; END",
    ]  # fmt: skip


def _postgresql() -> list[str]:
    asked = "floor(extract(epoch FROM r.created_at) * 1000)::bigint"
    document = (
        f"setweight(to_tsvector('simple', collate_words(left(r.prompt, {first.MOST_PROMPT}))), 'A') || "
        f"setweight(to_tsvector('simple', collate_words(left(new.text, {first.MOST_ANSWER}))), 'B')"
    )
    learn = (
        f"INSERT INTO search (number, document) SELECT k.number, {document} FROM cards k JOIN runs r ON r.id = k.run_id"
    )
    return [
        "CREATE OR REPLACE FUNCTION collate_card_made() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"DECLARE base bigint; free bigint; BEGIN {first.KNOW_MODEL} ON CONFLICT DO NOTHING; "
        f"base := (SELECT {asked} * {first.ROOM} FROM runs r WHERE r.id = new.run_id); free := coalesce("
        f"(SELECT max(number) + 1 FROM cards WHERE number >= base AND number < base + {first.ROOM}), base); "
        # Another transaction may take the same number; this one waits for it.
        f"LOOP BEGIN INSERT INTO cards ({CARD}) SELECT free, {first.MODEL.format('new')}, {PLANNED}, 0, new.repeat, "
        "nullif(r.person, ''), new.run_id, new.id FROM runs r WHERE r.id = new.run_id; EXIT; "
        "EXCEPTION WHEN unique_violation THEN free := free + 1; END; END LOOP; RETURN NULL; END $$",
        f"CREATE OR REPLACE FUNCTION collate_card_changed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {REFRESH}; "
        "DELETE FROM search USING cards k WHERE k.number = search.number AND k.completion_id = new.id; "
        f"{learn} WHERE k.completion_id = new.id AND k.outcome <> 0; RETURN NULL; END $$",
        "DROP TRIGGER card_3_changed ON completions",
        "CREATE TRIGGER card_3_changed AFTER UPDATE OF state, text, interrupted_at ON completions FOR EACH ROW "
        f"WHEN ({FINAL.format('old')} OR {FINAL.format('new')}) EXECUTE FUNCTION collate_card_changed()",
    ]  # fmt: skip
