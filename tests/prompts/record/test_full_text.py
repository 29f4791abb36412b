"""Words found in prompts and answers, alike on both databases."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

import sqlalchemy as sa

from prompts.core.run_summaries import Filter
from prompts.history.archive import Archive
from prompts.record.database import open_database
from prompts.record.full_text import forget
from prompts.record.schema import cards, completions, runs
from tests.prompts.history.made import NOON, Answer, put, several

TEXTS = {
    "plain": ("Why is the sky blue?", "Because of Rayleigh scattering."),
    "accents": ("Où est le café?", "Là-bas, près de l’été."),
    "decomposed": ("un cafe\u0301 noir", "oui"),
    "german": ("Größe der Straße", "Ärger"),
    "cyrillic": ("Какая Погода", "тёплый май"),
    "chinese": ("今天天气怎么样", "今天是晴天。"),
    "japanese": ("東京の天気は?", "カタカナ テスト"),
    "thai": ("สวัสดีครับ", "ok"),
    "korean": ("오늘 날씨가 좋아요", "네"),
    "hindi": ("नमस्ते दुनिया", "हाँ"),
    "code": ("def snake_case(x): return x*2", "https://example.com/path?q=1 3.14 a-b C++"),
    "numbers": ("v2.10.3 costs 1,000", "gpt-4o 5e10 0x1F"),
    "odd": ("a\ufffdb 🦊 fox", "NEAR AND OR NOT \\ ' \" * ^ { }"),
}


def found(archive: Archive, words: str) -> set[str]:
    """The prompts found."""
    return {line.prompt for line in archive.page(Filter(words=words)).lines}


FOUND = [
    ("sky", "plain"),
    ("SKY", "plain"),
    ("rayleigh", "plain"),
    ("sky rayleigh", "plain"),
    ("sky café", ""),
    ('"the sky"', "plain"),
    ('"sky the"', ""),
    ('"blue because"', ""),
    ("scatter*", "plain"),
    ("scatter", ""),
    ("cafe", "accents decomposed"),
    ("CAFÉ", "accents decomposed"),
    ("cafe\u0301", "accents decomposed"),
    ("ete", "accents"),
    ("größe", "german"),
    ("grosse", ""),
    ("arger", "german"),
    ("ПОГОДА", "cyrillic"),
    ("тёплый", "cyrillic"),
    ("天气", "chinese"),
    ("晴天", "chinese"),
    ("天", "chinese japanese"),
    ("気天", ""),
    ("天気", "japanese"),
    ("カタ", "japanese"),
    ("สวัส", "thai"),
    ("날씨", "korean"),
    ("नमस्ते", "hindi"),
    ("snake", "code"),
    ("snake_case", "code"),
    ("case_snake", ""),
    ("example.com", "code"),
    ("3.14", "code"),
    ("10.3", "numbers"),
    ("5e10 0x1f", "numbers"),
    ("gpt-4o", "numbers"),
    ("near", "odd"),
    ("fox 🦊", "odd"),
    ("🦊", ""),
]
ODD = [
    "\x00", "a\x00b", '"', '""', '"""', "'", "\\", "*", "a**", "-a", "NEAR(a b, 2)", "a AND", "OR", "NOT a", "^a",
    "{prompt}: a", "prompt:", ":*", "&|!()<->", "a:*B", "%s %(x)s :words", "\ud800", "\u202e", "🦊" * 100,
    "天" * 5_000, "word " * 2_000, " ".join(f"w{n}" for n in range(2_000)), "x" * 10_000, '"' + "a b " * 2_500,
    "\u0301", "e" + "\u0301" * 500, "a" * 3_000 + "*", "\U0001e921\U0001e922", "ﷺ", "①②", "١٢٣", "ß", "İ",
]  # fmt: skip


def test_words_are_found_whatever_the_language(archive, engine):
    with engine.begin() as connection:
        for prompt, answer in TEXTS.values():
            put(connection, prompt, Answer(answer))
    expected = {words: {TEXTS[name][0] for name in names.split()} for words, names in FOUND}
    assert {words: found(archive, words) for words in expected} == expected


def test_nothing_typed_is_an_error(archive, engine):
    with engine.begin() as connection:
        put(connection, "a prompt", Answer("an answer"))
    for words in ODD:
        pages, days = archive.page(Filter(words=words)).lines, archive.days(Filter(words=words))
        assert (len(pages), len(days)) in ((0, 0), (1, 1)), words


def test_what_can_be_pasted_is_found(archive, engine):
    prompt = " ".join(f"word{n}" for n in range(1_500))
    with engine.begin() as connection:
        put(connection, prompt)
    assert len(found(archive, prompt)) == len(found(archive, f'"{prompt}"')) == 1


def test_an_answer_is_found_once_it_is_over_and_as_it_then_is(archive, engine):
    with engine.begin() as connection:
        run_id = put(connection, "question", Answer("half", state="streaming"))
    assert found(archive, "half") == found(archive, "question") == set()
    mine = completions.update().where(completions.c.run_id == run_id)
    with engine.begin() as connection:
        connection.execute(mine.values(text="half an answer", state="complete"))
    assert found(archive, "half") == found(archive, "question") == {"question"}
    with engine.begin() as connection:
        connection.execute(mine.values(text=None, state="sent"))
    assert found(archive, "half") == set()
    with engine.begin() as connection:
        connection.execute(mine.values(text="another", state="unknown"))
        connection.execute(mine.values(text="the third", state="complete"))
    assert found(archive, "another") == set()
    assert found(archive, "third") == {"question"}


def test_a_completion_that_goes_leaves_the_others_of_its_run(archive, engine):
    gone, stays = Answer("first words"), Answer("second words")
    with engine.begin() as connection:
        put(connection, "question", gone, stays)
        connection.execute(completions.delete().where(completions.c.id == gone.id))
    assert found(archive, "first") == set()
    assert found(archive, "second") == found(archive, "question") == {"question"}


def test_a_run_that_goes_leaves_no_card_and_no_word(archive, engine):
    with engine.begin() as connection:
        gone = put(connection, "unwanted question", Answer("unwanted answer"), Answer(state="queued"))
        put(connection, "question")
    with engine.begin() as connection:
        connection.execute(runs.delete().where(runs.c.id == gone))
    assert found(archive, "unwanted") == set()
    with engine.connect() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(cards)) == 1
        if engine.dialect.name == "sqlite":
            # Complains if the index and what it indexes are not the same.
            connection.exec_driver_sql("INSERT INTO search (search, rank) VALUES ('integrity-check', 1)")


def test_forgetting_leaves_not_a_byte_of_a_deleted_word(tmp_path):
    """SQLite would keep it in its index until it wrote that part anew, which may be never."""
    path = tmp_path / "collate.db"
    engine = open_database(f"sqlite:///{path}")
    with engine.begin() as connection:
        several(connection, 300)
    with engine.begin() as connection:
        gone = put(connection, "xylophonequestion", Answer("xylophoneanswer"))
    with engine.begin() as connection:
        several(connection, 300)
    with engine.begin() as connection:
        connection.execute(runs.delete().where(runs.c.id == gone))
    for _ in range(20):
        with engine.begin() as connection:
            if forget(connection):
                break
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    assert b"xylophone" not in b"".join(file.read_bytes() for file in tmp_path.iterdir())


def test_the_index_is_whole_after_everything_that_can_happen(tmp_path):
    engine = open_database(f"sqlite:///{tmp_path}/collate.db")
    with engine.begin() as connection:
        for n in range(40):
            state = ("complete", "queued", "streaming", "failed")[n % 4]
            put(connection, f"question {n} 天気", Answer(f"words {n}", state=state), at=NOON + timedelta(seconds=n))
        connection.execute(completions.update().where(completions.c.state == "streaming").values(state="unknown"))
        connection.execute(completions.update().where(completions.c.state == "failed").values(state="sent", text=None))
        connection.execute(runs.delete().where(runs.c.prompt.like("%1%")))
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO search (search, rank) VALUES ('integrity-check', 1)")
        before = archive_words(connection)
        connection.exec_driver_sql("INSERT INTO search (search) VALUES ('rebuild')")
        assert archive_words(connection) == before
    engine.dispose()


def archive_words(connection: sa.Connection) -> list[tuple[object, ...]]:
    """Every word of the index with how many documents have it."""
    connection.exec_driver_sql("CREATE VIRTUAL TABLE IF NOT EXISTS temp.words USING fts5vocab(main, search, row)")
    return [tuple(row) for row in connection.exec_driver_sql("SELECT term, doc, cnt FROM temp.words ORDER BY term")]


def test_other_programs_can_read_what_the_index_is_of(tmp_path):
    engine = open_database(f"sqlite:///{tmp_path}/collate.db")
    with engine.begin() as connection:
        put(connection, "question")
    engine.dispose()
    other = sqlite3.connect(tmp_path / "collate.db")
    assert other.execute("SELECT count(*) FROM search WHERE search MATCH 'question'").fetchone() == (1,)
    other.close()
