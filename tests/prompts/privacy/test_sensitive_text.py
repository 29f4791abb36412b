"""What is found, what is left alone, and that no text makes the scan slow."""

from __future__ import annotations

import random

import pytest

from prompts.privacy.sensitive_text import _RULES, Finding, _matches, _Signs, masked, said, scan

PEM = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nMIIEpAIBAAKCAQEA0Z3\n-----END RSA PRIVATE KEY-----"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"

FOUND = [
    ("use sk-proj-abcDEF0123456789xyz now", "key", "sk-proj-abcDEF0123456789xyz"),
    ("sk-ant-api03-Zz12345678901234567890", "key", "sk-ant-api03-Zz12345678901234567890"),
    ("AIza" + "Sy0123456789abcdefghijABCDEFGHI-_xx", "key", "AIza" + "Sy0123456789abcdefghijABCDEFGHI-_xx"),
    ("id AKIA" + "IOSFODNN7EXAMPLE.", "key", "AKIA" + "IOSFODNN7EXAMPLE"),
    ("ghp_" + "a1" * 18, "key", "ghp_" + "a1" * 18),
    ("github_pat_" + "1aB_" * 8, "key", "github_pat_" + "1aB_" * 8),
    ("xoxb-" + "123456789012-abcdef", "key", "xoxb-" + "123456789012-abcdef"),
    ("Authorization: Bearer abcdef0123456789abcdef01", "key", "abcdef0123456789abcdef01"),
    (f"cookie {JWT};", "key", JWT),
    (f"key:\n{PEM}\nend", "key", PEM),
    ("password=hunter2000", "password", "hunter2000"),
    ('"db_password": "correct-horse"', "password", "correct-horse"),
    ("DB_PASSWORD='tr0ub4dor&3'", "password", "tr0ub4dor&3"),
    ("postgresql://ann:s3cret!@db.example.com/x", "password", "s3cret!"),
    ("write to jane.doe+x@example.co.uk.", "e-mail", "jane.doe+x@example.co.uk"),
    ("Müller <jürgen@müller.de>", "e-mail", "jürgen@müller.de"),
    ("call +44 20 7946 0958 today", "phone", "+44 20 7946 0958"),
    ("tel. (415) 555-2671", "phone", "(415) 555-2671"),
    ("415-555-2671", "phone", "415-555-2671"),
    ("Telefon 030 / 901820 11", "phone", "030 / 901820 11"),
    ("Phone: 6501234567", "phone", "6501234567"),
    ("Handy: 0151/23456789", "phone", "0151/23456789"),
    ("téléphone 01 42 68 53 00", "phone", "01 42 68 53 00"),
    ("mobile 07911 123456", "phone", "07911 123456"),
    ("DE89 3704 0044 0532 0130 00 AND more", "IBAN", "DE89 3704 0044 0532 0130 00"),
    ("GB82WEST12345698765432", "IBAN", "GB82WEST12345698765432"),
    ("card 4111 1111 1111 1111, please", "card", "4111 1111 1111 1111"),
    ("378282246310005", "card", "378282246310005"),
    ("SSN 123-45-6789.", "ID", "123-45-6789"),
    ("IdNr 86095742719", "ID", "86095742719"),
    ("AHV 756.9217.0769.85", "ID", "756.9217.0769.85"),
    ("NIR 2 95 10 99 126 111 93", "ID", "2 95 10 99 126 111 93"),
    ("RSSMRA85T10A562S", "ID", "RSSMRA85T10A562S"),
    ("DNI 12345678Z", "ID", "12345678Z"),
    ("hetu 131052-308T", "ID", "131052-308T"),
    ("811228-9874", "ID", "811228-9874"),
    ("CPF 529.982.247-25", "ID", "529.982.247-25"),
    ("PESEL 44051401359", "ID", "44051401359"),
    ("BSN 111222333", "ID", "111222333"),
    ("NHS number 943 476 5919", "ID", "943 476 5919"),
    ("CURP BOXW310820HNERXN09", "ID", "BOXW310820HNERXN09"),
]

NOTHING = [
    "It costs $1,299.99 or 1.299,99 EUR, and $0.00042 a call.",
    "Version 3.11.14, openai 3.54.0, 10.0.19045.3803, v2026.11.24",
    "On 2026-11-24 at 12:30:45, 24.11.2026, 11/24/2026, 2026-11-24T12:30:45.123456+00:00, 01-02-2024",
    "commit 6de407ef0a1b2c3d4e5f60718293a4b5c6d7e8f9, sha256 " + "0123456789abcdef" * 4,
    "550e8400-e29b-41d4-a716-446655440000 and 12345678-1234-5678-1234-567812345678",
    "3.14159265358979323846 + 2.718281828459045 = 1e-9 * 1234567890123456; x+123456789",
    "for i in range(1_000_000): total += 1000000000",
    "1732412345678 and 1732412345678901 are timestamps; 0123 456 is short",
    "git@github.com:owner/repository.git and user@localhost",
    "@dataclass(frozen=True) class A: @property def b(self): return a@b",
    "password = getpass.getpass(); password: str; api_key=os.environ['OPENAI_API_KEY']; if password == stored_one:",
    "The password: remember it. Your secret: kindness. token = tokens[0]; password=password",
    'api_key="your-api-key-1234"; password="********"; secret = "xxxxxxxxxx"; password=${PASSWORD1}',
    "sk-learn, sk-folding-cube-animation-wrapper, task-1234567890123456789012",
    "https://example.com:8443/path?x=1 and http://localhost:8501 and 192.168.100.200",
    "Bearer of bad news; the bearer authentication mechanism",
    "4111 1111 1111 1112 fails its check, DE88 3704 0044 0532 0130 00 does too, 86095742718 as well",
    "000-12-3456 666-12-3456 900-12-3456 are no numbers of persons",
    "ISBN 978-3-16-148410-0, EAN 4006381333931, 0000000000000000, RFC 2822, A4 100 x 200 300 4000",
    "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
    "Boston, MA 02110-1301 USA; 12345-6789; PESEL 44051401358; 44051401359 alone; 12345678A; CPF 529.982.247-26",
    "Table: 100 200 3000 | 555 123 4567 | 12 345 678 901",
    "",
]


@pytest.mark.parametrize(("text", "kind", "secret"), FOUND)
def test_what_has_the_shape_of_a_secret_is_found_as_a_whole(text: str, kind: str, secret: str) -> None:
    (finding,) = scan(text)
    assert (finding.kind, text[finding.start : finding.end]) == (kind, secret)


@pytest.mark.parametrize("text", NOTHING)
def test_prose_code_and_figures_are_left_alone(text: str) -> None:
    assert scan(text) == ()


@pytest.mark.parametrize(("text", "secret"), [(text, secret) for text, _, secret in FOUND])
def test_an_excerpt_never_gives_the_secret_away(text: str, secret: str) -> None:
    (finding,) = scan(text)
    shown = finding.excerpt.removesuffix("…")
    assert secret.startswith(shown)
    assert len(shown) <= 4
    assert len(shown) < len(secret) / 3


def test_each_finding_is_replaced_by_its_kind() -> None:
    text = "Ask jane@example.co.uk, key sk-abc0123456789xyz0, or +49 30 901820."
    assert masked(text, scan(text)) == "Ask [e-mail], key [key], or [phone]."
    assert masked("nothing", ()) == "nothing"


def test_overlapping_findings_become_one_and_nothing_is_left_over() -> None:
    text = "password=sk-abc0123456789xyz0, and api_key: 'sk-abc0123456789xyz0/tail'"
    assert masked(text, scan(text)) == "password=[key], and api_key: '[key]'"
    assert all(a.end <= b.start for a, b in zip(scan(text), scan(text)[1:], strict=False))


def test_what_was_found_is_said_in_words() -> None:
    found = scan("a@b.de c@d.de sk-abc0123456789xyz0 123-45-6789")
    assert said(found) == "2 e-mail addresses (a…, c…), a key (sk-a…) and a personal number"
    assert said([Finding("password", "…", 0, 3)]) == "a password"
    assert said(()) == ""


HOSTILE = [
    "a", "0", "sk-", "@", "a@", "a.", "0 ", "0-", "+1", "(0", "eyJ", ".eyJ", "eyJaaaaaaaaaaaa.", "-----BEGIN ",
    "-----BEGIN PRIVATE KEY-----", "password=", "password='", "a://b:", "http://", "DE89", "DE89 ", "1 2-", "bearer ",
    "xoxb-", "\n", "a@b.", "a@b.c-", "41 ", "012 345 ", "\u4e2d", "_", "é@é.",
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_long_text_of_anything_comes_to_an_end(piece: str) -> None:
    """How long it takes is in `tests/benchmarks/growth.py`."""
    text = piece * (100_000 // len(piece))
    assert all(0 <= found.start < found.end <= len(text) for found in scan(text))


@pytest.mark.parametrize("address", ["jane@example.com", "x@mail.example.org", "a@b.test", "root@x.invalid"])
def test_an_address_that_is_reserved_for_examples_is_nobodys(address: str) -> None:
    assert scan(f"Write to {address}, please.") == ()


def test_an_address_that_only_looks_like_an_example_is_somebodys() -> None:
    assert len(scan("Write to jane@example.co.uk and joe@notexample.com.")) == 2


def test_no_rule_is_passed_over_where_its_pattern_finds_something() -> None:
    """The quick look before a rule may be wrong in one direction only: whatever stands around, above or in it."""
    chance = random.Random(1)
    around = ["", " ", "\n", "x", "Tel. ", "(", "%0A", "ſ", "key=", "\u2028"]
    for text, _, _ in FOUND:
        for _ in range(30):
            cut = chance.randrange(len(text) + 1)
            varied = "".join([
                chance.choice(around), text[:cut], chance.choice(["", " ", "-", "/", "1", "A"]), text[cut:],
                chance.choice(around),
            ])  # fmt: skip
            for each in (varied, varied.upper(), varied.replace("s", "ſ")):
                passed = [rule for rule in _RULES if not rule.might(_Signs(each))]
                assert not [rule.pattern.pattern for rule in passed if list(_matches(rule, each))], each
