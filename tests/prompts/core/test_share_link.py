"""Links carry a comparison whole, and nothing a stranger puts into one does harm."""

import base64
import json
import zlib

import pytest

from prompts.core.presets import Choice
from prompts.core.share_link import LONGEST_LINK, Shared, ShareError, from_link, to_link
from prompts.core.targets import Target
from providers.interface import Settings

BASE = Settings(system="Be brief.", temperature=0.5, stop=("END",))
OWN = Settings(temperature=1.0, effort="low", seed=3, max_output_tokens=9, top_p=0.5)
CHOICE = Choice((Target("openai", "gpt-4o", BASE), Target("ollama", "llama3.3:70b", OWN)), BASE)
SHARED = Shared("Why is the sky blue? 天", CHOICE, 5, True, True)


def packed(data: object) -> str:
    return base64.urlsafe_b64encode(zlib.compress(json.dumps(data).encode())).decode()


def test_a_link_brings_back_what_it_was_made_of() -> None:
    assert from_link(to_link(SHARED)) == SHARED


def test_a_link_is_made_of_what_addresses_may_hold() -> None:
    assert set(to_link(SHARED)) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def test_a_prompt_too_long_for_a_link_says_what_to_do() -> None:
    noise = "".join(chr(0x4E00 + (n * 7919) % 20000) for n in range(LONGEST_LINK))
    with pytest.raises(ShareError, match="as a file"):
        to_link(Shared(noise, CHOICE))


GOOD = {"v": 1, "prompt": "Hi", "targets": [{"target": "a:b"}], "settings": {}}


def test_the_smallest_link_is_read() -> None:
    assert from_link(packed(GOOD)) == Shared("Hi", Choice((Target("a", "b"),)))


@pytest.mark.parametrize(
    "text",
    [
        "", "!", "AAAA", "é", to_link(SHARED)[:-8], "A" * 100_000,
        packed([]), packed({**GOOD, "v": 2}), packed({**GOOD, "prompt": 3}), packed({**GOOD, "repeats": 9999}),
        packed({**GOOD, "targets": "x"}), packed({**GOOD, "targets": [{"target": "nocolon"}]}),
        packed({**GOOD, "settings": {"api_key": "x"}}), packed({**GOOD, "settings": {"temperature": "hot"}}),
        packed({**GOOD, "settings": {"stop": [1]}}), packed({**GOOD, "settings": {"seed": True}}),
        packed({**GOOD, "prompt": "a" * 2_000_000}),
        packed({**GOOD, "settings": {"temperature": 2.1}}), packed({**GOOD, "settings": {"temperature": float("nan")}}),
        packed({**GOOD, "settings": {"top_p": -0.1}}), packed({**GOOD, "settings": {"max_output_tokens": 0}}),
        packed({**GOOD, "settings": {"seed": 2**53}}),
    ],
    ids=range(22),
)  # fmt: skip
def test_a_link_that_is_none_is_refused_in_words(text: str) -> None:
    with pytest.raises(ShareError, match="cannot be read"):
        from_link(text)
