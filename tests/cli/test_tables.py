"""A new database has at once all of its tables or none; a second time changes nothing.

That they are what migrations make of an old one is compared in ``tests/evidence/test_months_upgrade.py``.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from tests.support.made_new import bring_up

#: killed after the tables, before it is written down that they stand
CUT_OFF = "import os; tables.split_by_month = lambda *_: os._exit(9); "


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
