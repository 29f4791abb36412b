"""The user's own file of prices: what cannot be followed is named, and then nothing has a cost."""

from pathlib import Path

import pytest

from providers.catalogue.own_prices import read_overrides
from providers.catalogue.pricing import Pricer
from providers.config.toml_files import ConfigurationError
from tests.providers.catalogue.test_pricing import bill, price


def test_no_file_is_no_override(tmp_path: Path) -> None:
    assert read_overrides(tmp_path / "none.toml") == {}
    assert price(bill(), tmp_path / "none.toml").kind == "amount"


BAD_FILES = {
    "not TOML": ("[", "cannot be read"),
    "not text": (b"\xff\xfe", "cannot be read"),
    "no table": ("openai = 1", '["openai"]'),
    "no model": ("[openai]\ninput = 1\noutput = 1", '["openai"]'),
    "no output": ('["a:b"]\ninput = 1', '["a:b"]'),
    "an unknown field": ('["a:b"]\ninput = 1\noutput = 1\ncached = 1', '["a:b"]'),
    "text for money": ('["a:b"]\ninput = "1"\noutput = 1', '["a:b"]: input'),
    "a truth for money": ('["a:b"]\ninput = 1\noutput = true', '["a:b"]: output'),
    "negative": ('["a:b"]\ninput = -0.1\noutput = 1', '["a:b"]: input'),
    "not a number": ('["a:b"]\ninput = nan\noutput = 1', '["a:b"]: input'),
    "infinite": ('["a:b"]\ninput = 1\noutput = inf', '["a:b"]: output'),
    "a list": ('["a:b"]\ninput = 1\noutput = 1\ncache_read = [1]', '["a:b"]: cache_read'),
}


@pytest.mark.parametrize(("content", "place"), BAD_FILES.values(), ids=BAD_FILES.keys())
def test_a_file_that_cannot_be_followed_names_the_place(content: str | bytes, place: str, tmp_path: Path) -> None:
    file = tmp_path / "prices.toml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    pricer = Pricer({}, file)
    assert str(file) in str(pricer.problem)
    assert place in str(pricer.problem)
    cost = pricer(bill())
    assert (cost.kind, cost.amount) == ("unknown", None)  # it may be about this very model
    assert str(pricer.problem) in str(cost.reason)


def test_a_word_that_is_not_a_price_is_named_with_what_may_be_meant_and_all_that_are(tmp_path: Path) -> None:
    file = tmp_path / "prices.toml"
    file.write_text('["a:b"]\ninput = 1\noutput = 1\ncached_read = 0.1')
    with pytest.raises(ConfigurationError) as refused:
        read_overrides(file)
    assert str(refused.value) == (
        f"{file}: [\"a:b\"]: cached_read is not a price. Did you mean 'cache_read'? "
        "Known: as_of, cache_read, cache_write, input, megapixel, output, picture"
    )


def test_a_folder_in_the_place_of_the_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read"):
        read_overrides(tmp_path)
