"""Who takes which files, and what is refused before anything is sent."""

from __future__ import annotations

import pytest

from prompts.core.targets import Target
from providers.catalogue.catalogue import catalogue
from providers.catalogue.modalities import LARGEST, doubts, refusals, source, takes
from providers.config.connections import PRESETS
from providers.files.kinds import MEDIA_TYPES, media_type
from providers.interface import Attachment

PNG = Attachment("a.png", "image/png", b"\x89PNG")
PDF = Attachment("b.pdf", "application/pdf", b"%PDF-")


@pytest.mark.parametrize(
    ("provider", "model", "kind", "capabilities", "answer"),
    [
        ("openai", "gpt-4o", "image/png", None, True),
        ("openai", "gpt-4o-mini", "application/pdf", None, True),
        ("openai", "gpt-6.2-sol", "image/gif", None, True),
        ("openai", "o1", "image/webp", None, True),
        ("openai", "o3-mini", "image/png", None, False),
        ("openai", "gpt-4", "image/png", None, False),
        ("openai", "gpt-4-0613", "image/png", None, False),
        ("openai", "gpt-3.5-turbo", "application/pdf", None, False),
        ("openai", "something-new", "image/png", None, None),
        ("openai", "something-new", "audio/wav", None, False),
        ("anthropic", "claude-sonnet-5-5", "application/pdf", None, True),
        ("anthropic", "claude-3-opus-20240229", "image/gif", None, True),
        ("anthropic", "claude-2.1", "image/png", None, False),
        ("google", "gemini-3.8-flash", "application/pdf", None, True),
        ("google", "models/gemini-2.5-pro", "image/png", None, True),
        ("google", "gemini-3.8-flash", "image/gif", None, False),
        ("google", "gemma-3-27b-it", "image/png", None, None),
        ("ollama", "llava", "image/png", None, None),
        ("ollama", "llava", "image/png", ("completion", "vision"), True),
        ("ollama", "llava", "image/webp", ("completion", "vision"), None),
        ("ollama", "llama3.2", "image/png", ("completion",), False),
        ("ollama", "llava", "application/pdf", ("completion", "vision"), False),
        ("builtin", "ngram-3", "image/png", None, False),
        ("mistral", "mistral-large-4", "image/png", None, None),
        ("openrouter", "anything", "application/pdf", None, False),
        ("a-host-of-ones-own", "m", "image/jpeg", None, None),
    ],
)
def test_each_model_takes_what_its_vendor_documents(
    provider: str, model: str, kind: str, capabilities: tuple[str, ...] | None, answer: bool | None
) -> None:
    assert takes(provider, model, kind, capabilities) is answer


def test_every_model_of_the_catalogue_has_an_answer_with_a_source() -> None:
    for provider in PRESETS:
        for row in catalogue(provider):
            assert source(provider, row.id)
            for kind in MEDIA_TYPES:
                assert takes(provider, row.id, kind) in (True, False, None)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n" + b"x", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF87a..", "image/gif"),
        (b"GIF89a..", "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"%PDF-1.7", "application/pdf"),
        (b"AVI \x00\x00\x00\x00WEBP", None),
        (b"RIFF\x00\x00\x00\x00WAVE", None),
        (b"<svg onload=alert(1)>", None),
        (b"MZ", None),
        (b"", None),
    ],
)
def test_a_file_is_what_its_first_bytes_say(data: bytes, kind: str | None) -> None:
    assert media_type(data) == kind


def test_a_model_that_cannot_take_a_file_is_refused_in_a_sentence() -> None:
    targets = [Target("builtin", "ngram-3"), Target("openai", "o3-mini"), Target("openai", "gpt-4o")]
    assert refusals(targets, (PNG, PNG)) == ["builtin:ngram-3, openai:o3-mini take no PNG images."]
    assert refusals(targets[:1], (PNG, PDF)) == [
        "builtin:ngram-3 takes no PNG images.", "builtin:ngram-3 takes no PDFs.",
    ]  # fmt: skip
    assert refusals(targets, ()) == []
    assert refusals([targets[2]], (PNG, PDF)) == []


def test_what_is_not_known_is_doubted_and_not_refused() -> None:
    targets = [Target("ollama", "llava"), Target("mistral", "m")]
    assert refusals(targets, (PNG,)) == []
    assert doubts(targets, (PNG,)) == [
        "Whether ollama:llava, mistral:m take PNG images is not known; the provider will say."
    ]
    told = {("ollama", "llava"): ("completion",)}
    assert refusals(targets, (PNG,), told) == ["ollama:llava takes no PNG images."]
    assert doubts([targets[0]], (PNG,), told) == []


def test_files_that_are_too_large_are_refused() -> None:
    half = Attachment("a.pdf", "application/pdf", bytes(LARGEST // 2))
    openai, google = Target("openai", "gpt-4o"), Target("google", "gemini-3.8-flash")
    assert refusals([openai], (half, half)) == []
    assert refusals([openai], (half, half, PDF)) == ["The files are 20.1 MB together; at most 20 MB can be sent."]
    (sentence,) = refusals([openai, google], (half, half))
    assert sentence.startswith("google:gemini-3.8-flash: The files are 20 MB together; at most 15 MB fit")
    assert refusals([google], (half,)) == []
