"""An office's filled database before the tables lay in pieces, brought up to now by all migrations.

Nothing is lost, everything lies in its piece, and the tables are those that a first start makes at once.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from tests.support.made_new import address

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]
ROOT = Path(__file__).parents[2]
NAME = "anxin_before_pieces"
#: where each app stood then
BEFORE = (("workforce", "0008"), ("payroll", "0003"), ("funds", "0007"), ("agency", "0002"))

MIGRATE = """
import django; django.setup()
from django.core.management import call_command
for stage in {stages}: call_command("migrate", *stage, verbosity=0)
"""

FILLED = """
INSERT INTO registry_region (code, name) VALUES ('990102', '虚构区');
INSERT INTO registry_project (id, code, name, region_id, industry, state, pay_month_offset, government_invested, site_address,
    permit_number, recorded_at) VALUES (1, 'P1', '虚构工程', '990102', 'housing', 'in_progress', 1, false, '', '', now());
INSERT INTO workforce_worker (id, name, id_number, id_hash, recorded_at) VALUES (7, '甲', '\\x00', 'h7', now());
INSERT INTO workforce_attendanceday (id, project_id, worker_id, day, share, source, recorded_at)
    SELECT g, 1, 7, date '2026-08-30' + g, 1, 'file', now() FROM generate_series(1, 40) AS g;
INSERT INTO payroll_payroll (id, project_id, month, first_recorded_at) VALUES (1, 1, '2026-09', now()), (2, 1, '2026-10', now());
INSERT INTO payroll_payrollline (id, payroll_id, worker_id, name, person_key, team, gross_fen, net_fen, card_hash, content_hash, recorded_at)
    VALUES (11, 1, 7, '甲', 'w7', '', 100, 100, '', 'c11', now()), (12, 2, 7, '甲', 'w7', '', 200, 200, '', 'c12', now());
INSERT INTO funds_bankreceipt (id, project_id, month, payee_name, card_hash, id_hash, amount_fen, outcome, reason, reference, natural_key, recorded_at)
    VALUES (21, 1, '2026-09', '甲', '', '', 100, 'paid', '', '', 'n21', now());
INSERT INTO funds_receiptmatch (receipt_id, line_id, amount_fen, state, reason, recorded_at, decided_by_name)
    VALUES (21, 11, 100, 'exact', '测试', now(), '');
SELECT setval(pg_get_serial_sequence('payroll_payrollline', 'id'), 12);
SELECT setval(pg_get_serial_sequence('workforce_attendanceday', 'id'), 40);
"""

#: pieces are as many as there are months with rows
_WHOLE = "{} NOT IN (SELECT inhrelid::regclass::text FROM pg_inherits)"
#: what a table is, without the numbers and names that PostgreSQL gives by itself
_SHAPE = {
    "columns": f"""
        SELECT table_name, column_name, data_type, character_maximum_length, is_nullable,
               coalesce(column_default, '') ~ 'nextval' OR is_identity = 'YES'
        FROM information_schema.columns WHERE table_schema = 'public' AND {_WHOLE.format("table_name")}""",
    "indexes": f"""
        SELECT tablename, regexp_replace(indexdef, 'INDEX \\S+ ON', 'INDEX ON')
        FROM pg_indexes WHERE schemaname = 'public' AND {_WHOLE.format("tablename")}""",
    "constraints": f"""
        SELECT conrelid::regclass::text, contype::text, pg_get_constraintdef(oid)
        FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace AND {_WHOLE.format("conrelid::regclass::text")}""",
    "in pieces": "SELECT DISTINCT inhparent::regclass::text, relkind::text FROM pg_inherits JOIN pg_class ON oid = inhparent",
    "triggers": "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal",
    "contained": "SELECT app, name FROM django_migrations",
}

#: Django's own, unused here: as its migrations make it the number is wider than as its model has it
_NARROWER = ("auth_group_permissions", "id")


@pytest.fixture
def before(tmp_path):
    """The address of a database of its own, with tables and rows as they were."""
    server = connection.settings_dict
    url, own = address(server, "postgres"), address(server, NAME)
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {NAME}")
    environment = os.environ | {"DATABASE_URL": own, "ANXIN_HOME": str(tmp_path)}

    def migrate(*stages: tuple[str, ...]) -> None:
        code = MIGRATE.format(stages=stages)
        subprocess.run([sys.executable, "-c", code], env=environment, check=True, cwd=ROOT)

    try:
        migrate(*BEFORE)
        with psycopg.connect(own) as office:
            office.execute(FILLED)
        yield own, migrate
    finally:
        with psycopg.connect(url, autocommit=True) as admin:
            admin.execute(f"DROP DATABASE {NAME} WITH (FORCE)")


def test_an_office_brought_up_to_now_has_every_row_in_its_piece_and_the_tables_of_a_first_start(before):
    own, migrate = before
    migrate(())
    with psycopg.connect(own) as office, connection.cursor() as made:
        for what, question in _SHAPE.items():
            made.execute(question)
            new, old = set(made.fetchall()), set(office.execute(question).fetchall())
            assert {(what, *row) for row in new ^ old if row[:2] != _NARROWER} == set()
    with psycopg.connect(own) as office:

        def ask(question: str) -> list[tuple]:
            return office.execute(question).fetchall()

        assert ask(
            "SELECT tableoid::regclass::text, id, month, net_fen FROM payroll_payrollline ORDER BY id"
        ) == [
            ("payroll_payrollline_2026_09", 11, "2026-09", 100),
            ("payroll_payrollline_2026_10", 12, "2026-10", 200),
        ]
        assert ask(
            "SELECT tableoid::regclass::text, count(*) FROM workforce_attendanceday GROUP BY 1 ORDER BY 1"
        ) == [
            ("workforce_attendanceday_2026_08", 1),
            ("workforce_attendanceday_2026_09", 30),
            ("workforce_attendanceday_2026_10", 9),
        ]
        assert ask(
            "SELECT m.amount_fen, l.month FROM funds_receiptmatch m JOIN payroll_payrollline l ON l.id = m.line_id"
        ) == [(100, "2026-09")]
        for table, number in (("payroll_payrollline", 13), ("workforce_attendanceday", 41)):
            assert ask(f"SELECT nextval(pg_get_serial_sequence('{table}', 'id'))") == [(number,)]
