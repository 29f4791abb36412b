"""Contradictions, and what only looks like one."""

import pytest

from prompts.analysis.agreement.agreement import agree

TALL = "The Eiffel Tower is 330 metres tall."


def found(*texts: str) -> list[list[tuple[str, list[int]]]]:
    """The sides of each conflict: the value, and which answers give it."""
    return [
        [(side.value, [each.answer for each in side.sentences]) for side in conflict.sides]
        for conflict in agree(texts).conflicts
    ]


def test_another_number_in_the_same_words_is_a_conflict() -> None:
    assert found(TALL, "The **Eiffel Tower** is 324 m tall.", TALL) == [[("330 metres", [0, 2]), ("324 m", [1])]]


def test_another_date_behind_the_same_word_is_a_conflict_though_one_sentence_goes_on() -> None:
    one = "The Eiffel Tower was built in 1889 by Gustave Eiffel's company."
    other = "- Tall.\n- The Eiffel Tower was built in 1887."
    assert found(one, other) == [[("1889", [0]), ("1887", [1])]]


@pytest.mark.parametrize(
    ("one", "other", "values"),
    [
        ("Paracetamol is safe during pregnancy.", "Paracetamol is unsafe during pregnancy.", ["safe", "unsafe"]),
        ("Bond prices fall when rates rise.", "When rates rise, bond prices rise.", ["fall", "rise"]),
        ("Support is answered with high priority.", "Support is answered with medium priority.", ["high", "medium"]),
        (
            "The mushroom is edible after cooking.",
            "The mushroom is poisonous even after cooking.",
            ["edible", "poisonous"],
        ),
        ("The Senate passed the bill in March.", "The Senate rejected the bill in March.", ["passed", "rejected"]),
        ("The file is stored on the server.", "The file is deleted from the server.", ["stored", "deleted"]),
        ("Metti la moka sul fuoco basso.", "Metti la moka sul fuoco alto.", ["basso", "alto"]),
        ("Die Zinsen steigen im Herbst wieder.", "Die Zinsen sinken im Herbst wieder.", ["steigen", "sinken"]),
    ],
)
def test_words_that_exclude_each_other_are_a_conflict(one: str, other: str, values: list[str]) -> None:
    assert [[value for value, _ in sides] for sides in found(one, other)] == [values]


def test_what_lacks_a_thing_is_in_conflict_with_what_has_it() -> None:
    assert found("The API supports pagination by cursor.", "The API lacks support for pagination by cursor.")


@pytest.mark.parametrize(
    ("one", "other", "values"),
    [
        (
            "Consent is regulated in Article 6 GDPR.",
            "Consent is regulated in Article 9 GDPR.",
            ["6", "9"],
        ),
        ("Python 3.13 introduced free threading.", "Free threading was introduced in Python 3.12.", ["3.13", "3.12"]),
        ("The Team plan has 5 seats.", "The Team plan has four seats.", ["5", "four"]),
        ("The full grammar is defined in RFC 5322.", "The full grammar is defined in RFC 822.", ["5322", "822"]),
        ("Bulk fermentation takes 4–6 hours.", "Bulk fermentation takes 3 to 4 hours.", ["4–6 hours", "3 to 4 hours"]),
        ("La caution est due sous 28 jours.", "La caution est due sous 25 jours.", ["28 jours", "25 jours"]),
        ("The law applies since 25 May 2018.", "The law applies since 24 May.", ["25 May 2018", "24 May"]),
        ("泡绿茶的水温以80℃为宜。", "泡绿茶的水温以95℃为宜。", ["80℃", "95℃"]),
    ],
)
def test_versions_articles_counts_ranges_and_dates_are_values(one: str, other: str, values: list[str]) -> None:
    assert [[value for value, _ in sides] for sides in found(one, other)] == [values]


def test_numbers_come_before_words() -> None:
    one = "Paracetamol is safe during pregnancy. The pass costs 12 euros in summer."
    other = one.replace("safe", "unsafe").replace("12", "15")
    assert [conflict.kind for conflict in agree([one, other]).conflicts] == ["number", "word"]


def test_a_conflict_says_where_its_values_stand() -> None:
    (conflict,) = agree(["The Team plan has 5 seats.", "It is new. The Team plan has 4 seats."]).conflicts
    marked = [
        [each.whole[start:end] for start, end in conflict.places(each)]
        for side in conflict.sides
        for each in side.sentences
    ]
    assert marked == [["5"], ["4"]]


def test_a_denial_in_the_same_words_is_a_conflict() -> None:
    assert found("Lists are hashable.", "Lists aren't hashable.", "Lists are not hashable.") == [
        [("no", [1, 2]), ("yes", [0])]
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SQLite is small. It needs no server and was first released in 2000.", "SQLite was first released in 2001."),
        ("SQLite is a library, first released in 2000.", "SQLite is fast. It was first released in 2001 by Hipp."),
        ("The Ottoman Empire, founded in 1299, was dissolved in 1922.", "The Ottoman Empire was dissolved in 1923."),
        ("Google is large. The company was founded in 1998.", "Google is old. The company was founded in 1989."),
        (
            "The Eiffel Tower is famous.\n\n- The tower has three floors.",
            "The Eiffel Tower is in Paris. The tower has two floors.",
        ),
        ("Bitcoin was created by Nakamoto and launched in 2009.", "Bitcoin was launched in 2008 by Nakamoto."),
        ("Die Mauer von Berlin fiel am 9. November 1989.", "Die Mauer von Berlin fiel am 10. November 1989."),
        ("La Bastille a été prise le 14 juillet 1789.", "La Bastille a été prise le 15 juillet 1789."),
        ("The Alpha weighs 180 g, costs $699 and lasts 9 hours.", "The Alpha costs $649."),
    ],
)
def test_a_value_within_a_compound_sentence_is_compared(one: str, other: str) -> None:
    assert len(found(one, other)) == 1


def test_a_rougher_value_stands_with_the_one_it_fits_and_with_none_of_two() -> None:
    texts = [f"The tower in the park opened {when}." for when in ("in 1889", "in May 1889", "in 1887")]
    assert found(*texts) == [[("1889", [0, 1]), ("1887", [2])]]
    assert found(*texts[:2], "The tower in the park opened in June 1889.") == [[("May 1889", [1]), ("June 1889", [2])]]


def test_an_answer_that_says_more_in_the_same_words_stands_with_its_value() -> None:
    texts = [f"Any breach must be reported within {n}." for n in ("72 hours", "48 hours", "72 hours to the authority")]
    assert found(*texts) == [[("72 hours", [0, 2]), ("48 hours", [1])]]


def test_a_final_answer_needs_no_other_words() -> None:
    assert found("The answer is 41.", "So the **answer** is 42.", "Answer: 42") == [[("42", [1, 2]), ("41", [0])]]


@pytest.mark.parametrize(
    "texts",
    [
        (TALL, TALL),
        (TALL, "The Eiffel Tower is 330 m (1,083 ft) tall."),
        (TALL, "The Eiffel Tower is about 324 m tall."),
        ("The country has 68 million people.", "The country has 68.2 million people."),
        ("The population of Paris is 2.1 million.", "The population of Greater Paris is 12 million."),
        ("Marie Curie won a Nobel Prize in Physics in 1903.", "Marie Curie won a Nobel Prize in Chemistry in 1911."),
        ("Python was released in 2008.", "Python was first released in 1991."),
        ("It is 330 m tall.", "It is 20 m tall."),
        ("It is 330 m tall and wide.", "It is 20 m tall and wide."),
        ("The city wall was built in 1889.", "The new city wall was built in 1887."),
        ("Price: $20", "Price: $30"),
        ("For example, the tower may be 20 m tall.", "For example, the tower may be 30 m tall."),
        ("The tower is 330 m tall. The tower is 324 m tall.", TALL.replace("Eiffel ", "")),
        ("Step 3 is short.", "Step 4 is short."),
        ("Tomatoes are fruits, not vegetables.", "Tomatoes are vegetables, not fruits."),
        ("Is the tower 330 m tall?", "Is the tower 324 m tall?"),
        ("The war lasted from 1914 to 1918.", "The war lasted in Europe, Asia and Africa from 1915 to 1919."),
        ("Australia won the World Cup in 1987.", "Australia won the World Cup in 1999."),
        ("Marie Curie won a Nobel Prize in 1903.", "Marie Curie won a Nobel Prize in 1911 for chemistry."),
        ("Google is large. The company grew. It was founded in 1998.", "Apple is large. It was founded in 1976."),
        (
            "The Eiffel Tower is old.\n\n- The tower has three floors.",
            "Tokyo Tower is new.\n\n- The tower has two floors.",
        ),
        ("When interest rates rise, bond prices fall.", "When interest rates fall, bond prices rise."),
        ("Methane is 28 times as potent over 100 years.", "Over 20 years methane is 84 times as potent."),
        ("At 6 %, a 30-year loan costs $1,799 a month.", "At 6 %, a 15-year loan costs $2,532 a month."),
        ("A 301 redirect keeps the method today.", "A 302 redirect keeps the method today."),
        ("The standard VAT rate is 19 %.", "The standard VAT rate is 19 %. The reduced VAT rate is 7 %."),
        ("The north tower has fast lifts.", "The south tower has fast lifts."),
        ("Lists are mutable, tuples are immutable.", "Lists are not immutable."),
        ("SQLite keeps all in one file.", "SQLite keeps all in one file and needs no server."),
        ("The bridge opened in 1883. It has six lanes.", "The tunnel opened in 1927. It has four lanes."),
        (
            "Ann met Eve. She was born in Warsaw, Poland, in 1950.",
            "Ann met Joan. She was born in Warsaw, Poland, in 1960.",
        ),
        ("Ann met Eve. She was born in 1950.", "Ann met Joan. She was born in 1960."),
        ("Ada wrote Logo, and it was first released in 1970.", "Ada wrote Pong, and it was first released in 1972."),
        ("Water boils at 100 °C.", "Water boils at 90 °C at 3,000 m."),
        ("France had 68 million people in 2020.", "France had 60 million people in 2000."),
        ("HTTPS uses port 443.", "HTTP uses port 80."),
        ("iOS 16 was released in 2022.", "iOS 17 was released in 2023."),
        ("The Moon is 384,400 km away.", "The Moon is 385,000 km away."),
        ("Basic costs $20 per month and Plus costs $30 per month.", "Basic costs $20 per month, and Max costs $99."),
        ("The Pro model was released in 2007, and it costs $20.", "The Pro model was released in 2007 and costs $20."),
        ("Suppose the old tower is 30 m tall and was built in 1889.", "The old tower was built in 1887."),
    ],
)
def test_what_may_both_be_right_is_no_conflict(texts: tuple[str, ...]) -> None:
    assert found(*texts) == []


def test_an_answer_that_says_both_is_not_counted_on_either_side() -> None:
    both = TALL + " " + TALL.replace("330", "324")
    assert found(TALL, TALL.replace("330", "312"), both) == [[("330 metres", [0]), ("312 metres", [1])]]


def test_what_is_in_conflict_is_not_agreed() -> None:
    assert agree([TALL, TALL, TALL.replace("330", "324")]).statements == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The dose of ibuprofen must not exceed 4 g per day.", "The dose of ibuprofen is at most 4 g per day."),
        ("La dose d'ibuprofène ne dépasse pas 1 200 mg par jour.", "La dose d'ibuprofène est de 1 200 mg par jour."),
        ("Man darf nicht mehr als vier Tabletten am Tag nehmen.", "Man darf höchstens 4 Tabletten am Tag nehmen."),
        ("成人每天服用不超过3克药物。", "成人每天服用最多3克药物。"),
        ("The files are linked instead of being copied.", "The files are linked and not copied."),
    ],
)
def test_not_more_than_is_a_limit_and_denies_nothing(one: str, other: str) -> None:
    assert found(one, other) == []


def test_the_same_sentence_with_another_side_at_its_end_is_a_conflict() -> None:
    assert found("Thailand drives on the left.", "Thailand drives on the right.") == [[("left", [0]), ("right", [1])]]
    assert found("Open the left valve slowly.", "Open the right valve slowly.") == []
