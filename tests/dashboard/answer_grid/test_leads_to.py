"""Where a link leads, as it is written and as browsers read it. What they do read is asked in `tests/browser`."""

from __future__ import annotations

import pytest

from dashboard.answer_grid.leads_to import leads_to, says_where


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("https://docs.example/a?b#c", "docs.example"),
        ("HTTPS://Docs.Example:8443/", "docs.example"),
        ("https://bank.example@evil.example/", "evil.example"),
        ("https://docs.example./", "docs.example."),
        ("https://xn--bc-6kc.example/", "xn--bc-6kc.example"),
        ("http://127.0.0.1:11434/", "127.0.0.1"),
        ("http://[::1]/", "[::1]"),
        ("mailto:a.b+c@docs.example?subject=x&Body=y", "a.b+c@docs.example"),
    ],
)
def test_a_link_leads_to_the_place_that_is_written_in_it(url: str, place: str) -> None:
    assert leads_to(url) == place


@pytest.mark.parametrize(
    "url",
    [
        "http://2130706433/", "http://127.1/", "http://0177.0.0.1/", "http://0x7f.1/", "http://127.0.0.1./",
        "http://256.1.1.1/", "http://evil.0x/", "https://%65vil.example/", "https://bank.example%2eevil.example/",
        "https://evil.example%23@bank%2eexample/", "https://evil.example%22bank/", "https://evil*.example/",
        "https://[::1].evil.example/", "https://[fe80::1%25eth0]/", "https://[v1.bank]/", "https://bank..example/",
        "https://evil.example:99999/", "https://evil.example:x/", "https://evil.example:1:2/", "https:evil.example",
        "https:/evil.example", "https:///evil.example", "//evil.example", "https://evil.example,bank.example/",
        "https://\u0430bc.example/", "https://bank.example\u3002evil/", "ftp://evil.example/", "javascript:alert(1)",
        "data:text/html,x", "blob:https://evil.example/1",
    ],
)  # fmt: skip
def test_what_browsers_may_read_otherwise_than_people_leads_nowhere(url: str) -> None:
    assert leads_to(url) is None


@pytest.mark.parametrize(
    "url",
    [
        "mailto:", "mailto:evil.example", "mailto:a@bank.example,b@evil.example", "mailto:a@bank.example?bcc=b@evil",
        "mailto:a@bank.example?subject=x&CC=b@evil.example", "mailto:a@bank.example?to=b@evil.example",
        "mailto:a%40bank.example%2Cb@evil.example", "mailto:a@bank.example%0Abcc:b@evil.example",
        "mailto://bank.example/b@evil.example", "mailto:a@bank.example?subject=x&amp;bcc=b@evil.example",
    ],
)  # fmt: skip
def test_a_letter_goes_to_the_one_mailbox_that_is_shown(url: str) -> None:
    assert leads_to(url) is None


@pytest.mark.parametrize(
    ("text", "url", "says"),
    [
        ("docs.example", "https://docs.example/a", True),
        ("http://docs.example/b", "https://docs.example/a", True),
        ("http://[::1]/b", "http://[::1]/", True),
        ("mailto:a@docs.example?subject=x", "mailto:a@docs.example", True),
        ("mailto:docs.example", "https://docs.example", False),
        ("docs.example.", "https://docs.example", False),
        ("DOCS.example", "https://docs.example", False),
        ("docs\u3002example", "https://docs.example", False),
        ("x docs.example", "https://docs.example", False),
        ("bank.example", "javascript:alert(1)", False),
    ],
)
def test_a_text_says_where_its_link_leads_letter_by_letter_or_not_at_all(text: str, url: str, says: bool) -> None:
    assert says_where(text, url) is says
