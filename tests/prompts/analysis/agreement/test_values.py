"""Numbers and dates in one notation."""

import pytest

from prompts.analysis.agreement.values import values


@pytest.mark.parametrize(
    ("sentence", "keys"),
    [
        ("It is 330 metres (1,083 feet) tall", ["330 m", "1083 ft"]),
        ("a 330-metre tower, 330 m, 330m", ["330 m", "330 m", "330 m"]),
        ("$1.5 million, $1,500,000, USD 1.5M, 1.5 million dollars", ["1500000 $"] * 4),
        ("7,3 % or 7.3 percent", ["7.3 %", "7.3 %"]),
        ("1.234.567,8 and 1 234 567 and 0,123", ["1234567.8", "1234567", "0.123"]),
        ("4–6 hours, 4 to 6 h, between 4 and 6 hours, 4 bis 6 Stunden", ["4..6 h"] * 4),
        ("sept jours, 7 Tage, siete días, sette giorni", ["7 day"] * 4),
        ("höchstens drei Nettokaltmieten, tres pagas", ["3", "3"]),
        ("Python 3.13, PEP 703, RFC 5322, Kubernetes 1.16", ["python 3.13", "pep 703", "rfc 5322", "kubernetes 1.16"]),
        ("Article 6 and § 551, iOS 16, HTTP/3, GPT-5", ["article 6", "§ 551", "ios 16", "http 3", "gpt 5"]),
        ("Use 307. Then version 1.2.3", ["307", "version 1.2.3"]),
        ("am 14.03.1879 bei 37,5 °C, 80℃", ["date 1879-03-14", "37.5 °C", "80 °C"]),
        ("明长城的长度为8851公里", ["8851 km"]),
        ("通行料は2000円です。全长1318公里，约4.5小时，700项", ["2000 ¥", "1318 km", "4.5 h", "700"]),
        ("one month, un mes, ein Jahr, une semaine", ["1 month", "1 month", "1 year", "1 week"]),
        ("one of them, un piso, ein Haus", []),
        ("four minor versions and duas semanas", ["4", "2 week"]),
        ("from -5 °C to 20°C", ["-5 °C", "20 °C"]),
        ("eight planets and 8 planets", ["8 planet", "8 planet"]),
        ("the two of them", []),
        ("1,200 employees in 1999", ["1200 employ", "date 1999"]),
        ("the 19th century and the 1890s", ["19 th", "1890 decade"]),
        ("July 4, 1776; 4 July 1776; the 4th of July 1776; 1776-07-04", ["date 1776-07-04"] * 4),
        ("in March 1889 and on May 4", ["date 1889-03", "date -05-04"]),
        (
            "am 31. März 1889, le 1er mars 1889, el 17 de julio de 1936",
            ["date 1889-03-31", "date 1889-03-01", "date 1936-07-17"],
        ),
        ("5 PB, 512 MiB and 10 Gbps", ["5 PB", "512 MiB", "10 Gbps"]),
        ("1914–1918 and 44 BC", ["date 1914", "date 1918", "date -44"]),
        ("建于1889年3月31日", ["date 1889-03-31"]),
        ("in step 3 on page 20", []),
        ("1½ cups, 1 1/2 cups, ½ litre, 3/4/2020", ["1.5 cup", "1.5 cup", "0.5 l"]),
        ("每两周、二十五天、5万日元、9月5日、20～25℃", ["2 week", "25 day", "50000 ¥", "date -09-05", "20..25 °C"]),
        ("2 Mio. Euro und 50 mil euros", ["2000000 €", "50000 €"]),
        ("2 Stunden und 15 Minuten", ["135 min"]),
        ("Use 1.5 cups", ["1.5 cup"]),
        ("at 9:00, 9 am, 9 Uhr, 9.00 Uhr, 16:9", ["09:00"] * 4),
        ("9:00–17:00 and 9–17 Uhr", ["540..17:00"] * 2),
        ("half an hour, eine halbe Stunde, media hora, half of them", ["0.5 h"] * 3),
        ("Step 3 of Python 3 and 1.2.3 at 10:30, x86", ["python 3", "10:30"]),
        ("٣٣٠", ["330"]),
        ("9" * 40, []),
    ],
)
def test_values_are_read_into_one_notation(sentence: str, keys: list[str]) -> None:
    assert [value.key for value in values(sentence)] == keys


@pytest.mark.parametrize(
    ("sentence", "limit"),
    [
        ("more than 3 g", 1), ("no more than 3 g", -1), ("must not exceed 3 g", -1), ("less than 3 g", -1),
        ("ne dépasse pas 3 g", -1), ("plus de 3 g", 1), ("au plus 3 g", -1), ("au moins 3 g", 1),
        ("No tome esto más de 3 veces", -1), ("nicht mehr als 3 g", -1), ("mindestens 3 g", 1),
        ("nicht länger als 3 Tage", -1), ("不要超过3克", -1),
        ("不超过3克", -1), ("至少3克", 1), ("3 g more", 0), ("not 3 g", 0),
    ],
)  # fmt: skip
def test_a_limit_says_on_which_side_it_is(sentence: str, limit: int) -> None:
    assert values(sentence)[0].limit == limit
