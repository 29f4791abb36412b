"""Ratings on record, by target and filter."""

from prompts.analysis.ratings import rate_says, stars_say, thumbs_say
from prompts.core.plan import WARM_UP
from prompts.core.run_summaries import Filter
from prompts.record.schema import experiments
from tests.prompts.history.made import NOON, Answer, put, rate, tag

ONE, TWO = "openai:gpt-4o", "google:g"


def rated(engine) -> None:
    with engine.begin() as connection:
        connection.execute(experiments.insert(), {"id": "e", "name": "E", "created_at": NOON})
        for number in range(3):
            mine, theirs = Answer(target=ONE), Answer(target=TWO)
            put(connection, f"question {number}", mine, theirs, experiment="e" if number else None)
            rate(connection, mine.id if number else theirs.id, best=True, stars=5, thumb=1)
            if number == 2:
                tag(connection, mine.id, "short")
        alone = Answer(target=ONE)
        put(connection, "alone", alone, Answer(target=TWO, repeat=WARM_UP))
        rate(connection, alone.id, best=True, thumb=-1)


def wins(found) -> dict[str, str]:
    return {name: rate_says(each.wins).partition(",")[0] for name, each in found.items()}


def test_every_rating_on_record_is_summed_by_target(archive, engine):
    rated(engine)
    found = archive.ratings(Filter())
    assert wins(found) == {ONE: "2 of 3", TWO: "1 of 3"}
    assert thumbs_say(found[ONE].thumbs) == "2 up, 1 down"
    assert stars_say(found[TWO]) == "★ 5 (n = 1)"


def test_a_tag_or_a_collection_chooses_whole_runs(archive, engine):
    rated(engine)
    assert wins(archive.ratings(Filter(experiment="e"))) == {ONE: "2 of 2", TWO: "0 of 2"}
    assert wins(archive.ratings(Filter(tags=("short",)))) == {ONE: "1 of 1", TWO: "0 of 1"}
    assert archive.ratings(Filter(words="nowhere")) == {}
