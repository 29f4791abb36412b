"""Length and form."""

import pytest

from prompts.analysis.agreement.form import Form, form

TEXT = """# Head

Two words. And [a link](https://a.example).

- one
  goes on

- two
```python
not_counted = "https://b.example"
```
- three

Then:

1. four

| a | b |
|---|---|
| c | d |
"""


def test_everything_is_counted_once() -> None:
    assert form(TEXT) == Form(
        words=17, sentences=7, headings=1, lists=2, items=4, code_blocks=1, tables=1, links=1
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words"), [("", 0), ("it's well-known: 3.5 %", 3), ("你好世界", 4), ("Hi 世界", 3), ("```\nx y\n```", 0)]
)
def test_words_are_counted_in_any_script(text: str, words: int) -> None:
    assert form(text).words == words


def test_reading_time_goes_by_the_words() -> None:
    assert form("word " * 238).reading_s == 60
