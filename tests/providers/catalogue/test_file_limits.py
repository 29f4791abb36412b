"""What vendors take at most, said before anything is sent, and what would fit."""

from __future__ import annotations

import pytest

from prompts.core.targets import Target
from providers.catalogue import file_limits
from providers.catalogue.file_limits import LIMITS, facts, limit, room, size
from providers.catalogue.modalities import doubts, refusals, to_fit
from providers.files.kinds import GIF, JPEG, PDF, PNG
from providers.files.pdfs import read_pdf
from providers.interface import Attachment
from tests.pictures import moving, picture
from tests.threads import together

CLAUDE, GPT, GEMINI = (
    Target("anthropic", "claude-sonnet-5-5"), Target("openai", "gpt-4o"), Target("google", "gemini-3.8-flash"),
)  # fmt: skip
GROQ, MISTRAL, OWN = Target("groq", "llama-4"), Target("mistral", "mistral-large-4"), Target("mine", "m")


def png(size: tuple[int, int] = (40, 30), name: str = "a.png") -> Attachment:
    return Attachment(name, PNG, picture("PNG", size))


def heavy(size: int, name: str = "heavy.jpg") -> Attachment:
    return Attachment(name, JPEG, picture("JPEG") + bytes(size))


def pages(count: int, locked: bool = False) -> Attachment:
    lock = b"/Encrypt 5 0 R" if locked else b""
    return Attachment("b.pdf", PDF, b"%%PDF-1.7 <</Type/Pages/Count %d>> trailer << %s >>" % (count, lock))


@pytest.mark.parametrize(
    ("target", "files", "said"),
    [
        (CLAUDE, [heavy(3_900_000)], ""),
        (CLAUDE, [heavy(3_940_000)], "heavy.jpg has 4 MB; at most 3.9 MB per picture are accepted."),
        (CLAUDE, [png((8000, 10))], ""),
        (CLAUDE, [png((10, 8001))], "a.png has 10 × 8,001 pixels; at most 8,000 per side are accepted."),
        (CLAUDE, [png((2001, 10))] * 20, ""),
        (CLAUDE, [png((2001, 10)), *[png()] * 20],
         "a.png has 2,001 × 10 pixels; with more than 20 pictures, at most 2,000 per side are accepted."),
        (CLAUDE, [png()] * 101, "101 pictures are attached, and at most 100 are accepted at once."),
        (CLAUDE, [pages(601)], "b.pdf has 601 pages; at most 600 are accepted."),
        (Target("anthropic", "claude-haiku-4-5"), [pages(101)], "b.pdf has 101 pages; at most 100 are accepted."),
        (CLAUDE, [pages(3, locked=True)], "b.pdf is encrypted; only PDFs without a password are accepted."),
        (GPT, [heavy(15_000_000)], ""),
        (GPT, [Attachment("a.gif", GIF, moving())], "a.gif is animated; only still pictures are accepted."),
        (GPT, [Attachment("a.gif", GIF, moving(1))], ""),
        (GEMINI, [heavy(15_100_000)], "The files are 15.2 MB together; at most 15 MB fit into one request."),
        (GEMINI, [pages(1001)], "b.pdf has 1,001 pages; at most 1,000 are accepted."),
        (GROQ, [png()] * 6, "6 pictures are attached, and at most 5 are accepted at once."),
        (GROQ, [png((5761, 5760))], "a.png has 5,761 × 5,760 pixels; at most 33 million are accepted."),
        (OWN, [heavy(15_000_000), png((9000, 10))], ""),
    ],
)  # fmt: skip
def test_what_a_vendor_refuses_is_said(target: Target, files: list[Attachment], said: str) -> None:
    found = refusals([target], files)
    assert (f"{target}: {said} (Source: {LIMITS[target.provider].source}.)" in found) if said else found == []


def test_of_an_old_source_the_vendor_has_the_last_word() -> None:
    nine = [png(name=f"{index}.png") for index in range(9)]
    assert refusals([MISTRAL], nine) == []
    assert any("may be refused: 9 pictures are attached" in each for each in doubts([MISTRAL], nine))


def test_of_an_encrypted_pdf_it_is_said_who_may_not_open_it() -> None:
    locked = [pages(3, locked=True)]
    assert doubts([CLAUDE, GPT, OWN], locked) == ["b.pdf is encrypted: whether openai:gpt-4o can open it is not known."]


def test_pictures_share_a_request() -> None:
    files = [heavy(2_500_000, "a.jpg"), heavy(900_000, "b.jpg")]
    assert room(LIMITS["groq"], files).data == 1_500_000
    assert to_fit([GROQ], files) is not None
    assert to_fit([GROQ], files[1:]) is None
    assert to_fit([OWN], files) is None


def test_what_is_above_a_limit_never_reads_as_the_limit() -> None:
    assert [size(each) for each in (3_900_001, 4_000_000, 15_000_000)] == ["4 MB", "4 MB", "15 MB"]
    assert [limit(each) for each in (3_932_160, 15_000_000)] == ["3.9 MB", "15 MB"]


def test_many_pages_ask_for_the_facts_of_more_files_than_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_limits, "_MOST_FACTS", 2)
    files = [pages(n) for n in range(1, 60)]

    def page(number: int) -> None:
        for file in 10 * (files[number:] + files[:number]):
            assert facts(file) == read_pdf(file.data)

    together(page)
    assert len(file_limits._facts) <= 2
