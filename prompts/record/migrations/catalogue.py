"""A card for every completion, and the full text of prompts and answers: what lists, filters and search read.

Statements of the first step, which creates both; they never change. The database keeps both up to date itself, by
triggers, whoever writes. A later step that copies one of the tables on SQLite (a batch operation) drops its triggers
and must create them again.
"""

# ruff: noqa: S608 -- made of constants only

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

# Spelled out rather than imported from the modules that own the words: those will change while this step must not.
FINAL = "{0}.state NOT IN ('queued', 'sent', 'streaming')"
GOOD = "('complete', 'cut', 'filtered', 'refused', 'empty')"
OUTCOME = (
    "CASE WHEN {0}.state IN ('queued', 'sent', 'streaming') THEN 0 WHEN {0}.interrupted_at IS NOT NULL THEN 3 "
    f"WHEN {{0}}.state IN {GOOD} THEN 1 ELSE 2 END"
)
KIND = "CASE {0}.cost_kind WHEN 'local' THEN 1 WHEN 'amount' THEN 2 WHEN 'unknown' THEN 3 END"
PAID = (
    f"SELECT max(kind), sum(amount) FROM (SELECT {KIND.format('c')} AS kind, "
    "CAST(c.cost_amount AS DOUBLE PRECISION) AS amount FROM completions c WHERE c.id = {0} UNION ALL "
    f"SELECT {KIND.format('a')}, CAST(a.cost_amount AS DOUBLE PRECISION) FROM attempts a "
    "WHERE a.completion_id = {0} AND a.cost_kind IS NOT NULL) AS paid"
)
REFRESH = (
    f"UPDATE cards SET outcome = {OUTCOME.format('new')}, input_tokens = new.input_tokens, "
    "output_tokens = new.output_tokens, duration_s = new.duration_s, "
    f"time_to_first_token_s = new.time_to_first_token_s, (cost_kind, cost) = ({PAID.format('new.id')}) "
    "WHERE completion_id = new.id"
)
RECOST = (
    f"UPDATE cards SET (cost_kind, cost) = ({PAID.format('new.completion_id')}) WHERE completion_id = new.completion_id"
)
KNOW_MODEL = (
    "INSERT INTO models (provider, model) SELECT new.provider, new.model WHERE NOT EXISTS "
    "(SELECT 1 FROM models m WHERE m.provider = new.provider AND m.model = new.model)"
)
MODEL = "(SELECT m.id FROM models m WHERE m.provider = {0}.provider AND m.model = {0}.model)"
CARD = "number, target, outcome, repeat, person, run_id, completion_id"
# A card's number: the milliseconds of asking, with room for a million completions in each. The newest is the highest.
ROOM = 1 << 20


def statements(connection: sa.Connection) -> list[str]:
    """Fill both from the record, and add the triggers that keep them up to date."""
    return _sqlite() if connection.dialect.name == "sqlite" else _postgresql(connection)


def _fill(asked: str) -> list[str]:
    """The statements that make models and cards of existing completions;
    `asked`: SQL for when each was asked, in milliseconds."""
    return [
        "INSERT INTO models (provider, model) SELECT DISTINCT provider, model FROM completions",
        f"INSERT INTO cards ({CARD}) SELECT ms * {ROOM} + row_number() OVER (PARTITION BY ms ORDER BY run_id, position)"
        f" - 1, {MODEL.format('c')}, {OUTCOME.format('c')}, repeat, person, run_id, id FROM (SELECT {asked} AS ms,"
        " nullif(runs.person, '') AS person, completions.id, completions.run_id, completions.position,"
        " completions.state, completions.interrupted_at, completions.provider, completions.model, completions.repeat"
        " FROM completions JOIN runs ON runs.id = completions.run_id) c",
        "UPDATE cards SET (input_tokens, output_tokens, duration_s, time_to_first_token_s) = (SELECT c.input_tokens,"
        " c.output_tokens, c.duration_s, c.time_to_first_token_s FROM completions c WHERE c.id = cards.completion_id),"
        f" (cost_kind, cost) = ({PAID.format('cards.completion_id')})",
    ]  # fmt: skip


# SQLite: FTS5 stores only the index; it reads the text it indexes through a view.


def _sqlite() -> list[str]:
    # Truncated, as SQLite would round the last microsecond of a second up to the next.
    asked = "(CAST(strftime('%s', substr({0}, 1, 19)) AS INTEGER) * 1000 + CAST(substr({0}, 21, 3) AS INTEGER))"
    base = f"{asked.format('r.created_at')} * {ROOM}"
    old, new = FINAL.format("old"), FINAL.format("new")
    forget = "INSERT INTO search (search, rowid, prompt, answer) SELECT 'delete', k.number, spaced({0}), spaced({1})"
    learn = (
        "INSERT INTO search (rowid, prompt, answer) SELECT k.number, spaced(r.prompt), spaced(new.text) "
        "FROM cards k JOIN runs r ON r.id = k.run_id WHERE k.completion_id = new.id AND k.outcome <> 0"
    )
    return [
        *_fill(asked.format("runs.created_at")),
        "CREATE VIEW searched AS SELECT k.number AS number, spaced(r.prompt) AS prompt, spaced(c.text) AS answer "
        "FROM cards k JOIN runs r ON r.id = k.run_id JOIN completions c ON c.id = k.completion_id "
        "WHERE k.outcome <> 0",
        "CREATE VIRTUAL TABLE search USING fts5(prompt, answer, content='searched', content_rowid='number', "
        "columnsize=0, tokenize='unicode61 remove_diacritics 2')",
        "INSERT INTO search (search) VALUES ('rebuild')",
        "CREATE TRIGGER card_made AFTER INSERT ON completions BEGIN "
        f"{KNOW_MODEL}; "
        f"INSERT INTO cards ({CARD}) SELECT coalesce((SELECT max(k.number) + 1 FROM cards k WHERE k.number >= {base} "
        f"AND k.number < {base} + {ROOM}), {base}), {MODEL.format('new')}, 0, new.repeat, nullif(r.person, ''), "
        f"new.run_id, new.id FROM runs r WHERE r.id = new.run_id; {REFRESH}; {learn}; END",
        "CREATE TRIGGER card_changed AFTER UPDATE OF state, text, interrupted_at ON completions "
        f"WHEN {old} OR {new} BEGIN "
        f"{forget.format('r.prompt', 'old.text')} FROM cards k JOIN runs r ON r.id = k.run_id "
        f"WHERE k.completion_id = old.id AND k.outcome <> 0; {REFRESH}; {learn}; END",
        "CREATE TRIGGER cards_of_run_gone BEFORE DELETE ON runs BEGIN "
        f"{forget.format('old.prompt', 'c.text')} FROM completions c JOIN cards k ON k.completion_id = c.id "
        "WHERE c.run_id = old.id AND k.outcome <> 0; "
        "DELETE FROM cards WHERE completion_id IN (SELECT c.id FROM completions c WHERE c.run_id = old.id); END",
        "CREATE TRIGGER card_gone BEFORE DELETE ON completions BEGIN "
        f"{forget.format('r.prompt', 'old.text')} FROM cards k JOIN runs r ON r.id = k.run_id "
        "WHERE k.completion_id = old.id AND k.outcome <> 0; DELETE FROM cards WHERE completion_id = old.id; END",
        *(
            f"CREATE TRIGGER card_paid_{when} AFTER {event} ON attempts WHEN new.cost_kind IS NOT NULL BEGIN "
            f"{RECOST}; END"
            for when, event in (("first", "INSERT"), ("later", "UPDATE OF cost_kind"))
        ),
    ]  # fmt: skip


# PostgreSQL: a document beside each card. Its parser recognises addresses and paths; here everything must be plain
# words.

MOST_PROMPT, MOST_ANSWER = 100_000, 150_000
"""Characters of each that are searched: a document in PostgreSQL must stay below a megabyte."""
UNSPACED = (
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
    r"\U00020000-\U0003ffff]"
)


def _postgresql(connection: sa.Connection) -> list[str]:
    locale = _locale(connection)
    asked = "floor(extract(epoch FROM {0}) * 1000)::bigint"
    document = (
        f"setweight(to_tsvector('simple', collate_words(left(r.prompt, {MOST_PROMPT}))), 'A') || "
        f"setweight(to_tsvector('simple', collate_words(left({{0}}.text, {MOST_ANSWER}))), 'B')"
    )
    learn = (
        f"INSERT INTO search (number, document) SELECT k.number, {document} FROM cards k JOIN runs r ON r.id = k.run_id"
    )
    return [
        "CREATE FUNCTION collate_words(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ "
        "SELECT regexp_replace(lower(regexp_replace(normalize(regexp_replace(normalize(coalesce($1, ''), NFD), "
        rf"'[\u0300-\u036f]+', '', 'g'), NFC), '({UNSPACED})', ' \1 ', 'g'){locale}), "
        f"'[^[:alnum:]]+'{locale}, ' ', 'g') $$",
        *_fill(asked.format("runs.created_at")),
        "CREATE TABLE search (number bigint PRIMARY KEY REFERENCES cards (number) ON DELETE CASCADE, "
        "document tsvector NOT NULL)",
        f"{learn.format('c')} JOIN completions c ON c.id = k.completion_id WHERE k.outcome <> 0",
        "CREATE INDEX ix_search_document ON search USING gin (document)",
        "CREATE FUNCTION collate_card_made() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE base bigint; free bigint; "
        f"BEGIN {KNOW_MODEL} ON CONFLICT DO NOTHING; "
        f"base := (SELECT {asked.format('r.created_at')} * {ROOM} FROM runs r WHERE r.id = new.run_id); "
        f"free := coalesce((SELECT max(number) + 1 FROM cards WHERE number >= base AND number < base + {ROOM}), base); "
        # Another transaction may take the same number; this one waits for it.
        f"LOOP BEGIN INSERT INTO cards ({CARD}) SELECT free, {MODEL.format('new')}, 0, new.repeat, "
        "nullif(r.person, ''), new.run_id, new.id FROM runs r WHERE r.id = new.run_id; EXIT; "
        "EXCEPTION WHEN unique_violation THEN free := free + 1; END; END LOOP; RETURN NULL; END $$",
        f"CREATE FUNCTION collate_card_changed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {REFRESH}; "
        "DELETE FROM search USING cards k WHERE k.number = search.number AND k.completion_id = new.id; "
        f"{learn.format('new')} WHERE k.completion_id = new.id AND k.outcome <> 0; RETURN NULL; END $$",
        "CREATE FUNCTION collate_card_paid() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN {RECOST}; RETURN NULL; END $$",
        "CREATE TRIGGER card_1_made AFTER INSERT ON completions FOR EACH ROW EXECUTE FUNCTION collate_card_made()",
        "CREATE TRIGGER card_2_new AFTER INSERT ON completions FOR EACH ROW EXECUTE FUNCTION collate_card_changed()",
        "CREATE TRIGGER card_3_changed AFTER UPDATE OF state, text, interrupted_at ON completions FOR EACH ROW "
        f"WHEN ({FINAL.format('old')} OR {FINAL.format('new')}) EXECUTE FUNCTION collate_card_changed()",
        "CREATE TRIGGER card_paid AFTER INSERT OR UPDATE OF cost_kind ON attempts FOR EACH ROW "
        "WHEN (new.cost_kind IS NOT NULL) EXECUTE FUNCTION collate_card_paid()",
    ]  # fmt: skip


def _locale(connection: sa.Connection) -> str:
    """A collation that knows the letters of all languages: the database's own may be C, which knows only ASCII."""
    known = "SELECT collname FROM pg_collation WHERE collname IN ('pg_c_utf8', 'und-x-icu', 'unicode') ORDER BY 1"
    name: Any = connection.exec_driver_sql(known).scalar()
    return f' COLLATE "{name}"' if name else ""
