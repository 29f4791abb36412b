"""Where the record is: the address as it is set, and as it is shown, without a password."""

from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from prompts.record.database import RecordError, default_url, open_database, place, where
from tests.prompts.record.files import address_of, make


def test_the_default_is_a_file_in_the_users_data_folder(monkeypatch, tmp_path):
    monkeypatch.delenv("COLLATE_DATABASE_URL", raising=False)
    monkeypatch.setattr("prompts.record.database_url.user_data_path", lambda *_, **__: tmp_path)
    assert default_url() == address_of(tmp_path / "collate.db")
    monkeypatch.setenv("COLLATE_DATABASE_URL", "postgresql://team/collate")
    assert default_url() == "postgresql://team/collate"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("sqlite:////home/ada/collate.db", "/home/ada/collate.db"),
        ("sqlite:///file:/home/ada/c.db?mode=ro&uri=true", "/home/ada/c.db"),
        ("postgresql://db/collate", "postgresql://db/collate"),
        ("postgresql+psycopg://ada:sesame@db:5433/collate", "postgresql+psycopg://ada:***@db:5433/collate"),
        ("postgresql://ada@db/collate?password=sesame&sslmode=require", "postgresql://ada@db/collate"),
    ],
)
def test_the_place_of_the_record_is_named_without_a_password(monkeypatch, address, shown):
    assert place(address) == shown
    monkeypatch.setenv("COLLATE_DATABASE_URL", address)
    assert place() == shown


def test_a_home_folder_is_meant_where_a_tilde_stands(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    make(Path("~/data/collate.db"))
    assert (tmp_path / "data" / "collate.db").is_file()
    assert place("sqlite:///~/data/collate.db") == str(tmp_path / "data" / "collate.db")


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("not a url", "is not the address of a database"),
        ("postgresql://ada:sesame@db:port/collate", "is not the address of a database"),
        ("postgresql://ada:ses@me:sesame/x@db/collate", "is not the address of a database"),
        ("nosuch://x", "It knows sqlite and postgresql"),
        ("mysql://ada:sesame@db/collate", "It knows sqlite and postgresql"),
        ("postgresql+nosuch://ada:sesame@db/collate", "cannot be used"),
        ("sqlite://", "keeps nothing"),
        ("sqlite:///:memory:", "keeps nothing"),
    ],
)
def test_an_address_that_cannot_be_used_is_an_error_in_words(bad, said):
    with pytest.raises(RecordError, match=said) as caught:
        open_database(bad)
    assert "sesame" not in f"{caught.value} {place(bad)}"


def test_a_password_is_never_named():
    engine = SimpleNamespace(url=sa.make_url("postgresql+psycopg://me:hunter2@db/collate"))
    assert where(engine) == "postgresql+psycopg://me:***@db/collate"
