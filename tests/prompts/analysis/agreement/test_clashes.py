"""When two numbers or dates contradict each other."""

import pytest

from prompts.analysis.agreement.clashes import clash
from prompts.analysis.agreement.values import values


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("330 m", "324 m", True), ("330 m", "330 ft", True), ("330 m", "330 kg", False),
        ("68 million", "68.2 million", False),
        ("300 m", "324 m", False), ("10 people", "12 people", True), ("over 300 m", "330 m", False),
        ("1.234 km", "1234 km", False), ("3.715 metros", "3.718 metros", True),
        ("1.234 km", "1.234 km", False), ("in 1889", "in 1887", True), ("in 1889", "31 March 1889", False),
        ("31 March 1889", "30 March 1889", True), ("around 1880", "in 1889", False), ("9 m", "9.0 m", False),
        ("19.6 %", "20 %", True), ("37.5 °C", "38 °C", True), ("about 1.1 °C", "about 1.2 °C", True),
        ("4–6 hours", "3–4 hours", True), ("4–6 hours", "5 hours", False), ("4–6 hours", "8 hours", True),
        ("at most 254 characters", "at most 320 characters", True), ("up to 5 days", "5 days", False),
        ("Python 3.13", "Python 3.12", True), ("Python 3", "Python 3.12", False), ("PEP 703", "RFC 703", False),
        ("14 July", "14 July 1789", False), ("14 July", "15 July 1789", True),
        ("384,400 km", "385,000 km", False), ("384,400 km", "390,000 km", True),
        ("80 °C", "100 °C", True), ("4 cm", "40 mm", False),
        ("4 cm", "20 mm", True), ("about 3,800 m", "12,500 feet", False),
        ("48 hours", "two days", False), ("1 hour 30 minutes", "90 min", False), ("5–6 ft", "1.5–1.8 m", False),
        ("more than 3 cups", "no more than 3 cups", True), ("under 12 years", "over 65 years", False),
        ("at most 4 tablets", "not more than 4 tablets", False), ("at least 5 g", "at most 8 g", False),
        ("at 10:00", "at 10:30", True), ("at 5 pm", "um 17 Uhr", False),
    ],
)  # fmt: skip
def test_values_clash_only_if_they_cannot_both_be_right(one: str, other: str, expected: bool) -> None:
    assert clash(values(one)[0], values(other)[0]) is expected
    assert clash(values(other)[0], values(one)[0]) is expected
