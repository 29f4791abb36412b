"""Statements and key facts of several answers."""

from collections.abc import Callable

import pytest

from prompts.analysis.agreement import matching
from prompts.analysis.agreement.agreement import agree, level_of
from prompts.analysis.agreement.compare import Match
from prompts.analysis.agreement.form import form
from prompts.analysis.agreement.items import Item
from prompts.analysis.agreement.parse import LONGEST
from prompts.analysis.agreement.vocabulary import Vocabulary
from tests.benchmarks.agreement import answers
from tests.counting import calls

HOSTILE = {
    "one line": "word " * 40_000, "only digits": "7" * 200_000, "digits in groups": "12 345 " * 28_000,
    "dots": "." * 200_000, "quotes": '."' * 100_000, "brackets": "[" * 200_000, "links": "[a](" * 50_000,
    "tags": "<a " * 60_000, "initials": "A. " * 60_000, "capitals": "Aaa of " * 30_000, "dates": "May 4 " * 30_000,
    "Chinese": "埃菲尔铁塔建于" * 28_000, "Arabic": "هل هذا برج إيفل في باريس " * 8_000,
    "code": "```\n" + "x = 1\n" * 30_000, "table": "|a|b|\n|-|-|\n" + "|c|d|\n" * 30_000, "stars": "*a" * 100_000,
}  # fmt: skip


def said(*texts: str) -> dict[str, list[int]]:
    """Each statement, as its first answer has it, and who says it."""
    return {each.sentences[0].text: [s.answer for s in each.sentences] for each in agree(texts).statements}


def mentioned(*texts: str) -> dict[str, list[int]]:
    return {fact.text: [each.answer for each in fact.mentions] for fact in agree(texts).facts}


def test_one_answer_agrees_with_nothing() -> None:
    with pytest.raises(ValueError, match="needs two"):
        agree(["The sky is blue."])


@pytest.mark.parametrize(
    ("by", "of", "level"),
    [(2, 2, "all"), (1, 2, "one"), (2, 3, "most"), (2, 4, "some"), (3, 4, "most"), (5, 5, "all"), (1, 8, "one")],
)
def test_most_is_more_than_half(by: int, of: int, level: str) -> None:
    assert level_of(by, of) == level


def test_sentences_that_share_their_words_are_one_statement() -> None:
    texts = (
        "# Sky\n**Paris** is the capital of France.",
        "Yes. Paris is France's capital!",
        "- The capital of France is Paris",
    )
    assert said(*texts) == {"Paris is the capital of France.": [0, 1, 2]}


def test_one_word_in_six_may_differ_but_not_two() -> None:
    one, other = "The tower stands in the old city of Paris.", "The tower stands in the old town of Paris."
    assert said(one, other) == {one: [0, 1]}
    assert len(said(one, other.replace("old", "new"))) == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Paris is the capital of France.", "Berlin is the capital of Germany."),
        ("The city of Paris has an old town hall.", "The city of Berlin has an old town hall."),
        ("The tower by the river is very tall.", "The tower by the river is 330 m tall."),
        ("Arabica beans contain more caffeine.", "Arabica beans contain less caffeine."),
        ("Die Probezeit dauert höchstens sechs Monate.", "Die Probezeit dauert höchstens drei Monate."),
        ("The guests may stay here for thirteen nights.", "The guests may stay here for fifteen nights."),
        ("Lists are slower than tuples.", "Tuples are slower than lists."),
        ("Sorted lists of long names are never copied.", "Sorted lists of names are copied."),
        ("About 68 million people live here.", "About 68.2 million people live here."),
    ],
)
def test_sentences_that_differ_in_what_matters_are_two(one: str, other: str) -> None:
    assert all(len(by) == 1 for by in said(one, other).values())


def test_a_statement_is_counted_once_an_answer() -> None:
    twice = "The sky is blue today. Today the sky is blue."
    assert said(twice, "Grass grows green.") == {"The sky is blue today.": [0], "Grass grows green.": [1]}


def test_sentences_alike_within_one_answer_are_told_apart() -> None:
    one = "Any green tea holds caffeine today. Any black tea holds caffeine today."
    other = "Any black tea holds caffeine today. Any white tea holds caffeine today."
    assert said(one, other) == {
        "Any black tea holds caffeine today.": [0, 1], "Any green tea holds caffeine today.": [0],
        "Any white tea holds caffeine today.": [1],
    }  # fmt: skip
    assert all(by in ([0], [1]) for by in said(one, "Any white tea holds caffeine today.").values())


def test_what_most_say_comes_first() -> None:
    found = agree(["Grass grows green. The sky is blue.", "The sky is blue.", "The sky is blue."])
    assert [each.level for each in found.statements] == ["all", "one"]


def test_questions_code_headings_tables_and_courtesies_are_no_statements() -> None:
    text = "# The sky is blue\nIs the sky blue?\n```\nthe sky is blue\n```\n\nTo the sky:"
    text += "\n\n| sky | is |\n|---|---|\n| the sky is blue | 1 |"
    text += "\n\nLet me know if the sky is blue."
    assert said(text, text) == {}


def test_parts_of_sentences_are_compared_where_another_answer_says_only_them() -> None:
    one = "SQLite is small. It keeps all data in one file, needs no server and was written in C."
    other = "SQLite needs no server. SQLite has many users, and PostgreSQL keeps all data in several files."
    assert said(one, other)["needs no server"] == [0, 1]
    assert [0, 1] not in [by for text, by in said(one, other).items() if "file" in text]


def test_a_rewording_in_another_order_is_the_same_statement() -> None:
    pairs = [
        (
            "In 1915 he published the general theory of relativity.",
            "He published the general theory of relativity in 1915.",
        ),
        ("Containers share the kernel of the host.", "Containers share the host's kernel."),
        ("Each virtual machine runs its own operating system.", "Every VM runs its own OS. A VM is a virtual machine."),
        ("He emigrated to the United States in 1933.", "In 1933 he emigrated to the USA."),
        ("The Team plan includes 5 seats for editors.", "The Team plan is new. It includes five seats for editors."),
        (
            "Bei der Photosynthese wandeln Pflanzen Licht in Energie um.",
            "Pflanzen wandeln Licht bei der Photosynthese um.",
        ),
        ("长城的总长度为21196公里。", "长城总长度为21196公里"),
    ]
    for one, other in pairs:
        assert [0, 1] in said(one, other).values(), (one, other)


def test_what_only_one_says_is_told_from_what_may_be_said_in_other_words() -> None:
    one = "Overproofed dough collapses in the oven. A warm kitchen speeds all fermentation up."
    other = "Fermentation goes faster in a warm room. Salt slows down yeast."
    found = agree([one, other])
    assert [each.sentences[0].text for each in found.at("one")] == [
        "Overproofed dough collapses in the oven.", "Salt slows down yeast.",
    ]  # fmt: skip
    assert len(found.at("unsure")) == 2


def test_the_words_that_differ_are_marked() -> None:
    one, other = "The redirect is permanent for browsers.", "The redirect is permanent for every crawler and browser."
    (statement,) = agree([one, other]).at("all")
    marked = [[each.whole[a:b] for a, b in statement.differing(each)] for each in statement.sentences]
    assert marked == [[], ["crawler"]]


def test_what_it_is_decides_whether_two_say_the_same() -> None:
    one, other = "The Alpha is new. It costs ten more dollars.", "The Beta is new. It costs ten more dollars."
    assert all(len(by) == 1 for by in said(one, other).values())


def test_a_year_agrees_with_its_own_month() -> None:
    assert said("The law was adopted in 2016.", "The law was adopted in April 2016.") == {
        "The law was adopted in 2016.": [0, 1]
    }


def test_facts_are_found_however_they_are_written() -> None:
    one = "It opened on 31 March 1889 for $1.5 million, said Gustave Eiffel."
    other = "| year | cost |\n|---|---|\n| 1889 | $1,500,000 |\n\nToday Gustave Eiffel is known."
    assert mentioned(one, other) == {
        "1889": [0, 1], "$1.5 million": [0, 1], "31 March 1889": [0], "Gustave Eiffel": [0, 1],
    }  # fmt: skip


def test_a_year_that_is_only_part_of_a_date_is_not_told_twice() -> None:
    assert mentioned("It opened on 31 March 1889.", "On 31 March 1889 it opened.") == {"31 March 1889": [0, 1]}


def test_a_name_at_the_beginning_counts_if_it_is_known_from_elsewhere() -> None:
    assert mentioned("Paris is large.", "I like Paris.", "Houses stand.") == {"Paris": [0, 1]}


def test_a_bare_number_below_ten_is_no_fact() -> None:
    assert mentioned("It gives 3 and 12.", "It is 7, in the 15th century.") == {"12": [0]}


def test_names_are_left_out_where_every_noun_has_a_capital() -> None:
    german = "Der Hund sah die Katze im Haus am Fluss. " * 20
    assert not agree([german, german]).names_read
    assert mentioned(german, german) == {}


def test_a_very_long_answer_is_read_in_part_and_that_is_said() -> None:
    short = "The sky is blue."
    assert agree([short, "x" * (LONGEST + 1)]).shortened == (1,)
    assert agree([short, short]).shortened == ()


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_work_is_bounded_whatever_the_text(text: str) -> None:
    part = text[: len(text) // 8]
    work = calls(lambda: (agree([part, part[::-1], part]), form(part)))
    assert work < 150 * len(part)  # and so in proportion to the text, whatever it says


@pytest.mark.parametrize(("number", "words"), [(2, 3_000), (10, 1_500), (20, 3_000)])
def test_work_grows_with_the_text_and_not_with_its_square(
    number: int, words: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared, texts = counted(monkeypatch), answers(number, words)
    agree(texts)
    assert compared() <= 15 * sum(form(text).sentences for text in texts)


def counted(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """How many pairs of sentences or parts have been compared so far."""
    count = 0

    def compare(one: Item, other: Item, vocabulary: Vocabulary) -> Match | None:
        nonlocal count
        count += 1
        return matching_compare(one, other, vocabulary)

    matching_compare = matching.compare
    monkeypatch.setattr(matching, "compare", compare)
    return lambda: count
