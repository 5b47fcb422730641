from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from anxin.config.database import database_settings
from anxin.config.home import data_home, secret


def test_a_secret_is_made_once_and_kept(tmp_path):
    first = secret(tmp_path, "data-key")
    assert len(first) == 32
    assert secret(tmp_path, "data-key") == first
    assert secret(tmp_path, "session-key") != first


def test_a_secret_is_for_its_owner_only(tmp_path):
    secret(tmp_path, "data-key")
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "secrets" / "data-key").stat().st_mode) == 0o600


def test_processes_that_start_together_agree_on_one_secret(tmp_path):
    for round_number in range(20):
        with ThreadPoolExecutor(8) as pool:
            found = set(pool.map(lambda _, name=f"key-{round_number}": secret(tmp_path, name), range(8)))
        assert len(found) == 1


def test_the_data_folder_is_made_where_the_variable_says(tmp_path, monkeypatch):
    monkeypatch.setenv("ANXIN_HOME", str(tmp_path / "a" / "b"))
    assert data_home() == tmp_path / "a" / "b"
    assert data_home().is_dir()


def test_without_an_address_it_is_sqlite_in_the_data_folder():
    settings = database_settings(None, Path("/data"))
    assert (settings["ENGINE"], settings["NAME"]) == ("django.db.backends.sqlite3", "/data/anxin.sqlite3")


def test_the_parts_of_a_postgresql_address():
    settings = database_settings("postgresql://an%40xin:p%2Fw@db.local:5433/an%20xin", Path("/data"))
    assert settings["ENGINE"] == "django.db.backends.postgresql"
    assert [settings[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")] == [
        "an xin",
        "an@xin",
        "p/w",
        "db.local",
        "5433",
    ]


def test_short_questions_are_not_compiled_unless_the_address_asks_for_it():
    plain, asked = (
        database_settings(f"postgresql://anxin@db.local/anxin{query}", Path("/data"))["OPTIONS"]["options"]
        for query in ("", "?options=-c%20jit%3Don")
    )
    assert (plain, asked) == ("-c jit=off", "-c jit=off -c jit=on")


def test_another_kind_of_database_is_refused_with_a_sentence():
    with pytest.raises(ValueError, match="DATABASE_URL 的类型“mysql”不支持"):
        database_settings("mysql://x/y", Path("/data"))


def test_the_data_folder_is_for_its_owner_only(tmp_path, monkeypatch):
    monkeypatch.setenv("ANXIN_HOME", str(tmp_path / "home"))
    assert stat.S_IMODE(data_home().stat().st_mode) == 0o700


def test_what_else_a_postgresql_address_asks_for_reaches_the_driver():
    url = "postgresql://anxin@db.local/anxin?sslmode=verify-full&sslrootcert=/etc/ssl/ca.pem&host=/run/pg"
    settings = database_settings(url, Path("/data"))
    options = {name: value for name, value in settings["OPTIONS"].items() if name.startswith("ssl")}
    assert options == {"sslmode": "verify-full", "sslrootcert": "/etc/ssl/ca.pem"}
    assert settings["HOST"] == "db.local"
