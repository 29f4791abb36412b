"""The address of a dashboard as links begin with it, and what opens a run under it."""

from __future__ import annotations

import pytest

from prompts.core.run_links import dashboard_address, experiment_link, run_link


@pytest.mark.parametrize(
    ("told", "address"),
    [
        ("http://localhost:8501", "http://localhost:8501"),
        ("https://collate.example.com/", "https://collate.example.com"),
        (" https://example.com/tools/collate/?run=1#x ", "https://example.com/tools/collate"),
        ("http://[::1]:8501", "http://[::1]:8501"),
        ('http://x/a"b<c', "http://x/a%22b%3Cc"),
    ],
)
def test_an_address_ends_with_its_path(told: str, address: str) -> None:
    assert dashboard_address(told) == address


@pytest.mark.parametrize(
    "told",
    [
        "", "collate.example.com", "javascript:alert(1)", "file:///etc/passwd", "https://", "http://me:word@x",
        "http://a b", "http://x:99999", "http://x/a\nb", "http://[x", "http://x/" + "y" * 2_000,
    ],
)  # fmt: skip
def test_what_opens_no_page_is_refused_in_a_sentence(told: str) -> None:
    with pytest.raises(ValueError, match="write it like https"):
        dashboard_address(told)


def test_an_id_cannot_leave_its_place() -> None:
    assert run_link("https://x", "a b&c=/?#") == "https://x/?run=a%20b%26c%3D%2F%3F%23"
    assert experiment_link("https://x/t", "1-2") == "https://x/t/experiments?experiment=1-2"
