"""A new database has at once what migrations make of an old one, all of it or nothing; a second time changes nothing."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.db import connection

ROOT = Path(__file__).parents[2]
MAKE = "import django; django.setup(); from anxin.cli import tables; {before}tables.bring_up()"
#: killed after the tables, before it is written down that they stand
CUT_OFF = "import os; tables.split_by_month = lambda *_: os._exit(9); "

#: what a table is, without the numbers and names that PostgreSQL gives by itself
_SHAPE = {
    "columns": """
        SELECT table_name, column_name, data_type, character_maximum_length, is_nullable,
               coalesce(column_default, '') ~ 'nextval' OR is_identity = 'YES'
        FROM information_schema.columns WHERE table_schema = 'public'""",
    "indexes": """
        SELECT tablename, regexp_replace(indexdef, 'INDEX \\S+ ON', 'INDEX ON')
        FROM pg_indexes WHERE schemaname = 'public'""",
    "constraints": """
        SELECT conrelid::regclass::text, contype::text, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace""",
    "pieces": "SELECT inhparent::regclass::text, inhrelid::regclass::text FROM pg_inherits",
    "triggers": "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal",
    "contained": "SELECT app, name FROM django_migrations",
}

#: Django's own, unused here: as its migrations make it the number is wider than as its model has it
_NARROWER = ("auth_group_permissions", "id")


def bring_up(*, before: str = "", **environment: str) -> int:
    surroundings = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | environment
    code = MAKE.format(before=before)
    return subprocess.run([sys.executable, "-c", code], env=surroundings, cwd=ROOT, check=False).returncode


def names(file: Path) -> set[str]:
    with sqlite3.connect(file) as opened:
        return {name for (name,) in opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def test_what_was_cut_off_left_nothing_and_the_next_start_is_whole(tmp_path):
    file = tmp_path / "anxin.sqlite3"
    assert bring_up(before=CUT_OFF, ANXIN_HOME=str(tmp_path)) == 9
    assert names(file) == set()
    assert bring_up(ANXIN_HOME=str(tmp_path)) == 0
    assert {"registry_project", "django_migrations", "evidence_journalentry"} <= names(file)
    with sqlite3.connect(file) as opened:
        contained = opened.execute("SELECT count(*), max(id) FROM django_migrations").fetchall()
        assert opened.execute("PRAGMA foreign_key_check").fetchall() == []
        assert opened.execute("SELECT count(*) FROM django_content_type").fetchone()[0] > 100
    assert bring_up(ANXIN_HOME=str(tmp_path)) == 0
    with sqlite3.connect(file) as opened:
        assert opened.execute("SELECT count(*), max(id) FROM django_migrations").fetchall() == contained


@pytest.mark.postgres
@pytest.mark.django_db
def test_it_is_what_the_migrations_make(tmp_path):
    """The tests' own database on PostgreSQL came to be by all migrations."""
    server = connection.settings_dict
    admin = f"postgresql://{server['USER']}@{server['HOST']}:{server['PORT']}/postgres"
    own = urlunsplit(urlsplit(admin)._replace(path="/anxin_made_new"))
    with psycopg.connect(admin, autocommit=True) as postgres:
        postgres.execute("CREATE DATABASE anxin_made_new")
    try:
        assert bring_up(DATABASE_URL=own, ANXIN_HOME=str(tmp_path)) == 0
        with psycopg.connect(own) as made, connection.cursor() as migrated:
            for what, question in _SHAPE.items():
                migrated.execute(question)
                new, old = set(made.execute(question).fetchall()), set(migrated.fetchall())
                assert {(what, *row) for row in new ^ old if row[:2] != _NARROWER} == set()
    finally:
        with psycopg.connect(admin, autocommit=True) as postgres:
            postgres.execute("DROP DATABASE anxin_made_new WITH (FORCE)")
